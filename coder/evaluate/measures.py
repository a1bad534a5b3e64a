"""What is measured of a coding against the coder's: agreement, levels, calibration, by group."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

from coder.analyse.reliability import (
    category_agreement,
    matched,
    quadratic_kappa,
    reliability,
    spearman,
)
from coder.combine import Found
from coder.model.review import Coded
from coder.model.text import Span

Figures = dict[str, float | int | None]
_BINS = 10
_ANY = "*"


@dataclass(frozen=True, slots=True)
class Compared:
    """One interview's proposed and reference codings, and what it may be grouped by."""

    id: str
    trade: str
    group: str
    format: str
    proposed: tuple[Coded, ...]
    reference: tuple[Coded, ...]

    @property
    def pairs(self) -> tuple[tuple[Coded, Coded], ...]:
        """The codings that agree."""
        return matched(self.proposed, self.reference)


def agreement(compared: Sequence[Compared]) -> Figures:
    """CA, R, precision, recall, macro F1, span CA, span lengths, levels and profile over all."""
    agreed = sum(len(c.pairs) for c in compared)
    ours, theirs = sum(len(c.proposed) for c in compared), sum(len(c.reference) for c in compared)
    ca = category_agreement(agreed, ours, theirs)
    spans = sum(len(matched(_blind(c.proposed), _blind(c.reference))) for c in compared)
    by_code = per_competency(compared)
    scores = [row["F1"] or 0.0 for row in by_code.values()]
    return {
        "interviews": len(compared),
        "ours": ours,
        "theirs": theirs,
        "agreed": agreed,
        "CA": ca,
        "R": reliability(ca),
        "precision": agreed / ours if ours else None,
        "recall": agreed / theirs if theirs else None,
        "macro_F1": sum(scores) / len(scores) if scores else None,
        "span_CA": category_agreement(spans, ours, theirs),
        "mean_span": _mean(len(c.span) for x in compared for c in x.proposed),
        "mean_span_theirs": _mean(len(c.span) for x in compared for c in x.reference),
        **levels([(a.level, b.level) for c in compared for a, b in c.pairs]),
        "profile_rho": _profile(compared),
    }


def _blind(codings: Iterable[Coded]) -> tuple[Coded, ...]:
    """The same spans under one code: where something was coded, whatever it was."""
    return tuple(Coded(c.span, _ANY) for c in codings)


def levels(pairs: Iterable[tuple[int | None, int | None]]) -> Figures:
    """Exact, within one, quadratic κ over pairs that both have a level."""
    whole = [(a, b) for a, b in pairs if a is not None and b is not None]
    return {
        "level_pairs": len(whole),
        "level_exact": _mean(a == b for a, b in whole),
        "level_within_1": _mean(abs(a - b) <= 1 for a, b in whole),
        "level_qwk": quadratic_kappa(whole),
    }


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def _profile(compared: Sequence[Compared]) -> float | None:
    """ρ of frequencies over all interview × competency cells."""
    codes = sorted({c.code for x in compared for c in (*x.proposed, *x.reference)})
    ours = [Counter(c.code for c in x.proposed) for x in compared]
    theirs = [Counter(c.code for c in x.reference) for x in compared]
    return spearman([c[k] for c in ours for k in codes], [c[k] for c in theirs for k in codes])


def per_competency(compared: Sequence[Compared]) -> dict[str, Figures]:
    """Agreed, ours, theirs and F1 of each competency that occurs."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for interview in compared:
        for column, codings in enumerate(
            ([a for a, _ in interview.pairs], interview.proposed, interview.reference)
        ):
            for coding in codings:
                counts[coding.code][column] += 1
    return {
        code: {"agreed": s, "ours": a, "theirs": b, "F1": category_agreement(s, a, b)}
        for code, (s, a, b) in sorted(counts.items())
    }


def by(compared: Sequence[Compared], key: Callable[[Compared], str]) -> dict[str, Figures]:
    """The CA of each group of interviews, with how many there are."""
    groups: dict[str, list[Compared]] = defaultdict(list)
    for interview in compared:
        groups[key(interview)].append(interview)
    found: dict[str, Figures] = {}
    for name, own in sorted(groups.items()):
        figures = agreement(own)
        found[name] = {key: figures[key] for key in ("interviews", "CA", "span_CA", "level_within_1")}
    return found


def hits(judged: Sequence[tuple[Sequence[Coded], Sequence[Found]]]) -> Figures:
    """How often the coder's competency is the first, or among the first three, given his span."""
    first = third = total = 0
    for reference, founds in judged:
        for coding in reference:
            ranked = ranking(coding.span, founds)
            first += ranked[:1] == [coding.code]
            third += coding.code in ranked[:3]
            total += 1
    return {
        "spans": total,
        "hit@1": first / total if total else None,
        "hit@3": third / total if total else None,
    }


def ranking(span: Span, founds: Sequence[Found]) -> list[str]:
    """The competencies of a span, the likeliest first: its sentences' votes by shared length."""
    totals: dict[str, float] = defaultdict(float)
    for found in founds:
        if shared := found.sentence.span.overlap(span):
            for vote in found.judgement.votes:
                totals[vote.competency] += shared * float(np.log(max(vote.probability, 1e-6)))
    return sorted(totals, key=lambda code: (-totals[code], code))


def codability_auc(judged: Sequence[tuple[Sequence[Coded], Sequence[Found]]]) -> float | None:
    """Area under the ROC curve of codability over interviewee sentences."""
    truth, scores = [], []
    for reference, founds in judged:
        for found in founds:
            span = found.sentence.span
            truth.append(any(c.span.overlap(span) * 2 >= min(len(span), len(c.span)) for c in reference))
            scores.append(found.judgement.codability.probability)
    return float(roc_auc_score(truth, scores)) if len(set(truth)) == 2 else None


def calibration(
    compared: Sequence[tuple[Sequence[tuple[Coded, float]], Sequence[Coded]]],
) -> dict[str, object]:
    """Expected calibration error over ten bins, and the reliability diagram's points.

    Each item holds an interview's suggestions with their confidence, and the reference.
    """
    outcomes: list[tuple[float, bool]] = []
    for suggested, reference in compared:
        agreed = {id(a) for a, _ in matched([coded for coded, _ in suggested], reference)}
        outcomes += [(confidence, id(coded) in agreed) for coded, confidence in suggested]
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in outcomes:
        bins[min(int(confidence * _BINS), _BINS - 1)].append((confidence, right))
    points, error = [], 0.0
    for _, own in sorted(bins.items()):
        said, true = _mean(c for c, _ in own) or 0.0, _mean(r for _, r in own) or 0.0
        error += abs(said - true) * len(own) / len(outcomes)
        points.append({"n": len(own), "confidence": said, "agreed": true})
    return {"n": len(outcomes), "ECE": error if outcomes else None, "diagram": points}
