"""Messages as the pane sends them."""

from __future__ import annotations

from pathlib import Path

from coder import services
from coder.ui.pane import content

ROOT = Path(__file__).resolve().parent.parent.parent


def entry(view: services.InterviewView, number: int = 1, **values: object) -> dict[str, object]:
    item = view.items[0]
    given = {
        "client": "c",
        "sequence": number,
        "interview": view.id,
        "fingerprint": content.fingerprint(view.transcript.text),
        "annotator": "李",
        "item": item.id,
        "verdict": "accept",
        "before": values_of(item),
        "after": None,
        "before_status": "suggested",
        "undoes": None,
    }
    return given | values


def values_of(item: services.review.Item) -> dict[str, object]:
    row = content.item_json(item)
    return {name: row[name] for name in ("start", "end", "code", "dim", "level", "memo")}


def message(view: services.InterviewView, *entries: dict[str, object], **more: object) -> dict[str, object]:
    return {"nonce": "n1", "interview": view.id, "done": None, "entries": list(entries)} | more
