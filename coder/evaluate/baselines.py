"""What a model must beat: simple codings of the same interviews, on the same folds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from coder.combine import Found
from coder.corpus import Example
from coder.model.review import Coded
from coder.model.text import Span
from coder.words import Tokenizer

_NONE = "-"


def majority(founds: Sequence[Found], seen: Sequence[Example]) -> tuple[Coded, ...]:
    """Every sentence under the competency that is commonest in training."""
    code = Counter(e.code for e in seen if e.code).most_common(1)[0][0]
    level = constant_levels(seen)[code]
    return tuple(Coded(f.sentence.span, code, level) for f in founds)


def lexicon_only(founds: Sequence[Found]) -> tuple[Coded, ...]:
    """What the indicators that no cue blocks say, one coding a sentence and competency."""
    codings = []
    for found in founds:
        best: dict[str, int] = {}
        for match in found.matches.counting:
            code, level = match.label.competency, match.label.level or 0
            best[code] = max(level, best.get(code, level))
        codings += [(found, code, level) for code, level in best.items()]
    return merge([(f.sentence.turn, Coded(f.sentence.span, code, level)) for f, code, level in codings])


class TfidfRegression:
    """Plain TF-IDF of jieba words and logistic regression, each sentence alone.

    As many sentences are coded as coders code (the share in training): the likeliest class alone
    would be "not codable" nearly everywhere.
    """

    def __init__(self, seen: Sequence[Example], tokenizer: Tokenizer) -> None:
        self._vectorizer = TfidfVectorizer(analyzer=tokenizer.cut, min_df=2, sublinear_tf=True)
        rows = self._vectorizer.fit_transform([e.context.text for e in seen])
        self._model = LogisticRegression(C=4.0, max_iter=200, tol=1e-2, solver="newton-cg")
        self._model.fit(rows, [e.code or _NONE for e in seen], sample_weight=[e.weight for e in seen])
        self._share = sum(e.weight for e in seen if e.code) / sum(e.weight for e in seen)
        self._levels = constant_levels(seen)

    def code(self, interviews: Sequence[tuple[Sequence[Found], Sequence[str]]]) -> list[tuple[Coded, ...]]:
        """The codings of each interview, given its sentences and their texts."""
        texts = [text for _, own in interviews for text in own]
        chances = self._model.predict_proba(self._vectorizer.transform(texts))
        classes = self._model.classes_.tolist()
        none = classes.index(_NONE)
        cut = float(np.quantile(chances[:, none], self._share))
        chosen = np.where(chances[:, none] <= cut, np.delete(chances, none, axis=1).argmax(axis=1), -1)
        codes = [name for name in classes if name != _NONE]
        found, start = [], 0
        for founds, own in interviews:
            picked = chosen[start : start + len(own)]
            start += len(own)
            coded = [(f, codes[k]) for f, k in zip(founds, picked.tolist(), strict=True) if k >= 0]
            found.append(
                merge([(f.sentence.turn, Coded(f.sentence.span, c, self._levels[c])) for f, c in coded])
            )
        return found


def constant_levels(seen: Sequence[Example]) -> dict[str, int]:
    """The median level of each competency in training."""
    found: dict[str, list[int]] = {}
    for example in seen:
        if example.code and example.level is not None:
            found.setdefault(example.code, []).append(example.level)
    return {code: round(median(levels)) or 1 for code, levels in found.items()}


def merge(codings: Sequence[tuple[int, Coded]]) -> tuple[Coded, ...]:
    """Adjacent sentences of one turn and code as one coding, as the program does it."""
    merged: list[tuple[int, Coded]] = []
    for turn, coding in sorted(codings, key=lambda pair: (pair[1].code, pair[1].span)):
        if merged:
            last_turn, last = merged[-1]
            near = coding.span.start - last.span.end <= 2
            if last_turn == turn and last.code == coding.code and near:
                span = Span(last.span.start, coding.span.end)
                merged[-1] = (turn, Coded(span, last.code, max(last.level or 0, coding.level or 0)))
                continue
        merged.append((turn, coding))
    return tuple(sorted((c for _, c in merged), key=lambda c: (c.span, c.code)))
