from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from builders import docx, paragraph, run, table

from coder.load import load_conventions
from coder.model.lexicon import Conventions
from coder.model.text import Role, Span
from coder.read import read_bytes
from coder.segment.turns import Turns, find_turns

LEXICON = Path(__file__).parent.parent / "lexicon"
QUESTION = "您先讲讲那件事？"
ANSWER = "那天下午我就去了库房。"


@lru_cache(maxsize=1)
def conventions() -> Conventions:
    return load_conventions(LEXICON)


def find(text: str, hints: tuple[Span, ...] = ()) -> Turns:
    return find_turns(text, conventions(), hints)


def said(text: str) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.span.of(text)) for turn in find(text).turns]


def times(text: str) -> list[str]:
    return [turn.time for turn in find(text).turns]


def from_word(*blocks: str) -> list[tuple[str, str]]:
    transcript = read_bytes(docx(*blocks), "a.docx", 1024 * 1024)
    found = find(transcript.text, transcript.hints)
    return [(turn.speaker, transcript.of(turn.span)) for turn in found.turns]


# layouts


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        ("访谈者：", "被访者："),
        ("访谈员:", "受访者:"),
        ("訪談者：", "受訪者："),
        ("问：", "答："),
        ("访:", "答:"),
        ("Q：", "A："),
        ("Q: ", "A: "),
        ("I: ", "R: "),
        ("主持人：", "嘉宾："),
        ("主持人：", "受访人："),
        ("面试官:", "候选人:"),
        ("张女士: ", "李师傅: "),
        ("欧阳明：", "周一鸣："),
        ("访谈人\uff1a", "普师傅\uff1a"),
        ("访谈者 ：", "受访者（HR）："),
        ("**访谈者：**", "**受访者**："),
        ("【访谈者】", "【受访者】"),
        ("[访谈者]: ", "[受访者]: "),
        ("【张三】", "【李四】"),
        ("访谈人  ", "游师傅  "),
        ("访谈人\t", "游师傅\t"),
        ("访谈人\u3000", "游师傅\u3000"),
        ("问 ", "答 "),
        ("Q1 ", "A1 "),
        ("Q1. ", "A1. "),
        ("访谈者\n", "受访者\n"),
        ("Q1\n", "A1\n"),
        ("说话人1：", "说话人2："),
    ],
)
def test_turns_finds_typed_labels(asks: str, answers: str) -> None:
    text = f"{asks}{QUESTION}\n{answers}{ANSWER}\n{asks}后来呢？\n{answers}后来就好了。\n"
    assert [words for _, words in said(text)] == [QUESTION, ANSWER, "后来呢？", "后来就好了。"]
    speakers = [speaker for speaker, _ in said(text)]
    assert speakers[:2] == speakers[2:]
    assert len(set(speakers)) == 2


@pytest.mark.parametrize(
    ("layout", "one", "two", "time"),
    [
        ("{} 00:03 \n{}\n\n", "说话人 1", "说话人 2", "00:03"),
        ("{} 00:00:12\n{}\n\n", "说话人1", "说话人2", "00:00:12"),
        ("{} 00:56\n{}\n\n", "说话人 1", "汤欣钰", "00:56"),
        ("{} 00:00:16.480\n{}\n\n", "Speaker 1", "Speaker 2", "00:00:16.480"),
        ("{} 00:01\n{}\n\n", "发言人1", "发言人2", "00:01"),
        ("{} 00:00:05\n{}\n\n", "发言人 1", "发言人 2", "00:00:05"),
        ("{} 00:12:34\n{}\n", "张三", "李四", "00:12:34"),
        ("{} 2026-06-02 10:12:34\n{}\n", "张三", "李四", "2026-06-02 10:12:34"),
        ("{}（00:12:34）\n{}\n", "张三", "李四", "00:12:34"),
        ("{}(00:12:34):{}\n", "张三", "李四", "00:12:34"),
        ("{}（00:12:34）：{}\n", "张三", "李四", "00:12:34"),
        ("{}[00:12]：{}\n", "张三", "李四", "00:12"),
        ("{} 00:12:34：{}\n", "张三", "李四", "00:12:34"),
        ("{} 00:12 {}\n", "说话人1", "说话人2", "00:12"),
    ],
)
def test_turns_finds_labels_before_times(layout: str, one: str, two: str, time: str) -> None:
    text = layout.format(one, QUESTION) + layout.format(two, ANSWER)
    assert said(text) == [(one, QUESTION), (two, ANSWER)]
    assert times(text) == [time, time]


