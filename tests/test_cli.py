"""The command line, called as a user calls it: exit codes, what goes where, and the contract's CSV."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from builders import docx, paragraph, table
from command import FAST, INTERVIEW, SECOND, Command, rows, shell, table_of

from coder.cli.main import commands
from coder.export.rows import COLUMNS

ROOT = Path(__file__).parent.parent


def help_pages() -> Iterator[tuple[str, click.Command]]:
    yield "coder", commands
    yield from commands.commands.items()


# ── code ──────────────────────────────────────────────────────────────────────────────────────────


def test_cli_code_writes_a_clean_csv_to_standard_output(coder: Command, interview: Path) -> None:
    ended = coder("code", interview, *FAST)
    assert ended.code == 0
    assert ended.out.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n")
    assert ended.out.endswith(b"\r\n")
    assert len(table_of(ended.out)) > 3


def test_cli_code_says_one_line_where_nobody_watches(coder: Command, interview: Path) -> None:
    ended = coder("code", interview, *FAST)
    assert ended.err.startswith("完成 1 份访谈，")
    assert ended.err.count("\n") == 1


def test_cli_code_writes_the_same_to_a_file(coder: Command, interview: Path) -> None:
    ended = coder("code", interview, *FAST, "-o", "out.csv")
    assert (ended.code, ended.out) == (0, b"")
    assert Path("out.csv").read_bytes() == coder("code", interview, *FAST).out


def test_cli_code_rows_follow_the_contract(coder: Command, interview: Path) -> None:
    coder("code", interview, *FAST, "--group", "优秀", "-o", "out.csv")
    found = rows(Path("out.csv"))
    assert found
    assert list(found) == sorted(
        found, key=lambda c: (c.transcript, c.span, c.label.competency, c.label.dimension)
    )
    for coding in found:
        assert INTERVIEW[coding.span.start : coding.span.end] == coding.text
        assert (coding.project, coding.transcript, coding.interviewee) == ("", "访谈.txt", "李经理")
        assert (coding.group, coding.status, coding.source) == ("优秀", "suggested", "suggestion")
        assert (coding.annotator, coding.memo, coding.decided_at) == ("", "", None)
        assert coding.evidence
        assert coding.model_version


def test_cli_code_leaves_out_what_is_below_the_threshold_but_for_all(coder: Command) -> None:
    known = next(Path(os.environ["CODER_SAMPLES"], "transcripts").glob("*.txt"))
    coder("code", known, "--threshold", "0.9", "-o", "sure.csv")
    coder("code", known, "--threshold", "0.9", "--all", "-o", "all.csv")
    sure, everything = rows(Path("sure.csv")), rows(Path("all.csv"))
    assert all((coding.confidence or 0) >= 0.9 for coding in sure)
    assert set(sure) < set(everything)


def test_cli_code_threshold_is_reached_by_every_row(coder: Command, interview: Path) -> None:
    coder("code", interview, "--threshold", "0", "-o", "out.csv")
    confidences = sorted({coding.confidence or 0 for coding in rows(Path("out.csv"))})
    cut = confidences[len(confidences) // 2]
    coder("code", interview, "--threshold", cut, "-o", "less.csv")
    assert all((coding.confidence or 0) >= cut for coding in rows(Path("less.csv")))


def test_cli_code_writes_json_on_request(coder: Command, interview: Path) -> None:
    ended = coder("code", interview, *FAST, "--format", "json")
    found = json.loads(ended.out)
    assert list(found[0]) == list(COLUMNS)
    assert found[0]["text"] == INTERVIEW[found[0]["start"] : found[0]["end"]]


def test_cli_code_puts_the_client_model_after_decided_at(coder: Command, interview: Path) -> None:
    first = table_of(coder("code", interview, *FAST, "--model", "gen9").out)[0]
    assert first == ",".join((*COLUMNS, "gen9", "gen9_items"))


def test_cli_code_refuses_a_client_model_that_does_not_exist(coder: Command, interview: Path) -> None:
    ended = coder("code", interview, "--model", "没有")
    assert ended.code == 2
    assert ended.last == "--model：没有客户模型 没有；可用：csm7、gen9、hrbp6、itss26"


def test_cli_code_explains_every_uncoded_sentence_of_the_interviewee(coder: Command, interview: Path) -> None:
    coder("code", interview, "--threshold", "1", "--explain", "why.csv")
    first, *others, end = table_of(Path("why.csv").read_bytes())
    assert (first, end) == ("transcript,start,end,text,reason", "")
    assert len(others) == 4
    for line in others:
        name, start, stop, *text, reason = line.split(",")
        assert name == "访谈.txt"
        assert ",".join(text).strip('"').removeprefix("'") == INTERVIEW[int(start) : int(stop)]
        assert reason.isidentifier()


def test_cli_code_lists_interviews_coded_or_not(coder: Command, interview: Path) -> None:
    Path("短.txt").write_text("受访者：嗯。\n访谈者：好。\n", encoding="utf-8")
    coder("code", interview, "短.txt", "--interviews", "list.csv", "--group", "普通")
    first, *others = table_of(Path("list.csv").read_bytes())
    assert first == "transcript,interviewee,group,characters,interviewee_characters,turns,events"
    assert [line.split(",")[:4] for line in others if line] == [
        ["短.txt", "受访者", "普通", "14"],
        ["访谈.txt", "李经理", "普通", str(len(INTERVIEW))],
    ]


def test_cli_code_interviewee_overrides_the_roles(coder: Command, interview: Path) -> None:
    coder("code", interview, "--interviewee", "访谈者", "--interviews", "list.csv")
    assert ",访谈者," in table_of(Path("list.csv").read_bytes())[1]


def test_cli_code_fails_the_files_in_which_nobody_is_the_interviewee(coder: Command, interview: Path) -> None:
    Path("乙.txt").write_text(SECOND, encoding="utf-8")
    ended = coder("code", "乙.txt", interview, *FAST, "--interviewee", "李经理", "-o", "out.csv")
    assert ended.code == 1
    assert ended.last == "  乙.txt：没有叫「李经理」的人；这篇里的说话人有：访谈者、王师傅"
    assert {coding.transcript for coding in rows(Path("out.csv"))} == {"访谈.txt"}


def test_cli_code_qualifies_equal_names_by_their_folders(coder: Command, machine: Path) -> None:
    for folder, text in (("甲", INTERVIEW), ("乙", SECOND)):
        (machine / folder).mkdir()
        (machine / folder / "1.txt").write_text(text, encoding="utf-8")
    coder("code", "甲", "乙", *FAST, "-o", "out.csv")
    assert {coding.transcript for coding in rows(Path("out.csv"))} == {"甲/1.txt", "乙/1.txt"}


def test_cli_code_names_two_bad_files_apart(coder: Command, machine: Path) -> None:
    for folder in ("甲", "乙"):
        (machine / folder).mkdir()
        (machine / folder / "1.txt").touch()
    ended = coder("code", "甲", "乙")
    assert ended.err.split("\n")[1:3] == [
        "  甲/1.txt：空文件；请选有文字的访谈稿",
        "  乙/1.txt：空文件；请选有文字的访谈稿",
    ]


def bad_files() -> None:
    """Every kind of file that cannot be read, in the current folder."""
    Path("空.txt").touch()
    Path("二进制.txt").write_bytes(bytes(range(256)) * 8)
    Path("坏.docx").write_bytes(b"no zip")
    Path("乱.txt").write_bytes(bytes(range(0x80, 0x100)) * 30)
    Path("大.txt").write_text(INTERVIEW * 5000, encoding="utf-8")
    Path("坏.zip").write_bytes(b"PK\x03\x04 no more")
    Path("无稿").mkdir()
    with zipfile.ZipFile("包.zip", "w") as archive:
        archive.writestr("里/空.md", "")
        archive.writestr("里/好.txt", SECOND)


def test_cli_code_does_the_others_when_files_are_bad(
    coder: Command, interview: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODER_MAX_MEGABYTES", "1")
    bad_files()
    names = ["空.txt", "二进制.txt", "坏.docx", "乱.txt", "大.txt", "坏.zip", "无稿", "没有.txt", "包.zip"]
    ended = coder("code", *names, interview, *FAST, "-o", "out.csv")
    assert ended.code == 1
    assert {coding.transcript for coding in rows(Path("out.csv"))} == {"访谈.txt", "好.txt"}
    said = ended.err.rstrip("\n").split("\n")
    assert said[0].startswith("完成 2 份访谈，")
    assert said[0].endswith("9 个问题：")
    assert {line.strip().partition("：")[0] for line in said[1:]} == {*names[:-1], "空.md"}
    assert all("；" in line for line in said[1:])
    assert "Traceback" not in ended.err


def test_cli_code_needs_no_model_when_nothing_can_be_read(
    coder: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coder.cli.coding.load_engine", None)
    ended = coder("code", "没有.txt")
    assert (ended.code, table_of(ended.out)) == (1, [",".join(COLUMNS), ""])
    assert ended.last == "  没有.txt：没有这个文件或文件夹；请检查路径"


# ── outputs ───────────────────────────────────────────────────────────────────────────────────────


def test_cli_code_stops_before_the_work_when_nothing_can_be_written(
    coder: Command, interview: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coder.cli.coding.load_engine", None)
    ended = coder("code", interview, "-o", "没有/out.csv")
    assert ended.code == 1
    assert ended.last == "  没有/out.csv：所在的文件夹不存在；请另选输出文件"


def test_cli_code_writes_the_other_outputs(coder: Command, interview: Path) -> None:
    ended = coder("code", interview, *FAST, "-o", "没有/out.csv", "--explain", "why.csv")
    assert ended.code == 1
    assert ended.err.startswith("注意  没有/out.csv：")
    assert ended.last.startswith("  没有/out.csv：")
    assert Path("why.csv").stat().st_size > 50


def test_cli_code_writes_standard_output_when_explain_cannot_be(coder: Command, interview: Path) -> None:
    ended = coder("code", interview, *FAST, "--explain", "没有/why.csv")
    assert ended.code == 1
    assert len(table_of(ended.out)) > 3


@pytest.mark.parametrize("option", ["-o", "--explain", "--interviews"])
def test_cli_code_never_overwrites_what_it_reads(coder: Command, interview: Path, option: str) -> None:
    ended = coder("code", interview, option, "../folder/访谈.txt", "--format", "csv")
    assert ended.code == 2
    assert "输出会覆盖要读的访谈稿" in ended.last
    assert interview.read_text(encoding="utf-8") == INTERVIEW


def test_cli_code_refuses_two_outputs_in_one_file(coder: Command, interview: Path) -> None:
    assert coder("code", interview, "-o", "a.csv", "--explain", "../folder/a.csv").code == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_cli_code_tells_when_standard_output_is_full(environment: dict[str, str], machine: Path) -> None:
    Path("a.txt").write_text(INTERVIEW, encoding="utf-8")
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "coder", "text", "a.txt"],
            **shell(environment),
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert ended.returncode == 1
    assert ended.stderr.decode().startswith("标准输出：不能写入：")
    assert ended.stderr.count(b"\n") == 1


def test_cli_code_ends_quietly_when_nobody_reads(environment: dict[str, str], machine: Path) -> None:
    Path("a.txt").write_text(INTERVIEW * 2000, encoding="utf-8")
    command = f"{sys.executable} -m coder text a.txt | true"
    ended = subprocess.run(command, shell=True, **shell(environment), stderr=subprocess.PIPE)
    assert b"Traceback" not in ended.stderr
    assert b"Exception ignored" not in ended.stderr


# ── wrong usage ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["没有这个命令"], "命令行：没有命令 没有这个命令；请看 python -m coder --help"),
        (["code"], "命令行：缺少 PATH...；请看 python -m coder code --help"),
        (["code", ""], "命令行：PATH... 路径是空的；请看 python -m coder code --help"),
        (["code", "a.txt", "--scheduler", "tcp://x"], "命令行：没有选项 --scheduler；"),
        (["code", "a.txt", "--threshold", "2"], "命令行：--threshold 应是 0 到 1 的数，现为 2；"),
        (["code", "a.txt", "--threshold", "nan"], "命令行：--threshold 应是 0 到 1 的数，现为 nan；"),
        (["code", "a.txt", "--threshold", "高"], "命令行：--threshold 应是 0 到 1 的数，现为 高；"),
        (["code", "a.txt", "--jobs", "0"], "命令行：--jobs 应是 1 到 64 的整数，现为 0；"),
        (["code", "a.txt", "-o"], "命令行：选项 -o 后面要有值；"),
        (["code", "a.txt", "--all=1"], "命令行：选项 --all 后面不要值；"),
        (["text", "a.txt", "b.txt"], "命令行：多余的参数 (b.txt)；"),
        (["code", "a.txt", "--format", "xlsx"], "--format：不支持的格式 xlsx；请用 csv、json 之一"),
        (["code", "a.txt", "-o", "a.qdpx"], "a.qdpx：不支持的格式 qdpx；请用 csv、json 之一"),
        (["code", "a.txt", "-o", "out"], "out：不支持的格式 （没有扩展名）；请用 csv、json 之一"),
        (["import", "a.txt"], "命令行：缺少 --project；"),
        (["import", "a.txt", "--project", " "], "--project：项目名是空的；"),
        (["export", "--project", "甲"], "命令行：缺少 --output；"),
    ],
)
def test_cli_wrong_usage_ends_with_2_and_one_line(coder: Command, arguments: list[str], said: str) -> None:
    ended = coder(*arguments)
    assert (ended.code, ended.out) == (2, b"")
    assert ended.err.startswith(said)
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("command", ["agree", "backup", "restore"])
def test_cli_commands_to_come_are_refused(coder: Command, command: str) -> None:
    assert coder(command, "a", "b").code == 2


def test_cli_a_wrong_setting_is_wrong_usage(coder: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODER_MAX_MEGABYTES", "很大")
    ended = coder("text", "a.txt")
    assert ended.code == 2
    assert ended.last == "CODER_MAX_MEGABYTES：不是正整数：很大；请填以 MB 计的整数，例如 20"


@pytest.mark.parametrize(("name", "command"), list(help_pages()))
def test_cli_help_is_chinese_and_ends_with_an_example(name: str, command: click.Command) -> None:
    assert command.help
    assert command.help.rstrip().rpartition("\n")[2].strip().startswith("例：python -m coder")
    assert name == "coder" or f"coder {name}" in command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


@pytest.mark.parametrize("name", ["code", "text", "import", "export", "train", "evaluate", "check"])
def test_cli_help_of_a_command_is_a_page_of_its_own(coder: Command, name: str) -> None:
    ended = coder(name, "--help")
    assert ended.code == 0
    page = ended.out.decode()
    assert page.startswith("用法：python -m coder " + name)
    assert "Show this" not in page
    assert "Options" not in page.replace("[OPTIONS]", "")


def test_cli_no_command_is_undocumented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = [name for name, command in commands.commands.items() if not command.hidden]
    assert [name for name in shown if f"coder {name}" not in readme] == []


def test_cli_without_a_command_shows_the_help(coder: Command) -> None:
    ended = coder()
    assert ended.code == 2
    assert "退出码：0 成功" in ended.err


# ── text ──────────────────────────────────────────────────────────────────────────────────────────

WORDS = "访谈者：您说说。\n受访者：我当天就去了库房，一箱一箱看。\u2028\x85还有𠮷。\n"


@pytest.mark.parametrize(
    "data",
    [
        WORDS.encode(),
        WORDS.encode("utf-8-sig"),
        WORDS.replace("\n", "\r\n").encode(),
        WORDS.replace("\n", "\r").encode("utf-16"),
        WORDS.encode("gb18030"),
    ],
)
def test_cli_text_prints_the_canonical_text(coder: Command, data: bytes) -> None:
    Path("a.txt").write_bytes(data)
    ended = coder("text", "a.txt")
    assert (ended.code, ended.out, ended.err) == (0, WORDS.encode(), "")


def word_file() -> bytes:
    return docx(
        paragraph("访谈者：请讲一件事。"),
        table(("受访者", "我当天就去了库房，一箱一箱地看。我还去找了客户，问清楚了才动手。")),
        paragraph("访谈者：后来呢？"),
        paragraph("受访者：我给自己定了个数，三天之内全部换完。"),
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", INTERVIEW.replace("\n", "\r\n").encode("utf-8-sig")),
        ("b.txt", INTERVIEW.encode("gb18030")),
        ("c.docx", word_file()),
    ],
)
def test_cli_every_row_is_the_printed_text_at_its_offsets(coder: Command, name: str, data: bytes) -> None:
    Path(name).write_bytes(data)
    text = coder("text", name).out.decode()
    coder("code", name, "--threshold", "0", "-o", "out.csv")
    found = rows(Path("out.csv"))
    assert found
    for coding in found:
        assert text[coding.span.start : coding.span.end] == coding.text


def test_cli_text_of_a_folder_or_of_nothing_is_an_error(coder: Command) -> None:
    assert coder("text", ".").code == 1
    ended = coder("text", "没有.txt")
    assert (ended.code, ended.out) == (1, b"")
    assert ended.last == "没有.txt：没有这个文件；请检查路径"
