"""Examples → models. Everything that is fitted is fitted here, with scikit-learn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version as package_version

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression, Ridge

from coder.analyse.reliability import Coded, category_agreement, matched
from coder.classify import Featurizer, Levels, Linear, Models
from coder.combine import CANDIDATES, Found, candidate_features, combine
from coder.corpus import Corpus, Example, Interview, examples_of, labels_of
from coder.match import Matcher
from coder.model.codebook import Codebook
from coder.model.lexicon import Lexicon
from coder.model.suggestion import Reason
from coder.pipeline import Engine
from coder.words import Tokenizer

Progress = Callable[[float, str], None]

FOLDS = 4


@dataclass(frozen=True, slots=True)
class Parameters:
    """What may be chosen; part of the model's version."""

    codable_c: float = 1.0
    reason_c: float = 1.0
    competency_c: float = 4.0
    level_alpha: float = 3.0
    utterance_weight: float = 0.5
    seed: int = 7


def model_version(corpus_version: str, lexicon: Lexicon, tokenizer: Tokenizer, parameters: Parameters) -> str:
    """Twelve hexadecimal digits of everything that a model depends on."""
    libraries = [f"{name}-{package_version(name)}" for name in ("scikit-learn", "numpy", "scipy")]
    parts = [corpus_version, lexicon.version, tokenizer.version, repr(parameters), *libraries]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def folds(interviews: Sequence[Interview], count: int = FOLDS) -> tuple[frozenset[str], ...]:
    """The interviews' trades in ``count`` parts: no trade, so no interviewee, is in two of them."""
    trades = sorted({i.trade for i in interviews}, key=lambda t: hashlib.sha256(t.encode()).hexdigest())
    return tuple(frozenset(trades[k::count]) for k in range(count))


def train(
    corpus: Corpus,
    codebook: Codebook,
    lexicon: Lexicon,
    tokenizer: Tokenizer,
    parameters: Parameters | None = None,
    progress: Progress = lambda fraction, text: None,
) -> Models:
    """The models of the whole corpus; confidence and threshold from folds that they had not seen."""
    parameters = parameters or Parameters()
    matcher = Matcher(lexicon)
    progress(0.02, "读语料")
    by_interview = {i.id: examples_of(i, matcher) for i in corpus.interviews}
    engine_of = _engines(codebook, lexicon, matcher, tokenizer)
    held_out: list[tuple[Interview, tuple[Found, ...]]] = []
    parts = [part for part in folds(corpus.interviews) if part]
    for k, part in enumerate(parts):
        progress(0.05 + 0.7 * k / (len(parts) + 1), f"交叉训练 {k + 1}/{len(parts)}")
        seen = [e for i in corpus.interviews if i.trade not in part for e in by_interview[i.id]]
        seen += [e for e in corpus.utterances if e.trade not in part]
        engine = engine_of(fit(seen, codebook, tokenizer, parameters))
        held_out += [(i, engine.find(i.transcript)) for i in corpus.interviews if i.trade in part]
    progress(0.8, "训练全部语料")
    everything = [e for examples in by_interview.values() for e in examples] + list(corpus.utterances)
    models = fit(everything, codebook, tokenizer, parameters)
    progress(0.95, "校准")
    weights, threshold = calibrate(held_out) if held_out else (DEFAULT_WEIGHTS, 0.5)
    version = model_version(corpus.version, lexicon, tokenizer, parameters)
    return replace(models, version=version, combination=weights, threshold=threshold)


DEFAULT_WEIGHTS: npt.NDArray[np.float32] = np.array([0, 0.7, 0.7, 0.3, 0.5, 0, 0], dtype=np.float32)


def _engines(
    codebook: Codebook, lexicon: Lexicon, matcher: Matcher, tokenizer: Tokenizer
) -> Callable[[Models], Engine]:
    return lambda models: Engine(codebook, lexicon, matcher, tokenizer, models)


def fit(
    examples: Sequence[Example], codebook: Codebook, tokenizer: Tokenizer, parameters: Parameters
) -> Models:
    """The models of these examples, with default weights of combination."""
    featurizer = Featurizer.fit([e.context for e in examples], tokenizer)
    rows = featurizer.matrix([e.context for e in examples], tokenizer)
    return Models(
        version="",
        featurizer=featurizer,
        codability=_fit_codability(examples, rows, parameters),
        reason=_fit_reason(examples, rows, parameters),
        competency=_fit_competency(examples, rows, codebook, parameters),
        levels=_fit_levels(examples, rows, codebook, parameters),
        combination=DEFAULT_WEIGHTS,
        threshold=0.5,
    )


def _weights(examples: Sequence[Example], parameters: Parameters) -> npt.NDArray[np.float64]:
    """An utterance counts less than a sentence of an interview: it has no surroundings."""
    return np.array(
        [
            e.weight * (parameters.utterance_weight if e.source.startswith("utterance:") else 1)
            for e in examples
        ]
    )


