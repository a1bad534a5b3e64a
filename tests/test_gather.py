"""Paths → sources: files, folders and zips, good and bad."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from coder.errors import CoderError, FormatError, ReadError, TooLargeError
from coder.read.gather import Source, gather

SUFFIXES = (".txt", ".docx")
WORDS = "受访者：我当天就去了库房。".encode()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, data: bytes = WORDS) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def packed(name: str, *members: str, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(name, "w", method) as archive:
        for member in members:
            archive.writestr(member, WORDS)
    return Path(name)


def places(*paths: str | Path) -> list[str]:
    found, failures = gather(map(Path, paths), SUFFIXES)
    assert failures == []
    return [source.place.as_posix() for source in found]


def failure(path: str | Path) -> str:
    found, failures = gather([Path(path)], SUFFIXES)
    assert found == []
    (error,) = failures
    return str(error)


def data_error(source: Source, limit: int = 1000) -> CoderError:
    with pytest.raises(ReadError) as caught:
        source.data(limit)
    return caught.value


def test_gather_keeps_the_order_of_the_paths() -> None:
    put("b.txt")
    put("a.TXT")
    assert places("b.txt", "a.TXT") == ["b.txt", "a.TXT"]


def test_gather_finds_transcripts_in_folders_in_order() -> None:
    for name in ("甲/2.txt", "甲/1.docx", "甲/乙/3.txt", "甲/note.pdf"):
        put(name)
    assert places("甲") == ["甲/1.docx", "甲/2.txt", "甲/乙/3.txt"]


@pytest.mark.parametrize("name", [".git/a.txt", "__MACOSX/a.txt", "~$a.docx", ".a.txt"])
def test_gather_passes_over_what_systems_leave_behind(name: str) -> None:
    put(f"甲/{name}")
    put("甲/b.txt")
    packed("c.zip", name, "b.txt")
    assert places("甲", "c.zip") == ["甲/b.txt", "c.zip/b.txt"]


def test_gather_takes_each_file_once() -> None:
    put("甲/1.txt")
    assert places("甲", "甲/1.txt", "甲/../甲", Path("甲/1.txt").absolute()) == ["甲/1.txt"]


def test_gather_reads_links_to_files_and_does_not_circle(folder: Path) -> None:
    put("1.txt")
    put("甲/2.txt")
    Path("甲/again").symlink_to(folder / "甲")
    Path("甲/1.txt").symlink_to(folder / "1.txt")
    assert places("甲") == ["甲/1.txt", "甲/2.txt"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("没有.txt", "没有.txt：没有这个文件或文件夹；请检查路径"),
        ("没有.zip", "没有.zip：没有这个文件或文件夹；请检查路径"),
        ("空", "空：文件夹里没有访谈稿；可读的格式：.txt、.docx"),
        ("空.zip", "空.zip：压缩包里没有访谈稿；可读的格式：.txt、.docx"),
        ("坏.zip", "坏.zip：不是 zip（打不开）；请重新压缩或直接选文件"),
        ("a.mp4", "a.mp4：不支持的格式 .mp4；请另存为 .txt、.docx 之一"),
        ("README", "README：不支持的格式 （没有扩展名）；请另存为 .txt、.docx 之一"),
        ("长" * 200 + ".txt", "长" * 200 + ".txt：打不开（File name too long）；请检查路径和权限"),
    ],
)
def test_gather_says_what_cannot_be_looked_into(path: str, said: str) -> None:
    Path("空").mkdir()
    packed("空.zip", "a.pdf")
    for name in ("坏.zip", "a.mp4", "README"):
        put(name)
    assert failure(path) == said


def test_gather_goes_on_after_a_failure() -> None:
    put("a.txt")
    found, failures = gather([Path("没有"), Path("a.txt"), Path("没有.zip")], SUFFIXES)
    assert [source.place for source in found] == [Path("a.txt")]
    assert [error.where for error in failures] == ["没有", "没有.zip"]


def test_gather_names_the_folder_that_walking_could_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    put("甲/1.txt")

    def walk(top: Path, onerror: object) -> object:
        assert callable(onerror)
        onerror(PermissionError(13, "Permission denied", "甲/锁"))
        return iter([(str(top), [], ["1.txt"])])

    monkeypatch.setattr(os, "walk", walk)
    found, failures = gather([Path("甲")], SUFFIXES)
    assert [source.place for source in found] == [Path("甲/1.txt")]
    assert [str(error) for error in failures] == ["甲/锁：打不开（Permission denied）；请检查权限"]


# ── the bytes ─────────────────────────────────────────────────────────────────────────────────────


def test_source_gives_the_bytes_of_files_and_members() -> None:
    put("a.txt")
    packed("b.zip", "里/c.txt")
    found, _ = gather([Path("a.txt"), Path("b.zip")], SUFFIXES)
    assert [source.data(1000) for source in found] == [WORDS, WORDS]


def test_source_over_the_limit_is_refused_by_what_comes_out() -> None:
    put("a.txt")
    packed("b.zip", "c.txt")
    for source in gather([Path("a.txt"), Path("b.zip")], SUFFIXES)[0]:
        assert source.data(len(WORDS)) == WORDS
        error = data_error(source, len(WORDS) - 1)
        assert isinstance(error, TooLargeError)
        assert error.todo == "请拆成几个文件，或调大 CODER_MAX_MEGABYTES"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are of POSIX")
def test_source_that_is_a_pipe_is_refused_and_not_waited_for() -> None:
    os.mkfifo("a.txt")
    assert data_error(Source(Path("a.txt"))).what == "不是文件"


def test_source_that_has_gone_is_an_error() -> None:
    assert data_error(Source(Path("a.txt"))).what == "没有这个文件"
    assert isinstance(data_error(Source(Path("a.zip"), "b.txt")), FormatError)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_source_of_a_damaged_member_is_an_error(method: int) -> None:
    path = packed("a.zip", "b.txt", method=method)
    (source,), _ = gather([path], SUFFIXES)
    data = bytearray(path.read_bytes())
    start = data.index(b"b.txt") + len("b.txt")
    data[start : start + 12] = b"\xff" * 12
    path.write_bytes(data)
    assert str(data_error(source)) == "b.txt：压缩包 a.zip 里的这个文件打不开；请解压后再试"


def test_source_of_a_locked_member_says_so() -> None:
    path = packed("a.zip", "b.txt")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    (source,), _ = gather([path], SUFFIXES)
    assert data_error(source).what == "压缩包 a.zip 加了密码"


def test_zip_of_any_damaged_bytes_is_read_or_refused() -> None:
    whole = packed("a.zip", "b.txt").read_bytes()
    for place in range(len(whole)):
        data = bytearray(whole)
        data[place] ^= 0xFF
        Path("a.zip").write_bytes(data)
        for source in gather([Path("a.zip")], SUFFIXES)[0]:
            try:
                source.data(1000)
            except ReadError:
                continue


def test_zip_with_too_many_members_is_refused() -> None:
    with zipfile.ZipFile("a.zip", "w") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}.txt", b"")
    assert failure("a.zip") == "a.zip：压缩包里有 10001 个文件，过多或过大；请分成几个压缩包"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_zip_names_written_without_a_mark_are_read_as_meant(encoding: str) -> None:
    name = "访谈/张三.txt".encode(encoding)
    path = packed("a.zip", "x" * len(name))
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
    (source,), _ = gather([path], SUFFIXES)
    assert source.place == Path("a.zip/访谈/张三.txt")
    assert source.data(1000) == WORDS


def test_zip_members_outside_their_folder_are_only_read(folder: Path) -> None:
    packed("a.zip", "../../b.txt", "c\\d.txt")
    assert places("a.zip") == ["a.zip/../../b.txt", "a.zip/c/d.txt"]
    assert [path.name for path in folder.iterdir()] == ["a.zip"]
