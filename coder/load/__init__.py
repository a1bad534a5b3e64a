"""lexicon/ → Codebook, Lexicon, Mapping; every rule checked, every error with file and line."""

from coder.load.codebook import load_codebook, load_mapping, load_mappings
from coder.load.lexicon import expand, load_classes, load_conventions, load_lexicon

__all__ = [
    "expand",
    "load_classes",
    "load_codebook",
    "load_conventions",
    "load_lexicon",
    "load_mapping",
    "load_mappings",
]
