"""The trained models as plain arrays: codability, reason, competency, level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit

from coder.classify.context import Context
from coder.classify.features import Featurizer
from coder.classify.levels import Levels
from coder.classify.vector import Floats, Vocabulary
from coder.model.codebook import Codebook
from coder.model.suggestion import Codability, Feature, Reason, Vote
from coder.model.text import Span
from coder.words import Tokenizer

_SHOWN = 6
_EXPLAINED = 4


@dataclass(frozen=True)
class Linear:
    """A linear model: ``weights`` (classes × features) and ``bias`` (classes)."""

    classes: tuple[str, ...]
    weights: Floats
    bias: Floats

    def scores(self, rows: sparse.csr_matrix) -> Floats:
        """The raw scores, rows × classes."""
        return np.asarray(rows @ self.weights.T + self.bias, dtype=np.float32)

    def softmax(self, rows: sparse.csr_matrix) -> Floats:
        """Probabilities over the classes that sum to 1 in each row."""
        scores = self.scores(rows)
        shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)

    def sigmoid(self, rows: sparse.csr_matrix) -> Floats:
        """The probability of the only class of a yes-or-no model, one a row."""
        return np.asarray(expit(self.scores(rows)[:, 0]), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the models say of one sentence; ``votes`` are all competencies, the likeliest first."""

    codability: Codability
    votes: tuple[Vote, ...]

    def probability(self, competency: str) -> float:
        """The probability of a competency given that the sentence is codable."""
        return next(vote.probability for vote in self.votes if vote.competency == competency)


@dataclass(frozen=True)
class Models:
    """Everything that is trained. ``version`` hashes what it was trained from."""

    version: str
    featurizer: Featurizer
    codability: Linear
    reason: Linear
    competency: Linear
    levels: Levels
    combination: Floats
    threshold: float

    @classmethod
    def empty(cls, codebook: Codebook) -> Models:
        """Models that know nothing, for an engine that is about to be trained."""
        codes = codebook.suggested_codes
        none = np.zeros(0, dtype=np.float32)
        blank = Linear(codes, np.zeros((len(codes), 0), np.float32), np.zeros(len(codes), np.float32))
        one = Linear(("yes",), np.zeros((1, 0), np.float32), np.zeros(1, np.float32))
        reason = Linear((Reason.NOT_FOUND,), np.zeros((1, 0), np.float32), np.zeros(1, np.float32))
        featurizer = Featurizer(Vocabulary((), none), ())
        zeros, steps = np.zeros(len(codes), np.float32), np.ones(1, np.float32)
        prior, error = np.ones((len(codes), 1), np.float32), np.array([0, 1, 1], np.float32)
        levels = Levels(codes, blank.weights, zeros, zeros + 1, prior, steps, error)
        return cls("", featurizer, one, reason, blank, levels, none, 0.5)

    def judge(
        self, contexts: Sequence[Context], offsets: Sequence[int], tokenizer: Tokenizer
    ) -> tuple[Judgement, ...]:
        """A judgement a sentence; ``offsets`` say where in the text each stands."""
        if not contexts:
            return ()
        rows = self.featurizer.matrix(contexts, tokenizer)
        codable = self.codability.sigmoid(rows)
        reasons = self.reason.scores(rows).argmax(axis=1)
        competencies = self.competency.softmax(rows)
        levels = self.levels.scores(rows)
        found = []
        for i, (context, offset) in enumerate(zip(contexts, offsets, strict=True)):
            order = np.argsort(-competencies[i], kind="stable")
            votes = tuple(
                Vote(
                    self.competency.classes[c],
                    float(competencies[i, c]),
                    float(levels[i, c]),
                    self._features(rows[i], c, context.text, offset) if rank < _EXPLAINED else (),
                )
                for rank, c in enumerate(order)
            )
            reason = Reason(self.reason.classes[reasons[i]])
            found.append(Judgement(Codability(float(codable[i]), reason), votes))
        return tuple(found)

    def _features(
        self, row: sparse.csr_matrix, competency: int, text: str, offset: int
    ) -> tuple[Feature, ...]:
        """The sentence's own words that spoke most for a competency against the others."""
        own = self._shown[row.indices]
        shares = row.data[own] * self._contrast[competency, row.indices[own]]
        features: list[Feature] = []
        for k in np.argsort(-shares, kind="stable"):
            if shares[k] <= 0 or len(features) == _SHOWN:
                break
            spoken = self.featurizer.names[row.indices[own][k]][2:].replace("|", "")
            at = text.find(spoken)
            span = Span(offset + at, offset + at + len(spoken)) if at >= 0 else None
            if span is not None and not any(_inside(span, other.span) for other in features):
                features.append(Feature(spoken, float(shares[k]), span))
        return tuple(features)

    @cached_property
    def _shown(self) -> npt.NDArray[np.bool_]:
        """The columns fit to be shown as evidence: words and pairs of words, not bits of them."""
        terms = self.featurizer.vocabulary.terms
        readable = [term[:2] in ("w:", "b:") and len(term) > 3 for term in terms]
        return np.array(readable + [False] * (len(self.featurizer.names) - len(terms)), dtype=bool)

    @cached_property
    def _contrast(self) -> Floats:
        """The competencies' weights less their mean: what speaks for all speaks for none."""
        weights = self.competency.weights
        return np.asarray(weights - weights.mean(axis=0), dtype=np.float32)


def _inside(span: Span | None, other: Span | None) -> bool:
    """Whether one place holds the other: 挨户 says nothing new beside 挨户问."""
    return span is not None and other is not None and (span.contains(other) or other.contains(span))
