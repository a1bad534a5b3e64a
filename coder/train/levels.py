"""The level's regression, and how far its scores can be trusted on unseen trades."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import Ridge

from coder.classify import Levels
from coder.corpus import Example
from coder.model.codebook import Codebook

Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int_]
_INNER = 3
_UTTERANCE_WEIGHT = 0.3
_UTTERANCE_PRIOR = 0.1
_SMOOTHING = 0.5


def fit_levels(
    examples: Sequence[Example],
    rows: sparse.csr_matrix,
    codebook: Codebook,
    weights: Doubles,
    alpha: float,
) -> Levels:
    """One ridge regression with a part that all competencies share and a part of each one's own."""
    classes = codebook.suggested_codes
    kept = [i for i, e in enumerate(examples) if e.code in classes]
    place = {code: k for k, code in enumerate(classes)}
    codes = np.array([place[str(examples[i].code)] for i in kept], dtype=np.int_)
    levels = np.array([float(examples[i].level or 1) for i in kept])
    spoken = np.array([not examples[i].source.startswith("utterance:") for i in kept], dtype=bool)
    # utterances were written to fill the scale evenly: they say little of how often a level occurs
    importance = weights[kept] * np.where(spoken, 1.0, _UTTERANCE_WEIGHT)
    centre, spread = _moments(codes, levels, importance, len(classes))
    steps, prior = _prior(codebook, codes, levels, spoken)
    units = (levels - centre[codes]) / spread[codes] if kept else levels
    coefficients = _ridge(rows[kept], codes, units, importance, alpha, len(classes))
    trades = [examples[i].trade for i in kept]
    error = _error(rows[kept], codes, units, importance, alpha, trades, spoken, len(classes))
    arrays = (coefficients, centre, spread, prior, steps, error)
    return Levels(classes, *(np.asarray(array, dtype=np.float32) for array in arrays))


def _moments(codes: Integers, levels: Doubles, importance: Doubles, count: int) -> tuple[Doubles, Doubles]:
    """Each competency's mean level and standard deviation."""
    centre, spread = np.ones(count), np.ones(count)
    for k in range(count):
        own = codes == k
        if own.any():
            centre[k] = np.average(levels[own], weights=importance[own])
            spread[k] = levels[own].std() or 1.0
    return centre, spread


def _prior(
    codebook: Codebook, codes: Integers, levels: Doubles, spoken: npt.NDArray[np.bool_]
) -> tuple[Doubles, Doubles]:
    """All levels of any scale, and how often each competency was given each of its own."""
    scales = [codebook.by_code[c].dimension("A").codable_levels for c in codebook.suggested_codes]
    steps = np.array(sorted({level for scale in scales for level in scale}), dtype=np.float64)
    prior = np.zeros((len(scales), len(steps)))
    counted = np.where(spoken, 1.0, _UTTERANCE_PRIOR)
    for k, scale in enumerate(scales):
        for column, step in enumerate(steps):
            if step in scale:
                prior[k, column] = counted[(codes == k) & (levels == step)].sum() + _SMOOTHING
    return steps, prior / prior.sum(axis=1, keepdims=True)


def _ridge(
    rows: sparse.csr_matrix, codes: Integers, units: Doubles, importance: Doubles, alpha: float, count: int
) -> Doubles:
    """Weights, competencies × features: the shared part plus each competency's own."""
    width = rows.shape[1]
    if not len(units):
        return np.zeros((count, width))
    entries = rows.tocoo()
    columns = codes[entries.row] * width + entries.col
    own = sparse.csr_matrix((entries.data, (entries.row, columns)), shape=(rows.shape[0], count * width))
    ridge = Ridge(alpha=alpha, fit_intercept=False, solver="sparse_cg", tol=1e-2)
    fitted = ridge.fit(sparse.hstack([rows, own], format="csr"), units, sample_weight=importance).coef_
    return np.asarray(fitted[:width] + fitted[width:].reshape(count, width))


def _error(
    rows: sparse.csr_matrix,
    codes: Integers,
    units: Doubles,
    importance: Doubles,
    alpha: float,
    trades: Sequence[str],
    spoken: npt.NDArray[np.bool_],
    count: int,
) -> Doubles:
    """Intercept, slope and noise of the score given the true level, on held-out trades."""
    groups = {trade: k % _INNER for k, trade in enumerate(sorted(set(trades)))}
    group = np.array([groups[trade] for trade in trades], dtype=np.int_)
    scores = np.zeros(len(units))
    for g in range(_INNER):
        out = group == g
        if out.any() and not out.all():
            inner = _ridge(rows[~out], codes[~out], units[~out], importance[~out], alpha, count)
            scores[out] = np.asarray(rows[out].multiply(inner[codes[out]]).sum(axis=1)).ravel()
    judged = spoken if spoken.sum() > 2 else np.ones(len(units), dtype=bool)
    truth, said = units[judged], scores[judged]
    if len(truth) < 3 or not truth.var() or not said.any():
        return np.array([0.0, 0.0, 1.0])
    slope = float(np.cov(said, truth)[0, 1] / truth.var(ddof=1))
    intercept = float(said.mean() - slope * truth.mean())
    noise = float((said - intercept - slope * truth).std()) or 1.0
    return np.array([intercept, slope, noise])
