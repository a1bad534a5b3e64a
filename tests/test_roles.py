from __future__ import annotations

from pathlib import Path

import pytest

from coder.errors import UsageError
from coder.load import load_conventions
from coder.model.text import Role, Turn
from coder.segment.roles import assign_roles, merge_speakers, rename_speaker, set_role, swap_roles
from coder.segment.turns import find_turns

CONVENTIONS = load_conventions(Path(__file__).parent.parent / "lexicon")
STORY = "那天我一到现场就看见水漫上来了，我先把闸拉下来，牌子一挂，再一个一个打电话。"


def turns_of(*spoken: str, interviewee: str | None = None) -> tuple[Turn, ...]:
    text = "\n".join(spoken)
    return assign_roles(find_turns(text, CONVENTIONS).turns, text, CONVENTIONS, interviewee)


def roles(turns: tuple[Turn, ...]) -> dict[str, str]:
    return {turn.speaker: turn.role.value for turn in turns}


TWO = ("说话人1：您先讲一件事？", f"说话人2：{STORY}", "说话人1：后来呢？", f"说话人2：{STORY}")


def test_roles_follow_the_labels_words() -> None:
    turns = turns_of(f"访谈者：{STORY}", "受访者：您说呢？", f"访谈者：{STORY}", "受访者：什么？")
    assert roles(turns) == {"访谈者": "interviewer", "受访者": "interviewee"}


def test_roles_are_inferred_from_who_asks() -> None:
    assert roles(turns_of(*TWO)) == {"说话人1": "interviewer", "说话人2": "interviewee"}


def test_roles_never_assume_that_the_first_speaker_asks() -> None:
    turns = turns_of(f"说话人1：{STORY}", "说话人2：您怎么想的？", f"说话人1：{STORY}", "说话人2：后来呢？")
    assert roles(turns) == {"说话人1": "interviewee", "说话人2": "interviewer"}


def test_roles_know_a_talkative_interviewer_by_his_questions() -> None:
    asks = "我们做的是岗位研究，不是考核，录音只有我们听。请您讲一件您自己办的事，好吗？"
    turns = turns_of(f"张三：{asks}", "李四：就是修闸。", f"张三：{asks}", "李四：我拉了闸。")
    assert roles(turns) == {"张三": "interviewer", "李四": "interviewee"}


def test_roles_complete_what_labels_leave_open() -> None:
    turns = turns_of("访谈人：您讲一件事？", f"张女士：{STORY}", "访谈人：后来呢？", f"张女士：{STORY}")
    assert roles(turns) == {"访谈人": "interviewer", "张女士": "interviewee"}


def test_roles_of_a_panel_are_two_interviewers_one_interviewee_and_others() -> None:
    turns = turns_of(
        "张三：您先讲一件事？",
        f"李四：{STORY}",
        "王五：您当时怎么想的？",
        f"李四：{STORY}",
        "张三：后来呢？",
        "李四：就好了。",
        "王五：谁让您去的？",
        f"李四：{STORY}",
        "小陈：水送来了，放这儿。",
    )
    expected = {"张三": "interviewer", "李四": "interviewee", "王五": "interviewer", "小陈": "other"}
    assert roles(turns) == expected


def test_roles_do_not_make_an_interviewer_of_one_question() -> None:
    turns = turns_of(*TWO, "小陈：您要喝水吗？")
    assert roles(turns)["小陈"] == "other"


def test_roles_of_a_single_speaker_are_the_interviewees() -> None:
    assert roles(turns_of(f"张三 00:01\n{STORY}", f"张三 00:09\n{STORY}")) == {"张三": "interviewee"}


@pytest.mark.parametrize("name", ["说话人1", "说话人 1", " 說話人１ "])
def test_roles_obey_the_interviewees_name(name: str) -> None:
    assert roles(turns_of(*TWO, interviewee=name)) == {"说话人1": "interviewee", "说话人2": "interviewer"}


def test_roles_obey_the_name_against_the_labels_words() -> None:
    turns = turns_of(f"访谈者：{STORY}", "受访者：您说呢？", interviewee="访谈者")
    assert roles(turns) == {"访谈者": "interviewee", "受访者": "interviewer"}


def test_roles_refuse_an_unknown_name_and_list_the_speakers() -> None:
    with pytest.raises(UsageError, match="没有叫「老李」的人；这篇里的说话人有：说话人1、说话人2"):
        turns_of(*TWO, interviewee="老李")


def test_roles_of_no_turns_are_none() -> None:
    assert assign_roles((), "", CONVENTIONS) == ()


def test_roles_swap() -> None:
    assert roles(swap_roles(turns_of(*TWO))) == {"说话人1": "interviewee", "说话人2": "interviewer"}


def test_roles_swap_leaves_others_alone() -> None:
    assert roles(swap_roles(turns_of(*TWO, "旁白：门响。")))["旁白"] == "other"


def test_roles_set_one_speakers_role() -> None:
    assert roles(set_role(turns_of(*TWO), "说话人 2", Role.OTHER))["说话人2"] == "other"


def test_roles_rename_a_speaker_everywhere() -> None:
    renamed = rename_speaker(turns_of(*TWO), "说话人2", " 汤欣钰 ")
    assert roles(renamed) == {"说话人1": "interviewer", "汤欣钰": "interviewee"}
    assert [turn.span for turn in renamed] == [turn.span for turn in turns_of(*TWO)]


@pytest.mark.parametrize(("new", "why"), [("说话人 1", "已经有人叫"), ("  ", "空的")])
def test_roles_refuse_a_new_name_that_cannot_be(new: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        rename_speaker(turns_of(*TWO), "说话人2", new)


def test_roles_merge_gives_one_speakers_turns_to_another() -> None:
    merged = merge_speakers(turns_of(*TWO, f"说话人3：{STORY}"), "说话人3", "说话人2")
    assert merged[-1].speaker == "说话人2"
    assert merged[-1].role is Role.INTERVIEWEE
    assert len(merged) == 5


def test_roles_refuse_to_merge_with_nobody() -> None:
    with pytest.raises(UsageError, match="说话人9"):
        merge_speakers(turns_of(*TWO), "说话人1", "说话人9")
