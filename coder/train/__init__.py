"""Examples → models. Everything that is fitted is fitted here, with scikit-learn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version as package_version

from coder import __version__
from coder.classify import Models
from coder.combine.spans import FEATURES
from coder.corpus import Corpus, Example, examples_of, indicator_examples
from coder.match import Matcher
from coder.model.codebook import Codebook
from coder.model.lexicon import Lexicon
from coder.pipeline import Engine
from coder.train.calibrate import Judged, calibrate, reference_of
from coder.train.fit import Parameters, fit
from coder.words import Tokenizer

__all__ = [
    "Judged",
    "Parameters",
    "Progress",
    "calibrate",
    "cross_validate",
    "fit",
    "model_version",
    "reference_of",
    "train",
]

_CALIBRATION_PARTS = 3

Progress = Callable[[float, str], None]


def model_version(corpus_version: str, lexicon: Lexicon, tokenizer: Tokenizer, parameters: Parameters) -> str:
    """Twelve hexadecimal digits of everything that a model depends on."""
    libraries = [f"{name}-{package_version(name)}" for name in ("scikit-learn", "numpy", "scipy")]
    parts = [__version__, corpus_version, lexicon.version, tokenizer.version, repr(parameters)]
    parts += [*FEATURES, *libraries]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


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
    examples = {i.id: examples_of(i, matcher) for i in corpus.interviews}
    engine = Engine(codebook, lexicon, matcher, tokenizer, Models.empty(codebook))
    parts = _merged(corpus.folds, _CALIBRATION_PARTS)
    judged: list[Judged] = []
    for k, (_, part) in enumerate(cross_validate(corpus, examples, engine, parameters, parts), 1):
        judged += part
        progress(0.1 + 0.7 * k / len(parts), f"交叉训练 {k}/{len(parts)}")
    everything = [e for own in examples.values() for e in own]
    everything += [*corpus.utterances, *indicator_examples(lexicon.indicators)]
    models = fit(everything, codebook, tokenizer, parameters)
    progress(0.9, "校准")
    weights, threshold = calibrate(judged, codebook.suggested_codes)
    version = model_version(corpus.version, lexicon, tokenizer, parameters)
    return replace(models, version=version, combination=weights, threshold=threshold)


def _merged(parts: Sequence[frozenset[str]], count: int) -> tuple[frozenset[str], ...]:
    """The parts joined to ``count``: calibration needs unseen trades, not many fits."""
    joined = (frozenset[str]().union(*parts[k::count]) for k in range(count))
    return tuple(part for part in joined if part)


def cross_validate(
    corpus: Corpus,
    examples: Mapping[str, Sequence[Example]],
    engine: Engine,
    parameters: Parameters,
    parts: Sequence[frozenset[str]],
) -> Iterator[tuple[Models, tuple[Judged, ...]]]:
    """For each part the models of all other trades, and its interviews as these judge them."""
    taught = indicator_examples(engine.lexicon.indicators)
    for part in parts:
        seen = [e for i in corpus.interviews if i.trade not in part for e in examples[i.id]]
        seen += [e for e in corpus.utterances if e.trade not in part]
        seen += taught
        if not seen:
            # a corpus of one trade: nothing is left to learn from, and nothing can be calibrated
            continue
        models = fit(seen, engine.codebook, engine.tokenizer, parameters)
        blind = replace(engine, models=models)
        yield models, tuple((i, blind.find(i.transcript)) for i in corpus.interviews if i.trade in part)
