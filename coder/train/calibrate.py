"""How sure a candidate is, learned from interviews that the models had not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from coder.analyse.reliability import category_agreement, matched, same
from coder.classify.vector import Floats
from coder.combine import Found, Scene, candidates, choose, default_weights
from coder.corpus import Interview
from coder.model.review import Coded
from coder.model.text import Span

Judged = tuple[Interview, tuple[Found, ...]]

_THRESHOLDS = np.arange(0.08, 0.42, 0.02)
_UNCALIBRATED = 0.5
_STILL = 1e-6


def calibrate(judged: Sequence[Judged], codes: Sequence[str]) -> tuple[Floats, float]:
    """The weights of a candidate's features, and the threshold with the highest CA."""
    features, targets = _table(judged, codes)
    if len(set(targets)) < 2:
        return default_weights(codes), _UNCALIBRATED
    rows = np.array(features)
    centre, spread = rows.mean(axis=0), rows.std(axis=0)
    # a constant's spread is a rounding error, and dividing by that gives weights of 10^14
    centre[0], spread[spread < _STILL] = 0.0, 1.0
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=500)
    scaled = model.fit((rows - centre) / spread, targets).coef_[0] / spread
    # the bias is the first feature: it takes over what the centring took off
    scaled[0] -= float(scaled[1:] @ centre[1:])
    weights = scaled.astype(np.float32)
    return weights, best_threshold(judged, codes, weights)


def _table(judged: Sequence[Judged], codes: Sequence[str]) -> tuple[list[list[float]], list[bool]]:
    """The features of every candidate, and whether the coder has a coding that agrees with it."""
    features, targets = [], []
    for interview, founds in judged:
        reference = reference_of(interview)
        scene = Scene(founds, codes)
        for first, last in scene.stretches():
            span = Span(founds[first].sentence.span.start, founds[last].sentence.span.end)
            near = [coded for coded in reference if coded.span.overlap(span)]
            for k, row in scene.rows(first, last):
                features.append(row)
                targets.append(any(same(Coded(span, scene.codes[k]), coded) for coded in near))
    return features, targets


def best_threshold(judged: Sequence[Judged], codes: Sequence[str], weights: Floats) -> float:
    """The threshold at which suggestions agree best with the coder (CA over all interviews)."""
    ranked = [(reference_of(i), founds, candidates(founds, codes, weights)) for i, founds in judged]

    def agreement(threshold: float) -> float:
        agreed = ours = theirs = 0
        for reference, founds, own in ranked:
            chosen, _ = choose(own, len(founds), threshold)
            proposed = [Coded(c.span(founds), c.competency) for c in chosen]
            agreed += len(matched(proposed, reference))
            ours, theirs = ours + len(proposed), theirs + len(reference)
        return category_agreement(agreed, ours, theirs)

    best = max((float(t) for t in _THRESHOLDS), key=agreement)
    return round(best, 3)


def reference_of(interview: Interview) -> tuple[Coded, ...]:
    """The interview's codings in dimension A, as agreement counts them."""
    codings = (c for c in interview.codings if c.label.dimension == "A")
    return tuple(Coded(c.span, c.label.competency, c.label.level) for c in codings)
