"""Folding keeps lengths; words joined give the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coder.words import Tokenizer, fold

TOKENIZER = Tokenizer(["扒开看"])


@given(st.text())
def test_fold_never_changes_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(alphabet="我們當時,去庫房。ＡＢ１２İß𠮷😀\u2028 \n\t"))
def test_fold_twice_is_fold_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_fold_makes_traditional_simplified() -> None:
    assert fold("客訴專案的品質，課長說") == "客诉专案的品质,课长说"


def test_fold_makes_full_width_half_width() -> None:
    assert fold("ＡＢＣ１２３：（好）") == "abc123:(好)"


def test_fold_keeps_the_chinese_full_stop() -> None:
    assert fold("好。") == "好。"


@given(st.text(max_size=60))
def test_tokenizer_cut_loses_no_character(text: str) -> None:
    folded = fold(text)
    assert "".join(TOKENIZER.cut(folded)) == folded


def test_tokenizer_knows_the_given_words() -> None:
    assert "扒开看" in TOKENIZER.cut("一箱一箱扒开看了一遍")


def test_tokenizer_spans_lie_where_the_words_are() -> None:
    text = "我当天下午就去了库房"
    assert all(text[start:end] == word for word, start, end in TOKENIZER.spans(text))