def _logistic(
    rows: sparse.csr_matrix,
    targets: Sequence[str],
    weights: npt.NDArray[np.float64],
    c: float,
    classes: Sequence[str],
) -> Linear:
    """A logistic regression as arrays over ``classes``; a class never seen has no chance."""
    model = LogisticRegression(C=c, max_iter=200, tol=1e-3).fit(rows, targets, sample_weight=weights)
    known = {name: k for k, name in enumerate(model.classes_)}
    full = np.zeros((len(classes), rows.shape[1]), dtype=np.float32)
    bias = np.full(len(classes), -30, dtype=np.float32)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(known) == 2:
        coefficients, intercepts = (
            np.vstack([-coefficients, coefficients]) / 2,
            np.r_[-intercepts, intercepts] / 2,
        )
    for row, name in enumerate(classes):
        if name in known:
            full[row] = coefficients[known[name]]
            bias[row] = intercepts[known[name]]
    return Linear(tuple(classes), full, bias)


def _fit_codability(examples: Sequence[Example], rows: sparse.csr_matrix, parameters: Parameters) -> Linear:
    # an utterance was chosen for what it shows: its share of codable ones says nothing of interviews
    kept = [i for i, e in enumerate(examples) if e.code or e.reason is not Reason.NOT_FOUND]
    targets = ["yes" if examples[i].code else "no" for i in kept]
    weights = _weights([examples[i] for i in kept], parameters)
    both = _logistic(rows[kept], targets, weights, parameters.codable_c, ("no", "yes"))
    return Linear(("yes",), both.weights[1:] - both.weights[:1], both.bias[1:] - both.bias[:1])


def _fit_reason(examples: Sequence[Example], rows: sparse.csr_matrix, parameters: Parameters) -> Linear:
    kept = [i for i, e in enumerate(examples) if e.code is None and e.reason not in (None, Reason.NOT_FOUND)]
    targets = [str(examples[i].reason) for i in kept]
    weights = _weights([examples[i] for i in kept], parameters)
    classes = [str(reason) for reason in Reason if reason is not Reason.NOT_FOUND]
    return _logistic(rows[kept], targets, weights, parameters.reason_c, classes)


def _fit_competency(
    examples: Sequence[Example], rows: sparse.csr_matrix, codebook: Codebook, parameters: Parameters
) -> Linear:
    kept = [i for i, e in enumerate(examples) if e.code in codebook.suggested_codes]
    targets = [str(examples[i].code) for i in kept]
    weights = _weights([examples[i] for i in kept], parameters)
    return _logistic(rows[kept], targets, weights, parameters.competency_c, codebook.suggested_codes)


def _fit_levels(
    examples: Sequence[Example], rows: sparse.csr_matrix, codebook: Codebook, parameters: Parameters
) -> Levels:
    """One ridge regression a competency, shrunk towards its mean level."""
    classes = codebook.suggested_codes
    weights = np.zeros((len(classes), rows.shape[1]), dtype=np.float32)
    centre, bounds = np.ones(len(classes), dtype=np.float32), []
    for k, code in enumerate(classes):
        levels = codebook.by_code[code].dimension("A").codable_levels
        bounds.append((min(levels), max(levels)))
        kept = [i for i, e in enumerate(examples) if e.code == code]
        if not kept:
            continue
        targets = np.array([float(examples[i].level or 1) for i in kept])
        importance = _weights([examples[i] for i in kept], parameters)
        centre[k] = np.average(targets, weights=importance)
        ridge = Ridge(alpha=parameters.level_alpha, fit_intercept=False, solver="lsqr")
        weights[k] = ridge.fit(rows[kept], targets - centre[k], sample_weight=importance).coef_
    lowest, highest = (np.array(side, dtype=np.float32) for side in zip(*bounds, strict=True))
    model = Linear(classes, weights, np.zeros(len(classes), dtype=np.float32))
    return Levels(model, centre, np.ones(len(classes), dtype=np.float32), lowest, highest)


def calibrate(
    held_out: Sequence[tuple[Interview, tuple[Found, ...]]],
) -> tuple[npt.NDArray[np.float32], float]:
    """The weights of combination and the threshold with the highest CA on unseen interviews."""
    features, targets = [], []
    for interview, founds in held_out:
        codings = [c for c in interview.codings if c.label.dimension == "A"]
        for found in founds:
            coded = {label.competency for label in labels_of(found.sentence, codings)}
            for vote in found.judgement.votes[:CANDIDATES]:
                features.append(candidate_features(found, vote.competency))
                targets.append(vote.competency in coded)
    if len(set(targets)) < 2:
        return DEFAULT_WEIGHTS, 0.5
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=500).fit(np.array(features), targets)
    weights = model.coef_[0].astype(np.float32)
    return weights, _best_threshold(held_out, weights)


def reference_of(interview: Interview) -> tuple[Coded, ...]:
    """The interview's codings in dimension A, as agreement counts them."""
    codings = (c for c in interview.codings if c.label.dimension == "A")
    return tuple(Coded(c.span, c.label.competency, c.label.level) for c in codings)


def _best_threshold(
    held_out: Sequence[tuple[Interview, tuple[Found, ...]]], weights: npt.NDArray[np.float32]
) -> float:
    best, best_ca = 0.5, -1.0
    for threshold in np.arange(0.08, 0.6, 0.02):
        agreed = ours = theirs = 0
        for interview, founds in held_out:
            merged, _ = combine(founds, weights.tolist(), float(threshold))
            proposed = [Coded(s.span, s.label.competency) for s in merged if s.confidence >= threshold]
            reference = reference_of(interview)
            agreed += len(matched(proposed, reference))
            ours, theirs = ours + len(proposed), theirs + len(reference)
        ca = category_agreement(agreed, ours, theirs)
        if ca > best_ca:
            best, best_ca = float(threshold), ca
    return round(best, 3)
