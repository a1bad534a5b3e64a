"""Candidates: stretches of one to four sentences, each with a competency, and how sure it is.

The confidence of a candidate is the probability that a trained coder has a coding that agrees with
it (same competency, span as analyse.reliability defines it): a logistic regression on what is
found in and around the stretch, fitted on interviews that the models had not seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coder.classify.vector import Floats
from coder.combine.found import Found
from coder.model.text import Span

MOST_SENTENCES = 4
COMPETENCIES = 4
FEATURES = (
    *("bias", "codability", "least codable", "most codable", "codability before", "codability after"),
    *("competency", "first", "second", "lead", "competency before", "competency after"),
    *("least", "most", "indicator", "indicators", "blocked", "length", "off length", "off length squared"),
    *("one sentence", "two sentences", "three sentences", "codability × competency"),
    # the same as probabilities: a logistic regression needs both shapes to find a stretch's ends
    *("chance codable", "chance least", "chance most", "chance before", "chance after"),
    *("contrast", "chance competency", "chance both", "least chance alone", "least chance of two"),
    *("least chance of three", "after alone", "before alone", "after two", "before two"),
    *("length squared", "length × chance", "same before", "same after", "least × chance"),
)
_PLACE = {name: place for place, name in enumerate(FEATURES)}
_USUAL_LENGTH = 60
_SILENCE = -4.0
_TINY = 1e-6

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Sentences ``first`` to ``last`` (places among those found) under one competency."""

    first: int
    last: int
    competency: str
    confidence: float

    def span(self, founds: Sequence[Found]) -> Span:
        """The characters from the first sentence to the last."""
        return founds[self.first].sentence.span.cover(founds[self.last].sentence.span)


class Scene:
    """An interview's findings as arrays: sentences × competencies."""

    def __init__(self, founds: Sequence[Found], codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        self.turns = [found.sentence.turn for found in founds]
        self.lengths = np.array([len(found.sentence.span) for found in founds], dtype=float)
        probabilities = np.array([found.judgement.codability.probability for found in founds])
        self.codable = _logit(probabilities)
        place = {code: k for k, code in enumerate(self.codes)}
        shape = (len(founds), len(self.codes))
        self.shares, self.hits, self.blocked = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for i, found in enumerate(founds):
            for vote in found.judgement.votes:
                self.shares[i, place[vote.competency]] = vote.probability
            for match in found.matches.matches:
                k = place[match.label.competency]
                if match.blocked:
                    self.blocked[i, k] = 1.0
                else:
                    self.hits[i, k] = max(self.hits[i, k], match.weight)
        self.logs = np.log(np.clip(self.shares, _TINY, 1))

    def stretches(self) -> Iterator[tuple[int, int]]:
        """First and last sentence of every stretch within one answer."""
        for first, turn in enumerate(self.turns):
            for last in range(first, min(len(self.turns), first + MOST_SENTENCES)):
                if self.turns[last] != turn:
                    break
                yield first, last

    def joined(self, first: int, last: int) -> Doubles:
        """The competencies' probabilities over a stretch.

        Sentences of one answer repeat each other: their logs are averaged by length, and sharpened
        by the root of their number, not by the number.
        """
        weights = self.lengths[first : last + 1]
        logs = (self.logs[first : last + 1] * weights[:, None]).sum(axis=0) / weights.sum()
        scores = np.exp((logs - logs.max()) * np.sqrt(last - first + 1))
        return np.asarray(scores / scores.sum())

    def _beside(self, place: int, turn: int) -> int | None:
        inside = 0 <= place < len(self.turns) and self.turns[place] == turn
        return place if inside else None

    def rows(self, first: int, last: int) -> list[tuple[int, list[float]]]:
        """The likeliest competencies of a stretch with their features (FEATURES, then one a code)."""
        own = slice(first, last + 1)
        joined = self.joined(first, last)
        order = np.argsort(-joined, kind="stable")[:COMPETENCIES]
        codable = self.codable[own]
        before, after = (self._beside(place, self.turns[first]) for place in (first - 1, last + 1))
        beside = [_SILENCE if place is None else self.codable[place] for place in (before, after)]
        length = float(self.lengths[own].sum())
        off = np.log(length / _USUAL_LENGTH)
        found = []
        for rank, k in enumerate(order):
            sure = float(_logit(joined[k : k + 1])[0])
            rival = order[1] if rank == 0 else order[0]
            features = [
                *(1.0, codable.mean(), codable.min(), codable.max(), beside[0], beside[1]),
                *(sure, float(rank == 0), float(rank == 1)),
                float(np.log(max(joined[k], _TINY)) - np.log(max(joined[rival], _TINY))),
                0.0 if before is None else self.shares[before, k],
                0.0 if after is None else self.shares[after, k],
                *(self.shares[own, k].min(), self.shares[own, k].max()),
                *(self.hits[own, k].max(), self.hits[own, k].sum(), self.blocked[own, k].max()),
                *(length / 80, abs(off), off**2),
                *(float(last - first == n) for n in range(3)),
                codable.mean() * sure * 0.1,
            ]
            features += _chances(features)
            prior = [1.0 if k == other else 0.0 for other in range(len(self.codes))]
            found.append((int(k), [*map(float, features), *prior]))
        return found


def _chances(features: Sequence[float]) -> list[float]:
    """The features after "codability × competency", from those up to it."""
    mean, least, most, before, after = (_chance(features[k]) for k in range(1, 6))
    competency = _chance(features[_PLACE["competency"]])
    one, two, three = (features[_PLACE[n]] for n in ("one sentence", "two sentences", "three sentences"))
    length = features[_PLACE["length"]]
    return [
        *(mean, least, most, before, after, least - max(before, after), competency, mean * competency),
        *(least * one, least * two, least * three, after * one, before * one, after * two, before * two),
        *(length**2, length * least),
        features[_PLACE["competency before"]] * before,
        features[_PLACE["competency after"]] * after,
        features[_PLACE["least"]] * least,
    ]


def _chance(score: float) -> float:
    return 1 / (1 + math.exp(-min(max(score, -8.0), 8.0)))


def _logit(probabilities: Doubles) -> Doubles:
    bounded = np.clip(probabilities, _TINY, 1 - _TINY)
    return np.asarray(np.log(bounded / (1 - bounded)))


def default_weights(codes: Sequence[str]) -> Floats:
    """Weights for models that were never calibrated: codability and competency alone."""
    weights = np.zeros(len(FEATURES) + len(codes), dtype=np.float32)
    for name, value in (("codability", 0.7), ("competency", 0.7), ("first", 0.3), ("indicator", 0.5)):
        weights[_PLACE[name]] = value
    return weights


def candidates(founds: Sequence[Found], codes: Sequence[str], weights: Floats) -> tuple[Candidate, ...]:
    """Every candidate of an interview with its confidence."""
    scene = Scene(founds, codes)
    places, rows = [], []
    for first, last in scene.stretches():
        for k, features in scene.rows(first, last):
            places.append((first, last, scene.codes[k]))
            rows.append(features)
    if not rows:
        return ()
    scores = np.array(rows) @ weights.astype(np.float64)
    confidences = np.round(1 / (1 + np.exp(-scores)), 4)
    return tuple(Candidate(*place, float(c)) for place, c in zip(places, confidences, strict=True))
