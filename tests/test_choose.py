"""The chosen set against every possible set, and what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coder.combine import Candidate, choose
from coder.combine.choose import FLOOR

COUNT = 6


@st.composite
def candidate_sets(draw: st.DrawFn) -> tuple[Candidate, ...]:
    """At most ten candidates over six sentences, none twice."""
    places = st.tuples(st.integers(0, COUNT - 1), st.integers(0, 3), st.sampled_from(["ACH", "CO", "INFO"]))
    drawn = draw(st.sets(places, max_size=10))
    sure = st.integers(0, 100)
    return tuple(
        Candidate(first, first + more, code, draw(sure) / 100)
        for first, more, code in sorted(drawn)
        if first + more < COUNT
    )


THRESHOLDS = st.integers(5, 95).map(lambda n: n / 100)


def places(candidate: Candidate) -> range:
    return range(candidate.first, candidate.last + 1)


def stretches(candidates: Iterable[Candidate]) -> dict[tuple[int, int], list[Candidate]]:
    found: dict[tuple[int, int], list[Candidate]] = {}
    for candidate in candidates:
        found.setdefault((candidate.first, candidate.last), []).append(candidate)
    return found


def every_sum(
    parts: Sequence[tuple[tuple[int, int], list[Candidate]]], threshold: float, taken: frozenset[int]
) -> Iterator[float]:
    """The worth of each set of stretches that do not overlap."""
    if not parts:
        yield 0.0
        return
    ((first, last), own), *others = parts
    yield from every_sum(others, threshold, taken)
    here = frozenset(range(first, last + 1))
    if not here & taken:
        worth = sum(c.confidence - threshold for c in own if c.confidence > threshold)
        for rest in every_sum(others, threshold, taken | here):
            yield worth + rest


@given(candidate_sets(), THRESHOLDS)
def test_choose_finds_the_best_of_all_sets(candidates: tuple[Candidate, ...], threshold: float) -> None:
    chosen, _ = choose(candidates, COUNT, threshold)
    worth = sum(c.confidence - threshold for c in chosen)
    best = max(every_sum(list(stretches(candidates).items()), threshold, frozenset()))
    assert worth == pytest.approx(best)


@given(candidate_sets(), THRESHOLDS)
def test_choose_never_overlaps_stretches(candidates: tuple[Candidate, ...], threshold: float) -> None:
    chosen, _ = choose(candidates, COUNT, threshold)
    covered = [place for first, last in stretches(chosen) for place in range(first, last + 1)]
    assert len(covered) == len(set(covered))


@given(candidate_sets(), THRESHOLDS)
def test_choose_takes_nothing_below_the_threshold(
    candidates: tuple[Candidate, ...], threshold: float
) -> None:
    chosen, _ = choose(candidates, COUNT, threshold)
    assert all(c.confidence >= threshold for c in chosen)
    assert set(chosen) <= set(candidates)


@given(candidate_sets(), THRESHOLDS)
def test_choose_leaves_over_only_what_is_below_the_threshold(
    candidates: tuple[Candidate, ...], threshold: float
) -> None:
    chosen, rest = choose(candidates, COUNT, threshold)
    covered = {place for c in chosen for place in places(c)}
    assert all(FLOOR <= c.confidence < threshold for c in rest)
    assert all(c.first == c.last and c.first not in covered for c in rest)
    assert len({c.first for c in rest}) == len(rest)


@given(candidate_sets(), THRESHOLDS)
def test_choose_leaves_over_the_likeliest_of_each_sentence(
    candidates: tuple[Candidate, ...], threshold: float
) -> None:
    _, rest = choose(candidates, COUNT, threshold)
    for left in rest:
        single = [c for c in candidates if c.first == c.last == left.first]
        assert left.confidence == max(c.confidence for c in single)


@given(candidate_sets(), THRESHOLDS)
def test_choose_does_not_depend_on_the_order_of_stretches_for_its_worth(
    candidates: tuple[Candidate, ...], threshold: float
) -> None:
    forward, backward = (choose(order, COUNT, threshold)[0] for order in (candidates, candidates[::-1]))
    assert sum(c.confidence - threshold for c in forward) == pytest.approx(
        sum(c.confidence - threshold for c in backward)
    )


@given(candidate_sets())
def test_choose_gives_stretches_in_the_texts_order(candidates: tuple[Candidate, ...]) -> None:
    chosen, rest = choose(candidates, COUNT, 0.3)
    for given_ in (chosen, rest):
        assert list(given_) == sorted(given_, key=lambda c: (c.first, c.last, c.competency))


def test_choose_prefers_two_sure_sentences_to_one_stretch() -> None:
    one, two, both = Candidate(0, 0, "ACH", 0.7), Candidate(1, 1, "CO", 0.7), Candidate(0, 1, "ACH", 0.9)
    assert choose([one, two, both], 2, 0.3)[0] == (one, two)


def test_choose_prefers_one_stretch_to_two_doubtful_sentences() -> None:
    one, two, both = Candidate(0, 0, "ACH", 0.4), Candidate(1, 1, "ACH", 0.4), Candidate(0, 1, "ACH", 0.8)
    assert choose([one, two, both], 2, 0.3)[0] == (both,)


def test_choose_lets_two_competencies_share_a_stretch_when_both_pass() -> None:
    first, second, third = (
        Candidate(0, 0, code, sure) for code, sure in (("ACH", 0.6), ("CO", 0.5), ("CT", 0.2))
    )
    assert choose([first, second, third], 1, 0.4)[0] == (first, second)


def test_choose_takes_what_just_reaches_the_threshold() -> None:
    # once such a sentence was counted as suggested and, at the same time, given a reason not to be
    exact = Candidate(0, 0, "ACH", 0.3)
    assert choose([exact], 1, 0.3) == ((exact,), ())


def test_choose_drops_what_is_hardly_likely() -> None:
    assert choose([Candidate(0, 0, "ACH", FLOOR / 2)], 1, 0.3) == ((), ())


def test_choose_of_nothing_is_nothing() -> None:
    assert choose([], 0, 0.3) == ((), ())
