"""Words for the person at the terminal: standard error, so that standard output stays data."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from coder.train import Progress


def say(message: str) -> None:
    """One line on standard error."""
    click.echo(message, err=True)


@contextmanager
def bar(label: str, length: int = 100) -> Iterator[Progress]:
    """A progress bar on standard error; what it yields takes a fraction (0–1) and a word."""
    with click.progressbar(length=length, label=label, file=sys.stderr, show_eta=length > 3) as shown:

        def progress(fraction: float, text: str) -> None:
            shown.label = f"{label} {text}"
            shown.update(max(0, round(fraction * length) - shown.pos))

        yield progress
