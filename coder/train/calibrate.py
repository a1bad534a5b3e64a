"""How sure a candidate is, learned from interviews that the models had not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from coder.analyse.reliability import category_agreement, matched
from coder.classify.vector import Floats
from coder.combine import (
    CANDIDATES,
    DEFAULT_WEIGHTS,
    Found,
    candidate_features,
    candidates,
    propose,
    span_of,
)
from coder.corpus import Interview, labels_of
from coder.model.review import Coded

_THRESHOLDS = np.arange(0.08, 0.6, 0.02)


def calibrate(judged: Sequence[tuple[Interview, tuple[Found, ...]]]) -> tuple[Floats, float]:
    """The weights of combination, and the threshold with the highest CA."""
    features, targets = [], []
    for interview, founds in judged:
        codings = [c for c in interview.codings if c.label.dimension == "A"]
        for i, found in enumerate(founds):
            coded = {label.competency for label in labels_of(found.sentence, codings)}
            for vote in found.judgement.votes[:CANDIDATES]:
                features.append(candidate_features(founds, i, vote.competency))
                targets.append(vote.competency in coded)
    if len(set(targets)) < 2:
        return DEFAULT_WEIGHTS, 0.5
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=1000).fit(np.array(features), targets)
    weights = model.coef_[0].astype(np.float32)
    return weights, best_threshold(judged, weights)


def best_threshold(judged: Sequence[tuple[Interview, tuple[Found, ...]]], weights: Floats) -> float:
    """The threshold at which suggestions agree best with the coder (CA over all interviews)."""
    ranked = [(i, founds, candidates(founds, weights.tolist())) for i, founds in judged]

    def agreement(threshold: float) -> float:
        agreed = ours = theirs = 0
        for interview, founds, own in ranked:
            proposed = [
                Coded(span_of(founds, group), group[0].competency)
                for group in propose(founds, own, threshold)
                if group[0].confidence >= threshold
            ]
            reference = reference_of(interview)
            agreed += len(matched(proposed, reference))
            ours, theirs = ours + len(proposed), theirs + len(reference)
        return category_agreement(agreed, ours, theirs)

    best = max((float(t) for t in _THRESHOLDS), key=agreement)
    return round(best, 3)


def reference_of(interview: Interview) -> tuple[Coded, ...]:
    """The interview's codings in dimension A, as agreement counts them."""
    codings = (c for c in interview.codings if c.label.dimension == "A")
    return tuple(Coded(c.span, c.label.competency, c.label.level) for c in codings)
