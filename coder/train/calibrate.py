"""How sure a candidate is, learned from interviews that the models had not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from coder.analyse.reliability import Coded, category_agreement, matched
from coder.classify.vector import Floats
from coder.combine import CANDIDATES, DEFAULT_WEIGHTS, Found, candidate_features, combine
from coder.corpus import Interview, labels_of

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
    return round(float(max(_THRESHOLDS, key=lambda t: agreement_at(judged, weights, float(t)))), 3)


def agreement_at(
    judged: Sequence[tuple[Interview, tuple[Found, ...]]], weights: Floats, threshold: float
) -> float:
    """CA of the suggestions of at least ``threshold`` confidence."""
    agreed = ours = theirs = 0
    for interview, founds in judged:
        merged, _ = combine(founds, weights.tolist(), threshold)
        proposed = [Coded(s.span, s.label.competency) for s in merged if s.confidence >= threshold]
        reference = reference_of(interview)
        agreed += len(matched(proposed, reference))
        ours, theirs = ours + len(proposed), theirs + len(reference)
    return category_agreement(agreed, ours, theirs)


def reference_of(interview: Interview) -> tuple[Coded, ...]:
    """The interview's codings in dimension A, as agreement counts them."""
    codings = (c for c in interview.codings if c.label.dimension == "A")
    return tuple(Coded(c.span, c.label.competency, c.label.level) for c in codings)
