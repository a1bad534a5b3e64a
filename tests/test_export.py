import io
import json
import stat
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from built import TEXT, WENT, codebook, coding, model, run, transcript
from hypothesis import given
from hypothesis import strategies as st

from coder import export
from coder.errors import EncodingError, ExportError, FormatError, ReadError, UsageError
from coder.export import csv as coded_csv
from coder.model.codebook import Label
from coder.model.review import Coding, Source, Status
from coder.model.text import Span

AWKWARD = (
    "😀𠮷",
    "\u2028",
    "\x85",
    '"引号"',
    "a\r\nb",
    "\r",
    "\n",
    "\t",
    "，,;",
    "'",
    "''=",
    "\x1c",
    "\ufeff",
    "\x00",
)
GUARDED = tuple("=+-@＝＋－＠\t\r\n'")


def written(*codings: Coding, **context: object) -> bytes:
    stream = io.BytesIO()
    export.write(codings, stream, codebook=codebook(), **context)  # type: ignore[arg-type]
    return stream.getvalue()


def lines(*codings: Coding, **context: object) -> list[str]:
    return written(*codings, **context).decode("utf-8-sig").split("\r\n")


def test_csv_is_utf_8_with_bom_crlf_and_the_columns_of_the_contract() -> None:
    data = written(coding())
    assert data.startswith(b"\xef\xbb\xbfproject,transcript,")
    assert data.endswith(b"\r\n") and data.count(b"\n") == data.count(b"\r\n") == 2
    assert data.decode("utf-8-sig").split("\r\n")[0] == (
        "project,transcript,interviewee,group,event,turn,start,end,text,competency_code,competency,dimension,"
        "level,confidence,status,annotator,source,evidence,memo,codebook,codebook_version,model_version,decided_at"
    )


def test_csv_suggested_row() -> None:
    assert lines(coding(interviewee="", group=""))[1] == (
        ",甲.txt,,,1,2,0,3,我去了,INFO,信息收集,A,2,0.800,"
        "suggested,,suggestion,指标 INFO-012,,mini,1.0,model1,"
    )


def test_csv_human_row_has_no_confidence_a_plain_minus_and_a_zone() -> None:
    moment = datetime(2025, 3, 1, 9, 30, 1, 999, timezone(timedelta(hours=8)))
    human = coding(
        label=Label("INFO", "A", -1),
        confidence=None,
        status=Status.ADDED,
        source=Source.HUMAN,
        event=None,
        annotator="李",
        decided_at=moment,
    )
    row = lines(human)[1]
    assert ",,2,0,3,我去了,INFO,信息收集,A,-1,,added,李,human," in row
    assert row.endswith(",2025-03-01T09:30:01+08:00")


def test_csv_rows_are_sorted_by_transcript_span_code_and_dimension() -> None:
    wanted = [
        coding(transcript="a", span=Span(0, 3)),
        coding(transcript="a", span=Span(0, 3), label=Label("INFO", "B", 1)),
        coding(transcript="a", span=Span(0, 4), label=Label("CO", "A", 1)),
        coding(transcript="a", span=Span(10, 12)),
        coding(transcript="b", span=Span(1, 2)),
    ]
    assert coded_csv.parse(written(*reversed(wanted)), "x") == tuple(wanted)


@pytest.mark.parametrize("start", GUARDED)
def test_csv_guards_text_that_looks_like_a_formula(start: str) -> None:
    assert coded_csv.guard(f"{start}1") == f"'{start}1"
    assert coded_csv.unguard(coded_csv.guard(f"{start}1")) == f"{start}1"


@pytest.mark.parametrize(
    "column", ["project", "transcript", "interviewee", "group", "annotator", "memo", "text"]
)
def test_csv_guards_every_text_column(column: str) -> None:
    assert ",'=1+1" in f",{lines(coding(**{column: '=1+1'}))[1]}"


TEXTS = st.lists(st.sampled_from((*AWKWARD, *GUARDED)) | st.text(max_size=6), max_size=6).map("".join)
MOMENTS = st.datetimes(timezones=st.just(timezone(timedelta(hours=8)))).map(
    lambda m: m.replace(microsecond=0)
)
CODINGS = st.builds(
    coding,
    transcript=TEXTS,
    interviewee=TEXTS,
    group=TEXTS,
    text=TEXTS,
    evidence=TEXTS,
    memo=TEXTS,
    annotator=TEXTS,
    project=TEXTS,
    model_version=TEXTS,
    event=st.none() | st.integers(1, 9),
    label=st.builds(Label, st.sampled_from(["INFO", "CO", "ZZ"]), st.sampled_from("AB"), st.integers(-2, 9)),
    confidence=st.none() | st.integers(0, 1000).map(lambda n: n / 1000),
    status=st.sampled_from(Status),
    decided_at=st.none() | MOMENTS,
)


@given(st.lists(CODINGS, max_size=4))
def test_csv_read_gives_back_what_was_written(codings: list[Coding]) -> None:
    assert coded_csv.parse(written(*codings), "x.csv") == tuple(
        sorted(
            codings,
            key=lambda c: (c.transcript, c.span.start, c.span.end, c.label.competency, c.label.dimension),
        )
    )


def test_csv_text_longer_than_the_readers_limit_comes_back() -> None:
    long = coding(text="长" * 200_000)
    assert coded_csv.parse(written(long), "x.csv") == (long,)


def test_csv_client_models_come_after_decided_at() -> None:
    head, row, _ = lines(coding(), models=[model()])
    assert head.endswith(",decided_at,bank,bank_items")
    assert row.endswith(",调研、严谨,K1、K2")


