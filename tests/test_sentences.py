"""Sentences: small enough to be coded, no character altered or lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coder.model.text import Role, Span, Turn
from coder.segment.sentences import LIMIT, find_sentences

SPOKEN = st.text(alphabet="我就去库房看了,，。！？…；\n 然后a1😀𠮷\u2028“”", max_size=400)


def turn(text: str) -> tuple[Turn, ...]:
    return (Turn(1, "受访者", Role.INTERVIEWEE, Span(0, len(text))),)


def units(text: str) -> list[str]:
    return [s.span.of(text) for s in find_sentences(text, turn(text))]


@given(SPOKEN)
def test_find_sentences_makes_no_unit_longer_than_the_limit(text: str) -> None:
    assert all(len(unit) <= LIMIT for unit in units(text))


@given(SPOKEN)
def test_find_sentences_loses_no_letter_and_keeps_the_order(text: str) -> None:
    spans = [s.span for s in find_sentences(text, turn(text))]
    covered = [i for span in spans for i in range(span.start, span.end)]
    assert covered == sorted(set(covered))
    assert {i for i, c in enumerate(text) if c.isalnum()} <= set(covered)


@given(SPOKEN)
def test_find_sentences_trims_white_space(text: str) -> None:
    assert all(unit == unit.strip() and unit for unit in units(text))


def test_find_sentences_cuts_at_full_stops() -> None:
    assert units("我去了。你看！真的？好……走吧") == ["我去了。", "你看！", "真的？", "好……", "走吧"]


def test_find_sentences_keeps_a_closing_quote_with_its_sentence() -> None:
    assert units("他说“行。”我就走了。") == ["他说“行。”", "我就走了。"]


def test_find_sentences_does_not_cut_a_decimal_point() -> None:
    assert units("毛利3.5个点。") == ["毛利3.5个点。"]


def test_find_sentences_cuts_speech_to_text_at_commas() -> None:
    text = "我就不听他们讲了呀我上那个大仓上了十六天夜班，" * 4
    found = units(text)
    assert len(found) > 1
    assert all(unit.endswith("，") for unit in found)


def test_find_sentences_cuts_before_a_marker_where_there_are_no_stops_at_all() -> None:
    text = (
        "头天我在库房里把那批货一箱一箱扒开看了个遍" * 2
        + "然后我就给老周打电话让他别发车先把底下那层翻出来我在旁边盯着后面又叫了两个人过来搭手一直弄到天亮"
    )
    assert any(unit.startswith("然后") for unit in units(text))


def test_find_sentences_cuts_even_one_endless_word() -> None:
    found = units("啊" * 200)
    assert sum(map(len, found)) == 200
    assert max(map(len, found)) <= LIMIT


def test_find_sentences_numbers_through_all_turns() -> None:
    text = "您说。我去了。我看了。"
    turns = (
        Turn(1, "问", Role.INTERVIEWER, Span(0, 3)),
        Turn(2, "答", Role.INTERVIEWEE, Span(3, len(text))),
    )
    found = find_sentences(text, turns)
    assert [(s.number, s.turn, s.role) for s in found] == [
        (1, 1, Role.INTERVIEWER),
        (2, 2, Role.INTERVIEWEE),
        (3, 2, Role.INTERVIEWEE),
    ]
