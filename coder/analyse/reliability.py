"""Agreement between two codings of the same transcripts (bei-practice §5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coder.model.text import Span


@dataclass(frozen=True, slots=True)
class Coded:
    """A coded span as agreement sees it."""

    span: Span
    code: str
    level: int | None = None


def same(first: Coded, second: Coded) -> bool:
    """Whether two codings agree: same code, overlap of at least half of the shorter span, and the
    longer span at most three times the shorter.
    """
    shorter, longer = sorted((len(first.span), len(second.span)))
    overlap = first.span.overlap(second.span)
    return first.code == second.code and overlap > 0 and overlap * 2 >= shorter and longer <= 3 * shorter


def matched(ours: Sequence[Coded], theirs: Sequence[Coded]) -> tuple[tuple[Coded, Coded], ...]:
    """The pairs that agree, each coding in at most one, the largest overlaps first."""
    candidates = sorted(
        (-a.span.overlap(b.span), i, j)
        for i, a in enumerate(ours)
        for j, b in enumerate(theirs)
        if same(a, b)
    )
    used_ours: set[int] = set()
    used_theirs: set[int] = set()
    pairs = []
    for _, i, j in candidates:
        if i not in used_ours and j not in used_theirs:
            used_ours.add(i)
            used_theirs.add(j)
            pairs.append((ours[i], theirs[j]))
    return tuple(pairs)


def category_agreement(agreed: int, ours: int, theirs: int) -> float:
    """归类一致性 CA = 2S / (T1 + T2) (Winter); 0 when nothing was coded.

    >>> category_agreement(6, 10, 8)
    0.6666666666666666
    """
    return 2 * agreed / (ours + theirs) if ours + theirs else 0.0


def reliability(ca: float, coders: int = 2) -> float:
    """编码信度系数 R = n·CA / (1 + (n − 1)·CA).

    >>> round(reliability(0.67), 2)
    0.8
    """
    return coders * ca / (1 + (coders - 1) * ca)
