"""Quality on interviews of trades that the models have not seen: every figure is out of fold.

The confidence and the threshold of a fold come from the other folds' held-out interviews.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coder.classify import Models
from coder.combine import combine
from coder.corpus import Corpus, Example, Interview, examples_of
from coder.evaluate import baselines, measures
from coder.evaluate.measures import Compared
from coder.match import Matcher
from coder.model.codebook import Codebook
from coder.model.lexicon import Lexicon
from coder.model.review import Coded
from coder.model.suggestion import Suggestion
from coder.pipeline import Engine
from coder.train import Judged, Parameters, Progress, calibrate, cross_validate, reference_of
from coder.words import Tokenizer

__all__ = ["evaluate"]

_CURVE = (15, 30, 60)


@dataclass(frozen=True)
class _Fold:
    """One part's interviews as judged and coded by models that had not seen their trades."""

    judged: tuple[Judged, ...]
    suggestions: tuple[tuple[Suggestion, ...], ...]
    threshold: float


def evaluate(
    corpus: Corpus,
    codebook: Codebook,
    lexicon: Lexicon,
    tokenizer: Tokenizer,
    double: Mapping[str, tuple[Coded, ...]],
    progress: Progress = lambda fraction, text: None,
    curve: bool = True,
) -> dict[str, Any]:
    """The report, as JSON would hold it; ``double`` holds second codings by interview id."""
    matcher = Matcher(lexicon)
    engine = Engine(codebook, lexicon, matcher, tokenizer, Models.empty(codebook))
    progress(0.01, "读语料")
    examples = {i.id: examples_of(i, matcher) for i in corpus.interviews}
    folds = _folds(corpus, examples, engine, lambda f, t: progress(0.05 + 0.35 * f, t))
    report = _program(folds)
    progress(0.45, "基线")
    report["baselines"] = _baselines(corpus, examples, folds, tokenizer)
    report["double_coding"] = _double(corpus, double)
    if curve:
        report["learning_curve"] = _curve(corpus, examples, engine, report, progress)
    progress(1.0, "完成")
    return report


def _folds(
    corpus: Corpus, examples: Mapping[str, Sequence[Example]], engine: Engine, progress: Progress
) -> list[_Fold]:
    parts, codes = corpus.folds, engine.codebook.suggested_codes
    judged: list[tuple[Models, tuple[Judged, ...]]] = []
    for k, seen in enumerate(cross_validate(corpus, examples, engine, Parameters(), parts), 1):
        judged.append(seen)
        progress(k / len(parts), f"交叉训练 {k}/{len(parts)}")
    folds = []
    for k, (models, part) in enumerate(judged):
        others = [pair for j, (_, other) in enumerate(judged) if j != k for pair in other]
        weights, threshold = calibrate(others, codes)
        coded = tuple(combine(founds, codes, weights, threshold, models.levels)[0] for _, founds in part)
        folds.append(_Fold(part, coded, threshold))
    return folds


def _program(folds: Sequence[_Fold]) -> dict[str, Any]:
    compared = [
        _compared(interview, _coded(suggestions, fold.threshold))
        for fold in folds
        for (interview, _), suggestions in zip(fold.judged, fold.suggestions, strict=True)
    ]
    judged = [(reference_of(interview), founds) for fold in folds for interview, founds in fold.judged]
    suggested = [
        ([(_as_coded(s), s.confidence) for s in suggestions], reference_of(interview))
        for fold in folds
        for (interview, _), suggestions in zip(fold.judged, fold.suggestions, strict=True)
    ]
    return {
        "program": measures.agreement(compared),
        "hits": measures.hits(judged),
        "codability_auc": measures.codability_auc(judged),
        "calibration": measures.calibration(suggested),
        "by_competency": measures.per_competency(compared),
        "by_group": measures.by(compared, lambda c: c.group),
        "by_format": measures.by(compared, lambda c: c.format),
        "by_trade": measures.by(compared, lambda c: c.trade),
        "thresholds": [fold.threshold for fold in folds],
    }


def _as_coded(suggestion: Suggestion) -> Coded:
    return Coded(suggestion.span, suggestion.label.competency, suggestion.label.level)


def _coded(suggestions: Sequence[Suggestion], threshold: float) -> tuple[Coded, ...]:
    return tuple(_as_coded(s) for s in suggestions if s.confidence >= threshold)


def _compared(interview: Interview, proposed: tuple[Coded, ...]) -> Compared:
    transcript = interview.transcript
    timed = any(turn.time for turn in transcript.turns)
    format = "带时间戳" if timed else "打字标签"
    return Compared(
        interview.id, interview.trade, transcript.group, format, proposed, reference_of(interview)
    )


