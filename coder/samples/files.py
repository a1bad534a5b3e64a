"""What the models do not read of samples/: who an interview is with, its events, and the limits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coder.errors import DataError
from coder.model.text import Span


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a coding file and its events; ``stem`` is the file's name."""

    stem: str
    id: str
    synthetic: bool
    trade: str
    group: str
    interviewee: str
    events: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the corpus must hold at least, and how much alike or uncovered it may be (limits.json)."""

    interviews: int
    trades: int
    layouts: int
    traditional: int
    noisy: int
    double: int
    codings: int
    codable_utterances: int
    not_codable_utterances: int
    superior_share: tuple[float, float]
    codable_share: tuple[float, float]
    covered_share: float
    alike_interviews: float
    alike_utterances: float
    traditional_characters: float
    full_stops: float
    manual_words: tuple[str, ...]


def read_headers(folder: Path) -> tuple[Header, ...]:
    """The heads of all coding files of a folder, by file name."""
    return tuple(_header(path) for path in sorted(folder.glob("*.json")))


def _header(path: Path) -> Header:
    data = _object(path)
    return Header(
        stem=path.stem,
        id=data.get("id", ""),
        synthetic=data.get("synthetic") is True,
        trade=data.get("trade", ""),
        group=data.get("group", ""),
        interviewee=data.get("interviewee", ""),
        events=tuple(Span(event["start"], event["end"]) for event in data.get("events", [])),
    )


def read_limits(path: Path) -> Limits:
    """The limits of a corpus; DataError naming what is missing or unknown."""
    data: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in _object(path).items()}
    try:
        return Limits(**data)
    except TypeError as error:
        raise DataError(path.name, f"字段不符：{error}", "请对照 samples/README.md") from None


def _object(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(path.name, "没有这个文件", f"请把它放进 {path.parent.name}/") from None
    except json.JSONDecodeError as error:
        raise DataError(path.name, f"不是合法的 JSON：第 {error.lineno} 行", "请检查引号与逗号") from None
    if not isinstance(data, dict):
        raise DataError(path.name, "这里应是一个 JSON 对象", "请对照 samples/README.md")
    return data
