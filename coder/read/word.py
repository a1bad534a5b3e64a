r"""Word documents (.docx): the text as the author sees it with all tracked changes accepted.

Insertions, content controls, hyperlinks, fields' results, tabs (``\t``) and line breaks (``\n``)
are kept; deletions, footnotes, comments and headers are not text of the interview. Paragraphs and
table rows are joined by LF, cells by tab, a cell's paragraphs by LF (nested tables alike).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]

from coder.model.text import Span, Transcript
from coder.read.canonical import canonical
from coder.read.package import main_part

SUFFIXES: tuple[str, ...] = (".docx",)

# transitional and strict documents differ in the namespace alone
_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LEFT_OUT = frozenset({"del", "moveFrom", "pPr", "rPr", "sdtPr", "rt", "drawing", "pict", "object"})
_OFF = frozenset({"0", "false", "off"})
_NAME = re.compile(r"[^\s:：，。？！；,?!;…“”\"]{1,12}(?: [^\s:：，。？！；,?!;…]{1,12})?")
_COUNT = re.compile(r"\d+|[\[(（【]?(?:\d{1,2}:)?\d{1,3}:\d{2}(?:\.\d+)?[\])）】]?")


@dataclass(frozen=True, slots=True)
class _Block:
    """A stretch of text with the speaker names that its look gives away."""

    text: str
    hints: tuple[Span, ...] = ()


def read(data: bytes, name: str, encoding: str | None = None) -> Transcript:
    """The transcript in a .docx; its XML names its own encoding, so ``encoding`` is not used."""
    root = main_part(data, name)
    body = next((child for child in root if _tag(child) == "body"), None)
    block = _join(_blocks(body), "\n") if body is not None else _Block("")
    boxed = any(_tag(element) == "txbxContent" for element in root.iter())
    warnings = ("文本框里的文字没有读入，请核对",) if boxed else ()
    return Transcript(name, block.text, format="docx", encoding="utf-8", hints=block.hints, warnings=warnings)


def _tag(element: etree._Element) -> str:
    """The local name of a word-processing element, else an empty string."""
    if not isinstance(element.tag, str):  # comments and processing instructions
        return ""
    name = etree.QName(element)
    return name.localname if name.namespace in _SPACES else ""


def _get(element: etree._Element, name: str) -> str | None:
    return next((v for s in _SPACES if (v := element.get(f"{{{s}}}{name}")) is not None), None)


def _child(element: etree._Element, *path: str) -> etree._Element | None:
    found: etree._Element | None = element
    for name in path:
        found = next((c for c in found if _tag(c) == name), None) if found is not None else None
    return found


def _join(blocks: Iterable[_Block], separator: str) -> _Block:
    """The blocks as one, their hints moved to where they now stand."""
    texts: list[str] = []
    hints: list[Span] = []
    at = 0
    for block in blocks:
        hints += [Span(at + h.start, at + h.end) for h in block.hints]
        texts.append(block.text)
        at += len(block.text) + len(separator)
    return _Block(separator.join(texts), tuple(hints))


def _blocks(container: etree._Element) -> Iterator[_Block]:
    """The paragraphs and tables of a body or cell, in order."""
    runs: list[tuple[str, bool]] = []
    for element in _content(container):
        if _tag(element) == "tbl":
            yield _table(element)
            continue
        runs += _runs(element)
        if _mark_deleted(element):  # the next paragraph goes on in this one
            continue
        yield _paragraph(runs)
        runs = []
    if runs:
        yield _paragraph(runs)


def _content(container: etree._Element) -> Iterator[etree._Element]:
    """The p and tbl elements below ``container``, through content controls and insertions."""
    for child in container:
        tag = _tag(child)
        if tag in {"p", "tbl"}:
            yield child
        elif tag and tag not in _LEFT_OUT:
            yield from _content(child)


def _mark_deleted(paragraph: etree._Element) -> bool:
    marks = _child(paragraph, "pPr", "rPr")
    return marks is not None and any(_tag(m) in {"del", "moveFrom"} for m in marks)


def _runs(element: etree._Element, bold: bool = False) -> Iterator[tuple[str, bool]]:
    """The pieces of text in a paragraph, each with whether it is bold."""
    for child in element:
        tag = _tag(child)
        if tag == "t":
            # line ends in the XML itself are canonical before offsets are taken
            yield canonical(child.text or ""), bold
        elif tag in _CHARACTERS:
            yield _CHARACTERS[tag], bold
        elif tag == "r":
            yield from _runs(child, _is_bold(child))
        elif tag and tag not in _LEFT_OUT:
            yield from _runs(child, bold)


def _is_bold(run: etree._Element) -> bool:
    switch = _child(run, "rPr", "b")
    return switch is not None and (_get(switch, "val") or "1") not in _OFF


def _paragraph(runs: list[tuple[str, bool]]) -> _Block:
    text = "".join(piece for piece, _ in runs)
    name = _bold_name(runs)
    return _Block(text, (name,) if name else ())


def _bold_name(runs: list[tuple[str, bool]]) -> Span | None:
    """The bold words at the paragraph's start, up to a colon, if they could be a name."""
    bold = ""
    for piece, is_bold in runs:
        if not is_bold and piece.strip():
            break
        bold += piece
    return _name_in(re.split("[:：]", bold)[0])


def _name_in(text: str) -> Span | None:
    name = text.strip().rstrip(":：").rstrip()
    if not _NAME.fullmatch(name):
        return None
    start = text.index(name)
    return Span(start, start + len(name))


def _table(table: etree._Element) -> _Block:
    return _join((_row(r) for r in _parts(table, "tr") if _child(r, "trPr", "del") is None), "\n")


def _parts(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """The rows or cells of ``element``, also those inside content controls."""
    for child in element:
        tag = _tag(child)
        if tag == wanted:
            yield child
        elif tag in {"sdt", "sdtContent", "customXml", "ins"}:
            yield from _parts(child, wanted)


def _row(row: etree._Element) -> _Block:
    """The row's cells joined by tab; its name cell is the only hint."""
    cells = [_join(_blocks(cell), "\n").text for cell in _parts(row, "tc")]
    first = next((i for i, cell in enumerate(cells) if not _COUNT.fullmatch(cell.strip())), 0)
    name = _name_in(cells[first]) if len(cells) == first + 2 else None
    at = sum(len(cell) + 1 for cell in cells[:first])
    hints = (Span(at + name.start, at + name.end),) if name else ()
    return _Block("\t".join(cells), hints)
