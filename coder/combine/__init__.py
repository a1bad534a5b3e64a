"""Match, Vote → Suggestion: one rule for what is proposed, how sure, and why."""

from __future__ import annotations

from collections.abc import Sequence

from coder.classify import Levels
from coder.classify.vector import Floats
from coder.combine.choose import choose
from coder.combine.found import Found, observe
from coder.combine.spans import Candidate, Scene, candidates, default_weights
from coder.model.codebook import Label
from coder.model.lexicon import Effect
from coder.model.suggestion import Evidence, Reason, Suggestion, Uncoded

__all__ = ["Candidate", "Found", "Scene", "candidates", "choose", "combine", "default_weights", "observe"]

_SHOWN_ALTERNATIVES = 3
_SHOWN_WORDS = 6


def combine(
    founds: Sequence[Found], codes: Sequence[str], weights: Floats, threshold: float, levels: Levels
) -> tuple[tuple[Suggestion, ...], tuple[Uncoded, ...]]:
    """The suggestions, sure or not, and the sentences that none above ``threshold`` covers."""
    chosen, rest = choose(candidates(founds, codes, weights), len(founds), threshold)
    scene = Scene(founds, codes)
    suggestions = [_suggestion(founds, scene, candidate, levels) for candidate in (*chosen, *rest)]
    covered = {place for c in chosen for place in range(c.first, c.last + 1)}
    uncoded = tuple(Uncoded(f.sentence.span, *_why(f)) for i, f in enumerate(founds) if i not in covered)
    return tuple(sorted(suggestions, key=lambda s: (s.span, s.label))), uncoded


def _suggestion(founds: Sequence[Found], scene: Scene, candidate: Candidate, levels: Levels) -> Suggestion:
    own = founds[candidate.first : candidate.last + 1]
    joined = scene.joined(candidate.first, candidate.last)
    ranked = sorted(zip(scene.codes, joined.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
    return Suggestion(
        candidate.span(founds),
        own[0].sentence.turn,
        own[0].sentence.event,
        Label(candidate.competency, "A", level_of(own, candidate.competency, levels)),
        candidate.confidence,
        _evidence(own, candidate.competency),
        tuple((code, round(share, 4)) for code, share in ranked[:_SHOWN_ALTERNATIVES]),
    )


def level_of(own: Sequence[Found], competency: str, levels: Levels) -> int:
    """The level of a stretch, from its sentences' mean score by length and its indicators.

    Not the highest of the sentences' levels: that would mostly be the largest error.
    """
    votes = [next(v for v in found.judgement.votes if v.competency == competency) for found in own]
    lengths = [len(found.sentence.span) for found in own]
    score = sum(v.level_score * n for v, n in zip(votes, lengths, strict=True)) / sum(lengths)
    shown = [m.label.level or 0 for f in own for m in f.matches.counting if m.label.competency == competency]
    return levels.decide(competency, score, max(shown, default=None))


def _evidence(own: Sequence[Found], competency: str) -> tuple[Evidence, ...]:
    """Indicators, then words, then cues, then how codable the speech is."""
    indicators, words, cues = [], [], []
    for found in own:
        for match in found.matches.matches:
            if match.label.competency == competency:
                kind, name = ("blocked", "被挡指标") if match.blocked else ("indicator", "指标")
                text = f"{name} {match.indicator}「{found.of(match.span)}」"
                indicators.append(Evidence(kind, text, match.span, match.weight))
        vote = next(v for v in found.judgement.votes if v.competency == competency)
        words += [Evidence("word", f"词 {f.name}", f.span, round(f.weight, 4)) for f in vote.features]
        cues += [
            Evidence("cue", f"提示 {cue.reason.name_zh}「{found.of(cue.span)}」", cue.span)
            for cue in found.matches.cues
            if len(cue.span)
        ]
    words.sort(key=lambda piece: -piece.weight)
    codable = max(found.judgement.codability.probability for found in own)
    told = Evidence("codability", f"可编码性 {codable:.2f}", None, round(codable, 4))
    return (*indicators, *words[:_SHOWN_WORDS], *cues, told)


def _why(found: Found) -> tuple[Reason, str]:
    """The reason a sentence is not coded: a cue that blocks, the model's, or nothing found."""
    for cue in found.matches.cues:
        if cue.effect is Effect.BLOCK:
            return cue.reason, cue.cue
    codability = found.judgement.codability
    if codability.probability >= 0.5:
        return Reason.NOT_FOUND, ""
    return codability.reason, ""
