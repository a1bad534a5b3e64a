"""The main part of a Word file as XML, read with nothing expanded, fetched or trusted."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib

from lxml import etree  # type: ignore[import-untyped]

from coder.errors import FormatError

# 60,000 characters of interview are 1–3 MB of XML; more than this is a bomb
_MAX_XML = 48 * 1024 * 1024
# what zipfile lets through when offsets, names or streams are wrong
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_OLE = b"\xd0\xcf\x11\xe0"
_RESAVE = "请在 Word 里另存为 .docx 后重试"


def main_part(data: bytes, name: str) -> etree._Element:
    """The root element of the document; FormatError for anything that is not a sound .docx."""
    if data.startswith(_OLE):
        raise FormatError(name, "是旧版 Word（.doc）或加了密码的文档", "请另存为不加密的 .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            root = _parse(_member(archive, _main_path(archive, name), name), name)
    except _DAMAGED:
        raise FormatError(name, "不是 .docx（打不开其中的压缩包）", _RESAVE) from None
    if etree.QName(root).localname != "document":
        raise FormatError(name, "不是 Word 文档", _RESAVE)
    return root


def _main_path(archive: zipfile.ZipFile, name: str) -> str:
    """Where the package says that its document is; Word calls it document2.xml at times."""
    if "_rels/.rels" in archive.namelist():
        for relation in _parse(_member(archive, "_rels/.rels", name), name):
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                return posixpath.normpath(str(relation.get("Target", ""))).lstrip("/")
    return "word/document.xml"


def _member(archive: zipfile.ZipFile, path: str, name: str) -> bytes:
    try:
        # Word stores or deflates; other methods cannot be read in bounded steps
        if archive.getinfo(path).compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise FormatError(name, "压缩方式不是 Word 用的", _RESAVE)
        with archive.open(path) as member:
            # the sizes that the archive declares can lie: what comes out is counted
            content = member.read(_MAX_XML + 1)
    except KeyError:
        raise FormatError(name, f"压缩包里没有 {path}，不是 Word 文档", _RESAVE) from None
    if len(content) > _MAX_XML:
        raise FormatError(name, f"解压后超过 {_MAX_XML // 1024**2} MB", "请只保留访谈文字，另存后重试")
    return content


def _parse(content: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise FormatError(name, "文档内容损坏（XML 有误）", _RESAVE) from None
    if root.getroottree().docinfo.doctype:
        raise FormatError(name, "文档含有实体声明，不予读取", _RESAVE)
    return root
