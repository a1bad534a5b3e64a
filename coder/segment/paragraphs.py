"""Interviews without labels: who speaks is read from how paragraphs alternate, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coder.model.lexicon import Conventions
from coder.model.text import Role, Span
from coder.words import fold

INTERVIEWER = "访谈者"
INTERVIEWEE = "受访者"

_POLITE = re.compile("您|请")
_ASKING_END = re.compile(r"(\?|吗|呢|呀|么)[。.!…]*$")
_LENGTH = 45  # a paragraph of this many characters weighs against being a question as 1 does
_SAME = {False: -0.6, True: -1.5}  # two answers in a row are likelier than two questions


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch that one person speaks."""

    span: Span
    role: Role


def blocks_of(text: str, lines: Sequence[Span]) -> tuple[Span, ...]:
    """The lines joined to paragraphs: blank lines part them, or, where there are none, each line."""
    parted = [text.count("\n", a.end, b.start) > 1 for a, b in pairwise(lines)]
    if not any(parted):
        return tuple(lines)
    blocks = [lines[0]]
    for line, apart in zip(lines[1:], parted, strict=True):
        if apart:
            blocks.append(line)
        else:
            blocks[-1] = blocks[-1].cover(line)
    return tuple(blocks)


def alternation(text: str, lines: Sequence[Span], conventions: Conventions) -> tuple[Passage, ...]:
    """The passages of two people who clearly alternate, or nothing."""
    # lines first: a blank line may part pairs of question and answer; wrapped lines need blocks
    for units in (tuple(lines), blocks_of(text, lines)):
        scores = [asking(fold(unit.of(text)), conventions) for unit in units]
        asks = _likeliest(scores)
        if _is_clear(units, scores, asks):
            return _passages(units, asks)
    return ()


def asking(folded: str, conventions: Conventions) -> float:
    """How much a paragraph looks like an interviewer's: above 0 it does."""
    words = sum(word in folded for word in conventions.question_words)
    score = 1.5 * bool(_ASKING_END.search(folded)) + 0.8 * bool(_POLITE.search(folded))
    return score + 0.5 * min(words, 2) - 0.4 - len(folded) / _LENGTH


def _likeliest(scores: Sequence[float]) -> list[bool]:
    """For each paragraph whether it asks, such that scores and alternation fit best (Viterbi)."""
    totals = {False: -scores[0], True: scores[0]}
    steps: list[dict[bool, bool]] = []
    for score in scores[1:]:
        step = {asks: _before(asks, totals) for asks in totals}
        totals = {
            asks: totals[last] + (_SAME[asks] if asks == last else 0.0) + (score if asks else -score)
            for asks, last in step.items()
        }
        steps.append(step)
    path = [totals[True] > totals[False]]
    for step in reversed(steps):
        path.append(step[path[-1]])
    return path[::-1]


def _before(asks: bool, totals: Mapping[bool, float]) -> bool:
    """The likelier class of the paragraph before one of class ``asks``."""
    same, other = totals[asks] + _SAME[asks], totals[not asks]
    return asks if same > other else not asks


def _is_clear(units: Sequence[Span], scores: Sequence[float], asks: Sequence[bool]) -> bool:
    questions = [i for i, is_question in enumerate(asks) if is_question]
    answers = [i for i, is_question in enumerate(asks) if not is_question]
    if len(questions) < 2 or len(answers) < 2:
        return False
    asked = sum(len(units[i]) for i in questions) / len(questions)
    answered = sum(len(units[i]) for i in answers) / len(answers)
    convincing = sum(scores[i] > 0 for i in questions) / len(questions)
    rows = sum(a and b for a, b in pairwise(asks)) / len(questions)
    return answered >= 1.5 * asked and convincing >= 0.6 and rows <= 0.25


def _passages(units: Sequence[Span], asks: Sequence[bool]) -> tuple[Passage, ...]:
    found: list[Passage] = []
    for unit, is_question in zip(units, asks, strict=True):
        role = Role.INTERVIEWER if is_question else Role.INTERVIEWEE
        if found and found[-1].role is role:
            found[-1] = Passage(found[-1].span.cover(unit), role)
        else:
            found.append(Passage(unit, role))
    return tuple(found)
