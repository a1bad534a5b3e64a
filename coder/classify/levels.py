"""From a raw score to a level: what coders gave, seen through how far the score can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from coder.classify.vector import Floats

_EXACT = 0.3
_INDICATOR_SPREAD = 1.2


@dataclass(frozen=True)
class Levels:
    """A regression of the level, and Bayes' rule to choose among a scale's levels.

    ``weights`` (competencies × features) give a score in units of ``spread`` (the standard deviation
    of the competency's levels) about ``centre`` (their mean). On unseen trades the score of a true
    level t is normal about ``intercept`` + ``slope``·t with standard deviation ``noise``, all in
    those units. ``prior`` (competencies × len(steps)) is how often coders gave each level of
    ``steps``; 0 where the scale has no such level.
    """

    classes: tuple[str, ...]
    weights: Floats
    centre: Floats
    spread: Floats
    prior: Floats
    steps: Floats
    error: Floats

    def scores(self, rows: sparse.csr_matrix) -> Floats:
        """Raw scores, rows × competencies."""
        return np.asarray(rows @ self.weights.T, dtype=np.float32)

    def decide(self, competency: str, score: float, shown: int | None = None) -> int:
        """The level with the most probability on it and its neighbours, some more weight on itself.

        ``shown`` is the highest level that an indicator says.
        """
        k = self.classes.index(competency)
        intercept, slope, noise = self.error
        units = (self.steps - self.centre[k]) / self.spread[k]
        likelihood = -((score - intercept - slope * units) ** 2) / (2 * noise**2)
        if shown is not None:
            likelihood = likelihood - (self.steps - shown) ** 2 / (2 * _INDICATOR_SPREAD**2)
        possible = np.flatnonzero(self.prior[k] > 0)
        # brought to 1 at the likeliest: far scores would make all of them 0
        posterior = self.prior[k] * np.exp(np.minimum(likelihood - likelihood[possible].max(), 0))
        near = np.abs(self.steps[:, None] - self.steps[None, :]) <= 1
        worth = near @ posterior + _EXACT * posterior
        return int(self.steps[possible[np.argmax(worth[possible])]])
