"""How often an indicator hits, and how often rightly."""

from __future__ import annotations

from pathlib import Path

import pytest
from built import BOSS, LOOKED, WENT, transcript

from coder.corpus import Interview, Reference
from coder.evaluate.indicators import evaluate_indicators, show_indicators
from coder.load import load_conventions
from coder.match import Matcher
from coder.model.codebook import Label
from coder.model.lexicon import Cue, Effect, Indicator, Lexicon, Scope
from coder.model.text import Span

CONVENTIONS = load_conventions(Path(__file__).parent.parent / "lexicon")


def indicator(id: str, pattern: str, label: str) -> Indicator:
    return Indicator(id, pattern, Label.parse(label), (), ())


BOSS_CUE = Cue("O-01", "other", "领导", Effect.BLOCK, Scope.SENTENCE, "other", (), ())
INDICATORS = (
    indicator("INFO-001", "当天就去", "INFO.A.2"),
    indicator("INFO-002", "没说话", "INFO.A.1"),
    indicator("CO-001", "一箱一箱", "CO.A.3"),
    indicator("CO-002", "从没见过", "CO.A.4"),
)
MATCHER = Matcher(Lexicon("v", {}, INDICATORS, (BOSS_CUE,), CONVENTIONS))


def report(*codings: tuple[Span, str]) -> dict[str, object]:
    interview = Interview(
        "001", "仓库", transcript(), tuple(Reference(s, Label.parse(label)) for s, label in codings), ()
    )
    return evaluate_indicators([interview], INDICATORS, MATCHER)


def row(found: dict[str, object], id: str) -> dict[str, object]:
    rows = found["indicators"]
    assert isinstance(rows, list)
    return next(r for r in rows if r["id"] == id)


def test_indicators_are_right_where_their_competency_is_coded() -> None:
    found = report((WENT, "INFO.A.3"), (LOOKED, "INFO.A.3"))
    first = row(found, "INFO-001")
    assert (first["hits"], first["right"], first["precision"], first["recall"]) == (1, 1, 1.0, 0.5)
    assert (row(found, "CO-001")["hits"], row(found, "CO-001")["precision"]) == (1, 0.0)


def test_indicators_compare_levels_of_right_hits() -> None:
    first = row(report((WENT, "INFO.A.3")), "INFO-001")
    assert (first["level_exact"], first["level_within_1"]) == (0.0, 1.0)
    assert row(report((WENT, "INFO.A.2")), "INFO-001")["level_exact"] == 1.0


def test_indicators_count_what_a_cue_blocks() -> None:
    blocked = row(report(), "INFO-002")
    assert (blocked["hits"], blocked["blocked"], blocked["blocked_right"]) == (0, 1, 0)
    assert row(report((BOSS, "INFO.A.1")), "INFO-002")["blocked_right"] == 1


def test_indicators_that_never_hit_have_no_precision() -> None:
    assert row(report(), "CO-002")["precision"] is None


def test_indicators_other_dimensions_do_not_count() -> None:
    assert row(report((WENT, "INFO.B.1")), "INFO-001")["right"] == 0


def test_indicators_come_with_the_worst_first_and_the_silent_last() -> None:
    rows = report((WENT, "INFO.A.2"))["indicators"]
    assert isinstance(rows, list)
    assert [r["id"] for r in rows] == ["CO-001", "INFO-001", "CO-002", "INFO-002"]


def test_indicators_are_added_up_by_competency() -> None:
    totals = report((WENT, "INFO.A.2"), (BOSS, "INFO.A.1"))["by_competency"]
    assert isinstance(totals, dict)
    info = totals["INFO"]
    assert (info["indicators"], info["coded"], info["hits"], info["recall"]) == (
        2,
        2,
        1,
        pytest.approx(1 / 2),
    )


def test_show_indicators_names_each_once() -> None:
    shown = show_indicators(report((WENT, "INFO.A.2")))
    assert all(shown.count(i.id) == 1 for i in INDICATORS)
