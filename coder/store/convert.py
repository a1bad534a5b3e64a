"""Values to rows and back: two converters a type, JSON for evidence and drafts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import RowMapping

from coder.model.codebook import Label
from coder.model.review import Decision, Draft, Status, Verdict
from coder.model.suggestion import Evidence, Reason, Run, Suggestion, Uncoded
from coder.model.text import Event, Role, Sentence, Span, Transcript, Turn

Row = RowMapping | Mapping[str, Any]


def text_hash(text: str) -> str:
    """The fingerprint by which duplicate texts are found."""
    return sha256(text.encode()).hexdigest()


def span_row(span: Span) -> dict[str, int]:
    """A span as two columns."""
    return {"start": span.start, "end": span.end}


def span_of(row: Row) -> Span:
    """The span of a row's ``start`` and ``end``."""
    return Span(row["start"], row["end"])


def interview_row(transcript: Transcript) -> dict[str, Any]:
    """The interview itself; its turns, sentences and events are rows of their own."""
    return {
        "name": transcript.name,
        "text": transcript.text,
        "text_hash": text_hash(transcript.text),
        "format": transcript.format,
        "encoding": transcript.encoding,
        "interviewee": transcript.interviewee,
        "group": transcript.group,
        "variables": dict(transcript.variables),
        "hints": [[hint.start, hint.end] for hint in transcript.hints],
        "warnings": list(transcript.warnings),
    }


def transcript_of(
    row: Row, turns: tuple[Turn, ...], sentences: tuple[Sentence, ...], events: tuple[Event, ...]
) -> Transcript:
    """The transcript that an interview's row and its layers make."""
    return Transcript(
        name=row["name"],
        text=row["text"],
        format=row["format"],
        encoding=row["encoding"],
        hints=tuple(Span(start, end) for start, end in row["hints"]),
        turns=turns,
        sentences=sentences,
        events=events,
        interviewee=row["interviewee"],
        group=row["group"],
        variables=row["variables"],
        warnings=tuple(row["warnings"]),
    )


def turn_row(turn: Turn) -> dict[str, Any]:
    """A turn as columns."""
    label = turn.label
    return {
        "number": turn.number,
        "speaker": turn.speaker,
        "role": str(turn.role),
        "time": turn.time,
        "label_start": label.start if label else None,
        "label_end": label.end if label else None,
        **span_row(turn.span),
    }


def turn_of(row: Row) -> Turn:
    """The turn of a row."""
    label = None if row["label_start"] is None else Span(row["label_start"], row["label_end"])
    return Turn(row["number"], row["speaker"], Role(row["role"]), span_of(row), label, row["time"])


def sentence_row(sentence: Sentence) -> dict[str, Any]:
    """A sentence as columns."""
    return {
        "number": sentence.number,
        "turn": sentence.turn,
        "role": str(sentence.role),
        "event": sentence.event,
        **span_row(sentence.span),
    }


def sentence_of(row: Row) -> Sentence:
    """The sentence of a row."""
    return Sentence(row["number"], row["turn"], Role(row["role"]), span_of(row), row["event"])


def event_row(event: Event) -> dict[str, Any]:
    """An event as columns."""
    return {"number": event.number, "title": event.title, **span_row(event.span)}


def event_of(row: Row) -> Event:
    """The event of a row."""
    return Event(row["number"], span_of(row), row["title"])


def run_row(run: Run) -> dict[str, Any]:
    """A run's versions; its suggestions and uncoded sentences are rows of their own."""
    return {
        "codebook": run.codebook,
        "codebook_version": run.codebook_version,
        "lexicon_version": run.lexicon_version,
        "model_version": run.model_version,
        "program_version": run.program_version,
        "threshold": run.threshold,
    }


def run_of(row: Row, suggestions: tuple[Suggestion, ...], uncoded: tuple[Uncoded, ...]) -> Run:
    """The run that a row and its suggestions make."""
    return Run(
        codebook=row["codebook"],
        codebook_version=row["codebook_version"],
        lexicon_version=row["lexicon_version"],
        model_version=row["model_version"],
        program_version=row["program_version"],
        threshold=row["threshold"],
        suggestions=suggestions,
        uncoded=uncoded,
    )


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """A piece of evidence as JSON."""
    span = evidence.span
    place = [span.start, span.end] if span else None
    return {"kind": evidence.kind, "text": evidence.text, "span": place, "weight": evidence.weight}


def evidence_of(value: Row) -> Evidence:
    """The evidence of its JSON."""
    span = Span(*value["span"]) if value["span"] else None
    return Evidence(value["kind"], value["text"], span, value["weight"])


def suggestion_row(suggestion: Suggestion) -> dict[str, Any]:
    """A suggestion as columns, without its item's id."""
    return {
        "turn": suggestion.turn,
        "event": suggestion.event,
        "competency": suggestion.label.competency,
        "dimension": suggestion.label.dimension,
        "level": suggestion.label.level,
        "confidence": float(suggestion.confidence),
        "evidence": [evidence_json(piece) for piece in suggestion.evidence],
        "alternatives": [[code, float(share)] for code, share in suggestion.alternatives],
        **span_row(suggestion.span),
    }


def suggestion_of(row: Row) -> Suggestion:
    """The suggestion of a row."""
    return Suggestion(
        span=span_of(row),
        turn=row["turn"],
        event=row["event"],
        label=Label(row["competency"], row["dimension"], row["level"]),
        confidence=row["confidence"],
        evidence=tuple(evidence_of(value) for value in row["evidence"]),
        alternatives=tuple((code, share) for code, share in row["alternatives"]),
    )


def uncoded_row(uncoded: Uncoded) -> dict[str, Any]:
    """An uncoded sentence as columns."""
    return {"reason": str(uncoded.reason), "detail": uncoded.detail, **span_row(uncoded.span)}


def uncoded_of(row: Row) -> Uncoded:
    """The uncoded sentence of a row."""
    return Uncoded(span_of(row), Reason(row["reason"]), row["detail"])


def draft_json(draft: Draft | None) -> dict[str, Any] | None:
    """A draft as JSON."""
    if draft is None:
        return None
    label = draft.label
    return {
        **span_row(draft.span),
        "label": [label.competency, label.dimension, label.level],
        "memo": draft.memo,
    }


def draft_of(value: Row | None) -> Draft | None:
    """The draft of its JSON."""
    return None if value is None else Draft(span_of(value), Label(*value["label"]), value["memo"])


def decision_row(decision: Decision) -> dict[str, Any]:
    """A decision as columns; the time keeps its zone as text."""
    client, sequence = decision.undoes or (None, None)
    return {
        "client": decision.client,
        "sequence": decision.sequence,
        "item": decision.item,
        "annotator": decision.annotator,
        "verdict": str(decision.verdict),
        "before": draft_json(decision.before),
        "after": draft_json(decision.after),
        "before_status": decision.before_status and str(decision.before_status),
        "decided_at": decision.decided_at.isoformat(),
        "undoes_client": client,
        "undoes_sequence": sequence,
    }


def decision_of(row: Row) -> Decision:
    """The decision of a row."""
    undoes = None if row["undoes_client"] is None else (row["undoes_client"], row["undoes_sequence"])
    status = row["before_status"]
    return Decision(
        client=row["client"],
        sequence=row["sequence"],
        item=row["item"],
        annotator=row["annotator"],
        verdict=Verdict(row["verdict"]),
        before=draft_of(row["before"]),
        after=draft_of(row["after"]),
        decided_at=datetime.fromisoformat(row["decided_at"]),
        undoes=undoes,
        before_status=Status(status) if status else None,
    )
