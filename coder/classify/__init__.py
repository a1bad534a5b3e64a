"""The trained models: what a sentence is worth, and why."""

from coder.classify.context import Context, contexts, shape
from coder.classify.features import Featurizer
from coder.classify.levels import Levels
from coder.classify.models import Judgement, Linear, Models
from coder.classify.vector import Vocabulary

__all__ = [
    "Context",
    "Featurizer",
    "Judgement",
    "Levels",
    "Linear",
    "Models",
    "Vocabulary",
    "contexts",
    "shape",
]
