"""The quality report: out of fold, with baselines on the same folds, and its measures by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tiny import codebook, corpus, found, lexicon, match, tokenizer

from coder import evaluate as module
from coder import train as training
from coder.classify import Context, Models
from coder.corpus import Corpus, Example, Interview
from coder.evaluate import baselines, evaluate, measures
from coder.evaluate.measures import Compared
from coder.evaluate.show import show
from coder.model.review import Coded
from coder.model.suggestion import Reason
from coder.model.text import Span
from coder.train import reference_of


def coded(start: int, end: int, code: str = "ACH", level: int | None = 2) -> Coded:
    return Coded(Span(start, end), code, level)


# ── the whole report ──────────────────────────────────────────────────────────────────────────────


@dataclass
class Report:
    """A report, and what was seen on the way to it, in order."""

    figures: dict[str, Any] = field(default_factory=dict)
    fitted: list[set[str]] = field(default_factory=list)
    calibrated: list[set[str]] = field(default_factory=list)
    plain: list[set[str]] = field(default_factory=list)
    progress: list[float] = field(default_factory=list)


@pytest.fixture(scope="module")
def report() -> Report:
    own = Report()
    fit, calibrate, plain = training.fit, module.calibrate, baselines.TfidfRegression.__init__

    def fit_spied(examples: Sequence[Example], *others: Any) -> Models:
        own.fitted.append({example.trade for example in examples})
        return fit(examples, *others)

    def calibrate_spied(judged: Sequence[tuple[Interview, Any]], *others: Any) -> Any:
        own.calibrated.append({interview.trade for interview, _ in judged})
        return calibrate(judged, *others)

    def plain_spied(self: Any, seen: Sequence[Example], *others: Any) -> None:
        own.plain.append({example.trade for example in seen})
        plain(self, seen, *others)

    double = {corpus().interviews[0].id: reference_of(corpus().interviews[0])}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "fit", fit_spied)
        patch.setattr(module, "calibrate", calibrate_spied)
        patch.setattr(baselines.TfidfRegression, "__init__", plain_spied)
        own.figures = evaluated(corpus(), double, own.progress)
    return own


def evaluated(
    own: Corpus, double: Mapping[str, tuple[Coded, ...]], told: list[float], curve: bool = False
) -> dict[str, Any]:
    return evaluate(
        own, codebook(), lexicon(), tokenizer(), double, lambda fraction, _: told.append(fraction), curve
    )


@pytest.mark.parametrize("step", ["fitted", "calibrated", "plain"])
def test_evaluate_never_shows_a_held_out_trade(report: Report, step: str) -> None:
    seen = getattr(report, step)
    assert len(seen) == len(corpus().folds)
    assert all(seen)
    assert not any(trades & part for trades, part in zip(seen, corpus().folds, strict=True))


def test_evaluate_counts_every_interview_and_coding(report: Report) -> None:
    program = report.figures["program"]
    assert program["interviews"] == len(corpus().interviews)
    assert program["theirs"] == sum(len(reference_of(i)) for i in corpus().interviews)
    assert report.figures["hits"]["spans"] == program["theirs"]


def test_evaluate_figures_are_shares(report: Report) -> None:
    program = report.figures["program"]
    shares = ("CA", "R", "precision", "recall", "macro_F1", "span_CA", "level_exact", "level_within_1")
    assert all(program[name] is None or 0 <= program[name] <= 1 for name in shares)
    assert program["CA"] <= program["span_CA"]
    assert report.figures["hits"]["hit@1"] <= report.figures["hits"]["hit@3"] <= 1


def test_evaluate_program_follows_from_its_counts(report: Report) -> None:
    program = report.figures["program"]
    assert program["CA"] == pytest.approx(2 * program["agreed"] / (program["ours"] + program["theirs"]))
    assert program["recall"] == pytest.approx(program["agreed"] / program["theirs"])


def test_evaluate_tells_each_trade_and_group(report: Report) -> None:
    assert set(report.figures["by_trade"]) == {i.trade for i in corpus().interviews}
    assert set(report.figures["by_group"]) == {i.transcript.group for i in corpus().interviews}


def test_evaluate_competencies_add_up_to_the_whole(report: Report) -> None:
    rows = report.figures["by_competency"].values()
    for name in ("agreed", "ours", "theirs"):
        assert sum(row[name] for row in rows) == report.figures["program"][name]


def test_evaluate_has_all_baselines_on_the_same_interviews(report: Report) -> None:
    rows = report.figures["baselines"]
    for name in ("majority", "lexicon_only", "tfidf_lr"):
        assert rows[name]["theirs"] == report.figures["program"]["theirs"]
    # a competency that was not seen has no constant level
    assert rows["constant_level"]["level_pairs"] <= report.figures["program"]["level_pairs"]


def test_evaluate_codes_of_one_mind_agree_fully(report: Report) -> None:
    assert report.figures["double_coding"]["CA"] == 1
    assert report.figures["double_coding"]["level_exact"] == 1


def test_evaluate_has_a_threshold_a_fold(report: Report) -> None:
    assert len(report.figures["thresholds"]) == len(corpus().folds)


def test_evaluate_report_is_json(report: Report) -> None:
    assert json.loads(json.dumps(report.figures)) == report.figures


def test_evaluate_progress_only_grows_to_one(report: Report) -> None:
    assert report.progress == sorted(report.progress)
    assert report.progress[-1] == 1


def test_evaluate_curve_ends_in_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CURVE", (1, 50))
    monkeypatch.setattr(module, "_baselines", lambda *_: {})
    two = corpus().interviews[:2]
    parts = tuple(frozenset({interview.trade}) for interview in two)
    small = Corpus("two", two, (), parts)
    figures = evaluated(small, {}, [], curve=True)
    assert [point["interviews"] for point in figures["learning_curve"]] == [1, len(small.interviews)]
    assert figures["learning_curve"][-1]["CA"] == figures["program"]["CA"]
    assert figures["double_coding"] is None


# ── measures ──────────────────────────────────────────────────────────────────────────────────────


def compared(proposed: tuple[Coded, ...], reference: tuple[Coded, ...], group: str = "优秀") -> Compared:
    return Compared("甲", "客服", group, "打字标签", proposed, reference)


HAND = compared(
    (coded(0, 20, "ACH", 3), coded(30, 50, "CO", 1), coded(60, 80, "ACH", 1)),
    (coded(5, 20, "ACH", 2), coded(30, 50, "INFO", 2), coded(100, 120, "CO", 1), coded(62, 80, "ACH", 1)),
)


def test_measures_agreement_of_a_hand_computed_interview() -> None:
    figures = measures.agreement([HAND])
    assert (figures["agreed"], figures["ours"], figures["theirs"]) == (2, 3, 4)
    assert figures["CA"] == 4 / 7
    assert figures["R"] == pytest.approx(2 * (4 / 7) / (1 + 4 / 7))
    assert (figures["precision"], figures["recall"]) == (2 / 3, 2 / 4)
    assert figures["span_CA"] == 6 / 7
    assert (figures["mean_span"], figures["mean_span_theirs"]) == (20, (15 + 20 + 20 + 18) / 4)


def test_measures_levels_are_compared_where_codings_agree() -> None:
    figures = measures.agreement([HAND])
    assert (figures["level_pairs"], figures["level_exact"], figures["level_within_1"]) == (2, 1 / 2, 1)


def test_measures_macro_f1_is_the_mean_over_competencies_that_occur() -> None:
    # ACH 2 of (2 + 2), CO 0 of (1 + 1), INFO 0 of (0 + 1)
    assert measures.agreement([HAND])["macro_F1"] == pytest.approx((1 + 0 + 0) / 3)


def test_measures_of_nothing_are_none() -> None:
    figures = measures.agreement([])
    assert (figures["CA"], figures["precision"], figures["macro_F1"], figures["level_qwk"]) == (
        0,
        None,
        None,
        None,
    )


def test_measures_do_not_match_across_interviews() -> None:
    one, other = compared((coded(0, 9),), ()), compared((), (coded(0, 9),))
    assert measures.agreement([one, other])["agreed"] == 0


def test_measures_levels_leave_out_pairs_without_a_level() -> None:
    assert measures.levels([(1, None), (2, 2), (None, 1)])["level_pairs"] == 1


def test_measures_groups_hold_each_interview_once() -> None:
    rows = measures.by([HAND, replace(HAND, group="普通"), HAND], lambda c: c.group)
    assert {name: row["interviews"] for name, row in rows.items()} == {"优秀": 2, "普通": 1}


def test_measures_hits_rank_the_coders_competency() -> None:
    founds = [found()]
    references = [coded(0, 9, code) for code in ("ACH", "INFO", "CT")]
    figures = measures.hits([(references, founds)])
    assert (figures["spans"], figures["hit@1"], figures["hit@3"]) == (3, 1 / 3, 2 / 3)


def test_measures_ranking_weighs_sentences_by_shared_characters() -> None:
    other = found(start=9, shares=(0.02, 0.9, 0.02, 0.02, 0.02, 0.02))
    assert measures.ranking(Span(0, 10), [found(), other])[0] == "ACH"
    assert measures.ranking(Span(8, 18), [found(), other])[0] == "INFO"


def test_measures_codability_auc_is_one_when_coded_speech_comes_first() -> None:
    founds = [found(codability=0.9), found(start=20, codability=0.2)]
    assert measures.codability_auc([([coded(0, 9)], founds)]) == 1
    assert measures.codability_auc([([coded(20, 29)], founds)]) == 0
    assert measures.codability_auc([([], founds)]) is None


def test_measures_calibration_error_of_a_hand_computed_diagram() -> None:
    suggested = [(coded(0, 10), 0.95), (coded(20, 30), 0.25), (coded(40, 50), 0.25), (coded(60, 70), 0.25)]
    reference = [coded(0, 10), coded(20, 30)]
    figures = measures.calibration([(suggested, reference)])
    assert figures["n"] == 4
    assert figures["ECE"] == pytest.approx((1 - 0.95) * 1 / 4 + (1 / 3 - 0.25) * 3 / 4)


def test_measures_calibration_puts_certainty_into_the_last_bin() -> None:
    assert measures.calibration([([(coded(0, 10), 1.0)], [coded(0, 10)])])["ECE"] == 0


# ── baselines ─────────────────────────────────────────────────────────────────────────────────────


def example(code: str | None, level: int | None = None, text: str = "我去问") -> Example:
    return Example(Context(text), code, level, None if code else Reason.OTHER, "甲", "客服")


def test_baselines_majority_codes_every_sentence_with_the_commonest() -> None:
    seen = [example("CO", 1), example("CO", 2), example("CO", 3), example("ACH", 5), *[example(None)] * 9]
    codings = baselines.majority([found(), found(start=20)], seen)
    assert codings == (coded(0, 9, "CO", 2), coded(20, 29, "CO", 2))


def test_baselines_lexicon_takes_the_highest_indicator_that_counts() -> None:
    shown = found(matches=(match("ACH.A.1"), match("ACH.A.3"), match("ACH.A.6", blocked=True)))
    assert baselines.lexicon_only([shown, found(start=20)]) == (coded(0, 9, "ACH", 3),)


def test_baselines_merge_neighbours_of_one_turn_and_code() -> None:
    codings = [(1, coded(0, 9, "CO", 1)), (1, coded(10, 20, "CO", 3)), (1, coded(20, 30, "ACH", 1))]
    assert baselines.merge(codings) == (coded(0, 20, "CO", 3), coded(20, 30, "ACH", 1))


def test_baselines_do_not_merge_across_turns_or_gaps() -> None:
    codings = [(1, coded(0, 9)), (2, coded(10, 20)), (2, coded(30, 40))]
    assert len(baselines.merge(codings)) == 3


def test_baselines_constant_level_is_the_median() -> None:
    seen = [example("CO", 1), example("CO", 4), example("CO", 2), example("ACH", -1), example(None)]
    assert baselines.constant_levels(seen) == {"CO": 2, "ACH": -1}


def test_baselines_regression_learns_what_it_was_shown() -> None:
    seen = [example("CO", 2, "我核对单子"), example(None, None, "领导让小王去")] * 5
    plain = baselines.TfidfRegression(seen, tokenizer())
    interviews = [([found(), found(start=20)], ["我核对单子", "领导让小王去"]), ([], [])]
    assert plain.code(interviews) == [(coded(0, 9, "CO", 2),), ()]


# ── on screen ─────────────────────────────────────────────────────────────────────────────────────


def test_show_tells_the_figures_of_the_report(report: Report) -> None:
    text = show(report.figures)
    assert f"{report.figures['program']['CA']:.2f}"[1:] in text
    assert "双编码" in text
