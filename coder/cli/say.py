"""Words for the person at the terminal: standard error, so that standard output stays data."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import IO

import click

from coder.errors import ExportError
from coder.train import Progress

_SECONDS_BETWEEN_LINES = 30
_LONGEST_WORD = 20


def say(message: str) -> None:
    """One line on standard error."""
    click.echo(message, err=True)


def tell(message: str) -> None:
    """What a command was asked for, as text on standard output."""
    with standard_output():
        click.echo(message)


def report(done: str, failures: Iterable[str]) -> int:
    """Say what was done and, last, what failed; gives the exit code."""
    listed = tuple(failures)
    say(done + (f"；{len(listed)} 个问题：" if listed else ""))
    for failure in listed:
        say(f"  {failure}")
    return 1 if listed else 0


@contextmanager
def standard_output() -> Iterator[IO[bytes]]:
    """Standard output for bytes, flushed at the end; ExportError when it takes no more."""
    if sys.stdout is None:
        raise ExportError("标准输出", "是关着的", "请用 -o 给出文件")
    try:
        yield sys.stdout.buffer
        sys.stdout.flush()
    except OSError as error:
        leave(sys.stdout)
        raise ExportError("标准输出", f"不能写入：{error.strerror}", "请检查管道和空间，或用 -o") from error


def leave(stream: IO[str]) -> None:
    """Let what is still to be written go nowhere: Python would complain about it at its end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def bar(label: str, length: int = 100) -> Iterator[Progress]:
    """A progress bar on standard error; what it yields takes a fraction (0–1) and a word.

    Where nobody watches (a file, a pipe) it is a line every half minute.
    """
    if not (sys.stderr and sys.stderr.isatty()):
        yield _lines(label)
        return
    with click.progressbar(
        length=length, label=label, file=sys.stderr, show_eta=length > 3, width=20
    ) as shown:

        def progress(fraction: float, text: str) -> None:
            shown.label = f"{label} {text[-_LONGEST_WORD:]}"
            shown.update(max(0, round(fraction * length) - shown.pos))

        yield progress


def _lines(label: str) -> Progress:
    last = monotonic()

    def progress(fraction: float, text: str) -> None:
        nonlocal last
        if monotonic() - last >= _SECONDS_BETWEEN_LINES:
            last = monotonic()
            say(f"{label} {fraction:.0%} {text}")

    return progress
