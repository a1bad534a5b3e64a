"""The engine of this machine: lexicon, codebook and models, trained when nothing fits them yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coder.corpus import corpus_version, load_corpus, load_double
from coder.errors import ModelError
from coder.evaluate import evaluate
from coder.load import load_codebook, load_lexicon, load_mappings
from coder.match import Matcher
from coder.model.codebook import Codebook, Mapping
from coder.model.lexicon import Lexicon
from coder.pipeline import Engine
from coder.settings import Settings
from coder.store import models as model_files
from coder.train import Parameters, Progress, model_version, train
from coder.words import Tokenizer


@dataclass(frozen=True)
class Knowledge:
    """What lexicon/ says: codebook, lexicon and client models."""

    codebook: Codebook
    lexicon: Lexicon
    mappings: dict[str, Mapping]


def load_knowledge(settings: Settings) -> Knowledge:
    """The shipped lexicon/, or the one that CODER_LEXICON names, checked."""
    codebook = load_codebook(settings.lexicon / "codebooks" / "spencer.yaml")
    mappings = load_mappings(settings.lexicon / "mappings", codebook)
    return Knowledge(codebook, load_lexicon(settings.lexicon, codebook), mappings)


def tokenizer_for(lexicon: Lexicon, settings: Settings) -> Tokenizer:
    """The tokenizer with the lexicon's words; jieba's cache stays in the program's own folder."""
    words = {word for words in lexicon.classes.values() for word in words if len(word) > 1}
    return Tokenizer(words, settings.home / "cache")


def wanted_model(knowledge: Knowledge, settings: Settings) -> Path:
    """Where the model lies that fits corpus, lexicon and program, if it was trained already."""
    tokenizer = tokenizer_for(knowledge.lexicon, settings)
    version = model_version(corpus_version(settings.samples), knowledge.lexicon, tokenizer, Parameters())
    return model_files.path_of(settings.models, version)


def load_engine(
    settings: Settings, progress: Progress = lambda fraction, text: None, fresh: bool = False
) -> Engine:
    """The engine; trains (about a minute, with progress) if no model fits or ``fresh`` is asked for."""
    knowledge = load_knowledge(settings)
    tokenizer = tokenizer_for(knowledge.lexicon, settings)
    matcher = Matcher(knowledge.lexicon)
    path = wanted_model(knowledge, settings)
    models = None
    if path.exists() and not fresh:
        try:
            models = model_files.load(path)
        except ModelError:
            progress(0.0, "模型文件损坏，重新训练")
    if models is None:
        corpus = load_corpus(settings.samples, knowledge.codebook, knowledge.lexicon.conventions, matcher)
        models = train(corpus, knowledge.codebook, knowledge.lexicon, tokenizer, progress=progress)
        # the file holds half precision: use what later runs will load, so that they say the same
        models = model_files.load(model_files.save(models, settings.models))
    progress(1.0, "就绪")
    return Engine(knowledge.codebook, knowledge.lexicon, matcher, tokenizer, models)


def measure_quality(settings: Settings, progress: Progress, curve: bool = True) -> dict[str, Any]:
    """The quality report of this corpus and lexicon (see coder.evaluate)."""
    knowledge = load_knowledge(settings)
    corpus = load_corpus(
        settings.samples, knowledge.codebook, knowledge.lexicon.conventions, Matcher(knowledge.lexicon)
    )
    double = load_double(settings.samples, knowledge.codebook)
    tokenizer = tokenizer_for(knowledge.lexicon, settings)
    return evaluate(corpus, knowledge.codebook, knowledge.lexicon, tokenizer, double, progress, curve)
