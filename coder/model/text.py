"""The interview as text: spans, turns, sentences, events. Nothing here alters a character."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch ``[start, end)`` of a text, in Unicode code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"span: {self.start}, {self.end}; wanted 0 <= start <= end")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of ``text`` that the span covers."""
        return text[self.start : self.end]

    def overlap(self, other: Span) -> int:
        """How many code points both spans cover."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies inside this span."""
        return self.start <= other.start and other.end <= self.end

    def cover(self, other: Span) -> Span:
        """The smallest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


class Role(StrEnum):
    """Who speaks in a turn."""

    INTERVIEWER = "interviewer"
    INTERVIEWEE = "interviewee"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's uninterrupted speech.

    ``span`` covers what was said, without the label; ``label`` the speaker's label, if written;
    ``time`` is the time stamp as written, or empty.
    """

    number: int
    speaker: str
    role: Role
    span: Span
    label: Span | None = None
    time: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A unit small enough to be coded (at most 80 characters), numbered from 1 through the text."""

    number: int
    turn: int
    role: Role
    span: Span
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One bounded episode that the interviewee tells, numbered from 1."""

    number: int
    span: Span
    title: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """An interview: the canonical text and the layers over it.

    ``hints`` are speaker labels that the file's structure gives (a table's first column, a bold
    name); ``warnings`` are words for the analyst about what had to be guessed.
    """

    name: str
    text: str
    format: str = "txt"
    encoding: str = "utf-8"
    hints: tuple[Span, ...] = ()
    turns: tuple[Turn, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    events: tuple[Event, ...] = ()
    interviewee: str = ""
    group: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def of(self, span: Span) -> str:
        """The characters under ``span``."""
        return span.of(self.text)

    @property
    def speakers(self) -> dict[str, Role]:
        """Each speaker's role, in the order in which they first speak."""
        roles: dict[str, Role] = {}
        for turn in self.turns:
            roles.setdefault(turn.speaker, turn.role)
        return roles

    @property
    def interviewee_sentences(self) -> tuple[Sentence, ...]:
        """The sentences that may be coded."""
        return tuple(s for s in self.sentences if s.role is Role.INTERVIEWEE)
