"""Paths → sources: a file is itself, a folder and a zip are the transcripts in them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coder.errors import CoderError, FormatError, ReadError, TooLargeError

_MOST_MEMBERS = 10_000
_MOST_EXPANDED = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Source:
    """A transcript to be read: a file, or a member of a zip."""

    path: Path
    member: str = ""

    @property
    def place(self) -> Path:
        """The path that names it, a zip counting as a folder."""
        return self.path / self.member if self.member else self.path

    def data(self, max_bytes: int) -> bytes:
        """The bytes, at most ``max_bytes``; a ReadError says why not."""
        if not self.member:
            return _file_bytes(self.path, max_bytes)
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                # the size that a zip declares can lie: what comes out is counted
                data = stream.read(max_bytes + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            raise FormatError(
                self.place.name, f"压缩包 {self.path.name} 里的这个文件打不开", "请解压后再试"
            ) from None
        if len(data) > max_bytes:
            raise TooLargeError(self.place.name, f"超过上限 {max_bytes // 1024**2} MB", "请拆成几个文件")
        return data


def _file_bytes(path: Path, max_bytes: int) -> bytes:
    try:
        if path.stat().st_size > max_bytes:
            size = path.stat().st_size / 1024**2
            what = f"文件 {size:.1f} MB，超过上限 {max_bytes // 1024**2} MB"
            raise TooLargeError(path.name, what, "请拆成几个文件，或调大 CODER_MAX_MEGABYTES")
        return path.read_bytes()
    except OSError as error:
        raise ReadError(path.name, f"打不开（{error.strerror}）", "请检查路径和权限") from None


def gather(paths: Iterable[Path], suffixes: tuple[str, ...]) -> tuple[list[Source], list[CoderError]]:
    """The sources under ``paths`` in order, and what could not be looked into."""
    sources: list[Source] = []
    failures: list[CoderError] = []
    for path in paths:
        try:
            sources.extend(_expand(path, suffixes))
        except CoderError as error:
            failures.append(error)
    unique = dict.fromkeys(sources)
    return list(unique), failures


def _expand(path: Path, suffixes: tuple[str, ...]) -> Iterator[Source]:
    if path.is_dir():
        yield from _folder(path, suffixes)
    elif path.suffix.lower() == ".zip":
        yield from _zip(path, suffixes)
    elif path.exists():
        yield Source(path)
    else:
        raise ReadError(str(path), "没有这个文件或文件夹", "请检查路径")


def _folder(path: Path, suffixes: tuple[str, ...]) -> list[Source]:
    found = []
    for child in sorted(path.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in child.relative_to(path).parts)
        # links could lead outside the folder or round in circles
        if child.is_file() and not child.is_symlink() and not hidden and child.suffix.lower() in suffixes:
            found.append(Source(child))
    if not found:
        raise ReadError(str(path), "文件夹里没有访谈稿", f"可读的格式：{'、'.join(suffixes)}")
    return found


def _zip(path: Path, suffixes: tuple[str, ...]) -> list[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except FileNotFoundError:
        raise ReadError(str(path), "没有这个文件", "请检查路径") from None
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        raise FormatError(path.name, "不是 zip（打不开）", "请重新压缩或直接选文件") from None
    if len(members) > _MOST_MEMBERS or sum(m.file_size for m in members) > _MOST_EXPANDED:
        raise TooLargeError(path.name, f"压缩包里有 {len(members)} 个文件，过多或过大", "请分成几个压缩包")
    found = [Source(path, m.filename) for m in members if _wanted(m, suffixes)]
    if not found:
        raise ReadError(path.name, "压缩包里没有访谈稿", f"可读的格式：{'、'.join(suffixes)}")
    return sorted(found, key=lambda source: source.member)


def _wanted(member: zipfile.ZipInfo, suffixes: tuple[str, ...]) -> bool:
    name = PurePosixPath(member.filename)
    hidden = any(part.startswith((".", "__MACOSX", "~$")) for part in name.parts)
    return not member.is_dir() and not hidden and name.suffix.lower() in suffixes
