"""Plain text (.txt, .md) in the encodings that Chinese transcripts come in."""

from __future__ import annotations

import codecs

from coder.errors import EncodingError, FormatError
from coder.model.text import Transcript
from coder.read.canonical import canonical
from coder.read.plausible import plausibility

SUFFIXES: tuple[str, ...] = (".txt", ".md")

# cp950 is Big5 with the seven characters (裏, 恒, 粧…) that Windows writes
_CODECS = {
    "utf-8": "utf-8",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-16": "utf-16-le",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "big5": "cp950",
    "cp950": "cp950",
    "big5hkscs": "big5hkscs",
}
_GUESSES = ("gb18030", "big5", "big5hkscs", "utf-16-le", "utf-16-be")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"PK\x03\x04", "zip 或 Word 文档", "若是 Word 文档，请把扩展名改为 .docx"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word（.doc）或加密文档", "请在 Word 里另存为不加密的 .docx"),
    (b"%PDF-", "PDF", "请另存为 .docx 或 .txt"),
    (b"{\\rtf", "RTF 文档", "请在 Word 里另存为 .docx"),
)
_ALLOWED_CONTROLS = frozenset("\t\n\v\f\r\x1a\x1c\x1d\x1e\x1f")
# a few rare characters in a short text pull its plausibility below 0
_ENOUGH = -0.25


def read(data: bytes, name: str, encoding: str | None = None) -> Transcript:
    """The transcript in ``data``; its encoding is detected unless given."""
    _refuse_signature(data, name)
    decoded, used = _decode_as(data, name, encoding) if encoding else _detect(data, name)
    _refuse_binary(decoded, name)
    return Transcript(name, canonical(decoded), format=name.rpartition(".")[2].lower(), encoding=used)


def _decode_as(data: bytes, name: str, encoding: str) -> tuple[str, str]:
    asked = encoding.strip().lower().replace("_", "-").replace("utf8", "utf-8").removesuffix("-sig")
    if asked not in _CODECS:
        raise EncodingError(name, f"不认得的编码 {encoding}", f"请用 {'、'.join(_CODECS)} 之一")
    marked = next((found for bom, found in _BOMS if data.startswith(bom)), "")
    codec = marked if asked == "utf-16" and marked else asked
    decoded = _try(data, codec)
    if decoded is None:
        raise EncodingError(name, f"按 {encoding} 解不开", "请换一种编码")
    return decoded, codec


def _detect(data: bytes, name: str) -> tuple[str, str]:
    """The text and its encoding: by BOM, else UTF-8 if it fits, else the most plausible."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            marked = _try(data, encoding)
            if marked is None:
                raise EncodingError(name, f"有 {encoding} 标记，内容却解不开（可能被截断）", "请重新导出文件")
            return marked, encoding
    utf8 = _try(data, "utf-8")
    if utf8 is not None and "\0" not in utf8:
        return utf8, "utf-8"
    scored = [(plausibility(text), text, e) for e in _GUESSES if (text := _try(data, e)) is not None]
    # max keeps the first of equals: gb18030 before big5 before its Hong Kong extension
    score, text, encoding = max(scored, key=lambda guess: guess[0], default=(-1.0, "", ""))
    if score > _ENOUGH:
        return text, encoding
    if b"\0" in data or _controls(data.decode("latin-1")) > len(data) // 100:
        raise _binary(name)
    raise EncodingError(name, "没有一种编码合适（试过 UTF-8、UTF-16、GB18030、Big5）", "请另存为 UTF-8 文本")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(_CODECS[encoding])
    except UnicodeDecodeError:
        return None


def _refuse_signature(data: bytes, name: str) -> None:
    for signature, kind, todo in _SIGNATURES:
        if data.startswith(signature):
            raise FormatError(name, f"不是文本，其实是 {kind}", todo)


def _refuse_binary(decoded: str, name: str) -> None:
    if "\0" in decoded or _controls(decoded) > len(decoded) // 1000:
        raise _binary(name)


def _controls(text: str) -> int:
    return sum(c < " " and c not in _ALLOWED_CONTROLS for c in text)


def _binary(name: str) -> FormatError:
    return FormatError(name, "不是文本（含有二进制内容）", "请选 .txt 或 .docx 访谈稿")