def test_csv_saved_by_a_chinese_spreadsheet_is_read() -> None:
    data = written(coding(memo="备注")).decode("utf-8-sig").encode("gb18030")
    assert coded_csv.parse(data, "x.csv") == (coding(memo="备注"),)


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"\xff\xff\xff", EncodingError, "x.csv：不是 UTF-8"),
        (b"a,b\r\n1,2\r\n", FormatError, "x.csv：缺少列 project、transcript"),
        (b"", FormatError, "缺少列"),
        (written(coding()).replace(b",suggested,", b",done,"), FormatError, "x.csv 第 2 行：读不懂"),
        (written(coding()).replace(b",0,3,", b",3,0,"), FormatError, "x.csv 第 2 行：读不懂"),
        (written(coding()) + b"x,y\r\n", FormatError, "x.csv 第 3 行：读不懂"),
    ],
)
def test_csv_that_is_not_ours_is_refused_in_one_line(data: bytes, error: type[ReadError], words: str) -> None:
    with pytest.raises(error, match=words) as caught:
        coded_csv.parse(data, "x.csv")
    assert "\n" not in str(caught.value)


def test_csv_read_of_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"none\.csv：打不开"):
        coded_csv.read(tmp_path / "none.csv")


def test_csv_uncoded_sentences_have_their_reason() -> None:
    stream = io.BytesIO()
    coded_csv.write_uncoded([(transcript(), run())], stream)
    head, row, _ = stream.getvalue().decode("utf-8-sig").split("\r\n")
    assert head == "transcript,start,end,text,reason"
    start = TEXT.index("领导")
    assert row == f"甲.txt,{start},{start + 6},领导没说话。,other"


def test_csv_interviews_have_their_length() -> None:
    stream = io.BytesIO()
    coded_csv.write_interviews([transcript("乙.txt"), transcript()], stream)
    head, first, second, _ = stream.getvalue().decode("utf-8-sig").split("\r\n")
    assert head == "transcript,interviewee,group,characters,interviewee_characters,turns,events"
    spoken = len("我𠮷😀当天就去了库房，一箱一箱看。领导没说话。")
    assert second == f"甲.txt,P01,优秀,{len(TEXT)},{spoken},2,1"
    assert first.startswith("乙.txt,")


def test_json_has_the_columns_with_numbers_and_nulls() -> None:
    (row,) = json.loads(written(coding(memo="=1", confidence=None), models=[model()], format="json"))
    assert list(row) == [*coded_csv.COLUMNS, "bank", "bank_items"]
    assert (row["memo"], row["confidence"], row["start"], row["decided_at"]) == ("=1", None, 0, None)


def test_json_of_nothing_is_an_empty_list() -> None:
    assert json.loads(written(format="json")) == []


def test_write_finds_the_format_by_suffix(tmp_path: Path) -> None:
    export.write([coding()], tmp_path / "a.JSON", codebook=codebook())
    assert json.loads((tmp_path / "a.JSON").read_text("utf-8"))[0]["text"] == "我去了"


@pytest.mark.parametrize("name", ["a.doc", "a"])
def test_write_refuses_an_unknown_suffix(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="不支持的格式"):
        export.write([], tmp_path / name, codebook=codebook())


def test_write_replaces_the_whole_file_or_leaves_it(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")

    with pytest.raises(KeyboardInterrupt), export.replacing(target) as stream:
        stream.write(b"half")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert target.read_text() == "old"
    export.write([coding()], target, codebook=codebook())
    assert coded_csv.read(target) == (coding(),)


def test_write_keeps_the_mode_and_follows_links(tmp_path: Path) -> None:
    target, link = tmp_path / "out.csv", tmp_path / "link.csv"
    target.touch(0o640)
    target.chmod(0o640)
    link.symlink_to(target)
    export.write([coding()], link, codebook=codebook())
    assert link.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert coded_csv.read(target) == (coding(),)


def test_write_to_a_device_does_not_replace_it() -> None:
    export.write([coding()], Path("/dev/null"), codebook=codebook(), format="csv")
    assert Path("/dev/null").is_char_device()


def test_write_refuses_a_target_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ExportError, match=r"folder\.csv：是文件夹"):
        export.write([], tmp_path / "folder.csv", codebook=codebook())
    with pytest.raises(ExportError, match="所在的文件夹不存在"):
        export.write([], tmp_path / "none" / "a.csv", codebook=codebook())
    with pytest.raises(ExportError, match="不能写入"):
        export.write([], tmp_path / f"{'a' * 300}.csv", codebook=codebook())


def test_qualify_adds_as_many_folders_as_are_needed() -> None:
    paths = [Path("a/x/1.txt"), Path("b/x/1.txt"), Path("b/y/1.txt"), Path("b/2.txt")]
    assert export.qualify(paths) == ("a/x/1.txt", "b/x/1.txt", "y/1.txt", "2.txt")


def test_qualify_ends_for_one_file_named_twice() -> None:
    first, second = export.qualify([Path("a/1.txt"), Path("a/1.txt")])
    assert first == second


def test_printable_replaces_what_is_no_text() -> None:
    assert export.printable("甲\udcff.txt") == "甲?.txt"


def test_export_text_is_the_canonical_text_at_its_span() -> None:
    row = replace(coding(), span=WENT, text=WENT.of(TEXT))
    (back,) = coded_csv.parse(written(row), "x.csv")
    assert TEXT[back.span.start : back.span.end] == back.text
