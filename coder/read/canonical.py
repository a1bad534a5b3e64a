"""The canonical text of what was decoded."""

from __future__ import annotations

_BOM = "\ufeff"


def canonical(text: str) -> str:
    r"""``text`` without BOM, CRLF and CR as LF; nothing else altered.

    >>> canonical("\ufeff问：\r\n答：\r")
    '问：\n答：\n'
    """
    return text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")
