"""Suggestions and decisions, replayed to items: what there is to decide, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from coder.model.review import Decision, Draft, Key, Status, Verdict
from coder.model.suggestion import Suggestion
from coder.model.text import Span


@dataclass(frozen=True, slots=True)
class Item:
    """What is decided on: a suggestion or an added coding, with the values that it has now.

    ``decision`` is the last effective one; ``undo`` the UNDO that a redo would void; ``gone`` marks
    an added item whose ADD is undone.
    """

    id: str
    suggestion: Suggestion | None
    draft: Draft
    status: Status
    decision: Decision | None = None
    undo: Decision | None = None
    gone: bool = False

    @property
    def annotator(self) -> str:
        """Who decided last, or nobody (empty)."""
        return self.decision.annotator if self.decision else ""

    @property
    def decided_at(self) -> datetime | None:
        """When the last effective decision was made."""
        return self.decision.decided_at if self.decision else None

    @property
    def last(self) -> Key | None:
        """What an undo must name."""
        return self.decision.key if self.decision else None

    @property
    def undone(self) -> Key | None:
        """What a redo must name."""
        return self.undo.key if self.undo else None

    @property
    def decided(self) -> bool:
        """Whether an effective decision stands."""
        return self.decision is not None


def item_id(suggestion: Suggestion) -> str:
    """A suggestion's stable name, ``486-520-INFO.A.2``: the same in every run that proposes it."""
    return f"{suggestion.span.start}-{suggestion.span.end}-{suggestion.label}"


def by_item(suggestions: Iterable[Suggestion]) -> dict[str, Suggestion]:
    """The suggestions under their items' ids."""
    return {item_id(suggestion): suggestion for suggestion in suggestions}


def effective(decisions: Sequence[Decision], annotator: str | None = None) -> tuple[Decision, ...]:
    """The decisions that no UNDO voids, effective UNDOs among them, in stored order.

    With ``annotator`` only that person's are looked at. An UNDO voids only what its own annotator
    decided before it.
    """
    voided: set[tuple[Key, str]] = set()
    kept: list[Decision] = []
    for decision in reversed(decisions):  # the last word first: an undone UNDO voids nothing
        if annotator not in (None, decision.annotator) or (decision.key, decision.annotator) in voided:
            continue
        if decision.verdict is Verdict.UNDO and decision.undoes is not None:
            voided.add((decision.undoes, decision.annotator))
        kept.append(decision)
    return tuple(reversed(kept))


def states(
    suggestions: Mapping[str, Suggestion], decisions: Sequence[Decision], annotator: str | None = None
) -> dict[str, Item]:
    """Every item by id, those that are gone included."""
    verdicts = {decision.key: decision.verdict for decision in decisions}
    items = {id: _untouched(id, suggestion) for id, suggestion in suggestions.items()}
    for decision in decisions:  # an undone ADD leaves a trace, so that it can be redone
        if decision.verdict is Verdict.ADD and decision.after is not None and decision.item not in items:
            items[decision.item] = Item(decision.item, None, decision.after, Status.ADDED, gone=True)
    for decision in effective(decisions, annotator):
        item = items.get(decision.item)
        if item is None:
            continue
        if decision.verdict is not Verdict.UNDO:
            items[item.id] = _decided(item, decision)
        elif decision.undoes is not None and verdicts.get(decision.undoes) is not Verdict.UNDO:
            items[item.id] = _undone(item, decision)
    return items


def replay(
    suggestions: Mapping[str, Suggestion], decisions: Sequence[Decision], annotator: str | None = None
) -> tuple[Item, ...]:
    """The items as the decisions leave them, sorted by span."""
    items = states(suggestions, decisions, annotator).values()
    return tuple(sorted((item for item in items if not item.gone), key=_place))


def _place(item: Item) -> tuple[int, int, str, str, str]:
    draft = item.draft
    return draft.span.start, draft.span.end, draft.label.competency, draft.label.dimension, item.id


def _untouched(id: str, suggestion: Suggestion) -> Item:
    return Item(id, suggestion, Draft(suggestion.span, suggestion.label), Status.SUGGESTED)


def _decided(item: Item, decision: Decision) -> Item:
    draft = decision.after or item.draft
    status = _status(item.suggestion, draft, decision.verdict)
    return Item(item.id, item.suggestion, draft, status, decision)


def _undone(item: Item, undo: Decision) -> Item:
    return Item(item.id, item.suggestion, item.draft, item.status, item.decision, undo, item.gone)


def _status(suggestion: Suggestion | None, draft: Draft, verdict: Verdict) -> Status:
    if verdict is Verdict.REJECT:
        return Status.REJECTED
    if suggestion is None:
        return Status.ADDED
    # an amendment of the memo alone, or back to what was suggested, accepts the suggestion
    same = (draft.span, draft.label) == (suggestion.span, suggestion.label)
    return Status.ACCEPTED if same else Status.AMENDED


def progress(
    items: Iterable[str], decisions: Sequence[Decision], annotator: str | None = None
) -> tuple[int, int]:
    """How many items are decided, and how many there are; ``items`` are the suggestions' ids."""
    decided = {d.item for d in effective(decisions, annotator) if d.verdict is not Verdict.UNDO}
    return len(decided), len(decided.union(items))


def spot(span: Span) -> str:
    """A span as analysts read it: ``[486,520)``."""
    return f"[{span.start},{span.end})"
