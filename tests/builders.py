"""Word files made from their XML, so that tests can hold what Word writes and python-docx cannot."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="{target}" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def run(text: str, bold: bool = False) -> str:
    """A run of text."""
    properties = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str) -> str:
    """A paragraph of runs; plain words become a run."""
    return f"<w:p>{''.join(c if c.startswith('<') else run(c) for c in content)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table; a cell is a paragraph's words or block-level XML."""
    cells = ("".join(f"<w:tc>{c if c.startswith('<') else paragraph(c)}</w:tc>" for c in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(*blocks: str, head: str = "", namespace: str = W, path: str = "word/document.xml") -> bytes:
    """A Word file with these blocks as its body."""
    body = f'<w:document xmlns:w="{namespace}"><w:body>{"".join(blocks)}</w:body></w:document>'
    return package({"_rels/.rels": _RELATIONS.format(target=path), path: f"{head}{body}"})


def package(parts: dict[str, str]) -> bytes:
    """A zip of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()
