"""Agreement figures against scikit-learn, scipy, hand-computed examples and another implementation."""

from __future__ import annotations

import doctest
import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score

from coder.analyse import reliability as module
from coder.analyse.reliability import (
    category_agreement,
    matched,
    quadratic_kappa,
    reliability,
    same,
    spearman,
)
from coder.model.review import Coded
from coder.model.text import Span


def coded(start: int, end: int, code: str = "INFO", level: int | None = None) -> Coded:
    return Coded(Span(start, end), code, level)


CODINGS = st.lists(
    st.builds(
        lambda start, length, code: coded(start, start + length, code),
        st.integers(0, 40),
        st.integers(1, 25),
        st.sampled_from(["INFO", "CO"]),
    ),
    max_size=7,
)
LEVELS = st.lists(st.tuples(st.integers(-1, 8), st.integers(-1, 8)), min_size=2, max_size=40)
NUMBERS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=30)


def test_reliability_doctests_hold() -> None:
    result = doctest.testmod(module)
    assert result.attempted >= 4
    assert result.failed == 0


# ── when two codings agree ────────────────────────────────────────────────────────────────────────


def test_same_wants_the_same_code() -> None:
    assert not same(coded(0, 10, "INFO"), coded(0, 10, "CO"))


def test_same_asks_nothing_of_the_levels() -> None:
    assert same(coded(0, 10, level=1), coded(0, 10, level=5))


def test_same_wants_half_of_the_shorter_span() -> None:
    assert same(coded(0, 10), coded(5, 20))
    assert not same(coded(0, 10), coded(6, 21))


def test_same_allows_the_longer_span_three_times_the_shorter_and_no_more() -> None:
    assert same(coded(0, 10), coded(0, 30))
    assert not same(coded(0, 10), coded(0, 31))


def test_same_never_takes_spans_that_only_touch() -> None:
    assert not same(coded(0, 10), coded(10, 20))


def test_same_never_takes_empty_spans() -> None:
    assert not same(coded(3, 3), coded(3, 3))


@given(CODINGS, CODINGS)
def test_same_is_symmetric(ours: list[Coded], theirs: list[Coded]) -> None:
    assert all(same(a, b) == same(b, a) for a in ours for b in theirs)


# ── pairs ─────────────────────────────────────────────────────────────────────────────────────────


def test_matched_pairs_the_largest_overlap_first() -> None:
    small, large, theirs = coded(0, 12), coded(8, 30), coded(6, 28)
    assert matched([small, large], [theirs]) == ((large, theirs),)


def test_matched_uses_each_coding_once() -> None:
    ours, theirs = coded(0, 20), [coded(0, 10), coded(10, 20)]
    assert matched([ours], theirs) == ((ours, theirs[0]),)


def test_matched_is_greedy_even_where_another_pairing_has_more_pairs() -> None:
    # 20 shared by the middle ones; pairing each with its neighbour would give two pairs of 10
    ours, theirs = [coded(0, 30), coded(30, 40)], [coded(10, 40), coded(0, 10)]
    assert matched(ours, theirs) == ((ours[0], theirs[0]),)


def test_matched_gives_the_pairs_of_a_hand_coded_passage() -> None:
    ours = [coded(0, 40), coded(50, 90, "CO"), coded(100, 120), coded(200, 210)]
    theirs = [coded(10, 40), coded(50, 90), coded(95, 155), coded(203, 240)]
    # first: 30 of 30; second: another code; third: 20 of 20, 60 = 3 × 20; fourth: 37 > 3 × 10
    assert matched(ours, theirs) == ((ours[0], theirs[0]), (ours[2], theirs[2]))
    assert category_agreement(2, len(ours), len(theirs)) == 4 / 8


def another_matched(ours: list[Coded], theirs: list[Coded]) -> set[tuple[int, int]]:
    """The definition told again, with sets of characters and one largest pair after the other."""
    shared = {}
    for (i, a), (j, b) in product(enumerate(ours), enumerate(theirs)):
        first, second = (set(range(c.span.start, c.span.end)) for c in (a, b))
        short, long = sorted((len(first), len(second)))
        if a.code == b.code and len(first & second) >= max(1, short / 2) and long / short <= 3:
            shared[i, j] = len(first & second)
    pairs = set()
    while shared:
        i, j = max(shared, key=lambda pair: (shared[pair], -pair[0], -pair[1]))
        pairs.add((i, j))
        shared = {(a, b): n for (a, b), n in shared.items() if a != i and b != j}
    return pairs


@given(CODINGS, CODINGS)
def test_matched_finds_what_another_implementation_finds(ours: list[Coded], theirs: list[Coded]) -> None:
    pairs = {(ours[i], theirs[j]) for i, j in another_matched(ours, theirs)}
    assert set(matched(ours, theirs)) == pairs
    assert len(matched(ours, theirs)) == len(another_matched(ours, theirs))


@given(CODINGS)
def test_matched_pairs_every_coding_with_itself(codings: list[Coded]) -> None:
    assert len(matched(codings, codings)) == len(codings)


def test_matched_of_nothing_is_nothing() -> None:
    assert matched([], [coded(0, 5)]) == ()


# ── coefficients ──────────────────────────────────────────────────────────────────────────────────


def test_category_agreement_is_twice_the_agreed_over_all() -> None:
    assert category_agreement(17, 62, 100) == 34 / 162


def test_category_agreement_of_nothing_is_nothing() -> None:
    assert category_agreement(0, 0, 0) == 0


@pytest.mark.parametrize(("ca", "coders", "wanted"), [(0.5, 2, 2 / 3), (0.6, 3, 1.8 / 2.2), (1.0, 4, 1.0)])
def test_reliability_follows_the_formula(ca: float, coders: int, wanted: float) -> None:
    assert reliability(ca, coders) == pytest.approx(wanted)


@given(LEVELS)
def test_quadratic_kappa_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    ours, theirs = zip(*pairs, strict=True)
    if len({*ours, *theirs}) > 1:
        wanted = cohen_kappa_score(ours, theirs, weights="quadratic", labels=range(-1, 9))
        assert quadratic_kappa(pairs) == pytest.approx(wanted)


def test_quadratic_kappa_of_a_hand_computed_example() -> None:
    # squares: observed 0 + 1 + 0 + 1 of 4; expected (0 + 0 + 1 + 4) + 3 × (1 + 1 + 0 + 1) of 16
    assert quadratic_kappa([(1, 1), (2, 1), (2, 2), (2, 3)]) == pytest.approx(1 - (2 / 4) / (14 / 16))


def test_quadratic_kappa_says_nothing_without_spread_or_pairs() -> None:
    assert quadratic_kappa([(2, 2), (2, 2)]) is None
    assert quadratic_kappa([(1, 2)]) is None


@given(NUMBERS)
def test_spearman_is_scipys(pairs: list[tuple[int, int]]) -> None:
    xs, ys = zip(*pairs, strict=True)
    if len(set(xs)) > 1 and len(set(ys)) > 1:
        assert spearman(xs, ys) == pytest.approx(float(spearmanr(xs, ys).statistic))


def test_spearman_says_nothing_without_spread() -> None:
    assert spearman([1, 1, 1], [1, 2, 3]) is None


@given(NUMBERS)
def test_spearman_stays_within_one(pairs: list[tuple[int, int]]) -> None:
    rho = spearman([x for x, _ in pairs], [y for _, y in pairs])
    assert rho is None or math.fabs(rho) <= 1 + 1e-12
