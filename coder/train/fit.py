"""One fit of all models: ridge regression and complement naive Bayes, added up.

On a few thousand short texts a ridge classifier and complement naive Bayes (Rennie et al. 2003)
each beat logistic regression, and their sum beats both (samples/README.md has the table). Both
are linear in the features, so that their sum is one matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import ComplementNB
from sklearn.preprocessing import LabelBinarizer

from coder.classify import Featurizer, Linear, Models
from coder.combine import default_weights
from coder.corpus import Example
from coder.model.codebook import Codebook
from coder.model.suggestion import Reason
from coder.train.levels import fit_levels
from coder.words import Tokenizer

Doubles = npt.NDArray[np.float64]
_TOLERANCE = 1e-2
_INNER = 3
_THREADS = 2
_SHARPNESS = tuple(np.geomspace(1, 16, 25))


@dataclass(frozen=True, slots=True)
class Parameters:
    """What may be chosen; part of the model's version."""

    alpha: float = 1.5
    bayes_alpha: float = 0.3
    bayes_share: float = 0.5
    level_alpha: float = 0.7
    utterance_weight: float = 1.0
    vocabulary: int = 60_000


def fit(
    examples: Sequence[Example], codebook: Codebook, tokenizer: Tokenizer, parameters: Parameters
) -> Models:
    """The models of these examples, with default weights of combination."""
    contexts = [e.context for e in examples]
    featurizer = Featurizer.fit(contexts, tokenizer, most=parameters.vocabulary)
    rows = featurizer.matrix(contexts, tokenizer)
    importance = weights_of(examples, parameters)
    # SciPy's products leave Python free: two threads nearly halve the time on two cores
    with ThreadPoolExecutor(_THREADS) as pool:
        competency = pool.submit(_fit_competency, examples, rows, codebook, parameters)
        levels = pool.submit(fit_levels, examples, rows, codebook, importance, parameters.level_alpha)
        codability = pool.submit(_fit_codability, examples, rows, parameters)
        reason = pool.submit(_fit_reason, examples, rows, parameters)
    return Models(
        version="",
        featurizer=featurizer,
        codability=codability.result(),
        reason=reason.result(),
        competency=competency.result(),
        levels=levels.result(),
        combination=default_weights(codebook.suggested_codes),
        threshold=0.5,
    )


def weights_of(examples: Sequence[Example], parameters: Parameters) -> Doubles:
    """An utterance counts less than a sentence of an interview: it has no surroundings."""
    return np.array(
        [
            e.weight * (parameters.utterance_weight if e.source.startswith("utterance:") else 1)
            for e in examples
        ]
    )


def _linear(
    rows: sparse.csr_matrix,
    targets: Sequence[str],
    weights: Doubles,
    classes: Sequence[str],
    parameters: Parameters,
) -> tuple[Doubles, Doubles]:
    """Weights (classes × features) and biases; a class that never occurs scores lowest."""
    binarizer = LabelBinarizer(neg_label=-1).fit(list(classes))
    wanted = binarizer.transform(targets).astype(np.float64)
    if wanted.shape[1] == 1:
        wanted = np.hstack([-wanted, wanted])
    columns = {name: k for k, name in enumerate(binarizer.classes_)}
    order = [columns[name] for name in classes]
    ridge = Ridge(alpha=parameters.alpha, solver="sparse_cg", tol=_TOLERANCE)
    ridge.fit(rows, wanted[:, order], sample_weight=weights)
    bayes = ComplementNB(alpha=parameters.bayes_alpha).fit(rows, targets, sample_weight=weights)
    coefficients, intercepts = ridge.coef_.copy(), ridge.intercept_.copy()
    shares = np.zeros_like(coefficients)
    for k, name in enumerate(bayes.classes_):
        shares[classes.index(name)] = bayes.feature_log_prob_[k]
    # a feature's mean share says nothing of any class
    shares -= shares.mean(axis=0)
    scale = _spread(rows @ coefficients.T) / (_spread(rows @ shares.T) or 1.0)
    return coefficients + parameters.bayes_share * scale * shares, intercepts


def _spread(scores: Doubles) -> float:
    """How far the classes' scores lie apart within a row, on average."""
    return float(scores.std(axis=1).mean())


def _groups(examples: Sequence[Example], kept: Sequence[int]) -> npt.NDArray[np.int_]:
    """Each example's inner fold: whole trades, so that sharpness is judged on unseen ones."""
    trades = sorted({examples[i].trade for i in kept})
    place = {trade: k % _INNER for k, trade in enumerate(trades)}
    return np.array([place[examples[i].trade] for i in kept])