def _baselines(
    corpus: Corpus, examples: Mapping[str, Sequence[Example]], folds: Sequence[_Fold], tokenizer: Tokenizer
) -> dict[str, Any]:
    coded: dict[str, list[Compared]] = {"majority": [], "lexicon_only": [], "tfidf_lr": []}
    constant: list[tuple[int | None, int | None]] = []
    for fold, part in zip(folds, corpus.folds, strict=True):
        seen = [e for i in corpus.interviews if i.trade not in part for e in examples[i.id]]
        plain = baselines.TfidfRegression(seen, tokenizer)
        texts = [[e.context.text for e in _one_a_sentence(examples[i.id])] for i, _ in fold.judged]
        plainly = plain.code([(founds, own) for (_, founds), own in zip(fold.judged, texts, strict=True)])
        coded["tfidf_lr"] += [_compared(i, own) for (i, _), own in zip(fold.judged, plainly, strict=True)]
        for (interview, founds), suggestions in zip(fold.judged, fold.suggestions, strict=True):
            coded["majority"].append(_compared(interview, baselines.majority(founds, seen)))
            coded["lexicon_only"].append(_compared(interview, baselines.lexicon_only(founds)))
            constant += _constant(interview, _coded(suggestions, fold.threshold), seen)
    report: dict[str, Any] = {name: measures.agreement(own) for name, own in coded.items()}
    report["constant_level"] = measures.levels(constant)
    return report


def _one_a_sentence(examples: Sequence[Example]) -> list[Example]:
    """One example a sentence: a sentence of two codes has two."""
    kept: list[Example] = []
    for example in examples:
        if not kept or kept[-1].context is not example.context:
            kept.append(example)
    return kept


def _constant(
    interview: Interview, proposed: tuple[Coded, ...], seen: Sequence[Example]
) -> list[tuple[int | None, int | None]]:
    """The same matched pairs as the program's, with each competency's median level instead."""
    usual = baselines.constant_levels(seen)
    return [(usual.get(a.code), b.level) for a, b in _compared(interview, proposed).pairs]


def _double(corpus: Corpus, double: Mapping[str, tuple[Coded, ...]]) -> dict[str, Any] | None:
    """The agreement of two independent codings of the synthetic interviews."""
    pairs = [_compared(i, double[i.id]) for i in corpus.interviews if i.id in double]
    return dict(measures.agreement(pairs)) if pairs else None


def _curve(
    corpus: Corpus,
    examples: Mapping[str, Sequence[Example]],
    engine: Engine,
    report: Mapping[str, Any],
    progress: Progress,
) -> list[dict[str, Any]]:
    """Quality by the number of interviews to learn from; the last point is the program itself."""
    points = []
    for k, count in enumerate(n for n in _CURVE if n < len(corpus.interviews)):

        def within(fraction: float, text: str, k: int = k) -> None:
            progress(0.5 + 0.5 * (k + fraction) / len(_CURVE), text)

        points.append(_point(corpus, examples, engine, count, within))
    whole = {"CA": report["program"]["CA"], "hit@3": report["hits"]["hit@3"]}
    return [*points, {"interviews": len(corpus.interviews), **whole}]


def _point(
    corpus: Corpus,
    examples: Mapping[str, Sequence[Example]],
    engine: Engine,
    count: int,
    progress: Callable[[float, str], None],
) -> dict[str, Any]:
    """Quality when each fold is trained from ``count`` interviews (and no utterances)."""
    parts, codes = corpus.folds, engine.codebook.suggested_codes
    judged: list[tuple[Models, tuple[Judged, ...]]] = []
    for k, part in enumerate(parts, 1):
        kept = [i for i in corpus.interviews if i.trade not in part][:count]
        own = [i for i in corpus.interviews if i.trade in part]
        small = replace(corpus, interviews=(*kept, *own), utterances=())
        judged += list(cross_validate(small, examples, engine, Parameters(), [part]))
        progress(k / len(parts), f"学习曲线 {count} 篇")
    compared, pairs = [], []
    for k, (models, fold) in enumerate(judged):
        others = [pair for j, (_, other) in enumerate(judged) if j != k for pair in other]
        weights, threshold = calibrate(others, codes)
        for interview, founds in fold:
            coded = _coded(combine(founds, codes, weights, threshold, models.levels)[0], threshold)
            compared.append(_compared(interview, coded))
            pairs.append((reference_of(interview), founds))
    figures = measures.agreement(compared)
    return {"interviews": count, "CA": figures["CA"], "hit@3": measures.hits(pairs)["hit@3"]}
