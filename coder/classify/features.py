"""Contexts → the matrix that all models read: one row a sentence, blocks side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from coder.classify.context import Context
from coder.classify.vector import Floats, Vocabulary, tokens
from coder.words import Tokenizer

_NEIGHBOUR_WEIGHT = 0.5
_SIGN_WEIGHT = 1.0
_BLOCKS = (("", "text"), ("前句 ", "before"), ("后句 ", "after"), ("问句 ", "question"))


@dataclass(frozen=True)
class Featurizer:
    """A vocabulary for the sentence, its words again for the neighbours, and the known signs."""

    vocabulary: Vocabulary
    signs: tuple[str, ...]

    @classmethod
    def fit(
        cls, contexts: Sequence[Context], tokenizer: Tokenizer, least: int = 2, most: int = 60_000
    ) -> Featurizer:
        """The featurizer that knows what occurs in ``contexts`` at least ``least`` times."""
        documents = [tokens(context.text, tokenizer) for context in contexts]
        signs = sorted({sign for context in contexts for sign in context.signs})
        return cls(Vocabulary.fit(documents, least, most), tuple(signs))

    @cached_property
    def words(self) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """The columns of the vocabulary that are whole words."""
        return np.array([i for i, t in enumerate(self.vocabulary.terms) if t.startswith("w:")], dtype=np.intp)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each column of the matrix stands for."""
        words = [self.vocabulary.terms[i] for i in self.words]
        names = list(self.vocabulary.terms)
        for prefix, _ in _BLOCKS[1:]:
            names.extend(prefix + word for word in words)
        return (*names, *self.signs)

    def matrix(self, contexts: Sequence[Context], tokenizer: Tokenizer) -> sparse.csr_matrix:
        """(len(contexts), len(names)); each different sentence is cut and weighed once."""
        texts = {getattr(c, block) for c in contexts for _, block in _BLOCKS}
        place = {text: row for row, text in enumerate(sorted(texts))}
        rows = self.vocabulary.rows([tokens(text, tokenizer) for text in place])
        words = _unit(rows[:, self.words]) * np.float32(_NEIGHBOUR_WEIGHT)
        blocks = [rows[[place[c.text] for c in contexts]]]
        for _, block in _BLOCKS[1:]:
            blocks.append(words[[place[getattr(c, block)] for c in contexts]])
        blocks.append(self._sign_rows(contexts))
        return sparse.hstack(blocks, format="csr", dtype=np.float32)

    def _sign_rows(self, contexts: Iterable[Context]) -> sparse.csr_matrix:
        index = {sign: column for column, sign in enumerate(self.signs)}
        indptr, indices, data = [0], [], []
        for context in contexts:
            for sign, value in sorted(context.signs.items()):
                if sign in index:
                    indices.append(index[sign])
                    data.append(value * _SIGN_WEIGHT)
            indptr.append(len(indices))
        values: Floats = np.array(data, dtype=np.float32)
        shape = (len(indptr) - 1, len(self.signs))
        return sparse.csr_matrix((values, np.array(indices, dtype=np.int32), np.array(indptr)), shape=shape)


def _unit(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    """The rows brought to length 1; empty ones stay empty."""
    norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (sparse.diags((1 / np.where(norms > 0, norms, 1)).astype(np.float32)) @ rows).tocsr()
