"""A transcript file → Transcript: one module a format, found by the file's suffix.

The text is canonical: decoded, without BOM, CR and CRLF → LF, nothing else altered.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from coder.errors import FormatError, ReadError, TooLargeError
from coder.model.text import Transcript
from coder.read import text, word

__all__ = ["SUFFIXES", "read_bytes", "read_file"]


class Format(Protocol):
    """What a format's module offers."""

    SUFFIXES: tuple[str, ...]

    def read(self, data: bytes, name: str, encoding: str | None = None) -> Transcript:
        """The transcript in ``data``; ``encoding`` is for formats that do not say it themselves."""


_MODULES: tuple[Format, ...] = (text, word)
_FORMATS = {suffix: module for module in _MODULES for suffix in module.SUFFIXES}

SUFFIXES: tuple[str, ...] = tuple(_FORMATS)


def read_file(path: Path, max_bytes: int) -> Transcript:
    """The transcript in the file at ``path``; a ReadError says why not."""
    try:
        if not path.is_file():
            raise ReadError(path.name, "没有这个文件" if not path.exists() else "不是文件", "请检查路径")
        size = path.stat().st_size
        if size > max_bytes:
            raise _too_large(path.name, size, max_bytes)
        data = path.read_bytes()
    except PermissionError:
        raise ReadError(path.name, "没有读取权限", "请修改文件权限或换一个文件") from None
    except OSError as error:
        raise ReadError(path.name, f"打不开（{error.strerror}）", "请检查磁盘或换一个文件") from None
    return read_bytes(data, path.name, max_bytes)


def read_bytes(data: bytes, name: str, max_bytes: int, encoding: str | None = None) -> Transcript:
    """The transcript in ``data``, a file called ``name``; ``encoding`` overrides what is detected."""
    name = name.replace("\\", "/").rpartition("/")[2]
    if len(data) > max_bytes:
        raise _too_large(name, len(data), max_bytes)
    suffix = Path(name).suffix.lower()
    if suffix not in _FORMATS:
        wanted = "、".join(SUFFIXES)
        raise FormatError(name, f"不支持的格式 {suffix or '（没有扩展名）'}", f"请另存为 {wanted} 之一")
    if not data:
        raise FormatError(name, "空文件", "请选有文字的访谈稿")
    transcript = _FORMATS[suffix].read(data, name, encoding)
    if not transcript.text.strip():
        raise FormatError(name, "空文件", "请选有文字的访谈稿")
    return transcript


def _too_large(name: str, size: int, limit: int) -> TooLargeError:
    mega = 1024 * 1024
    what = f"文件 {size / mega:.1f} MB，超过上限 {limit / mega:g} MB"
    return TooLargeError(name, what, "请拆成几个文件，或调大 CODER_MAX_MEGABYTES")
