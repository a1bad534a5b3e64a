"""Paths → sources: a file is itself, a folder and a zip are the transcripts in them."""

from __future__ import annotations

import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from coder.errors import CoderError, FormatError, ReadError, TooLargeError

_MOST_MEMBERS = 10_000
_MOST_EXPANDED = 2 * 1024**3
_MEGA = 1024**2
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800
# what zipfile lets through when offsets, names or streams are wrong
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A transcript to be read: a file, or a member of a zip (``shown``: its name for people)."""

    path: Path
    member: str = ""
    shown: str = field(default="", compare=False)

    @property
    def place(self) -> Path:
        """The path that names it, a zip counting as a folder."""
        return self.path / (self.shown or self.member) if self.member else self.path

    def data(self, max_bytes: int) -> bytes:
        """The bytes, at most ``max_bytes``; a ReadError says why not."""
        return self._member_bytes(max_bytes) if self.member else _file_bytes(self.path, max_bytes)

    def _member_bytes(self, max_bytes: int) -> bytes:
        name = self.place.name
        try:
            with zipfile.ZipFile(self.path) as archive:
                if archive.getinfo(self.member).flag_bits & _ENCRYPTED:
                    raise FormatError(name, f"压缩包 {self.path.name} 加了密码", "请解压后再试")
                with archive.open(self.member) as stream:
                    # the size that a zip declares can lie: what comes out is counted
                    data = stream.read(max_bytes + 1)
        except (*_DAMAGED, KeyError):
            raise FormatError(name, f"压缩包 {self.path.name} 里的这个文件打不开", "请解压后再试") from None
        if len(data) > max_bytes:
            raise _too_large(name, "解压后", max_bytes)
        return data


def _file_bytes(path: Path, max_bytes: int) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise ReadError(path.name, "不是文件", "请给出一个访谈稿文件")
        size = path.stat().st_size
        if size > max_bytes:
            raise _too_large(path.name, f"文件 {size / _MEGA:.1f} MB，", max_bytes)
        return path.read_bytes()
    except FileNotFoundError:
        raise ReadError(path.name, "没有这个文件", "请检查路径") from None
    except OSError as error:
        raise ReadError(path.name, f"打不开（{error.strerror}）", "请检查路径和权限") from None


def _too_large(name: str, size: str, limit: int) -> TooLargeError:
    what = f"{size}超过上限 {limit / _MEGA:g} MB"
    return TooLargeError(name, what, "请拆成几个文件，或调大 CODER_MAX_MEGABYTES")


def gather(paths: Iterable[Path], suffixes: tuple[str, ...]) -> tuple[list[Source], list[CoderError]]:
    """The sources under ``paths`` in order, each once, and what could not be looked into."""
    found: dict[tuple[Path, str], Source] = {}
    failures: list[CoderError] = []
    for path in paths:
        try:
            for source in _expand(path, suffixes, failures):
                # a file given twice, or with the folder it lies in, is one interview
                found.setdefault((source.path.resolve(), source.member), source)
        except CoderError as error:
            failures.append(error)
        except OSError as error:
            failures.append(ReadError(str(path), f"打不开（{error.strerror}）", "请检查路径和权限"))
    return list(found.values()), failures


def _expand(path: Path, suffixes: tuple[str, ...], failures: list[CoderError]) -> Iterator[Source]:
    if path.is_dir():
        yield from _folder(path, suffixes, failures)
    elif not path.exists():
        raise ReadError(str(path), "没有这个文件或文件夹", "请检查路径")
    elif path.suffix.lower() == ".zip":
        yield from _zip(path, suffixes)
    elif path.suffix.lower() not in suffixes:
        # said before its size: a film is not a transcript that is too large
        what = f"不支持的格式 {path.suffix or '（没有扩展名）'}"
        raise FormatError(str(path), what, f"请另存为 {'、'.join(suffixes)} 之一")
    else:
        yield Source(path)


def _folder(path: Path, suffixes: tuple[str, ...], failures: list[CoderError]) -> list[Source]:
    def unreadable(error: OSError) -> None:
        failures.append(ReadError(str(error.filename), f"打不开（{error.strerror}）", "请检查权限"))

    before = len(failures)
    found = []
    # links to folders are not followed: they can round in circles
    for folder, _, names in os.walk(path, onerror=unreadable):
        inside = Path(folder).relative_to(path)
        children = (path / inside / name for name in names if not _is_hidden((*inside.parts, name)))
        found += [Source(child) for child in children if child.suffix.lower() in suffixes]
    if not found and len(failures) == before:
        raise ReadError(str(path), "文件夹里没有访谈稿", f"可读的格式：{'、'.join(suffixes)}")
    return sorted(found, key=lambda source: source.path)


def _is_hidden(parts: Iterable[str]) -> bool:
    """Whether it is what systems and Word leave behind, not an interview."""
    return any(part.startswith((".", "~$", "__MACOSX")) and part != ".." for part in parts)


def _zip(path: Path, suffixes: tuple[str, ...]) -> list[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except _DAMAGED:
        raise FormatError(str(path), "不是 zip（打不开）", "请重新压缩或直接选文件") from None
    if len(members) > _MOST_MEMBERS or sum(m.file_size for m in members) > _MOST_EXPANDED:
        raise TooLargeError(str(path), f"压缩包里有 {len(members)} 个文件，过多或过大", "请分成几个压缩包")
    named = [(member.filename, _shown(member)) for member in members if not member.is_dir()]
    found = [Source(path, name, shown) for name, shown in named if _is_wanted(shown, suffixes)]
    if not found:
        raise ReadError(str(path), "压缩包里没有访谈稿", f"可读的格式：{'、'.join(suffixes)}")
    return sorted(found, key=lambda source: source.shown)


def _shown(member: zipfile.ZipInfo) -> str:
    """The member's name as it was meant; Windows writes names in GBK and macOS in UTF-8, unmarked."""
    name = member.filename.replace("\\", "/")
    if member.flag_bits & _UTF8_NAME:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name


def _is_wanted(name: str, suffixes: tuple[str, ...]) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in suffixes and not _is_hidden(path.parts)
