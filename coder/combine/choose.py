"""Which candidates become suggestions: the set that is worth most, by dynamic programming."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from coder.combine.spans import Candidate

FLOOR = 0.05


def choose(
    candidates: Sequence[Candidate], count: int, threshold: float
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    """The chosen candidates, and for each sentence left over the likeliest one below ``threshold``.

    Stretches do not overlap; the sum of (confidence − threshold) is the largest possible. For an
    F-measure such as CA this is the right sum: at the optimum an item is worth including exactly
    when its probability is above a fixed threshold (Lipton et al. 2014). ``count`` is the number of
    sentences. Two competencies share a stretch only where both pass the threshold.
    """
    by_end: dict[int, dict[int, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for candidate in candidates:
        by_end[candidate.last + 1][candidate.first].append(candidate)
    best: list[float] = [0.0] * (count + 1)
    taken: list[tuple[Candidate, ...]] = [()] * (count + 1)
    for end in range(1, count + 1):
        best[end] = best[end - 1]
        for first, own in by_end[end].items():
            passing = tuple(c for c in own if c.confidence >= threshold)
            gain = best[first] + sum(c.confidence - threshold for c in passing)
            # what just reaches the threshold adds nothing to the sum, but counts as proposed
            open_tie = not taken[end] and gain >= best[end]
            if passing and (gain > best[end] + 1e-12 or open_tie):
                best[end], taken[end] = gain, passing
    chosen = _walk(taken, count)
    return chosen, _rest(candidates, chosen)


def _walk(taken: Sequence[tuple[Candidate, ...]], count: int) -> tuple[Candidate, ...]:
    chosen: list[Candidate] = []
    end = count
    while end > 0:
        chosen += taken[end]
        end = taken[end][0].first if taken[end] else end - 1
    return tuple(sorted(chosen, key=lambda c: (c.first, c.last, c.competency)))


def _rest(candidates: Sequence[Candidate], chosen: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The likeliest single-sentence candidate of each sentence that nothing chosen covers."""
    covered = {place for c in chosen for place in range(c.first, c.last + 1)}
    best: dict[int, Candidate] = {}
    for candidate in candidates:
        place = candidate.first
        if candidate.last == place and place not in covered and candidate.confidence >= FLOOR:
            known = best.get(place)
            if known is None or candidate.confidence > known.confidence:
                best[place] = candidate
    return tuple(best[place] for place in sorted(best))
