"""The coded CSV: UTF-8 with BOM, RFC 4180, CRLF row ends, cells guarded against formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from coder.errors import EncodingError, FormatError, ReadError
from coder.export.rows import COLUMNS, Value, model_columns, records
from coder.export.target import Target, replacing
from coder.model.codebook import Codebook, Label, Mapping
from coder.model.review import Coding, Source, Status
from coder.model.suggestion import Run
from coder.model.text import Role, Span, Transcript

BINARY = False

# Columns that hold numbers or closed lists; all others are text, and guarded.
_PLAIN = frozenset(("event", "turn", "start", "end", "level", "confidence", "status", "source", "decided_at"))
# What a spreadsheet takes for a formula, or cuts off; and the guard itself, so that it can be removed.
_GUARDED = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")
_EXPLAIN = ("transcript", "start", "end", "text", "reason")
_INTERVIEWS = (
    *("transcript", "interviewee", "group", "characters", "interviewee_characters", "turns", "events"),
)


def guard(text: str) -> str:
    """``text`` with one ``'`` before it where a spreadsheet would take it for a formula.

    >>> guard("=1+1"), guard("'a"), guard("a=1")
    ("'=1+1", "''a", 'a=1')
    """
    return f"'{text}" if text.startswith(_GUARDED) else text


def unguard(text: str) -> str:
    """``text`` without its guard: exactly one ``'`` is removed."""
    return text.removeprefix("'")


def write(
    codings: Iterable[Coding], target: Target, codebook: Codebook, models: Sequence[Mapping] = ()
) -> None:
    """Write the codings; the client models' columns come after ``decided_at``."""
    columns = (*COLUMNS, *model_columns(models))
    _write(columns, records(codings, codebook, models), target)


def write_uncoded(runs: Iterable[tuple[Transcript, Run]], target: Target) -> None:
    """Write why interviewee sentences are not coded (``--explain``); reasons as in the closed list."""
    rows: list[dict[str, Value]] = [
        {
            "transcript": transcript.name,
            "start": uncoded.span.start,
            "end": uncoded.span.end,
            "text": transcript.of(uncoded.span),
            "reason": str(uncoded.reason),
        }
        for transcript, run in sorted(runs, key=lambda pair: pair[0].name)
        for uncoded in sorted(run.uncoded, key=lambda uncoded: uncoded.span)
    ]
    _write(_EXPLAIN, rows, target)


def write_interviews(transcripts: Iterable[Transcript], target: Target) -> None:
    """Write one row an interview with its length (``--interviews``)."""
    ordered = sorted(transcripts, key=lambda transcript: transcript.name)
    _write(_INTERVIEWS, [_length(transcript) for transcript in ordered], target)


def _length(transcript: Transcript) -> dict[str, Value]:
    own = (turn for turn in transcript.turns if turn.role is Role.INTERVIEWEE)
    return {
        "transcript": transcript.name,
        "interviewee": transcript.interviewee,
        "group": transcript.group,
        "characters": len(transcript.text),
        "interviewee_characters": sum(len(turn.span) for turn in own),
        "turns": len(transcript.turns),
        "events": len(transcript.events),
    }


def _write(columns: Sequence[str], rows: Iterable[dict[str, Value]], target: Target) -> None:
    body = io.StringIO(newline="")
    writer = csv.writer(body, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(column, row[column]) for column in columns] for row in rows)
    with replacing(target) as stream:
        stream.write(body.getvalue().encode("utf-8-sig", "replace"))


def _cell(column: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}"
    return str(value) if column in _PLAIN else guard(str(value))


def read(source: Path) -> tuple[Coding, ...]:
    """The codings of a coded CSV, in its order; ReadError when it is not one."""
    try:
        data = source.read_bytes()
    except OSError as error:
        raise ReadError(source.name, f"打不开（{error.strerror}）", "请检查路径和权限") from error
    return parse(data, source.name)


def parse(data: bytes, name: str) -> tuple[Coding, ...]:
    """The codings in ``data``, a coded CSV called ``name``."""
    csv.field_size_limit(2**31 - 1)  # a coded span may be longer than the module's 131,072
    reader = csv.DictReader(io.StringIO(_decode(data, name), newline=""), strict=True)
    found = []
    try:
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise FormatError(name, f"缺少列 {'、'.join(missing)}", "请用本程序导出的 CSV")
        for row in reader:
            found.append(_coding(row))
    except (csv.Error, ValueError) as error:
        raise FormatError(f"{name} 第 {reader.line_num} 行", f"读不懂：{error}", "请重新导出") from error
    return tuple(found)


def _decode(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # the second is what a Chinese spreadsheet saves
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise EncodingError(name, "不是 UTF-8，也不是 GB18030", "请另存为 UTF-8 的 CSV")


def _coding(row: dict[str, str | None]) -> Coding:
    cells = {column: row[column] or "" for column in COLUMNS}
    words = {column: unguard(cell) for column, cell in cells.items() if column not in _PLAIN}
    same = ("project", "transcript", "interviewee", "group", "text", "annotator", "evidence", "memo")
    versions = ("codebook", "codebook_version", "model_version")
    level, confidence, moment = cells["level"], cells["confidence"], cells["decided_at"]
    return Coding(
        **{column: words[column] for column in (*same, *versions)},
        event=int(cells["event"]) if cells["event"] else None,
        turn=int(cells["turn"]) if cells["turn"] else None,
        span=Span(int(cells["start"]), int(cells["end"])),
        label=Label(words["competency_code"], words["dimension"], int(level) if level else None),
        confidence=float(confidence) if confidence else None,
        status=Status(cells["status"]),
        source=Source(cells["source"]),
        decided_at=datetime.fromisoformat(moment) if moment else None,
    )
