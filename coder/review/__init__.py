"""Decisions on suggestions, replayed to items and codings. Nothing here does I/O.

Decisions are never changed: an UNDO voids one earlier decision of the same annotator, a redo is an
UNDO of that UNDO, and an item is whatever the decisions that are left say of it.
"""

from coder.review.check import check_decision, check_draft
from coder.review.codings import coding_order, codings
from coder.review.items import Item, by_item, effective, item_id, progress, replay, states

__all__ = [
    "Item",
    "by_item",
    "check_decision",
    "check_draft",
    "coding_order",
    "codings",
    "effective",
    "item_id",
    "progress",
    "replay",
    "states",
]
