"""Lines that may open a turn: every way in which transcripts write who speaks, and when."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from coder.model.text import Span
from coder.segment.names import Names, key_of
from coder.words import fold


class Kind(StrEnum):
    """The layouts of a label, the most specific first."""

    STAMP = "张三 00:12:34"
    PAREN = "张三(00:12:34):内容"
    LEAD = "[00:12] 张三:内容"
    TIMED = "张三 00:12:34 内容"
    BRACKET = "【张三】内容"
    COLON = "张三:内容"
    HINT = "name given by the file's structure"
    SPACES = "张三  内容"
    LOOSE = "问 内容"

    @property
    def has_time(self) -> bool:
        """Whether a time stamp vouches for the label."""
        return self in {Kind.STAMP, Kind.PAREN, Kind.LEAD, Kind.TIMED}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A label that may be one: ``key`` compares names; speech starts at ``said``."""

    line: int
    kind: Kind
    key: str
    label: Span
    said: int
    alone: bool
    time: str = ""

    @property
    def seconds(self) -> float:
        """The time stamp in seconds; 0 without one."""
        parts = self.time.replace(",", ".").split()[-1:]
        total = 0.0
        for part in parts[0].split(":") if parts else ():
            total = total * 60 + float(part)
        return total


_ORDER = tuple(Kind)
_B = r"\*{0,2}"  # Markdown's bold
_NAME = r"(?P<name>[^\W_](?:[\w·.&/\-]| (?=[\w(])){0,15}?(?:\([^():\n]{1,12}\))?)"
_TIME = (
    r"(?P<time>(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+)?(?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?)(?!\d)"
)
_UNTIL = r"(?:\s*(?:-+>?|~|–|—)\s*[\d:.,]+)?"
_OPEN, _CLOSE = r"[\[(<【〔]", r"[\])>】〕]"
_PATTERNS = {
    Kind.STAMP: rf"{_B}{_NAME}{_B}(?:\s+|\s*{_OPEN}\s*){_TIME}{_UNTIL}\s*{_CLOSE}?\s*:?$",
    Kind.PAREN: rf"{_B}{_NAME}{_B}\s*{_OPEN}\s*{_TIME}{_UNTIL}\s*{_CLOSE}\s*:?\s*{_B}",
    Kind.LEAD: rf"{_OPEN}?\s*{_TIME}{_UNTIL}\s*{_CLOSE}?\s*{_B}{_NAME}{_B}\s*(?::\s*{_B}|$|\s\s+|\t\s*)",
    Kind.TIMED: rf"{_B}{_NAME}{_B}\s+{_TIME}\s*(?::\s*|\s+)(?=\S)",
    Kind.BRACKET: rf"{_OPEN}\s*{_NAME}\s*{_CLOSE}\s*:?\s*",
    Kind.COLON: rf"{_B}{_NAME}\s*{_B}\s*:(?!//)\s*{_B}",
    Kind.SPACES: rf"{_NAME}(?:\s\s+|\t)\s*(?=\S)",
}
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS.items())
_CLOCK = re.compile(r"\d:\d\d")
_AFTER_HINT = re.compile(rf"{_B}\s*(?:{_OPEN}?\s*{_TIME}\s*{_CLOSE}?)?\s*:?\s*{_B}")
_AFTER_LOOSE = re.compile(r"(?:\s+|[.、]\s*|$)")


def lines_of(text: str) -> tuple[Span, ...]:
    """The lines that are not blank, without the blanks around them."""
    spans = []
    start = 0
    for line in text.split("\n"):
        if stripped := line.strip():
            at = start + line.index(stripped)
            spans.append(Span(at, at + len(stripped)))
        start += len(line) + 1
    return tuple(spans)


def find_candidates(
    text: str, lines: tuple[Span, ...], names: Names, hints: tuple[Span, ...] = ()
) -> tuple[Candidate, ...]:
    """All readings of all lines as labels, by line, the most specific first."""
    # an ideographic space parts as well as a tab; folded it would be a plain space
    folded = fold(text.replace("\u3000", "\t"))
    starts = [line.start for line in lines]
    hinted = {bisect_right(starts, hint.start) - 1: hint for hint in hints}
    found: list[Candidate] = []
    for number, line in enumerate(lines):
        of_line = [
            *_by_pattern(text, folded, number, line, names),
            *_loose(text, folded, number, line, names),
        ]
        if (hint := hinted.get(number)) and line.contains(hint):
            of_line.append(_by_hint(text, folded, number, line, hint))
        found += sorted(of_line, key=lambda candidate: _ORDER.index(candidate.kind))
    return tuple(found)


def _by_pattern(text: str, folded: str, number: int, line: Span, names: Names) -> Iterator[Candidate]:
    for kind, pattern in _COMPILED:
        match = pattern.match(folded, line.start, line.end)
        if match is None:
            continue
        name = Span(*match.span("name"))
        # the colon of 14:00 opens no speech, that of Q1:30 does
        if kind is Kind.COLON and _CLOCK.match(folded, name.end - 1) and not names.is_strong(name.of(folded)):
            continue
        time = text[slice(*match.span("time"))] if kind.has_time else ""
        yield _candidate(text, number, line, kind, name, match.end(), time)


def _loose(text: str, folded: str, number: int, line: Span, names: Names) -> Iterator[Candidate]:
    """A role's word or numbered speaker with next to nothing after it: ``Q1``, ``问 内容``."""
    match = names.loose.match(folded, line.start, line.end)
    if match and (after := _AFTER_LOOSE.match(folded, match.end(), line.end)):
        label = Span(match.start(), match.start() + len(match.group("name").rstrip()))
        yield _candidate(text, number, line, Kind.LOOSE, label, after.end())


def _by_hint(text: str, folded: str, number: int, line: Span, hint: Span) -> Candidate:
    after = _AFTER_HINT.match(folded, hint.end, line.end)
    said, time = (after.end(), after.group("time") or "") if after else (hint.end, "")
    return _candidate(text, number, line, Kind.HINT, hint, said, time)


def _candidate(
    text: str, number: int, line: Span, kind: Kind, label: Span, said: int, time: str = ""
) -> Candidate:
    return Candidate(number, kind, key_of(label.of(text)), label, said, said >= line.end, time)
