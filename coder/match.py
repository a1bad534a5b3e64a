"""Sentence × Lexicon → Match: behaviour indicators, and the cues that lower, block or mark them.

Cues work as in ConText (Harkema et al. 2009): a cue has a scope, and what begins in it is governed.
What only runs into it is not: "我又问他,他说没问过" is his own asking.
All patterns run on folded text, whose offsets are those of the text itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coder.load import expand
from coder.model.lexicon import Cue, Effect, Indicator, Lexicon, Scope
from coder.model.suggestion import CueHit, Match, Reason
from coder.model.text import Span
from coder.words import fold

_CLAUSE_END = re.compile(r"[,。!?;…\n]")
LOWERED = 0.5


@dataclass(frozen=True, slots=True)
class SentenceMatches:
    """What was found in one sentence: indicators that count or are blocked, and all cues."""

    matches: tuple[Match, ...]
    cues: tuple[CueHit, ...]

    @property
    def counting(self) -> tuple[Match, ...]:
        """The matches that no cue blocks."""
        return tuple(match for match in self.matches if not match.blocked)


@dataclass(frozen=True, slots=True)
class _Rule:
    indicator: Indicator
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _CueRule:
    cue: Cue
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


class Matcher:
    """The compiled lexicon; pure and safe to share between threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        def compiled(pattern: str) -> re.Pattern[str]:
            return re.compile(expand(pattern, lexicon.classes))

        self._rules = tuple(_Rule(i, compiled(i.pattern)) for i in lexicon.indicators)
        self._cues = tuple(
            _CueRule(c, compiled(c.pattern), compiled(c.unless) if c.unless else None) for c in lexicon.cues
        )

    def match(self, sentence: str, offset: int = 0, question: str = "") -> SentenceMatches:
        """What is found in ``sentence``, which stands at ``offset`` of the text.

        ``question`` is what the interviewer said just before: a leading question marks a short
        answer as an echo.
        """
        folded = fold(sentence)
        cues = self._find_cues(folded, fold(question))
        matches = []
        for rule in self._rules:
            for found in rule.pattern.finditer(folded):
                span = Span(found.start(), found.end())
                governing = tuple(c for c, scope in cues if scope.start <= span.start < scope.end)
                matches.append(_match(rule.indicator, span, governing, offset))
        return SentenceMatches(tuple(matches), tuple(_moved(c, offset) for c, _ in cues))

    def _find_cues(self, folded: str, question: str) -> list[tuple[CueHit, Span]]:
        """The cues of a sentence, each with the stretch that it governs."""
        hits = []
        for rule in self._cues:
            if rule.unless and rule.unless.search(folded):
                continue
            if rule.cue.speaker == "interviewer":
                if question and rule.pattern.search(question) and len(folded) <= _ECHO_LENGTH:
                    hits.append((_hit(rule.cue, Span(0, 0)), Span(0, len(folded))))
                continue
            for found in rule.pattern.finditer(folded):
                span = Span(found.start(), found.end())
                hits.append((_hit(rule.cue, span), _scope(folded, span, rule.cue.scope)))
        return hits


_ECHO_LENGTH = 25


def _hit(cue: Cue, span: Span) -> CueHit:
    return CueHit(cue.id, cue.category, cue.effect, Reason(cue.reason), span)


def _scope(folded: str, span: Span, scope: Scope) -> Span:
    """What a cue at ``span`` governs: its clause, the rest of the sentence, or all of it."""
    if scope is Scope.SENTENCE:
        return Span(0, len(folded))
    if scope is Scope.REST:
        return Span(span.start, len(folded))
    before = [m.end() for m in _CLAUSE_END.finditer(folded, 0, span.start)]
    after = _CLAUSE_END.search(folded, span.end)
    return Span(before[-1] if before else 0, after.start() if after else len(folded))


def _moved(hit: CueHit, offset: int) -> CueHit:
    span = Span(hit.span.start + offset, hit.span.end + offset)
    return CueHit(hit.cue, hit.category, hit.effect, hit.reason, span)


def _match(indicator: Indicator, span: Span, cues: tuple[CueHit, ...], offset: int) -> Match:
    lowered = any(c.effect is Effect.LOWER for c in cues)
    return Match(
        indicator.id,
        indicator.label,
        Span(span.start + offset, span.end + offset),
        indicator.weight * (LOWERED if lowered else 1.0),
        tuple(_moved(c, offset) for c in cues),
    )


def signs(found: SentenceMatches) -> dict[str, float]:
    """What was found, as named numbers for the models."""
    numbers: dict[str, float] = {}
    for cue in found.cues:
        numbers[f"cue:{cue.category}"] = 1.0
    for match in found.matches:
        state = "blocked" if match.blocked else "hit"
        name = f"{state}:{match.label.competency}"
        numbers[name] = max(numbers.get(name, 0.0), match.weight)
    return numbers