def _held_out(
    examples: Sequence[Example],
    kept: Sequence[int],
    rows: sparse.csr_matrix,
    targets: Sequence[str],
    weights: Doubles,
    classes: Sequence[str],
    parameters: Parameters,
) -> Doubles:
    """Scores of each example by a fit without its trade's inner fold."""
    groups = _groups(examples, kept)
    scores = np.zeros((len(kept), len(classes)))
    names = np.array(targets)
    for group in np.unique(groups):
        out = groups == group
        if out.all():
            return scores
        inner, bias = _linear(rows[~out], names[~out].tolist(), weights[~out], classes, parameters)
        scores[out] = rows[out] @ inner.T + bias
    return scores


def _fit_codability(examples: Sequence[Example], rows: sparse.csr_matrix, parameters: Parameters) -> Linear:
    """Yes or no, its score turned into a probability by Platt's logistic on held-out trades."""
    targets = ["yes" if e.code else "no" for e in examples]
    weights = weights_of(examples, parameters)
    everyone, classes = range(len(examples)), ("no", "yes")
    inner = _held_out(examples, everyone, rows, targets, weights, classes, parameters)
    both, bias = _linear(rows, targets, weights, classes, parameters)
    margin = inner[:, 1] - inner[:, 0]
    spoken = np.array([not e.source.startswith("utterance:") for e in examples])
    if len(set(np.array(targets)[spoken].tolist())) < 2:
        # utterances were chosen for what they show: their share of codable ones says nothing
        spoken[:] = True
    slope, intercept = _platt(margin[spoken], np.array(targets)[spoken] == "yes")
    difference, shift = both[1] - both[0], bias[1] - bias[0]
    return Linear(
        ("yes",),
        (slope * difference[None, :]).astype(np.float32),
        np.array([slope * shift + intercept], dtype=np.float32),
    )


def _platt(scores: Doubles, right: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and intercept of the logistic from score to probability (Platt 1999)."""
    if len(set(right.tolist())) < 2 or not scores.any():
        return 2.0, 0.0
    model = LogisticRegression(C=1e3).fit(scores[:, None], right)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _fit_reason(examples: Sequence[Example], rows: sparse.csr_matrix, parameters: Parameters) -> Linear:
    kept = [i for i, e in enumerate(examples) if e.code is None and e.reason not in (None, Reason.NOT_FOUND)]
    classes = [str(reason) for reason in Reason if reason is not Reason.NOT_FOUND]
    if not kept:
        return _blank(classes, rows)
    targets = [str(examples[i].reason) for i in kept]
    weights = weights_of([examples[i] for i in kept], parameters)
    coefficients, bias = _linear(rows[kept], targets, weights, classes, parameters)
    return Linear(tuple(classes), coefficients.astype(np.float32), bias.astype(np.float32))


def _blank(classes: Sequence[str], rows: sparse.csr_matrix) -> Linear:
    shape = (len(classes), rows.shape[1])
    return Linear(tuple(classes), np.zeros(shape, np.float32), np.zeros(len(classes), np.float32))


def _fit_competency(
    examples: Sequence[Example], rows: sparse.csr_matrix, codebook: Codebook, parameters: Parameters
) -> Linear:
    """The competency of codable speech, as sharp as held-out trades allow."""
    classes = codebook.suggested_codes
    kept = [i for i, e in enumerate(examples) if e.code in classes]
    if not kept:
        return _blank(classes, rows)
    targets = [str(examples[i].code) for i in kept]
    weights = weights_of([examples[i] for i in kept], parameters)
    inner = _held_out(examples, kept, rows[kept], targets, weights, classes, parameters)
    truth = np.array([classes.index(target) for target in targets])
    sharpness = min(_SHARPNESS, key=lambda factor: _surprise(inner * factor, truth, weights))
    coefficients, bias = _linear(rows[kept], targets, weights, classes, parameters)
    return Linear(
        classes, (sharpness * coefficients).astype(np.float32), (sharpness * bias).astype(np.float32)
    )


def _surprise(scores: Doubles, truth: npt.NDArray[np.int_], weights: Doubles) -> float:
    """The weighted mean of −log p of the true class under a softmax."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    log = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-np.average(log[np.arange(len(truth)), truth], weights=weights))
