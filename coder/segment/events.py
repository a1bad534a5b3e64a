"""Sentences → events: bounded episodes, opened by the interviewer's question or a reset.

Rules of bei-practice §3: a new event starts where the interviewer asks for another story or the
interviewee opens one himself; probes do not start one; 刚才那件事 returns to one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from coder.model.lexicon import Conventions
from coder.model.text import Event, Role, Sentence, Span, Turn
from coder.words import fold

_SHORTEST = 60
_TITLE = 18


@dataclass(frozen=True, slots=True)
class _Patterns:
    openers: re.Pattern[str]
    returns: re.Pattern[str]
    closers: re.Pattern[str]
    self_openers: re.Pattern[str]


@lru_cache(maxsize=8)
def _patterns(conventions: Conventions) -> _Patterns:
    def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{p})" for p in patterns) or r"(?!)")

    return _Patterns(
        any_of(conventions.event_openers),
        any_of(conventions.event_returns),
        any_of(conventions.event_closers),
        any_of(conventions.self_openers),
    )


def find_events(
    text: str, turns: tuple[Turn, ...], sentences: tuple[Sentence, ...], conventions: Conventions
) -> tuple[tuple[Sentence, ...], tuple[Event, ...]]:
    """The sentences with their event's number, and the events."""
    numbers = _numbers(text, turns, _patterns(conventions))
    if not any(numbers.values()):
        numbers = _whole(turns)
    numbers = _without_short(numbers, turns)
    marked = tuple(replace(s, event=numbers.get(s.turn)) for s in sentences)
    return marked, _events(text, marked)


def _numbers(text: str, turns: tuple[Turn, ...], patterns: _Patterns) -> dict[int, int | None]:
    """Each turn's event: None before the first, the number of the story that is being told."""
    numbers: dict[int, int | None] = {}
    current: int | None = None
    highest = 0
    for turn in turns:
        said = fold(turn.span.of(text))
        if turn.role is Role.INTERVIEWER:
            if patterns.returns.search(said) and highest:
                current = current or highest
            elif patterns.openers.search(said):
                current = highest = highest + 1
            elif patterns.closers.search(said):
                current = None
        elif turn.role is Role.INTERVIEWEE and current and patterns.self_openers.match(said):
            current = highest = highest + 1
        numbers[turn.number] = current
    return numbers


def _whole(turns: tuple[Turn, ...]) -> dict[int, int | None]:
    """One event from the first long answer on, where nobody asked for a story."""
    started = False
    numbers: dict[int, int | None] = {}
    for turn in turns:
        started = started or (turn.role is Role.INTERVIEWEE and len(turn.span) >= _SHORTEST)
        numbers[turn.number] = 1 if started else None
    return numbers


def _without_short(numbers: dict[int, int | None], turns: tuple[Turn, ...]) -> dict[int, int | None]:
    """The numbers with events of a few words joined to the next one, counted anew from 1."""
    spoken: dict[int, int] = {}
    for turn in turns:
        number = numbers[turn.number]
        if number is not None and turn.role is Role.INTERVIEWEE:
            spoken[number] = spoken.get(number, 0) + len(turn.span)
    kept = [number for number in sorted(spoken) if spoken[number] >= _SHORTEST]
    if not kept:
        return numbers
    renumbered: dict[int, int | None] = {}
    for turn_number, number in numbers.items():
        later = [i for i, k in enumerate(kept, 1) if number is not None and k >= number]
        renumbered[turn_number] = None if number is None else (later[0] if later else len(kept))
    return renumbered


def _events(text: str, sentences: tuple[Sentence, ...]) -> tuple[Event, ...]:
    spans: dict[int, Span] = {}
    titles: dict[int, str] = {}
    for sentence in sentences:
        if sentence.event is None or sentence.role is not Role.INTERVIEWEE:
            continue
        known = spans.get(sentence.event)
        spans[sentence.event] = known.cover(sentence.span) if known else sentence.span
        if len(titles.get(sentence.event, "")) < 8:
            titles[sentence.event] = sentence.span.of(text)
    return tuple(Event(n, spans[n], _title(titles[n])) for n in sorted(spans))


def _title(sentence: str) -> str:
    words = re.sub(r"^(?:嗯|哦|啊|那|就|好|行|呃|有|对|这个|那个|[，,。、…\s])+", "", sentence) or sentence
    return words if len(words) <= _TITLE else words[: _TITLE - 1] + "…"
