"""Items as codings: one row an item, with everything that an export says of it."""

from __future__ import annotations

from collections.abc import Iterable

from coder.model.review import Coding, Draft, Source
from coder.model.suggestion import Run, Suggestion
from coder.model.text import Transcript
from coder.review.items import Item, spot


def codings(
    items: Iterable[Item], transcript: Transcript, run: Run, threshold: float = 0.0, project: str = ""
) -> tuple[Coding, ...]:
    """The items as codings, sorted; undecided suggestions below ``threshold`` are left out."""
    kept = (item for item in items if item.decided or _confidence(item) >= threshold)
    return tuple(sorted((_coding(item, transcript, run, project) for item in kept), key=coding_order))


def coding_order(coding: Coding) -> tuple[str, int, int, str, str]:
    """The order of codings wherever they are listed."""
    span, label = coding.span, coding.label
    return coding.transcript, span.start, span.end, label.competency, label.dimension


def _confidence(item: Item) -> float:
    return item.suggestion.confidence if item.suggestion else 1.0


def _coding(item: Item, transcript: Transcript, run: Run, project: str) -> Coding:
    suggestion, draft = item.suggestion, item.draft
    turn, event = _turn_and_event(item, transcript)
    return Coding(
        transcript=transcript.name,
        interviewee=transcript.interviewee,
        group=transcript.group,
        event=event,
        turn=turn,
        span=draft.span,
        text=transcript.of(draft.span),
        label=draft.label,
        confidence=suggestion.confidence if suggestion else None,
        status=item.status,
        annotator=item.annotator,
        source=Source.SUGGESTION if suggestion else Source.HUMAN,
        evidence=_evidence(suggestion, draft) if suggestion else "",
        memo=draft.memo,
        codebook=run.codebook,
        codebook_version=run.codebook_version,
        model_version=run.model_version,
        decided_at=item.decided_at,
        project=project,
        item=item.id,
    )


def _turn_and_event(item: Item, transcript: Transcript) -> tuple[int | None, int | None]:
    """Where the draft starts to speak: the suggestion's own place unless the span was moved."""
    span = item.draft.span
    if item.suggestion and item.suggestion.span == span:
        return item.suggestion.turn, item.suggestion.event
    for sentence in transcript.sentences:
        if sentence.span.overlap(span):
            return sentence.turn, sentence.event
    turns = (turn.number for turn in transcript.turns if turn.span.overlap(span))
    events = (event.number for event in transcript.events if event.span.overlap(span))
    return next(turns, None), next(events, None)


def _evidence(suggestion: Suggestion, draft: Draft) -> str:
    reasons = "; ".join(piece.text for piece in suggestion.evidence)
    if (draft.span, draft.label) == (suggestion.span, suggestion.label):
        return reasons
    return f"建议为 {suggestion.label} {spot(suggestion.span)}；{reasons}"
