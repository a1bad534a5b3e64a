"""Events: opened by a question for a story, not by a probe; returned to; closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from coder.load import load_conventions
from coder.model.text import Transcript
from coder.segment import segment

CONVENTIONS = load_conventions(Path(__file__).parent.parent / "lexicon")
ANSWER = (
    "那天我去了库房，把那批货一箱一箱扒开看，看到底下那层全捂了，我就给供应商打了电话，让他当天来拉。" * 2
)


def told(*turns: str) -> Transcript:
    """An interview of alternating questions and answers; ``…`` stands for a long answer."""
    lines = []
    for i, said in enumerate(turns):
        lines.append(("访谈者：" if i % 2 == 0 else "受访者：") + (ANSWER if said == "…" else said))
    return segment(Transcript("t.txt", "\n".join(lines)), CONVENTIONS)


def events_of_answers(transcript: Transcript) -> list[int | None]:
    """The event of each interviewee turn."""
    found: dict[int, int | None] = {}
    for sentence in transcript.interviewee_sentences:
        found[sentence.turn] = sentence.event
    return list(found.values())


def test_find_events_starts_with_the_first_story() -> None:
    transcript = told("先介绍一下您自己。", "我是店长。", "请讲一件您觉得做成的事。", "…")
    assert events_of_answers(transcript) == [None, 1]


@pytest.mark.parametrize(
    "probe", ["后来呢？", "您当时怎么想？", "他怎么说？", "结果怎么样？", "您自己做了什么？"]
)
def test_find_events_takes_no_probe_for_an_opener(probe: str) -> None:
    transcript = told("请讲一件您觉得做成的事。", "…", probe, "…")
    assert events_of_answers(transcript) == [1, 1]


@pytest.mark.parametrize(
    "opener",
    [
        "好，那讲一件没做好的。",
        "请再讲一个您觉得失败的例子。",
        "有没有不太成功的经历？",
        "第二件呢？",
        "除了这件，还有别的吗？",
        "那失败的呢？",
        "有没有哪件事您后悔的？",
        "換一件，您覺得做得不錯的？",
    ],
)
def test_find_events_opens_another_story(opener: str) -> None:
    transcript = told("请讲一件您觉得做成的事。", "…", opener, "…")
    assert events_of_answers(transcript) == [1, 2]


def test_find_events_returns_to_a_story() -> None:
    transcript = told(
        "请讲一件您觉得做成的事。", "…", "您平时怎么带人？", "…", "回到刚才那件事，后来呢？", "…"
    )
    assert events_of_answers(transcript) == [1, None, 1]


def test_find_events_closes_with_thanks() -> None:
    transcript = told("请讲一件您觉得做成的事。", "…", "今天就到这里，非常感谢。", "不客气。")
    assert events_of_answers(transcript) == [1, None]


def test_find_events_without_any_opener_is_one_event_from_the_first_long_answer() -> None:
    transcript = told("你好。", "你好。", "怎么样？", "…")
    assert events_of_answers(transcript) == [None, 1]


def test_find_events_joins_an_event_of_a_few_words_to_the_next() -> None:
    transcript = told("今天请您讲两件事。", "好的。", "那先讲一件做成的事。", "…")
    assert [event.number for event in transcript.events] == [1]
    assert events_of_answers(transcript)[-1] == 1


def test_find_events_titles_are_short_words_of_the_story() -> None:
    transcript = told("请讲一件您觉得做成的事。", "…")
    assert transcript.events[0].title.startswith("那天我去了库房".lstrip("那"))
    assert len(transcript.events[0].title) <= 18
