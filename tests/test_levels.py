"""From a score to a level: always on the scale, and in the score's direction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from coder.classify import Levels

SCORES = st.integers(-40, 40).map(lambda n: n / 8)


def levels(
    prior: list[float], steps: list[int], slope: float = 0.5, noise: float = 0.6, centre: float = 3.0
) -> Levels:
    """One competency's scale, INFO."""
    arrays = ([[0.0, 1.0]], [centre], [1.5], [prior], steps, [0.0, slope, noise])
    return Levels(("INFO",), *(np.array(array, dtype=np.float32) for array in arrays))


@st.composite
def scales(draw: st.DrawFn) -> Levels:
    """Any scale without 0: steps that others have and this one has not get no prior."""
    steps = sorted(draw(st.sets(st.sampled_from([-1, 1, 2, 3, 4, 5, 6, 7, 8]), min_size=1)))
    counts = draw(st.lists(st.sampled_from([0, 0, 1, 3, 20]), min_size=len(steps), max_size=len(steps)))
    if not any(counts):
        counts[0] = 1
    slope, noise = draw(st.sampled_from([0.2, 0.5, 1.0])), draw(st.sampled_from([0.3, 0.6, 1.0]))
    return levels([count / sum(counts) for count in counts], steps, slope, noise)


def scale_of(own: Levels) -> list[int]:
    return [int(step) for step, share in zip(own.steps, own.prior[0], strict=True) if share > 0]


@given(scales(), SCORES, st.none() | st.integers(-1, 8))
def test_levels_decide_stays_on_the_scale(own: Levels, score: float, shown: int | None) -> None:
    assert own.decide("INFO", score, shown) in scale_of(own)


def test_levels_decide_passes_over_a_level_that_the_scale_has_not() -> None:
    # all the probability lies beside 2, which only other scales have
    assert levels([0.5, 0.0, 0.5], [1, 2, 3], slope=0.0).decide("INFO", 0.0) in (1, 3)


@given(scales(), SCORES, SCORES)
def test_levels_decide_moves_with_the_score(own: Levels, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert own.decide("INFO", low) <= own.decide("INFO", high)


@given(scales(), SCORES, st.integers(-1, 8), st.integers(-1, 8))
def test_levels_decide_moves_with_the_indicator(own: Levels, score: float, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert own.decide("INFO", score, low) <= own.decide("INFO", score, high)


@pytest.mark.parametrize("score", [1e2, 1e4])
def test_levels_decide_of_far_scores_is_an_end_of_the_scale(score: float) -> None:
    # once every posterior was 0 there, and the lowest level won at both ends
    own = levels([0.25] * 4, [-1, 1, 2, 3])
    assert own.decide("INFO", score) == 3
    assert own.decide("INFO", -score) == -1


def test_levels_decide_by_the_coders_habit_when_the_score_says_nothing() -> None:
    own = levels([0.02, 0.02, 0.9, 0.02, 0.02, 0.02], [1, 2, 3, 4, 5, 6], slope=0.0)
    assert [own.decide("INFO", score) for score in (-3.0, 0.0, 3.0)] == [3, 3, 3]


def test_levels_decide_between_two_likely_neighbours_rather_than_for_a_lonely_one() -> None:
    # 1 is the likeliest by itself; 4 and 5 together are likelier, and each is within one of the other
    own = levels([0.4, 0.0, 0.0, 0.31, 0.29], [1, 2, 3, 4, 5], slope=0.0)
    assert own.decide("INFO", 0.0) == 4


def test_levels_scores_have_a_column_a_competency() -> None:
    own = levels([1.0], [1])
    rows = sparse.csr_matrix(np.array([[1.0, 2.0], [5.0, 0.0], [0.0, -1.0]], dtype=np.float32))
    assert own.scores(rows).tolist() == [[2.0], [0.0], [-1.0]]
