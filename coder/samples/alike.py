"""Near-duplicates: Jaccard similarity of character 5-grams, over an inverted index."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from coder.words import fold

_GRAM = 5


def grams(text: str) -> frozenset[str]:
    """The character 5-grams of the folded text without spaces and punctuation.

    >>> sorted(grams("一二三，四五六"))
    ['一二三四五', '二三四五六']
    """
    plain = re.sub(r"[\W_]", "", fold(text))
    return frozenset(plain[i : i + _GRAM] for i in range(len(plain) - _GRAM + 1))


def alike(texts: Sequence[str], limit: float) -> tuple[tuple[float, int, int], ...]:
    """The pairs whose similarity is above ``limit`` (0–1), the most alike first, as places in ``texts``."""
    sizes, places = [], defaultdict(list)
    for i, text in enumerate(texts):
        own = grams(text)
        sizes.append(len(own))
        for gram in own:
            places[gram].append(i)
    # most grams occur once: only what two texts share is counted
    shared: Counter[tuple[int, int]] = Counter()
    for found in places.values():
        shared.update((a, b) for k, b in enumerate(found) for a in found[:k])
    scored = ((n / (sizes[a] + sizes[b] - n), a, b) for (a, b), n in shared.items())
    return tuple(sorted((pair for pair in scored if pair[0] > limit), reverse=True))
