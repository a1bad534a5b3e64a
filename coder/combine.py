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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A competency that a sentence may show; ``place`` is the sentence's among those found."""

    place: int
    competency: str
    confidence: float


def candidates(founds: Sequence[Found], weights: Sequence[float]) -> tuple[tuple[Candidate, ...], ...]:
    """Each sentence's candidates, the surest first."""
    ranked = []
    for i, found in enumerate(founds):
        names = [vote.competency for vote in found.judgement.votes[:CANDIDATES]]
        names += [match.label.competency for match in found.matches.counting]
        scored = [
            Candidate(i, name, round(_confidence(candidate_features(founds, i, name), weights), 4))
            for name in dict.fromkeys(names)
        ]
        ranked.append(tuple(sorted(scored, key=lambda c: (-c.confidence, c.competency))))
    return tuple(ranked)


def propose(
    founds: Sequence[Found], ranked: Sequence[tuple[Candidate, ...]], threshold: float
) -> tuple[tuple[Candidate, ...], ...]:
    """Groups of candidates, each to be one suggestion: neighbours of one competency together.

    Of each sentence the surest candidate, and every other one that passes the threshold.
    """
    chosen = [
        candidate
        for own in ranked
        for k, candidate in enumerate(own)
        if candidate.confidence >= (FLOOR if k == 0 else threshold)
    ]
    groups: list[list[Candidate]] = []
    for candidate in sorted(chosen, key=lambda c: (c.competency, c.place)):
        if groups and _joinable(founds, groups[-1], candidate, threshold):
            groups[-1].append(candidate)
        else:
            groups.append([candidate])
    return tuple(map(tuple, groups))


def _joinable(
    founds: Sequence[Found], group: Sequence[Candidate], candidate: Candidate, threshold: float
) -> bool:
    """Whether a sentence continues the behaviour: next to it, same answer, just as sure or unsure."""
    last = group[-1]
    return (
        len(group) < MOST_SENTENCES
        and last.competency == candidate.competency
        and last.place + 1 == candidate.place
        and _together(founds[last.place], founds[candidate.place])
        and (last.confidence >= threshold) == (candidate.confidence >= threshold)
    )


def span_of(founds: Sequence[Found], group: Sequence[Candidate]) -> Span:
    """The characters from the group's first sentence to its last."""
    return founds[group[0].place].sentence.span.cover(founds[group[-1].place].sentence.span)


def combine(
    founds: Sequence[Found], weights: Sequence[float], threshold: float
) -> tuple[tuple[Suggestion, ...], tuple[Uncoded, ...]]:
    """The suggestions, sure or not, and the sentences that none of ``threshold`` covers."""
    groups = propose(founds, candidates(founds, weights), threshold)
    suggestions = tuple(sorted((_suggestion(founds, g) for g in groups), key=lambda s: (s.span, s.label)))
    covered = {c.place for group in groups for c in group if c.confidence >= threshold}
    uncoded = tuple(Uncoded(f.sentence.span, *_why(f)) for i, f in enumerate(founds) if i not in covered)
    return suggestions, uncoded


def _suggestion(founds: Sequence[Found], group: Sequence[Candidate]) -> Suggestion:
    """One behaviour at the highest level shown, as sure as its surest sentence."""
    surest = founds[max(group, key=lambda c: c.confidence).place]
    own = [founds[c.place] for c in group]
    competency = group[0].competency
    return Suggestion(
        span_of(founds, group),
        surest.sentence.turn,
        surest.sentence.event,
        Label(competency, "A", max(_level(found, competency) for found in own)),
        max(c.confidence for c in group),
        tuple(piece for found in own for piece in _evidence(found, competency)),
        tuple((v.competency, round(v.probability, 4)) for v in surest.judgement.votes[:_SHOWN_ALTERNATIVES]),
    )


def _confidence(features: Sequence[float], weights: Sequence[float]) -> float:
    score = float(np.dot(np.asarray(features), np.asarray(weights)))
    return float(1 / (1 + np.exp(-score)))


def _level(found: Found, competency: str) -> int:
    """The level: the mean of the model's and the indicators', as a codable whole number."""
    voted = next(vote.level for vote in found.judgement.votes if vote.competency == competency)
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


def _why(found: Found) -> tuple[Reason, str]:
    """The reason a sentence is not coded: a cue that blocks, the model's, or nothing found."""
    for cue in found.matches.cues:
        if cue.effect is Effect.BLOCK:
            return cue.reason, cue.cue
    codability = found.judgement.codability
    if codability.probability >= 0.5:
        return Reason.NOT_FOUND, ""
    return codability.reason, ""