@pytest.mark.parametrize(
    ("layout", "time"),
    [
        ("[00:12] {}:{}\n", "00:12"),
        ("[00:12] {}：{}\n", "00:12"),
        ("【00:12】{}：{}\n", "00:12"),
        ("00:12:34 {}:{}\n", "00:12:34"),
        ("00:12:34 {}：{}\n", "00:12:34"),
        ("[00:12 - 00:20] {}：{}\n", "00:12"),
        ("00:12:34 {}\n{}\n", "00:12:34"),
    ],
)
def test_turns_finds_labels_after_times(layout: str, time: str) -> None:
    text = layout.format("张三", QUESTION) + layout.format("李四", ANSWER)
    assert said(text) == [("张三", QUESTION), ("李四", ANSWER)]
    assert times(text) == [time, time]


def test_turns_reads_feishu_without_what_the_product_adds() -> None:
    text = (
        "2026年6月2日 下午 5:51|14分钟 43秒\n\n关键词:\n客户、时间、项目\n\n文字记录:\n"
        f"说话人 1 00:03 \n{QUESTION}\n\n汤欣钰 00:56 \n{ANSWER}\n第二段。\n\n说话人 1 01:20 \n好。\n"
    )
    assert said(text) == [("说话人 1", QUESTION), ("汤欣钰", f"{ANSWER}\n第二段。"), ("说话人 1", "好。")]


def test_turns_reads_iflytek_without_title_and_notice() -> None:
    text = (
        f"库房访谈录音\n\n说话人1 00:00\n{QUESTION}\n\n说话人2 00:07\n{ANSWER}\n\n"
        "以上内容由AI生成，仅供参考\n"
    )
    assert said(text) == [("说话人1", QUESTION), ("说话人2", ANSWER)]


def test_turns_takes_numbers_of_questions_off() -> None:
    text = "".join(f"Q{n}：第{n}问？\nA{n}：第{n}答。\n" for n in range(1, 5))
    assert {speaker for speaker, _ in said(text)} == {"Q", "A"}


def test_turns_takes_a_lone_question_number_with_its_letter() -> None:
    text = "Q1\n您好？\nA：好。\nQ2\n后来呢？\nA：后来好了。\n"
    assert said(text)[2] == ("Q", "后来呢？")


def test_turns_keeps_two_numbered_questioners_apart() -> None:
    text = "Q1：一？\nA：二。\nQ2：三？\nA：四。\nQ1：五？\nA：六。\nQ2：七？\nA：八。\n"
    assert [speaker for speaker, _ in said(text)][::2] == ["Q1", "Q2", "Q1", "Q2"]


def test_turns_allows_mixed_layouts_of_one_speaker() -> None:
    text = (
        f"说话人1 00:03\n{QUESTION}\n\n说话人2 00:09\n{ANSWER}\n\n说话人1：后来呢？\n说话人 2 00:30\n好了。\n"
    )
    assert [speaker for speaker, _ in said(text)] == ["说话人1", "说话人2", "说话人1", "说话人2"]


def test_turns_reads_word_tables() -> None:
    rows = table(
        ("说话人", "内容"), ("访谈者", QUESTION), ("普惠", ANSWER), ("访谈者", "后来呢？"), ("普惠", "好了。")
    )
    assert from_word(rows)[:2] == [("访谈者", QUESTION), ("普惠", ANSWER)]


def test_turns_reads_cells_of_several_paragraphs() -> None:
    rows = table(("张三", QUESTION), ("Lily", paragraph(ANSWER) + paragraph("还有。")))
    assert from_word(rows) == [("张三", QUESTION), ("Lily", f"{ANSWER}\n还有。")]


def test_turns_reads_word_tables_with_a_column_of_times() -> None:
    rows = table(("00:01", "普惠", QUESTION), ("00:09", "张三", ANSWER), ("00:20", "普惠", "后来呢？"))
    assert [speaker for speaker, _ in from_word(rows)] == ["普惠", "张三", "普惠"]


def test_turns_reads_bold_names() -> None:
    blocks = [
        paragraph(run(name, bold=True), f" {words}")
        for name, words in [("普惠", QUESTION), ("柏青", ANSWER), ("普惠", "后来呢？"), ("柏青", "好了。")]
    ]
    assert from_word(*blocks)[:2] == [("普惠", QUESTION), ("柏青", ANSWER)]


def test_turns_does_not_take_bold_headings_for_speakers() -> None:
    blocks = [paragraph(f"问：{QUESTION}"), paragraph(f"答：{ANSWER}"), paragraph(run("项目背景", bold=True))]
    assert {speaker for speaker, _ in from_word(*blocks, paragraph("问：好？"))} == {"问", "答"}


# spans


