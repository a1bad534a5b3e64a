"""What the analyst's hand-made knowledge consists of: indicators, cues, label conventions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from coder.model.codebook import Label


class Effect(StrEnum):
    """What a cue does to an indicator that it governs."""

    BLOCK = "block"
    LOWER = "lower"
    MARK = "mark"


class Scope(StrEnum):
    """How far a cue reaches."""

    CLAUSE = "clause"
    REST = "rest"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A behaviour indicator (行为指标): a pattern of one label, with its own test sentences.

    ``pattern`` is a regular expression on folded text in which ``<类>`` stands for a word class.
    """

    id: str
    pattern: str
    label: Label
    matches: tuple[str, ...]
    misses: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that lower, block or mark what they govern (after ConText, Harkema et al. 2009).

    ``reason`` is the not-codable reason that the cue speaks for; ``unless`` a pattern which, found
    in the same sentence, switches the cue off.
    """

    id: str
    category: str
    pattern: str
    effect: Effect
    scope: Scope
    reason: str
    matches: tuple[str, ...]
    misses: tuple[str, ...]
    unless: str = ""
    speaker: str = "interviewee"


@dataclass(frozen=True, slots=True)
class Conventions:
    """How transcripts name their speakers and open events; lists of words and patterns."""

    interviewer_labels: tuple[str, ...]
    interviewee_labels: tuple[str, ...]
    other_labels: tuple[str, ...]
    generic_labels: tuple[str, ...]
    not_speakers: tuple[str, ...]
    boilerplate: tuple[str, ...]
    question_words: tuple[str, ...]
    event_openers: tuple[str, ...]
    event_returns: tuple[str, ...]
    event_closers: tuple[str, ...]
    self_openers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything of lexicon/ that is matched against text; ``version`` hashes its files."""

    version: str
    classes: Mapping[str, tuple[str, ...]]
    indicators: tuple[Indicator, ...]
    cues: tuple[Cue, ...]
    conventions: Conventions
