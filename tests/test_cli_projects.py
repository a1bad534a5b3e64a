"""Projects, checks and processes from the command line."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import FAST, INTERVIEW, SECOND, Command, shell, table_of

ROOT = Path(__file__).parent.parent
# ── import, export, check ─────────────────────────────────────────────────────────────────────────


def test_cli_import_and_export_give_what_code_gives(coder: Command, interview: Path) -> None:
    Path("乙.txt").write_text(SECOND, encoding="utf-8")
    assert coder("import", interview, "乙.txt", "--project", "试", "--group", "优秀").code == 0
    assert coder("export", "--project", "试", "-o", "stored.csv").code == 0
    coder("code", interview, "乙.txt", "--group", "优秀", "-o", "coded.csv")
    stored, coded = table_of(Path("stored.csv").read_bytes()), table_of(Path("coded.csv").read_bytes())
    assert len(stored) > 2
    assert [line.removeprefix("试") for line in stored] == coded


def test_cli_import_passes_over_what_the_project_has(coder: Command, interview: Path) -> None:
    coder("import", interview, "--project", "试")
    shutil.copy(interview, "另存.txt")
    ended = coder("import", interview, "另存.txt", "--project", "试")
    assert ended.code == 0
    assert ended.err.count("文字相同，未再导入") == 2
    assert ended.last == "存入 0 份访谈"


def test_cli_import_stores_the_good_files_and_names_the_bad(coder: Command, interview: Path) -> None:
    Path("空.txt").touch()
    ended = coder("import", "空.txt", "没有.txt", interview, "--project", "试")
    assert ended.code == 1
    assert ended.err.split("\n")[-4:-1] == [
        "存入 1 份访谈；2 个问题：",
        "  没有.txt：没有这个文件或文件夹；请检查路径",
        "  空.txt：空文件；请选有文字的访谈稿",
    ]


def test_cli_export_of_an_unknown_project_is_an_error(coder: Command) -> None:
    ended = coder("export", "--project", "没有", "-o", "out.csv")
    assert ended.code == 1
    assert ended.last.startswith("项目 没有：没有这个项目；")
    assert not Path("out.csv").exists()


def test_cli_export_to_where_nothing_can_be_written_is_an_error(coder: Command) -> None:
    ended = coder("export", "--project", "甲", "-o", "没有/out.csv")
    assert (ended.code, ended.last) == (1, "没有/out.csv：所在的文件夹不存在；请另选输出文件")


def test_cli_check_tells_on_standard_output_what_there_is(coder: Command, interview: Path) -> None:
    coder("import", interview, "--project", "试")
    ended = coder("check")
    assert (ended.code, ended.err) == (0, "")
    said = ended.out.decode().split("\n")
    assert [line.partition(" ")[0] for line in said[:3]] == ["编码手册", "模型", "数据库"]
    assert said[2].endswith("项目 1 个，访谈 1 份")
    assert said[3:] == ["没有发现问题", ""]


def test_cli_check_finds_an_indicator_that_fails_its_own_sentences(coder: Command, own_lexicon: Path) -> None:
    path = own_lexicon / "indicators" / "zz.yaml"
    path.write_text(
        "- id: INFO-901\n  pattern: 挨个问\n  label: INFO.A.2\n  matches: [我去看了]\n  not: [我挨个问]\n",
        encoding="utf-8",
    )
    ended = coder("check")
    assert ended.code == 1
    said = ended.out.decode()
    assert "指标 INFO-901：没有命中自己的例句「我去看了」；" in said
    assert "指标 INFO-901：命中了不该命中的例句「我挨个问」；" in said
    assert said.endswith("2 个问题\n")


def test_cli_check_finds_a_damaged_database(coder: Command, tmp_path: Path) -> None:
    (tmp_path / "own.sqlite3").write_bytes(b"no database " * 100)
    ended = coder("check")
    assert ended.code == 1
    assert "不是 SQLite 数据库，或已损坏" in ended.out.decode()


@pytest.fixture
def own_lexicon(machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "lexicon"
    shutil.copytree(os.environ["CODER_LEXICON"], folder)
    monkeypatch.setenv("CODER_LEXICON", str(folder))
    return folder


@pytest.mark.parametrize("command", [["code", "访谈.txt"], ["check"]])
def test_cli_a_broken_lexicon_is_one_line(
    coder: Command, interview: Path, own_lexicon: Path, command: list[str]
) -> None:
    path = own_lexicon / "indicators" / "info.yaml"
    text = path.read_text(encoding="utf-8")
    line = text[: text.index("label: INFO.A.")].count("\n") + 1
    path.write_text(text.replace("label: INFO.A.", "label: INFO.A.7", 1), encoding="utf-8")
    ended = coder(*command)
    assert ended.code == 1
    said = ended.err if command[0] == "code" else ended.out.decode()
    assert any(row.startswith(f"info.yaml:{line}：没有等级 INFO.A.7") for row in said.split("\n"))
    assert "Traceback" not in ended.err


# ── processes ─────────────────────────────────────────────────────────────────────────────────────


def test_cli_two_processes_give_the_same_bytes_as_one(
    coder: Command, interview: Path, environment: dict[str, str]
) -> None:
    for number in range(3):
        Path(f"{number}.txt").write_text(SECOND.replace("三天", f"{number}天"), encoding="utf-8")
    Path("空.txt").touch()
    arguments = [".", *FAST, "--explain", "why.csv", "--interviews", "list.csv"]
    one = coder("code", *arguments)
    kept = [Path(name).read_bytes() for name in ("why.csv", "list.csv")]
    command = [sys.executable, "-m", "coder", "code", *arguments, "--jobs", "2"]
    two = subprocess.run(command, **shell(environment), capture_output=True)
    assert (two.returncode, two.stdout, two.stderr.decode()) == (one.code, one.out, one.err)
    assert [Path(name).read_bytes() for name in ("why.csv", "list.csv")] == kept


@pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX")
@pytest.mark.parametrize(("jobs", "seconds"), [(1, 4), (2, 7)])
def test_cli_an_interruption_ends_with_130_and_leaves_nothing(
    environment: dict[str, str], trained: object, machine: Path, jobs: int, seconds: int
) -> None:
    for number in range(400):
        Path(f"{number}.txt").write_text(INTERVIEW * 20, encoding="utf-8")
    # in a background job SIGINT is ignored, and what it starts inherits that
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        command = [sys.executable, "-m", "coder", "code", ".", "-o", "../out.csv", "--jobs", str(jobs)]
        started = subprocess.Popen(
            command, **shell(environment), stderr=subprocess.PIPE, start_new_session=True
        )
        time.sleep(seconds)
        os.killpg(started.pid, signal.SIGINT)
        _, said = started.communicate(timeout=60)
    finally:
        signal.signal(signal.SIGINT, before)
    assert started.returncode == 130
    assert b"Traceback" not in said
    assert sorted(path.name for path in machine.parent.iterdir()) == ["folder"]
