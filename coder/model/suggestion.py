"""What the program proposes, and why: matches, votes, codability, suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coder.model.codebook import Label
from coder.model.lexicon import Effect
from coder.model.text import Span


class Reason(StrEnum):
    """Why a sentence is not coded: the closed list."""

    BACKGROUND = "background"
    OTHER = "other"
    COLLECTIVE = "collective"
    OPINION = "opinion"
    HABIT = "habit"
    HYPOTHETICAL = "hypothetical"
    FUTURE = "future"
    SELF_LABEL = "self_label"
    HINDSIGHT = "hindsight"
    RESULT = "result"
    ECHO = "echo"
    SMALL_TALK = "small_talk"
    NOT_FOUND = "not_found"

    @property
    def name_zh(self) -> str:
        """The reason as coders call it."""
        return _REASONS_ZH[self]


_REASONS_ZH = {
    Reason.BACKGROUND: "背景",
    Reason.OTHER: "他人行为",
    Reason.COLLECTIVE: "集体主语",
    Reason.OPINION: "观点",
    Reason.HABIT: "习惯泛述",
    Reason.HYPOTHETICAL: "假设",
    Reason.FUTURE: "将来",
    Reason.SELF_LABEL: "自我评价",
    Reason.HINDSIGHT: "事后反思",
    Reason.RESULT: "结果",
    Reason.ECHO: "诱导回应",
    Reason.SMALL_TALK: "闲聊",
    Reason.NOT_FOUND: "未命中",
}


@dataclass(frozen=True, slots=True)
class CueHit:
    """A cue found in the text."""

    cue: str
    category: str
    effect: Effect
    reason: Reason
    span: Span


@dataclass(frozen=True, slots=True)
class Match:
    """An indicator found in a sentence, with the cues that govern it."""

    indicator: str
    label: Label
    span: Span
    weight: float
    cues: tuple[CueHit, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether a cue forbids the match to count."""
        return any(hit.effect is Effect.BLOCK for hit in self.cues)


@dataclass(frozen=True, slots=True)
class Feature:
    """A word (or other sign) that spoke for a vote, with its share and where it stands."""

    name: str
    weight: float
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """One competency's case in one sentence: its probability given that it is codable.

    ``level_score`` is the raw score from which the level is decided (classify.levels).
    """

    competency: str
    probability: float
    level_score: float
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True)
class Codability:
    """Whether a sentence can be coded (0–1) and, if not, the likeliest reason."""

    probability: float
    reason: Reason
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of a suggestion's reason. ``kind``: indicator, blocked, word, cue or codability."""

    kind: str
    text: str
    span: Span | None = None
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed coding: exact span, label, confidence (0–1) and evidence.

    ``alternatives`` are the likeliest competencies with their probabilities, the best first.
    """

    span: Span
    turn: int
    event: int | None
    label: Label
    confidence: float
    evidence: tuple[Evidence, ...]
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Uncoded:
    """An interviewee sentence without a suggestion, and why."""

    span: Span
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """What one pass over one interview proposed, with all versions that it depends on."""

    codebook: str
    codebook_version: str
    lexicon_version: str
    model_version: str
    program_version: str
    threshold: float
    suggestions: tuple[Suggestion, ...]
    uncoded: tuple[Uncoded, ...]

    def above(self, threshold: float) -> tuple[Suggestion, ...]:
        """The suggestions of at least ``threshold`` confidence."""
        return tuple(s for s in self.suggestions if s.confidence >= threshold)
