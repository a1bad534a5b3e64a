"""A coding as named values: the columns that every format has, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coder.model.codebook import Codebook, Mapping
from coder.model.review import Coding
from coder.review import coding_order

Value = str | int | float | None

COLUMNS = (
    *("project", "transcript", "interviewee", "group", "event", "turn", "start", "end", "text"),
    *("competency_code", "competency", "dimension", "level", "confidence", "status", "annotator"),
    *("source", "evidence", "memo", "codebook", "codebook_version", "model_version", "decided_at"),
)


def records(
    codings: Iterable[Coding], codebook: Codebook, models: Sequence[Mapping] = ()
) -> list[dict[str, Value]]:
    """The codings in the order of exports, each with its columns."""
    ordered = sorted(codings, key=coding_order)
    return [{**_record(coding, codebook), **_reported(coding, models)} for coding in ordered]


def model_columns(models: Sequence[Mapping]) -> tuple[str, ...]:
    """Two columns a client model: its items' names, and their ids."""
    return tuple(name for model in models for name in (model.id, f"{model.id}_items"))


def _record(coding: Coding, codebook: Codebook) -> dict[str, Value]:
    competency = codebook.by_code.get(coding.label.competency)
    return {
        "project": coding.project,
        "transcript": coding.transcript,
        "interviewee": coding.interviewee,
        "group": coding.group,
        "event": coding.event,
        "turn": coding.turn,
        "start": coding.span.start,
        "end": coding.span.end,
        "text": coding.text,
        "competency_code": coding.label.competency,
        "competency": competency.name if competency else "",
        "dimension": coding.label.dimension,
        "level": coding.label.level,
        "confidence": None if coding.confidence is None else round(coding.confidence, 3),
        "status": str(coding.status),
        "annotator": coding.annotator,
        "source": str(coding.source),
        "evidence": coding.evidence,
        "memo": coding.memo,
        "codebook": coding.codebook,
        "codebook_version": coding.codebook_version,
        "model_version": coding.model_version,
        "decided_at": coding.decided_at.isoformat(timespec="seconds") if coding.decided_at else None,
    }


def _reported(coding: Coding, models: Sequence[Mapping]) -> dict[str, Value]:
    """What each client model says of the coding: ``M`` names joined by ``、``, ``M_items`` ids."""
    found: dict[str, Value] = {}
    for model in models:
        items = model.items_of(coding.label.competency)
        found[model.id] = "、".join(item.name for item in items)
        found[f"{model.id}_items"] = "、".join(item.id for item in items)
    return found
