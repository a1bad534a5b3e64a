"""Precision and recall of each behaviour indicator on the corpus: what to tighten, widen or drop.

A sentence counts once for an indicator, however often it hits there. A hit is right when the sentence is
coded with the indicator's competency. The figures are of the corpus that indicators are written on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from coder.combine import observe
from coder.corpus import Interview, labels_of
from coder.match import Matcher
from coder.model.lexicon import Indicator


@dataclass(slots=True)
class _Tally:
    hits: int = 0
    right: int = 0
    blocked: int = 0
    blocked_right: int = 0
    differences: list[int] = field(default_factory=list)

    def figures(self, coded: int) -> dict[str, Any]:
        """Counts and shares; ``coded`` are the sentences of the competency."""
        levels = self.differences
        return {
            "hits": self.hits,
            "right": self.right,
            "precision": self.right / self.hits if self.hits else None,
            "recall": self.right / coded if coded else None,
            "blocked": self.blocked,
            "blocked_right": self.blocked_right,
            "level_exact": sum(d == 0 for d in levels) / len(levels) if levels else None,
            "level_within_1": sum(d <= 1 for d in levels) / len(levels) if levels else None,
        }


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What the coder said of a sentence, and which indicators count or are blocked in it."""

    coded: dict[str, int]
    counting: frozenset[str]
    blocked: frozenset[str]


def evaluate_indicators(
    interviews: Iterable[Interview], indicators: Sequence[Indicator], matcher: Matcher
) -> dict[str, Any]:
    """Figures by indicator (the worst precision first, then the most hits) and by competency."""
    sentences = [s for interview in interviews for s in _sentences(interview, matcher)]
    coded: dict[str, int] = defaultdict(int)
    for sentence in sentences:
        for code in sentence.coded:
            coded[code] += 1
    rows = [
        {"id": i.id, "label": str(i.label), **_tally(sentences, [i]).figures(coded[i.label.competency])}
        for i in indicators
    ]
    rows.sort(key=lambda row: (row["precision"] is None, row["precision"] or 0.0, -row["hits"], row["id"]))
    codes = sorted({i.label.competency for i in indicators})
    totals = {}
    for code in codes:
        own = [i for i in indicators if i.label.competency == code]
        totals[code] = {
            "indicators": len(own),
            "coded": coded[code],
            **_tally(sentences, own).figures(coded[code]),
        }
    return {"sentences": len(sentences), "by_competency": totals, "indicators": rows}


def _sentences(interview: Interview, matcher: Matcher) -> Iterable[_Sentence]:
    codings = [c for c in interview.codings if c.label.dimension == "A"]
    observed = observe(interview.transcript, matcher)
    for sentence, (_, found) in zip(interview.transcript.interviewee_sentences, observed, strict=True):
        coded: dict[str, int] = {}
        for label in labels_of(sentence, codings):
            level = label.level or 0
            coded[label.competency] = max(level, coded.get(label.competency, level))
        counting = frozenset(match.indicator for match in found.counting)
        blocked = frozenset(match.indicator for match in found.matches) - counting
        yield _Sentence(coded, counting, blocked)


def _tally(sentences: Iterable[_Sentence], indicators: Sequence[Indicator]) -> _Tally:
    """What indicators of one competency do together; the highest level that hits is theirs."""
    levels = {i.id: i.label.level or 0 for i in indicators}
    code = indicators[0].label.competency
    tally = _Tally()
    for sentence in sentences:
        hits = levels.keys() & sentence.counting
        right = code in sentence.coded
        if hits:
            tally.hits += 1
            tally.right += right
            if right:
                tally.differences.append(abs(max(levels[h] for h in hits) - sentence.coded[code]))
        elif levels.keys() & sentence.blocked:
            tally.blocked += 1
            tally.blocked_right += right
    return tally


_COLUMNS = (
    "hits",
    "right",
    "precision",
    "recall",
    "blocked",
    "blocked_right",
    "level_exact",
    "level_within_1",
)
_HEAD = "  命中    对  精确率  召回率  挡下  误挡  等级同  差≤1"


def show_indicators(report: dict[str, Any]) -> str:
    """The report as aligned text: totals by competency, then each indicator, the worst first."""
    lines = [f"行为指标在合成访谈 {report['sentences']} 句受访者的话上（命中的句子编了该胜任特征算对）", ""]
    lines.append(f"{'代码':6}  指标  编码句{_HEAD}")
    for code, row in report["by_competency"].items():
        lines.append(f"{code:8}{row['indicators']:6}{row['coded']:8}{_cells(row)}")
    lines += ["", f"{'指标':8}  {'等级':10}{_HEAD}"]
    lines += [f"{row['id']:10}  {row['label']:12}{_cells(row)}" for row in report["indicators"]]
    return "\n".join(lines)


def _cells(row: dict[str, Any]) -> str:
    return "".join(_cell(row[name]) for name in _COLUMNS)


def _cell(value: float | None) -> str:
    if value is None:
        return f"{'–':>7}"
    return f"{value:7d}" if isinstance(value, int) else f"{value:7.2f}"