def test_turns_spans_exclude_label_and_blanks() -> None:
    text = f"  访谈者 ： {QUESTION} \n\n受访者：\n\n{ANSWER}\n \n第二段。\n\n\n"
    first, second = find(text).turns
    assert first.span.of(text) == QUESTION
    assert second.span.of(text) == f"{ANSWER}\n \n第二段。"
    assert first.label is not None
    assert first.label.of(text) == "访谈者"


def test_turns_number_from_one_and_skip_empty_ones() -> None:
    text = f"问：{QUESTION}\n答：\n问：在听吗？\n答：{ANSWER}\n"
    assert [(turn.number, turn.speaker) for turn in find(text).turns] == [(1, "问"), (2, "问"), (3, "答")]


@pytest.mark.parametrize(
    "text",
    [
        f"题目\n\n说话人 1 00:03 \n{QUESTION}\n\n汤欣钰 00:56 \n{ANSWER}\n",
        f"问：{QUESTION}\u2028😀\n\n答：{ANSWER}𠮷\t=1\n\n\n第二段\u3000\n",
        "没有标签的一段。\n\n另一段。\n",
    ],
)
def test_turns_lose_no_character(text: str) -> None:
    turns = find(text).turns
    at, pieces = 0, []
    for turn in turns:
        pieces += [text[at : turn.span.start], turn.span.of(text)]
        at = turn.span.end
    outside = "".join(pieces[::2]) + text[at:]
    assert "".join(pieces) + text[at:] == text
    assert all(turn.span.of(text).strip() for turn in turns)
    assert "。" not in outside


def test_turns_join_one_speaker_written_in_two_ways() -> None:
    text = f"说话人 1 00:03\n{QUESTION}\n\n说话人2 00:05\n{ANSWER}\n\n说话人１ 00:09\n后来呢？\n"
    assert [speaker for speaker, _ in said(text)] == ["说话人 1", "说话人2", "说话人 1"]


def test_turns_give_roles_by_label_only() -> None:
    text = f"说话人1：{QUESTION}\n被访者：{ANSWER}\n旁白：（门响）\n访谈者：好。\n"
    roles = [turn.role for turn in find(text).turns]
    assert roles == [Role.OTHER, Role.INTERVIEWEE, Role.OTHER, Role.INTERVIEWER]


# traps


@pytest.mark.parametrize(
    "line",
    [
        "会议改到下午 3:30",
        "周三 14:00",
        "每周一 09:00",
        "改到 14:00",
        "我跟他说：你先走",
        "他说：行",
        "老板就问：谁干的",
        "结果：全过了",
        "第一：人不够",
        "1：人不够",
        "方案一：换供应商",
        "比如：加班",
        "成本：三百万",
        "我就一句话：干",
        "时间：三月份",
        "地址：https://a.cn",
        "http://a.cn/b",
        "14:00 开会",
        "A:加人 B:加班",
        "2023年3月5日 下午 5:51",
        "2023年3月5日那天，我又去了。",
        "（笑）我也没想到",
        "【停顿】我也没想到",
        "关键词：快",
    ],
)
@pytest.mark.parametrize(
    "layout",
    [
        "访谈者：{}\n受访者：{}\n",
        "普惠 00:01:00\n{}\n\n说话人2 00:02:00\n{}\n\n",
        "[00:10] 张三：{}\n[00:20] 普惠：{}\n",
    ],
)
def test_turns_leave_lines_inside_an_answer_in_it(line: str, layout: str) -> None:
    answer = f"{ANSWER}\n{line}\n后来就好了。"
    text = layout.format(QUESTION, answer) + layout.format("后来呢？", "就这样。")
    assert [words for _, words in said(text)] == [QUESTION, answer, "后来呢？", "就这样。"]


def test_turns_keep_a_last_line_that_opens_with_a_date() -> None:
    answer = f"{ANSWER}\n2023年3月5日那天我就走了"
    assert said(f"问：{QUESTION}\n答：{answer}\n") == [("问", QUESTION), ("答", answer)]


def test_turns_take_zhou_yiming_for_a_person() -> None:
    text = f"周一鸣 00:01\n{QUESTION}\n\n说话人2 00:09\n周三 14:00\n{ANSWER}\n"
    assert said(text) == [("周一鸣", QUESTION), ("说话人2", f"周三 14:00\n{ANSWER}")]


