"""The engine of this machine: lexicon, codebook and models, trained when nothing fits them yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from coder.classify import Models
from coder.combine import default_weights
from coder.corpus import Corpus, corpus_version, load_corpus, load_double
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
    return Tokenizer(words, make_folder(settings.home / "cache"))


def make_folder(path: Path) -> Path:
    """The folder, made for its owner alone when it is new; ModelError when nothing can be put in it."""
    try:
        # the home too: mkdir gives its mode to the last folder only
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        with TemporaryFile(dir=path):
            return path
    except OSError as error:
        todo = "请检查权限和空间，或把 CODER_HOME 设为能写的文件夹"
        raise ModelError(str(path), f"不能写入：{error.strerror}", todo) from None


def wanted_model(knowledge: Knowledge, settings: Settings) -> Path:
    """Where the model lies that fits corpus, lexicon and program, if it was trained already."""
    tokenizer = tokenizer_for(knowledge.lexicon, settings)
    version = model_version(corpus_version(settings.samples), knowledge.lexicon, tokenizer, Parameters())
    return model_files.path_of(settings.models, version)


def load_model(path: Path, codebook: Codebook) -> Models:
    """The models of a file; ModelError when it is damaged, or of a program that weighed otherwise."""
    models = model_files.load(path)
    if models.combination.shape != default_weights(codebook.suggested_codes).shape:
        raise ModelError(path.name, "是程序另一版的模型", "请重新训练：python -m coder train")
    return models


def load_engine(
    settings: Settings,
    progress: Progress = lambda fraction, text: None,
    fresh: bool = False,
    knowledge: Knowledge | None = None,
) -> Engine:
    """The engine; trains (about a minute, with progress) if no model fits or ``fresh`` is asked for.

    ``knowledge`` is for callers that have read lexicon/ already.
    """
    knowledge = knowledge or load_knowledge(settings)
    tokenizer = tokenizer_for(knowledge.lexicon, settings)
    matcher = Matcher(knowledge.lexicon)
    path = wanted_model(knowledge, settings)
    models = None
    if path.exists() and not fresh:
        try:
            models = load_model(path, knowledge.codebook)
        except ModelError:
            progress(0.0, "模型文件不能用，重新训练")
    if models is None:
        make_folder(settings.models)  # known before a minute of work
        corpus = load_corpus(settings.samples, knowledge.codebook, knowledge.lexicon.conventions, matcher)
        models = train(corpus, knowledge.codebook, knowledge.lexicon, tokenizer, progress=progress)
        # the file holds half precision: use what later runs will load, so that they say the same
        models = model_files.load(model_files.save(models, settings.models))
    progress(1.0, "就绪")
    return Engine(knowledge.codebook, knowledge.lexicon, matcher, tokenizer, models)


def lexicon_problems(knowledge: Knowledge) -> Iterator[str]:
    """Where indicators fail their own sentences, a line each."""
    matcher = Matcher(knowledge.lexicon)
    for indicator in knowledge.lexicon.indicators:
        for sentences, wanted in ((indicator.matches, True), (indicator.misses, False)):
            for sentence in sentences:
                counting = {match.indicator for match in matcher.match(sentence).counting}
                if (indicator.id in counting) is not wanted:
                    what = "没有命中自己的例句" if wanted else "命中了不该命中的例句"
                    yield f"指标 {indicator.id}：{what}「{sentence}」；请改 pattern 或例句"


def corpus_of(settings: Settings) -> tuple[Knowledge, Matcher, Corpus]:
    """The corpus, with what it was read by."""
    knowledge = load_knowledge(settings)
    matcher = Matcher(knowledge.lexicon)
    conventions = knowledge.lexicon.conventions
    return knowledge, matcher, load_corpus(settings.samples, knowledge.codebook, conventions, matcher)


def measure_quality(settings: Settings, progress: Progress, curve: bool = True) -> dict[str, Any]:
    """The quality report of this corpus and lexicon (see coder.evaluate)."""
    knowledge, _, corpus = corpus_of(settings)
    double = load_double(settings.samples, knowledge.codebook)
    tokenizer = tokenizer_for(knowledge.lexicon, settings)
    return evaluate(corpus, knowledge.codebook, knowledge.lexicon, tokenizer, double, progress, curve)
