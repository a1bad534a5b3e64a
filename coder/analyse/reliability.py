"""Agreement between two codings of the same transcripts (bei-practice §5)."""

from __future__ import annotations

from collections.abc import Sequence

from coder.model.review import Coded


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


def quadratic_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Cohen's κ of two raters' levels with quadratic weights; None for fewer than two pairs or no spread.

    >>> quadratic_kappa([(1, 1), (2, 2), (3, 3)])
    1.0
    """
    if len(pairs) < 2:
        return None
    n = len(pairs)
    observed = sum((a - b) ** 2 for a, b in pairs) / n
    expected = sum((a - b) ** 2 for a, _ in pairs for _, b in pairs) / n**2
    return None if expected == 0 else 1 - observed / expected


def spearman(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Spearman's ρ with mean ranks for ties; None where one side has no spread.

    >>> spearman([1, 2, 3], [10, 20, 30])
    1.0
    """
    first, second = _ranks(xs), _ranks(ys)
    mean = (len(xs) - 1) / 2
    covariance = sum((a - mean) * (b - mean) for a, b in zip(first, second, strict=True))
    spread = sum((a - mean) ** 2 for a in first) * sum((b - mean) ** 2 for b in second)
    return covariance / float(spread**0.5) if spread else None


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    i = 0
    while i < len(order):
        j = i
        while j + 1 < len(order) and values[order[j + 1]] == values[order[i]]:
            j += 1
        for k in range(i, j + 1):
            ranks[order[k]] = (i + j) / 2
        i = j + 1
    return ranks
