"""The corpus: what is read, what is refused with file and line, and who may be compared with whom."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny import SAMPLES, codebook, corpus, lexicon, matcher, read_corpus, shortest, write_corpus

from coder.corpus import (
    Interview,
    Reference,
    corpus_version,
    examples_of,
    indicator_examples,
    labels_of,
    load_double,
    load_folds,
    load_interview,
    load_utterances,
    reason_of,
)
from coder.errors import DataError
from coder.model.codebook import Label
from coder.model.suggestion import Reason
from coder.model.text import Role, Sentence, Span
from coder.read import read_file

TALK = "访谈者：您先说说。\n受访者：我就一户一户去问。后来都办成了。\n"
ASKED = "我就一户一户去问。"
RIGHT: dict[str, Any] = {
    "id": "甲",
    "trade": "客服",
    "group": "优秀",
    "codings": [
        {
            "start": TALK.index(ASKED),
            "end": TALK.index(ASKED) + len(ASKED),
            "text": ASKED,
            "code": "INFO",
            "dimension": "A",
            "level": 2,
        }
    ],
    "not_codable": [
        {"start": TALK.index("后来"), "end": TALK.index("后来") + len("后来都办成了。"), "reason": "result"}
    ],
}


def write_interview(folder: Path, data: object, talk: str = TALK) -> Path:
    (folder / "transcripts").mkdir(exist_ok=True)
    (folder / "transcripts" / "甲.txt").write_text(talk, encoding="utf-8")
    path = folder / "甲.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def load(path: Path) -> Interview:
    return load_interview(path, path.parent / "transcripts", codebook(), lexicon().conventions)


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        load(path)
    return str(caught.value)


def changed(**values: object) -> dict[str, Any]:
    """The right coding file with other values in its only coding."""
    return {**RIGHT, "codings": [{**RIGHT["codings"][0], **values}]}


# ── interviews ────────────────────────────────────────────────────────────────────────────────────


def test_corpus_reads_an_interview_with_codings_and_reasons(tmp_path: Path) -> None:
    interview = load(write_interview(tmp_path, RIGHT))
    assert (interview.id, interview.trade, interview.transcript.group) == ("甲", "客服", "优秀")
    assert [(interview.transcript.of(c.span), str(c.label)) for c in interview.codings] == [
        (ASKED, "INFO.A.2")
    ]
    assert [reason for _, reason in interview.reasons] == [Reason.RESULT]


def test_corpus_refuses_a_coding_whose_text_does_not_fit(tmp_path: Path) -> None:
    message = refused(write_interview(tmp_path, changed(start=RIGHT["codings"][0]["start"] + 1)))
    assert message.startswith("甲.json：")
    assert "文字与访谈稿不符" in message


@pytest.mark.parametrize("values", [{"code": "XYZ"}, {"level": 99}, {"level": 0}, {"dimension": "Z"}])
def test_corpus_refuses_a_label_that_the_codebook_has_not(tmp_path: Path, values: dict[str, object]) -> None:
    message = refused(write_interview(tmp_path, changed(**values)))
    assert message.startswith("甲.json：手册里没有")
    assert str(next(iter(values.values()))) in message


@pytest.mark.parametrize("values", [{"start": 30, "end": 20}, {"start": -3}, {"end": "40"}])
def test_corpus_refuses_what_is_no_span(tmp_path: Path, values: dict[str, object]) -> None:
    message = refused(write_interview(tmp_path, changed(**values)))
    assert message.startswith("甲.json：")
    assert "不是区间" in message


@pytest.mark.parametrize("field", ["start", "end", "text", "code", "dimension", "level"])
def test_corpus_names_the_field_that_a_coding_lacks(tmp_path: Path, field: str) -> None:
    row = {name: value for name, value in RIGHT["codings"][0].items() if name != field}
    message = refused(write_interview(tmp_path, {**RIGHT, "codings": [row]}))
    assert message.startswith(f"甲.json：缺少 {field}")


@pytest.mark.parametrize("field", ["id", "trade", "codings"])
def test_corpus_names_the_field_that_an_interview_lacks(tmp_path: Path, field: str) -> None:
    data = {name: value for name, value in RIGHT.items() if name != field}
    assert f"缺少 {field}" in refused(write_interview(tmp_path, data))


def test_corpus_refuses_a_reason_outside_the_closed_list(tmp_path: Path) -> None:
    row = {**RIGHT["not_codable"][0], "reason": "天气"}
    assert "没有理由 天气" in refused(write_interview(tmp_path, {**RIGHT, "not_codable": [row]}))


@pytest.mark.parametrize("written", ["result", "结果"])
def test_corpus_reads_reasons_in_both_languages(tmp_path: Path, written: str) -> None:
    row = {**RIGHT["not_codable"][0], "reason": written}
    interview = load(write_interview(tmp_path, {**RIGHT, "not_codable": [row]}))
    assert interview.reasons[0][1] is Reason.RESULT


def test_corpus_refuses_a_coding_without_transcript(tmp_path: Path) -> None:
    path = write_interview(tmp_path, RIGHT)
    (tmp_path / "transcripts" / "甲.txt").unlink()
    assert refused(path).startswith("甲.json：没有同名的访谈稿")


def test_corpus_names_the_line_of_broken_json(tmp_path: Path) -> None:
    path = write_interview(tmp_path, RIGHT)
    path.write_text('{\n "id": "甲",\n "trade" "客服"\n}', encoding="utf-8")
    message = refused(path)
    assert message.startswith("甲.json：")
    assert "第 3 行" in message


def test_corpus_refuses_json_that_is_no_object(tmp_path: Path) -> None:
    assert refused(write_interview(tmp_path, [RIGHT])).startswith("甲.json：这里应是一个 JSON 对象")


def test_corpus_refuses_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = write_interview(tmp_path, RIGHT)
    path.write_bytes('{"id": "甲"}'.encode("gb18030"))
    assert refused(path).startswith("甲.json：不是 UTF-8")


# ── utterances ────────────────────────────────────────────────────────────────────────────────────

CODABLE = {"text": ASKED, "trade": "客服", "code": "INFO", "level": 2, "before": "問了一圈。"}
NOT_CODABLE = {"text": "领导去问的。", "trade": "保安", "code": None, "reason": "other"}


def write_lines(folder: Path, *rows: object) -> Path:
    path = folder / "few.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def bad_line(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        load_utterances(path, codebook(), matcher())
    return str(caught.value)


def test_corpus_reads_codable_and_other_utterances(tmp_path: Path) -> None:
    one, other = load_utterances(write_lines(tmp_path, CODABLE, NOT_CODABLE), codebook(), matcher())
    assert (one.code, one.level, one.reason) == ("INFO", 2, None)
    assert (other.code, other.level, other.reason) == (None, None, Reason.OTHER)
    assert (one.trade, one.source) == ("客服", "utterance:客服")


def test_corpus_folds_the_characters_of_utterances(tmp_path: Path) -> None:
    (example,) = load_utterances(write_lines(tmp_path, CODABLE), codebook(), matcher())
    assert example.context.before == "问了一圈。"


def test_corpus_passes_over_empty_lines(tmp_path: Path) -> None:
    assert len(load_utterances(write_lines(tmp_path, CODABLE, "", CODABLE), codebook(), matcher())) == 2


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ('{"text": "我去问', "不是合法的 JSON"),
        ("[1, 2]", "这里应是一个 JSON 对象"),
        ({**CODABLE, "code": "XYZ"}, "手册里没有 XYZ.A.2"),
        ({**CODABLE, "level": 0}, "手册里没有 INFO.A.0"),
        ({**NOT_CODABLE, "reason": "天气"}, "没有理由 天气"),
        ({"text": "我去问", "trade": "客服"}, "缺少 reason"),
        ({"text": "我去问", "code": "INFO", "level": 2}, "缺少 trade"),
        ({"trade": "客服", "code": "INFO", "level": 2}, "缺少 text"),
    ],
)
def test_corpus_names_file_and_line_of_a_bad_utterance(tmp_path: Path, row: object, wanted: str) -> None:
    message = bad_line(write_lines(tmp_path, CODABLE, CODABLE, row))
    assert message.startswith("few.jsonl:3：")
    assert wanted in message


# ── the folder ────────────────────────────────────────────────────────────────────────────────────


def test_corpus_refuses_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="没有训练语料"):
        read_corpus(tmp_path)


def test_corpus_holds_all_interviews_and_utterances() -> None:
    assert [interview.id for interview in corpus().interviews] == sorted(p.stem for p, _ in shortest())
    assert len(corpus().utterances) > 50


@pytest.mark.parametrize(
    "name", ["folds.json", "utterances/few.jsonl", f"transcripts/{shortest()[0][0].stem}.txt"]
)
def test_corpus_version_changes_with_every_file(tmp_path: Path, name: str) -> None:
    folder = write_corpus(tmp_path / "samples")
    before = corpus_version(folder)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(" ")
    assert corpus_version(folder) != before


def test_corpus_version_is_the_same_with_windows_line_ends(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "samples")
    before = corpus_version(folder)
    for path in folder.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert corpus_version(folder) == before


def test_corpus_reads_second_codings_of_dimension_a(tmp_path: Path) -> None:
    (tmp_path / "double").mkdir()
    rows = [RIGHT["codings"][0], {**RIGHT["codings"][0], "code": "ACH", "dimension": "B", "level": 1}]
    write_interview(tmp_path / "double", {**RIGHT, "codings": rows})
    (coding,) = load_double(tmp_path, codebook())["甲"]
    assert (coding.code, coding.level) == ("INFO", 2)


def test_corpus_refuses_second_codings_that_the_codebook_has_not(tmp_path: Path) -> None:
    (tmp_path / "double").mkdir()
    write_interview(tmp_path / "double", changed(level=99))
    with pytest.raises(DataError, match=r"手册里没有 INFO\.A\.99"):
        load_double(tmp_path, codebook())


# ── folds ─────────────────────────────────────────────────────────────────────────────────────────

TRADES = [f"行业{n}" for n in range(40)]


def test_corpus_folds_hold_each_trade_once(tmp_path: Path) -> None:
    parts = load_folds(tmp_path / "folds.json", TRADES)
    assert sorted(trade for part in parts for trade in part) == sorted(TRADES)


def test_corpus_folds_of_the_file_are_kept(tmp_path: Path) -> None:
    (tmp_path / "folds.json").write_text(
        json.dumps([TRADES[:9], TRADES[9:20], TRADES[20:]]), encoding="utf-8"
    )
    wanted = (frozenset(TRADES[:9]), frozenset(TRADES[9:20]), frozenset(TRADES[20:]))
    assert load_folds(tmp_path / "folds.json", TRADES) == wanted


def test_corpus_folds_of_the_file_stay_when_a_trade_is_added(tmp_path: Path) -> None:
    (tmp_path / "folds.json").write_text(json.dumps([TRADES[:9], TRADES[9:20]]), encoding="utf-8")
    before = load_folds(tmp_path / "folds.json", TRADES[:20])
    after = load_folds(tmp_path / "folds.json", TRADES)
    assert all(old <= new for old, new in zip(before, after, strict=True))
    assert sum(map(len, after)) == len(TRADES)


def test_corpus_folds_do_not_depend_on_the_order_of_trades(tmp_path: Path) -> None:
    assert load_folds(tmp_path / "none.json", TRADES) == load_folds(tmp_path / "none.json", TRADES[::-1])


def test_corpus_folds_leave_out_trades_without_interviews(tmp_path: Path) -> None:
    (tmp_path / "folds.json").write_text(json.dumps([TRADES[:9], TRADES[9:20]]), encoding="utf-8")
    assert load_folds(tmp_path / "folds.json", TRADES[:9]) == (frozenset(TRADES[:9]),)


@pytest.mark.parametrize("content", ["[[", "{}", "[]", '["客服"]'])
def test_corpus_refuses_folds_that_are_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "folds.json").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"^folds\.json："):
        load_folds(tmp_path / "folds.json", TRADES)


# ── examples ──────────────────────────────────────────────────────────────────────────────────────


def sentence(start: int, end: int) -> Sentence:
    return Sentence(1, 1, Role.INTERVIEWEE, Span(start, end))


def reference(start: int, end: int, label: str = "INFO.A.2") -> Reference:
    return Reference(Span(start, end), Label.parse(label))


@pytest.mark.parametrize(
    ("start", "end", "covered"),
    [(0, 20, True), (10, 60, True), (11, 60, False), (8, 12, True), (18, 30, False), (20, 30, False)],
)
def test_corpus_labels_a_sentence_that_shares_half_with_a_coding(start: int, end: int, covered: bool) -> None:
    assert bool(labels_of(sentence(0, 20), [reference(start, end)])) == covered


def test_corpus_gives_a_sentence_all_labels_that_cover_it() -> None:
    both = labels_of(sentence(0, 20), [reference(0, 20), reference(0, 30, "CO.A.1")])
    assert [label.competency for label in both] == ["INFO", "CO"]


@pytest.mark.parametrize(("end", "wanted"), [(10, Reason.HABIT), (9, None)])
def test_corpus_gives_the_reason_that_covers_half_of_a_sentence(end: int, wanted: Reason | None) -> None:
    assert reason_of(sentence(0, 20), [(Span(0, end), Reason.HABIT)]) is wanted


def test_corpus_examples_of_a_sentence_weigh_one_together() -> None:
    first = corpus().interviews[0]
    doubled = replace(
        first, codings=(*first.codings, *(replace(c, label=Label("CO", "A", 1)) for c in first.codings))
    )
    weights: dict[int, float] = {}
    for example in examples_of(doubled, matcher()):
        weights[id(example.context)] = weights.get(id(example.context), 0.0) + example.weight
    assert len(weights) == len(first.transcript.interviewee_sentences)
    assert set(weights.values()) == {1.0}


def test_corpus_examples_leave_dimensions_b_to_d_out(tmp_path: Path) -> None:
    interview = load(write_interview(tmp_path, changed(code="ACH", dimension="B", level=1)))
    assert [example.code for example in examples_of(interview, matcher())] == [None, None]


def test_corpus_examples_carry_code_or_reason(tmp_path: Path) -> None:
    one, other = examples_of(load(write_interview(tmp_path, RIGHT)), matcher())
    assert (one.code, one.level, one.reason) == ("INFO", 2, None)
    assert (other.code, other.level, other.reason) == (None, None, Reason.RESULT)


def test_corpus_examples_of_indicators_hold_no_signs_of_the_lexicon() -> None:
    taught = indicator_examples(lexicon().indicators)
    wanted = [(i.label.competency, i.label.level) for i in lexicon().indicators for _ in i.matches]
    assert [(example.code, example.level) for example in taught] == wanted
    assert not any(s.startswith(("hit:", "blocked:", "cue:")) for e in taught for s in e.context.signs)


# ── the shipped corpus ────────────────────────────────────────────────────────────────────────────


def test_corpus_shipped_folds_hold_every_trade_once() -> None:
    fixed = json.loads((SAMPLES / "folds.json").read_text(encoding="utf-8"))
    codings = (SAMPLES / "codings").glob("*.json")
    trades = {json.loads(path.read_text(encoding="utf-8"))["trade"] for path in codings}
    parts = load_folds(SAMPLES / "folds.json", trades)
    assert len(parts) == len(fixed)
    assert sorted(trade for part in parts for trade in part) == sorted(trades)


def test_corpus_shipped_codings_fit_their_transcripts() -> None:
    bad = []
    for path in sorted((SAMPLES / "codings").glob("*.json")):
        (transcript,) = (SAMPLES / "transcripts").glob(path.stem + ".*")
        text = read_file(transcript, 1 << 24).text
        for row in json.loads(path.read_text(encoding="utf-8"))["codings"]:
            if text[row["start"] : row["end"]] != row["text"]:
                bad.append((path.name, row["start"]))
    assert bad == []
