"""Candidates: where they may lie, what they see of their surroundings, how sure they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import CODES, found, match

from coder.combine import Candidate, Found, Scene, candidates, default_weights
from coder.combine.spans import COMPETENCIES, FEATURES, MOST_SENTENCES

TEXT = "我就一户一户去问。"
WEIGHTS = default_weights(CODES)


def answers(*turns: int) -> list[Found]:
    """A sentence a number: the turn in which it stands."""
    return [found(start=i * (len(TEXT) + 1), turn=turn) for i, turn in enumerate(turns)]


def confidence(founds: list[Found], code: str = "ACH", first: int = 0, last: int = 0) -> float:
    own = candidates(founds, CODES, WEIGHTS)
    return next(c.confidence for c in own if (c.first, c.last, c.competency) == (first, last, code))


def feature(founds: list[Found], name: str, code: str = "ACH", first: int = 0, last: int = 0) -> float:
    rows = dict(Scene(founds, CODES).rows(first, last))
    return rows[CODES.index(code)][FEATURES.index(name)]


@given(st.lists(st.integers(0, 2), max_size=9))
def test_spans_stretches_lie_within_one_answer(lengths: list[int]) -> None:
    turns = [turn for turn, length in enumerate(lengths, 1) for _ in range(length * 2)]
    stretches = list(Scene(answers(*turns), CODES).stretches())
    wanted = [
        (first, last)
        for first in range(len(turns))
        for last in range(first, min(first + MOST_SENTENCES, len(turns)))
        if turns[first] == turns[last]
    ]
    assert stretches == wanted


def test_spans_candidate_runs_from_first_sentence_to_last() -> None:
    founds = answers(1, 1, 1)
    assert Candidate(0, 1, "ACH", 0.5).span(founds).start == founds[0].sentence.span.start
    assert Candidate(0, 1, "ACH", 0.5).span(founds).end == founds[1].sentence.span.end


def test_spans_offer_a_few_competencies_a_stretch_each_once() -> None:
    own = candidates(answers(1, 1), CODES, WEIGHTS)
    for place in {(c.first, c.last) for c in own}:
        codes = [c.competency for c in own if (c.first, c.last) == place]
        assert len(codes) == len(set(codes)) == COMPETENCIES


def test_spans_offer_the_likeliest_competencies() -> None:
    offered = {c.competency for c in candidates(answers(1), CODES, WEIGHTS)}
    assert offered == set(CODES[:COMPETENCIES])


def test_spans_of_no_sentences_are_none() -> None:
    assert candidates([], CODES, WEIGHTS) == ()


@given(st.floats(0, 1), st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_spans_confidence_is_a_probability(codability: float, shares: list[float]) -> None:
    own = candidates([found(codability=codability, shares=shares)], CODES, WEIGHTS)
    assert own
    assert all(0 <= c.confidence <= 1 for c in own)


def test_spans_rows_hold_every_feature_and_every_competency() -> None:
    for _, row in Scene(answers(1, 1), CODES).rows(0, 1):
        assert len(row) == len(FEATURES) + len(CODES) == len(WEIGHTS)


# ── what makes a candidate sure, with the weights of models that were never calibrated ───────────────


def test_spans_codable_speech_is_surer() -> None:
    assert confidence([found(codability=0.9)]) > confidence([found(codability=0.2)])


def test_spans_likelier_competency_is_surer() -> None:
    founds = [found()]
    assert confidence(founds, "ACH") > confidence(founds, "INFO") > confidence(founds, "CO")


def test_spans_indicator_makes_its_competency_surer() -> None:
    shown = [found(matches=(match("ACH.A.3"),))]
    assert confidence(shown) > confidence([found()])
    assert confidence(shown, "INFO") == confidence([found()], "INFO")


def test_spans_blocked_indicator_does_not_count() -> None:
    blocked = [found(matches=(match("ACH.A.3", blocked=True),))]
    assert confidence(blocked) == confidence([found()])
    assert feature(blocked, "indicator") == 0
    assert feature(blocked, "blocked") == 1


def test_spans_strongest_indicator_counts() -> None:
    founds = [found(matches=(match("ACH.A.3", 0.5), match("ACH.A.1", 1.0)))]
    assert feature(founds, "indicator") == 1.0


# ── joined sentences ──────────────────────────────────────────────────────────────────────────────


def test_spans_one_sentence_keeps_its_own_probabilities() -> None:
    shares = [0.5, 0.2, 0.1, 0.1, 0.06, 0.04]
    assert Scene([found(shares=shares)], CODES).joined(0, 0) == pytest.approx(shares)


@given(st.lists(st.lists(st.floats(0.01, 1), min_size=6, max_size=6), min_size=1, max_size=4))
def test_spans_joined_probabilities_sum_to_one(shares: list[list[float]]) -> None:
    founds = [found(start=i * 20, shares=np.array(own) / sum(own)) for i, own in enumerate(shares)]  # type: ignore[arg-type]
    assert Scene(founds, CODES).joined(0, len(founds) - 1).sum() == pytest.approx(1)


def test_spans_agreeing_sentences_are_surer_but_not_twice_as_sure() -> None:
    one, two = Scene(answers(1), CODES).joined(0, 0)[0], Scene(answers(1, 1), CODES).joined(0, 1)[0]
    squared = np.array([0.5, 0.2, 0.1, 0.1, 0.06, 0.04]) ** 2
    assert one < two < squared[0] / squared.sum()


def test_spans_longer_sentence_has_more_to_say() -> None:
    long = found("我就一户一户去问，从东头问到西头，问了三天。", shares=(0.6, 0.2, 0.05, 0.05, 0.05, 0.05))
    short = found("我看了。", start=40, shares=(0.2, 0.6, 0.05, 0.05, 0.05, 0.05))
    joined = Scene([long, short], CODES).joined(0, 1)
    assert joined[0] > joined[1]


# ── surroundings ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["codability before", "competency before"])
def test_spans_see_the_sentence_before_in_the_same_answer(name: str) -> None:
    likely, unlikely = (
        [found(codability=p, shares=(p, 1 - p, 0, 0, 0, 0)), found(start=20)] for p in (0.9, 0.1)
    )
    assert feature(likely, name, first=1, last=1) > feature(unlikely, name, first=1, last=1)


def test_spans_do_not_see_into_another_answer() -> None:
    likely, unlikely = ([found(codability=p, turn=1), found(start=20, turn=3)] for p in (0.9, 0.1))
    assert Scene(likely, CODES).rows(1, 1) == Scene(unlikely, CODES).rows(1, 1)
