"""An interview as the pane takes it: plain lists, offsets in code points."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Any

from pypinyin import Style, lazy_pinyin

from coder.model.codebook import Codebook, Competency
from coder.model.suggestion import Suggestion
from coder.model.text import Span
from coder.review import Item
from coder.services import InterviewView

JSON = dict[str, Any]


def fingerprint(text: str) -> str:
    """What tells a text from another under the same number (another database, another import)."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def database_id(where: str) -> str:
    """What tells a database from another, in the names of the browser's storage."""
    return sha256(where.encode()).hexdigest()[:12]


def content(view: InterviewView, codebook: Codebook, annotator: str, database: str) -> JSON:
    """Everything that the pane shows; ``version`` changes when the text must be built anew."""
    transcript = view.transcript
    print_ = fingerprint(transcript.text)
    return {
        "version": f"{view.id}/{print_}/{view.run.model_version}/{view.annotator}/{annotator}",
        "database": database_id(database),
        "interview": view.id,
        "fingerprint": print_,
        "annotator": annotator,
        "name": transcript.name,
        "interviewee": transcript.interviewee,
        "group": transcript.group,
        "done": view.done,
        "text": transcript.text,
        "turns": [
            [t.number, t.speaker, str(t.role), *_pair(t.span), t.time, (t.label or t.span).start]
            for t in transcript.turns
        ],
        "sentences": [[*_pair(s.span), str(s.role), s.event] for s in transcript.sentences],
        "events": [[e.number, *_pair(e.span), e.title] for e in transcript.events],
        "uncoded": [[*_pair(u.span), u.reason.name_zh, u.detail] for u in view.run.uncoded],
        "items": [item_json(item) for item in view.items],
        "codebook": codebook_json(codebook),
    }


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]


def item_json(item: Item) -> JSON:
    """An item with the values that it has now, and what was suggested first."""
    draft, suggestion, undo = item.draft, item.suggestion, item.undo
    return {
        "id": item.id,
        **_values(draft.span, draft.label.competency, draft.label.dimension, draft.label.level),
        "memo": draft.memo,
        "status": str(item.status),
        "conf": suggestion.confidence if suggestion else None,
        "evidence": _evidence(suggestion) if suggestion else [],
        "alts": [list(pair) for pair in suggestion.alternatives] if suggestion else [],
        "orig": _original(suggestion) if suggestion else None,
        "last": item.last,
        "by": item.annotator,
        "at": item.decided_at.isoformat() if item.decided_at else "",
        "undone": item.undone,
        "undone_by": undo.annotator if undo else "",
        "undone_at": undo.decided_at.isoformat() if undo else "",
        "gone": item.gone,
    }


def _values(span: Span, code: str, dimension: str, level: int | None) -> JSON:
    return {"start": span.start, "end": span.end, "code": code, "dim": dimension, "level": level}


def _original(suggestion: Suggestion) -> JSON:
    label = suggestion.label
    return _values(suggestion.span, label.competency, label.dimension, label.level)


def _evidence(suggestion: Suggestion) -> list[list[Any]]:
    return [
        [piece.kind, piece.text, _pair(piece.span) if piece.span else None, piece.weight]
        for piece in suggestion.evidence
    ]


@lru_cache(maxsize=4)
def _competencies(codebook_id: str, version: str, competencies: tuple[Competency, ...]) -> list[JSON]:
    return [_competency(competency) for competency in competencies]


def codebook_json(codebook: Codebook) -> JSON:
    """The codebook with colours, and with pinyin to be found by."""
    names = {cluster.id: cluster.name for cluster in codebook.clusters}
    rows = _competencies(codebook.id, codebook.version, codebook.competencies)
    looks = [
        {"color": codebook.color(c.code), "cluster_name": names[c.cluster]} for c in codebook.competencies
    ]
    return {"competencies": [{**row, **look} for row, look in zip(rows, looks, strict=True)]}


def _competency(competency: Competency) -> JSON:
    words = (competency.name, *competency.variants)
    return {
        "code": competency.code,
        "name": competency.name,
        "definition": competency.definition,
        "variants": [word.lower() for word in competency.variants],
        "initials": list(dict.fromkeys(pinyin_of(word)[0] for word in words)),
        "pinyin": list(dict.fromkeys(pinyin_of(word)[1] for word in words)),
        "neighbours": [[n.code, n.difference] for n in competency.neighbours],
        "dims": [
            {
                "id": dimension.id,
                "name": dimension.name,
                "levels": [[s.level, s.anchor, s.evidence] for s in dimension.levels],
            }
            for dimension in competency.dimensions
        ],
    }


def pinyin_of(word: str) -> tuple[str, str]:
    """The initials and the whole pinyin of a word, small letters only.

    >>> pinyin_of("成就导向")
    ('cjdx', 'chengjiudaoxiang')
    """
    initials = "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
    whole = "".join(lazy_pinyin(word))
    return _letters(initials), _letters(whole)


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isascii() and character.isalnum())
