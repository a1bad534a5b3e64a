"""Which of the lines that look like labels are: decided by the layout that explains most lines."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from coder.segment.labels import Candidate, Kind
from coder.segment.names import Names, strip_number

# a name that nothing else vouches for must open this share of the layout's lines
_SHARE = 0.1
_TIMED_SHARE = 0.03
# two people ask and answer, three are a panel: beyond that the numbers count questions
_PANEL = 3


@dataclass(frozen=True, slots=True)
class _Layout:
    """The main kind of label and the names that are speakers, by kind."""

    main: Kind
    speakers: Mapping[Kind, frozenset[str]]


def choose_labels(candidates: tuple[Candidate, ...], names: Names, line_count: int) -> tuple[Candidate, ...]:
    """One candidate for each line that opens a turn, in order; none where nobody is named."""
    numbered = _without_question_numbers(candidates, names)
    usable = [c for c in numbered if not names.is_refused(c.key)]
    if not usable:
        return ()
    layout = _layout(usable, names)
    chosen: dict[int, Candidate] = {}
    for candidate in usable:
        if candidate.line not in chosen and _fits(candidate, layout, names):
            chosen[candidate.line] = candidate
    labels = _without_lists(tuple(chosen.values()), names)
    return labels if _convinces(labels, names, line_count) else ()


def _without_question_numbers(candidates: Iterable[Candidate], names: Names) -> tuple[Candidate, ...]:
    """Q1, Q2, Q3 as one speaker Q; Q1 and Q2 who both speak again stay two."""
    candidates = tuple(candidates)
    lines = {(c.key, c.line) for c in candidates if names.is_short(c.key)}
    times = Counter(key for key, _ in lines)
    variants: dict[str, list[str]] = {}
    for key in times:
        variants.setdefault(strip_number(key), []).append(key)
    people = {
        key
        for keys in variants.values()
        for key in keys
        if 1 < len(keys) <= _PANEL and all(times[k] > 1 for k in keys)
    }
    return tuple(
        replace(c, key=strip_number(c.key)) if c.key in times and c.key not in people else c
        for c in candidates
    )


def _layout(candidates: list[Candidate], names: Names) -> _Layout:
    by_kind = {kind: [c for c in candidates if c.kind is kind] for kind in Kind}
    speakers = {kind: _speakers(kind, of_kind, names) for kind, of_kind in by_kind.items()}
    explained = {kind: sum(c.key in speakers[kind] for c in by_kind[kind]) for kind in Kind}
    # max keeps the first of equals, and kinds are ordered from the most specific
    return _Layout(max(Kind, key=lambda kind: explained[kind]), speakers)


def _speakers(kind: Kind, candidates: list[Candidate], names: Names) -> frozenset[str]:
    counts = Counter(c.key for c in candidates)
    share = (_TIMED_SHARE if kind.has_time else _SHARE) * len(candidates)
    recurring = {key for key, count in counts.items() if count >= max(2, share)}
    strong = {key for key in counts if names.is_strong(key)}
    if kind is Kind.LOOSE:
        return frozenset(strong if len(strong) > 1 else ())
    if kind is Kind.SPACES:
        return frozenset(recurring if len(recurring) > 1 or recurring & strong else ())
    if kind is Kind.HINT:
        # a heading stands alone on its line, a table's name has its words beside it
        beside = {c.key for c in candidates if not c.alone}
        return frozenset(recurring | strong | beside | {k for k in counts if names.is_likely(k)})
    likely = {key for key in counts if names.is_likely(key)}
    if kind is Kind.BRACKET and not likely:  # 【笑】 opens lines too
        return frozenset()
    timely = _timely(candidates, recurring | likely) if kind.has_time else set()
    return frozenset(recurring | likely | timely)


def _timely(candidates: list[Candidate], known: set[str]) -> set[str]:
    """Names that stand once, with a time between those of the known speakers around them."""
    sure = [(c.line, c.seconds) for c in candidates if c.key in known]
    found = set()
    for candidate in candidates if sure else ():
        at = bisect_left(sure, (candidate.line,))
        around = [*sure[max(0, at - 1) : at], (candidate.line, candidate.seconds), *sure[at : at + 1]]
        if [seconds for _, seconds in around] == sorted(seconds for _, seconds in around):
            found.add(candidate.key)
    return found


def _fits(candidate: Candidate, layout: _Layout, names: Names) -> bool:
    kind, key = candidate.kind, candidate.key
    if kind is layout.main:
        return key in layout.speakers[kind]
    if kind is Kind.LOOSE:  # `a good day` is no answer, `A1` alone on its line is
        return candidate.alone and names.is_strong(key)
    if key in layout.speakers[layout.main]:
        return True
    if kind.has_time:
        return key in layout.speakers[kind]
    is_written = kind in {Kind.COLON, Kind.BRACKET}
    return is_written and names.is_strong(key) and not names.is_short(key)


def _without_lists(labels: tuple[Candidate, ...], names: Names) -> tuple[Candidate, ...]:
    """The labels without A:, B: of a list inside an answer: letters that are not the layout."""
    short = sum(names.is_short(label.key) for label in labels)
    if short * 2 >= len(labels) - short:
        return labels
    return tuple(label for label in labels if not names.is_short(label.key))


def _convinces(labels: tuple[Candidate, ...], names: Names, line_count: int) -> bool:
    """Whether the labels are more than a few names that happen to stand before a colon."""
    if any(names.is_strong(label.key) for label in labels):
        return True
    if len(labels) < 2:
        return False
    vouched = len({label.key for label in labels}) > 1 or labels[0].kind.has_time
    return vouched and labels[0].line * 2 <= line_count