@pytest.mark.parametrize(
    "text",
    [
        f"说话人1 00:01\n{QUESTION}\n说话人2 00:09\n{ANSWER}\n汤欣钰 00:20\n我插一句。\n说话人1 00:30\n好。",
        f"说话人1 00:01\n{QUESTION}\n说话人2 00:09\n{ANSWER}\n普惠 00:20\n我插一句。\n说话人1 00:30\n好。",
        f"访谈者：{QUESTION}\n受访者：{ANSWER}\n小陈：我插一句。\n访谈者：好。\n",
        f"访谈者：{QUESTION}\n受访者：{ANSWER}\n孙处长：我插一句。\n访谈者：好。\n",
        f"[00:01] 普惠：{QUESTION}\n[00:09] 张三：{ANSWER}\n[00:20] 柏青：我插一句。\n[00:30] 普惠：好。\n",
    ],
)
def test_turns_keep_a_person_who_speaks_once(text: str) -> None:
    assert [words for _, words in said(text)] == [QUESTION, ANSWER, "我插一句。", "好。"]
    assert len({speaker for speaker, _ in said(text)}) == 3


def test_turns_keep_a_number_after_a_questions_colon() -> None:
    text = "Q1：15年那次呢？\nA1：30个人去的。\nQ2：后来呢？\nA2：好了。\n"
    assert said(text)[:2] == [("Q", "15年那次呢？"), ("A", "30个人去的。")]


def test_turns_do_not_split_inside_a_clock() -> None:
    text = f"张三 00:01\n{QUESTION}\n\n李四 00:02\n{ANSWER}\n"
    assert {speaker for speaker, _ in said(text)} == {"张三", "李四"}


def test_turns_do_not_take_a_list_of_letters_for_speakers() -> None:
    text = "".join(f"访谈者：{QUESTION}\n受访者：{ANSWER}\n" for _ in range(6)) + "A：加人\nB：加班\n"
    assert {speaker for speaker, _ in said(text)} == {"访谈者", "受访者"}


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_turns_leave_the_interviews_particulars_out(gap: str) -> None:
    head = f"访谈记录\n访谈时间：2023年3月5日\n访谈者：小李\n受访者：库房主管\n地点：会议室{gap}"
    text = f"{head}访谈者：{QUESTION}\n受访者：{ANSWER}\n"
    assert said(text) == [("访谈者", QUESTION), ("受访者", ANSWER)]


def test_turns_leave_particulars_after_the_date_out() -> None:
    text = f"访谈时间：3月5日\n访谈者：小李\n受访者：库房主管\n\n访谈者：{QUESTION}\n受访者：{ANSWER}\n"
    assert said(text) == [("访谈者", QUESTION), ("受访者", ANSWER)]


def test_turns_warn_of_a_long_text_before_the_first_label() -> None:
    text = f"{'前言很长。' * 40}\n访谈者：{QUESTION}\n受访者：{ANSWER}\n"
    assert "200 字" in find(text).warnings[0]


def test_turns_warn_of_a_single_speaker() -> None:
    assert "张三" in find("张三 00:01\n你好。\n\n张三 00:09\n再见。\n").warnings[0]


# no labels


LONG_ANSWER = "那天我一到现场就看见水漫上来了，我先把闸拉下来，牌子一挂，再一个一个打电话，把人都叫出来。"


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_turns_infer_two_speakers_from_clear_alternation(gap: str) -> None:
    text = gap.join(
        [
            "您先讲一件印象深的事吧。",
            LONG_ANSWER,
            "当时您怎么想的？",
            LONG_ANSWER + "没别的。",
            "后来呢？",
            LONG_ANSWER,
        ]
    )
    found = find(text)
    assert [turn.speaker for turn in found.turns] == ["访谈者", "受访者"] * 3
    assert found.turns[1].role is Role.INTERVIEWEE
    assert len(found.warnings) == 1


def test_turns_join_an_answers_paragraphs_in_alternation() -> None:
    text = "\n\n".join(["您先讲一件事？", LONG_ANSWER, LONG_ANSWER, "后来呢？您怎么办的？", LONG_ANSWER])
    assert [turn.span.of(text) for turn in find(text).turns][1] == f"{LONG_ANSWER}\n\n{LONG_ANSWER}"


def test_turns_take_one_interviewee_where_nobody_is_recognised() -> None:
    paragraphs = [
        "我的经历",
        LONG_ANSWER,
        f"{LONG_ANSWER}\n接着的一行。",
        "老周：你先走。",
        "以上内容由AI生成",
    ]
    text = "\n\n".join(paragraphs)
    found = find(text)
    assert {(turn.speaker, turn.role) for turn in found.turns} == {("受访者", Role.INTERVIEWEE)}
    assert found.turns[2].span.of(text) == f"{LONG_ANSWER}\n接着的一行。"
    assert found.turns[-1].span.of(text) == "老周：你先走。"
    assert "没有找到说话人标签" in found.warnings[0]


def test_turns_of_nothing_are_none() -> None:
    assert find(" \n").turns == ()
