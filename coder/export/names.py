"""Transcript names that can be told apart and written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path


def printable(name: str) -> str:
    """``name`` without bytes that are no text (``?`` instead), which no file could hold."""
    return name.encode("utf-8", "replace").decode()


def qualify(paths: Sequence[Path]) -> tuple[str, ...]:
    """A name for each path: the file's, with as many of its folders as tell equal ones apart.

    >>> qualify([Path("a/1.txt"), Path("b/1.txt"), Path("b/2.txt")])
    ('a/1.txt', 'b/1.txt', '2.txt')
    """
    parts = [path.absolute().parts for path in paths]
    depths = [1] * len(parts)
    while True:
        names = ["/".join(own[-depth:]) for own, depth in zip(parts, depths, strict=True)]
        count = Counter(names)
        short = [i for i, name in enumerate(names) if count[name] > 1 and depths[i] < len(parts[i])]
        if not short:
            return tuple(map(printable, names))
        for i in short:
            depths[i] += 1
