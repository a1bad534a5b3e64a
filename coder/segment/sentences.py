"""Turns → units small enough to be coded; no character is altered or lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coder.model.text import Sentence, Span, Turn

LIMIT = 80
_WANTED = 50
_STOP = re.compile(r"(?:[。！？!?；;]|…+|\.{3,})+[”’」』）)\"']*|\n+")
_COMMA = re.compile(r"[，,、：:—]+[”’」』）)\"']*|\s+")
# in speech-to-text a new act often opens with one of these
_MARKERS = re.compile(
    r"(?:然后|后来|后面|所以|但是|可是|不过|结果|第二天|第[二三四]个|接着|完了|那|最后)?(?:我就|我说|我当时)"
    r"|然后|后来|后面|所以|但是|可是|不过|结果|第二天|第[二三四]个|接着|完了|那我|最后"
)


def find_sentences(text: str, turns: tuple[Turn, ...]) -> tuple[Sentence, ...]:
    """The units of all turns, numbered from 1; each at most 80 code points."""
    found: list[Sentence] = []
    for turn in turns:
        for span in _units(text, turn.span):
            found.append(Sentence(len(found) + 1, turn.number, turn.role, span))
    return tuple(found)


def _units(text: str, span: Span) -> Iterator[Span]:
    for sentence in _cut(text, span, _STOP):
        yield from _pieces(text, sentence)


def _cut(text: str, span: Span, pattern: re.Pattern[str]) -> Iterator[Span]:
    """The stretches that end with ``pattern``, trimmed of white space, empty ones left out."""
    start = span.start
    for match in pattern.finditer(text, span.start, span.end):
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, span.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if any(character.isalnum() for character in text[start:end]):
        yield Span(start, end)


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """``span`` itself, or near-equal pieces of at most 80 cut where a speaker might pause."""
    start = span.start
    while span.end - start > LIMIT:
        pieces = -(-(span.end - start) // _WANTED)
        wanted = start + (span.end - start) // pieces
        end = _pause(text, start, wanted, min(start + LIMIT, span.end - 1))
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, span.end)


def _pause(text: str, start: int, wanted: int, limit: int) -> int:
    """The best place to cut near ``wanted``: comma and marker, comma, marker, anywhere."""
    commas = {m.end() for m in _COMMA.finditer(text, start + 15, limit) if m.end() <= limit}
    markers = {m.start() for m in _MARKERS.finditer(text, start + 15, limit)}
    for places in (commas & markers, commas, markers):
        if places:
            best = min(places, key=lambda place: (abs(place - wanted), place))
            # a marker is worth a detour, but not a piece of a few characters
            if places is not commas & markers or abs(best - wanted) <= _WANTED // 2:
                return best
    return limit
