"""Codings → a file: one module a format, found by the target's suffix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from coder.errors import UsageError
from coder.export import csv, json
from coder.export.names import printable, qualify
from coder.export.target import Target, check_target, replacing
from coder.model.codebook import Codebook, Mapping
from coder.model.review import Coding

__all__ = ["FORMATS", "Target", "check_target", "format_of", "printable", "qualify", "replacing", "write"]


class Format(Protocol):
    """What a format's module offers. ``BINARY`` formats are not for standard output."""

    BINARY: bool

    def write(
        self, codings: Iterable[Coding], target: Target, codebook: Codebook, models: Sequence[Mapping] = ()
    ) -> None:
        """Write the codings, with columns for the client models."""


FORMATS: dict[str, Format] = {"csv": csv, "json": json}


def format_of(target: Target, format: str | None = None) -> str:
    """The format that is asked for, or that the target's suffix names; csv for a stream."""
    suffix = target.suffix.lower().lstrip(".") if isinstance(target, Path) else "csv"
    name = format or suffix
    if name not in FORMATS:
        where = str(target) if isinstance(target, Path) else "--format"
        raise UsageError(where, f"不支持的格式 {name or '（没有扩展名）'}", f"请用 {'、'.join(FORMATS)} 之一")
    return name


def write(
    codings: Iterable[Coding],
    target: Target,
    *,
    codebook: Codebook,
    models: Sequence[Mapping] = (),
    format: str | None = None,
) -> None:
    """Write the codings to a file, or to a binary stream."""
    FORMATS[format_of(target, format)].write(codings, target, codebook, models)
