"""Sentences → sparse rows over a fixed vocabulary of words and character n-grams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from coder.words import Tokenizer

Floats = npt.NDArray[np.float32]
_STOPS = frozenset(",。!?;:、…—“”‘’\"'() \n\t")


@lru_cache(maxsize=50_000)
def tokens(folded: str, tokenizer: Tokenizer) -> tuple[str, ...]:
    """The features of a sentence: ``w:`` words, ``b:`` pairs of words, ``c:`` character n-grams.

    Remembered: in cross-validation each sentence is asked for in every fold.
    """
    return tuple(_tokens(folded, tokenizer))


def _tokens(folded: str, tokenizer: Tokenizer) -> Iterator[str]:
    words = [word for word in tokenizer.cut(folded) if not word.isspace()]
    words = ["<数>" if word[0].isdecimal() else word for word in words]
    yield from (f"w:{word}" for word in words if word not in _STOPS)
    yield from (f"b:{a}|{b}" for a, b in pairwise(words))
    for size in (2, 3):
        for i in range(len(folded) - size + 1):
            gram = folded[i : i + size]
            if not _STOPS.intersection(gram):
                yield f"c:{gram}"


@dataclass(frozen=True)
class Vocabulary:
    """The known features and their inverse document frequencies, in the same order."""

    terms: tuple[str, ...]
    idf: Floats

    @cached_property
    def index(self) -> dict[str, int]:
        """Each term's column."""
        return {term: column for column, term in enumerate(self.terms)}

    @classmethod
    def fit(cls, documents: Sequence[Iterable[str]], least: int, most: int) -> Vocabulary:
        """The terms that occur in at least ``least`` documents, at most the ``most`` commonest."""
        counts: Counter[str] = Counter()
        for document in documents:
            counts.update(set(document))
        kept = [(count, term) for term, count in counts.items() if count >= least]
        kept.sort(key=lambda pair: (-pair[0], pair[1]))
        terms = tuple(sorted(term for _, term in kept[:most]))
        frequencies = np.array([counts[term] for term in terms], dtype=np.float64)
        idf = np.log((1 + len(documents)) / (1 + frequencies)) + 1
        return cls(terms, idf.astype(np.float32))

    def rows(self, documents: Sequence[Iterable[str]]) -> sparse.csr_matrix:
        """One row a document: 1 + log(count) times idf, each row of length 1."""
        indptr, indices, data = [0], [], []
        for document in documents:
            counts = Counter(self.index[term] for term in document if term in self.index)
            columns = sorted(counts)
            values = np.array([1 + np.log(counts[c]) for c in columns], dtype=np.float32)
            values *= self.idf[columns] if columns else np.float32(1)
            norm = float(np.sqrt((values**2).sum())) or 1.0
            indices.extend(columns)
            data.append(values / np.float32(norm))
            indptr.append(len(indices))
        flat = np.concatenate(data) if data else np.zeros(0, dtype=np.float32)
        shape = (len(documents), len(self.terms))
        return sparse.csr_matrix((flat, np.array(indices, dtype=np.int32), np.array(indptr)), shape=shape)
