"""Where an export goes: a file that appears whole or not at all, or a binary stream."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from uuid import uuid4

from coder.errors import ExportError

Target = Path | IO[bytes]
_ELSEWHERE = "请另选输出文件"


@contextmanager
def replacing(target: Target) -> Iterator[IO[bytes]]:
    """A stream that becomes ``target`` when the block ends well; ExportError when it cannot be."""
    if not isinstance(target, Path):
        yield target
        return
    try:
        path = target.resolve()  # through a link, to the file that it names
        if what := _unfit(path):
            raise ExportError(str(target), what, _ELSEWHERE)
        # a device or a pipe is written to, never replaced
        writing = _sibling(path) if path.is_file() or not path.exists() else path.open("wb")
        with writing as stream:
            yield stream
    except OSError as error:
        what = f"不能写入：{error.strerror or error}"
        raise ExportError(str(target), what, "请检查权限和空间，或关闭正打开它的程序") from error


def check_target(target: Path) -> None:
    """ExportError when nothing could be written to ``target``; nothing is."""
    try:
        if what := _unfit(target.resolve()):
            raise ExportError(str(target), what, _ELSEWHERE)
        if target.is_file() or not target.exists():
            with TemporaryFile(dir=target.resolve().parent):
                pass
    except OSError as error:
        raise ExportError(str(target), f"不能写入：{error.strerror or error}", _ELSEWHERE) from error


def _unfit(path: Path) -> str:
    if path.is_dir():
        return "是文件夹"
    if not path.parent.is_dir():
        return "所在的文件夹不存在"
    # renaming would succeed on a protected file in an open folder: respect the protection
    return "文件是只读的" if path.exists() and not os.access(path, os.W_OK) else ""


@contextmanager
def _sibling(path: Path) -> Iterator[IO[bytes]]:
    temporary = path.with_name(f".coder-{uuid4().hex}.tmp")
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
