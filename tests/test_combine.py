"""From sentences by hand to suggestions: spans, levels, evidence, and reasons for the rest."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import CODES, found, match

from coder.classify import Levels
from coder.combine import Found, combine, default_weights
from coder.combine import level_of as decided
from coder.model.codebook import Label
from coder.model.lexicon import Effect
from coder.model.suggestion import CueHit, Reason, Suggestion, Uncoded
from coder.model.text import Span

TEXT = "我就一户一户去问。"
FIRST = Span(0, 2)
STEPS = (-1, 1, 2, 3, 4, 5, 6)


def levels() -> Levels:
    """Every level alike; a score is a level."""
    flat, one = np.ones((len(CODES), len(STEPS)), np.float32), np.ones(len(CODES), np.float32)
    weights, error = np.zeros((len(CODES), 0), np.float32), np.array([0, 1, 0.3], np.float32)
    return Levels(CODES, weights, one * 0, one, flat / len(STEPS), np.array(STEPS, np.float32), error)


def combined(*founds: Found, threshold: float = 0.5) -> tuple[tuple[Suggestion, ...], tuple[Uncoded, ...]]:
    return combine(founds, CODES, default_weights(CODES), threshold, levels())


def cue(effect: Effect, reason: Reason, span: Span = FIRST) -> CueHit:
    return CueHit("CUE-1", "cue", effect, reason, span)


SURE = found(codability=0.95, shares=(0.9, 0.02, 0.02, 0.02, 0.02, 0.02))
UNSURE = found(start=20, turn=3, codability=0.01)


def test_combine_suggests_the_sure_sentence_and_explains_the_other() -> None:
    suggestions, uncoded = combined(SURE, UNSURE)
    assert [(s.span, s.label.competency) for s in suggestions if s.confidence >= 0.5] == [(Span(0, 9), "ACH")]
    assert [u.span for u in uncoded] == [UNSURE.sentence.span]


def test_combine_gives_every_suggestion_evidence() -> None:
    suggestions, _ = combined(SURE, found(start=20, codability=0.3), UNSURE)
    assert len(suggestions) >= 2
    assert all(s.evidence for s in suggestions)


def test_combine_sorts_suggestions_by_place() -> None:
    founds = [found(start=i * 20, turn=i + 1) for i in range(5)]
    suggestions, _ = combined(*founds)
    assert list(suggestions) == sorted(suggestions, key=lambda s: (s.span, s.label))


def test_combine_of_nothing_is_nothing() -> None:
    assert combined() == ((), ())


def test_combine_shows_the_likeliest_competencies_the_best_first() -> None:
    suggestion = combined(SURE)[0][0]
    shares = [share for _, share in suggestion.alternatives]
    assert suggestion.alternatives[0] == ("ACH", 0.9)
    assert shares == sorted(shares, reverse=True)


def test_combine_suggests_levels_of_dimension_a() -> None:
    suggestions, _ = combined(SURE, found(start=20, score=4.0))
    assert {s.label.dimension for s in suggestions} == {"A"}


# ── sentences without a suggestion ────────────────────────────────────────────────────────────────


def why(lone: Found) -> Uncoded:
    return combined(lone, threshold=0.999)[1][0]


def test_combine_gives_the_reason_of_a_cue_that_blocks() -> None:
    blocking = cue(Effect.BLOCK, Reason.HYPOTHETICAL)
    assert why(found(codability=0.1, cues=(blocking,))).reason is Reason.HYPOTHETICAL
    assert why(found(codability=0.1, cues=(blocking,))).detail == "CUE-1"


def test_combine_takes_the_models_reason_where_no_cue_blocks() -> None:
    marking = cue(Effect.MARK, Reason.HYPOTHETICAL)
    assert why(found(codability=0.1, cues=(marking,), reason=Reason.RESULT)).reason is Reason.RESULT


def test_combine_says_not_found_of_a_codable_sentence() -> None:
    assert why(found(codability=0.7, reason=Reason.RESULT)).reason is Reason.NOT_FOUND


# ── levels ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("level", STEPS)
def test_combine_level_follows_the_score(level: int) -> None:
    assert decided([found(score=float(level))], "ACH", levels()) == level


def test_combine_level_weighs_sentences_by_their_length() -> None:
    long, short = (
        found("我就一户一户去问，问了三天三夜，一户没落。", score=5.0),
        found("我去。", start=40, score=1.0),
    )
    assert decided([long, short], "ACH", levels()) > decided(
        [short, found(start=50, score=1.0)], "ACH", levels()
    )
    assert decided([long, short], "ACH", levels()) >= 4


def test_combine_level_rises_with_an_indicator_that_says_more() -> None:
    shown = found(score=1.4, matches=(match("ACH.A.6"),))
    assert decided([shown], "ACH", levels()) > decided([found(score=1.4)], "ACH", levels())


def test_combine_level_does_not_hear_a_blocked_indicator() -> None:
    blocked = found(score=1.4, matches=(match("ACH.A.6", blocked=True),))
    assert decided([blocked], "ACH", levels()) == decided([found(score=1.4)], "ACH", levels())


def test_combine_level_does_not_hear_another_competencys_indicator() -> None:
    other = found(score=1.4, matches=(match("INFO.A.6"),))
    assert decided([other], "ACH", levels()) == decided([found(score=1.4)], "ACH", levels())


# ── evidence ──────────────────────────────────────────────────────────────────────────────────────


def evidence(lone: Found) -> dict[str, list[str]]:
    suggestion = next(s for s in combined(lone)[0] if s.label.competency == "ACH")
    texts: dict[str, list[str]] = {}
    for piece in suggestion.evidence:
        texts.setdefault(piece.kind, []).append(piece.text)
    return texts


def test_combine_evidence_quotes_the_indicators_words() -> None:
    shown = found(matches=(match("ACH.A.3", span=Span(2, 6)),))
    assert evidence(shown)["indicator"] == ["指标 X-001「一户一户」"]


def test_combine_evidence_tells_a_blocked_indicator_apart() -> None:
    pieces = evidence(found(matches=(match("ACH.A.3", span=Span(2, 6), blocked=True),)))
    assert "indicator" not in pieces
    assert pieces["blocked"] == ["被挡指标 X-001「一户一户」"]


def test_combine_evidence_leaves_out_other_competencies_indicators() -> None:
    assert "indicator" not in evidence(found(matches=(match("CO.A.2"),)))


def test_combine_evidence_names_cues_by_their_reason() -> None:
    assert evidence(found(cues=(cue(Effect.LOWER, Reason.COLLECTIVE),)))["cue"] == ["提示 集体主语「我就」"]


def test_combine_evidence_has_no_place_for_a_cue_in_the_question() -> None:
    assert "cue" not in evidence(found(cues=(cue(Effect.LOWER, Reason.ECHO, Span(0, 0)),)))


def test_combine_evidence_always_tells_codability() -> None:
    assert evidence(found(codability=0.8))["codability"] == ["可编码性 0.80"]


def test_combine_labels_compare_as_written() -> None:
    assert combined(found(score=4.0, codability=0.95))[0][0].label == Label("ACH", "A", 4)
