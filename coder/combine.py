"""Match, Vote → Suggestion: one rule for what is proposed, how sure, and why.

A sentence's candidates are its likeliest competencies. The confidence of a candidate is a logistic
combination of codability, the competency's probability and the indicators found; it is calibrated
on interviews that the models had not seen. Touching sentences of one competency become one
suggestion, at the highest level (bei-practice §3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coder.classify import Context, Judgement, contexts
from coder.classify.vector import Floats
from coder.match import Matcher, SentenceMatches, signs
from coder.model.codebook import Label
from coder.model.lexicon import Effect
from coder.model.suggestion import Evidence, Reason, Suggestion, Uncoded
from coder.model.text import Sentence, Span, Transcript

CANDIDATES = 3
MOST_SENTENCES = 3
FLOOR = 0.05
_SHOWN_ALTERNATIVES = 3
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Found:
    """One interviewee sentence with everything that was found out about it."""

    sentence: Sentence
    text: str
    matches: SentenceMatches
    judgement: Judgement

    def of(self, span: Span) -> str:
        """The characters of the sentence under a span of the transcript."""
        return self.text[span.start - self.sentence.span.start : span.end - self.sentence.span.start]


def observe(transcript: Transcript, matcher: Matcher) -> tuple[tuple[Context, SentenceMatches], ...]:
    """Each interviewee sentence as the models see it, with its matches."""
    seen = []
    for sentence, context in zip(transcript.interviewee_sentences, contexts(transcript), strict=True):
        matches = matcher.match(transcript.of(sentence.span), sentence.span.start, context.question)
        seen.append((replace(context, signs={**context.signs, **signs(matches)}), matches))
    return tuple(seen)


# bias, codability, probability, first choice, indicator, blocked, length, neighbours' codability,
# the neighbours' probability of the same competency
DEFAULT_WEIGHTS: Floats = np.array([0, 0.7, 0.7, 0.3, 0.5, 0, 0, 0, 0], dtype=np.float32)


def candidate_features(founds: Sequence[Found], i: int, competency: str) -> list[float]:
    """The numbers that the confidence of ``competency`` in sentence ``i`` rests on."""
    found = founds[i]
    hits = [m for m in found.matches.matches if m.label.competency == competency]
    counting = max((m.weight for m in hits if not m.blocked), default=0.0)
    near = [f for f in (*founds[max(i - 1, 0) : i], *founds[i + 1 : i + 2]) if _together(f, found)]
    return [
        1.0,
        _logit(found.judgement.codability.probability),
        _logit(found.judgement.probability(competency)),
        1.0 if found.judgement.votes[0].competency == competency else 0.0,
        counting,
        float(any(m.blocked for m in hits)),
        min(len(found.sentence.span), 80) / 80,
        max((f.judgement.codability.probability for f in near), default=0.0),
        max((f.judgement.probability(competency) for f in near), default=0.0),
    ]


def _together(first: Found, second: Found) -> bool:
    return first.sentence.turn == second.sentence.turn


def _logit(probability: float) -> float:
    bounded = min(max(probability, _TINY), 1 - _TINY)
    return float(np.log(bounded / (1 - bounded)))


def combine(
    founds: Sequence[Found], weights: Sequence[float], threshold: float
) -> tuple[tuple[Suggestion, ...], tuple[Uncoded, ...]]:
    """The suggestions, sure or not, and the sentences that none of ``threshold`` covers."""
    single = [_suggest(founds, i, weights, threshold) for i in range(len(founds))]
    merged = _merge([s for group in single for s in group], threshold)
    covered = [s.span for s in merged if s.confidence >= threshold]
    uncoded = tuple(
        Uncoded(f.sentence.span, *_why(f))
        for f in founds
        if not any(span.overlap(f.sentence.span) for span in covered)
    )
    return merged, uncoded


def _suggest(founds: Sequence[Found], i: int, weights: Sequence[float], threshold: float) -> list[Suggestion]:
    """The likeliest competency of a sentence, and each other one that passes the threshold."""
    found = founds[i]
    votes = {vote.competency: vote for vote in found.judgement.votes}
    names = [v.competency for v in found.judgement.votes[:CANDIDATES]]
    names += [m.label.competency for m in found.matches.counting if m.label.competency not in names]
    scored = [
        (_confidence(candidate_features(founds, i, name), weights), name) for name in dict.fromkeys(names)
    ]
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    chosen = [pair for i, pair in enumerate(scored) if pair[0] >= (FLOOR if i == 0 else threshold)]
    alternatives = tuple((v.competency, round(v.probability, 4)) for v in found.judgement.votes)
    return [
        Suggestion(
            found.sentence.span,
            found.sentence.turn,
            found.sentence.event,
            Label(name, "A", _level(found, name, votes[name].level)),
            round(confidence, 4),
            _evidence(found, name),
            alternatives[:_SHOWN_ALTERNATIVES],
        )
        for confidence, name in chosen
    ]


def _confidence(features: Sequence[float], weights: Sequence[float]) -> float:
    score = float(np.dot(np.asarray(features), np.asarray(weights)))
    return float(1 / (1 + np.exp(-score)))


def _level(found: Found, competency: str, voted: int) -> int:
    """The level: the mean of the model's and the indicators', as a codable whole number."""
    shown = [m.label.level for m in found.matches.counting if m.label.competency == competency]
    if not shown:
        return voted
    highest = max(level for level in shown if level is not None)
    mean = (voted + highest) / 2
    return round(mean) or highest


def _evidence(found: Found, competency: str) -> tuple[Evidence, ...]:
    evidence = []
    for match in found.matches.matches:
        if match.label.competency == competency:
            kind, word = ("blocked", "被挡指标") if match.blocked else ("indicator", "指标")
            text = f"{word} {match.indicator}「{found.of(match.span)}」"
            evidence.append(Evidence(kind, text, match.span, match.weight))
    vote = next(v for v in found.judgement.votes if v.competency == competency)
    evidence += [Evidence("word", f"词 {f.name}", f.span, round(f.weight, 4)) for f in vote.features]
    evidence += [
        Evidence("cue", f"提示 {c.reason.name_zh}「{found.of(c.span)}」", c.span)
        for c in found.matches.cues
        if len(c.span)
    ]
    codable = found.judgement.codability.probability
    evidence.append(Evidence("codability", f"可编码性 {codable:.2f}", None, round(codable, 4)))
    return tuple(evidence)


def _merge(suggestions: list[Suggestion], threshold: float) -> tuple[Suggestion, ...]:
    """Neighbouring sentences of one competency as one suggestion, at most three of them."""
    merged: list[tuple[Suggestion, int]] = []
    for suggestion in sorted(suggestions, key=lambda s: (s.label.competency, s.span)):
        last, count = merged[-1] if merged else (None, 0)
        if last is not None and count < MOST_SENTENCES and _joinable(last, suggestion, threshold):
            merged[-1] = (_joined(last, suggestion), count + 1)
        else:
            merged.append((suggestion, 1))
    return tuple(sorted((s for s, _ in merged), key=lambda s: (s.span, s.label)))


def _joinable(first: Suggestion, second: Suggestion, threshold: float) -> bool:
    both = (first.confidence >= threshold) == (second.confidence >= threshold)
    near = second.span.start - first.span.end <= 2
    return both and near and first.label.competency == second.label.competency and first.turn == second.turn


def _joined(first: Suggestion, second: Suggestion) -> Suggestion:
    level = max((first.label.level, second.label.level), key=lambda x: (x is not None, x))
    surer = first if first.confidence >= second.confidence else second
    return replace(
        surer,
        span=Span(first.span.start, second.span.end),
        label=Label(first.label.competency, "A", level),
        evidence=first.evidence + second.evidence,
    )


def _why(found: Found) -> tuple[Reason, str]:
    """The reason a sentence is not coded: a cue that blocks, the model's, or nothing found."""
    for cue in found.matches.cues:
        if cue.effect is Effect.BLOCK:
            return cue.reason, cue.cue
    codability = found.judgement.codability
    if codability.probability >= 0.5:
        return Reason.NOT_FOUND, ""
    return codability.reason, ""
