"""Training on a tiny corpus: repeatable, out of fold, from interviews or utterances alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import skops.io
from tiny import CODES, codebook, corpus, engine, found, lexicon, matcher, models, tokenizer, trained

from coder.classify import Models
from coder.combine import Found, candidates, default_weights
from coder.corpus import Corpus, Example, Interview, Reference, examples_of
from coder.errors import ModelError
from coder.model.codebook import Label
from coder.model.text import Span, Transcript
from coder.store import models as model_files
from coder.train import Parameters, calibrate, cross_validate, model_version, reference_of, train
from coder.train import fit as fit_models

FEW = 30


def arrays(value: object) -> list[object]:
    """Everything that a model holds, arrays as bytes."""
    if isinstance(value, np.ndarray):
        return [value.shape, value.tobytes()]
    if is_dataclass(value):
        return [piece for field in fields(value) for piece in arrays(getattr(value, field.name))]
    return [value]


def of_utterances() -> Corpus:
    return replace(corpus(), interviews=(), folds=(), utterances=corpus().utterances[:FEW])


def of_one_interview() -> Corpus:
    first = corpus().interviews[0]
    return Corpus("one", (first,), (), (frozenset({first.trade}),))


# ── whole models ──────────────────────────────────────────────────────────────────────────────────


def test_train_gives_the_same_version_and_weights_twice() -> None:
    assert arrays(trained(corpus())) == arrays(models())


def test_train_from_utterances_alone() -> None:
    own = trained(of_utterances())
    run = engine(own).suggest(corpus().interviews[0].transcript)
    assert own.combination.tolist() == default_weights(codebook().suggested_codes).tolist()
    assert run.suggestions


def test_train_from_interviews_alone() -> None:
    two = corpus().interviews[:2]
    own = trained(Corpus("two", two, (), tuple(frozenset({interview.trade}) for interview in two)))
    assert np.isfinite(own.combination).all()
    assert engine(own).suggest(corpus().interviews[0].transcript).suggestions


def test_train_from_a_single_interview() -> None:
    # its trade held out, no interview is left: once scikit-learn complained of 0 samples
    own = trained(of_one_interview())
    assert engine(own).suggest(corpus().interviews[0].transcript).suggestions


def test_train_reports_progress_that_only_grows() -> None:
    told: list[float] = []
    train_quietly(told)
    assert told == sorted(told)
    assert 0 < told[0] <= told[-1] <= 1


def train_quietly(told: list[float]) -> Models:
    return train(
        of_utterances(),
        codebook(),
        lexicon(),
        tokenizer(),
        progress=lambda fraction, _: told.append(fraction),
    )


def test_train_knows_every_suggested_competency() -> None:
    assert models().competency.classes == codebook().suggested_codes == models().levels.classes


def test_train_gives_no_prior_to_levels_that_a_scale_has_not() -> None:
    levels = models().levels
    for code, prior in zip(levels.classes, levels.prior, strict=True):
        scale = codebook().by_code[code].dimension("A").codable_levels
        allowed = {int(step) for step, share in zip(levels.steps, prior, strict=True) if share > 0}
        assert allowed == set(scale)
        assert prior.sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", ["codability", "competency", "reason", "levels"])
def test_train_weighs_every_column_of_the_featurizer(name: str) -> None:
    assert getattr(models(), name).weights.shape[1] == len(models().featurizer.names)


def test_train_leaves_no_weight_undefined() -> None:
    parts = (models().codability, models().reason, models().competency, models().levels)
    assert all(np.isfinite(part.weights).all() for part in parts)
    assert 0 < models().threshold < 1


def test_train_tells_coded_speech_from_other_speech_that_it_has_seen() -> None:
    examples = [e for i in corpus().interviews for e in examples_of(i, matcher())]
    rows = models().featurizer.matrix([e.context for e in examples], tokenizer())
    probabilities = models().codability.sigmoid(rows)
    coded = np.array([e.code is not None for e in examples])
    assert probabilities[coded].mean() > probabilities[~coded].mean()


# ── versions ──────────────────────────────────────────────────────────────────────────────────────


def test_train_version_changes_with_corpus_lexicon_and_parameters() -> None:
    own = lexicon()
    versions = {
        model_version("c1", own, tokenizer(), Parameters()),
        model_version("c2", own, tokenizer(), Parameters()),
        model_version("c1", replace(own, version="other"), tokenizer(), Parameters()),
        model_version("c1", own, tokenizer(), Parameters(alpha=99.0)),
    }
    assert len(versions) == 4
    assert model_version("c1", own, tokenizer(), Parameters()) in versions


# ── held-out trades ───────────────────────────────────────────────────────────────────────────────


def spied(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The trades of each fit, in order; the fits themselves are made of a few utterances."""
    seen: list[set[str]] = []
    quick = fit_models(corpus().utterances[:FEW], codebook(), tokenizer(), Parameters())

    def fit(examples: Sequence[Example], *_: object) -> Models:
        seen.append({example.trade for example in examples})
        return quick

    monkeypatch.setattr("coder.train.fit", fit)
    return seen


def folds(own: Corpus) -> list[tuple[Models, tuple[tuple[Interview, tuple[Found, ...]], ...]]]:
    examples = {i.id: examples_of(i, matcher()) for i in own.interviews}
    blank = engine(Models.empty(codebook()))
    return list(cross_validate(own, examples, blank, Parameters(), own.folds))


def test_train_never_shows_a_held_out_trade(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = spied(monkeypatch)
    folds(corpus())
    trades = {e.trade for e in corpus().utterances}
    assert all(part & trades for part in corpus().folds), (
        "utterances of a held-out trade must be there to leave out"
    )
    assert len(seen) == len(corpus().folds)
    assert not any(trades & part for trades, part in zip(seen, corpus().folds, strict=True))


def test_train_shows_all_other_trades(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = spied(monkeypatch)
    folds(corpus())
    everyone = {e.trade for e in corpus().utterances} | {i.trade for i in corpus().interviews}
    assert all(everyone - part <= trades for trades, part in zip(seen, corpus().folds, strict=True))


def test_train_judges_every_interview_once(monkeypatch: pytest.MonkeyPatch) -> None:
    spied(monkeypatch)
    judged = [interview.id for _, part in folds(corpus()) for interview, _ in part]
    assert sorted(judged) == sorted(interview.id for interview in corpus().interviews)


# ── calibration ───────────────────────────────────────────────────────────────────────────────────


def interview(*codings: Reference) -> Interview:
    return Interview("甲", "客服", Transcript("甲.txt", ""), codings, ())


def taught() -> list[tuple[Interview, tuple[Found, ...]]]:
    """Forty sentences in answers of their own; the codable half is coded as the models say."""
    founds = tuple(found(start=i * 20, turn=i + 1, codability=0.9 if i % 2 else 0.1) for i in range(40))
    codings = [Reference(f.sentence.span, Label("ACH", "A", 2)) for f in founds[1::2]]
    return [(interview(*codings), founds)]


def test_train_calibrates_to_what_coders_code() -> None:
    weights, threshold = calibrate(taught(), CODES)
    _, founds = taught()[0]
    sure = {(c.first, c.competency) for c in candidates(founds, CODES, weights) if c.confidence >= threshold}
    assert sure == {(place, "ACH") for place in range(1, 40, 2)}


def test_train_calibration_passes_over_what_is_always_the_same() -> None:
    # all sentences are of one length, whose spread is 1e-16
    weights, _ = calibrate(taught(), CODES)
    assert abs(weights).max() < 1e3


def test_train_calibrates_the_same_twice() -> None:
    (one, first), (other, second) = calibrate(taught(), CODES), calibrate(taught(), CODES)
    assert one.tolist() == other.tolist()
    assert first == second


def test_train_leaves_default_weights_where_nothing_was_coded() -> None:
    weights, threshold = calibrate([(interview(), (found(),))], CODES)
    assert weights.tolist() == default_weights(CODES).tolist()
    assert 0 < threshold < 1


def test_train_reference_is_dimension_a() -> None:
    own = interview(Reference(Span(0, 5), Label("ACH", "A", 2)), Reference(Span(0, 5), Label("ACH", "B", 1)))
    assert [(c.span, c.code, c.level) for c in reference_of(own)] == [(Span(0, 5), "ACH", 2)]


# ── model files ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model_files.save(models(), tmp_path_factory.mktemp("models"))


def test_train_models_come_back_from_their_file(stored: Path) -> None:
    back = model_files.load(stored)
    assert (back.version, back.threshold) == (models().version, models().threshold)
    assert back.featurizer.names == models().featurizer.names
    assert np.allclose(back.competency.weights, models().competency.weights, rtol=1e-3, atol=1e-4)
    assert back.combination.tolist() == models().combination.tolist()


def test_train_model_file_is_named_for_its_version(stored: Path) -> None:
    assert stored == model_files.path_of(stored.parent, models().version)
    assert [path.name for path in stored.parent.iterdir()] == [stored.name]


def test_train_model_folder_keeps_the_three_newest(tmp_path: Path) -> None:
    blank = Models.empty(codebook())
    for version in "abcde":
        model_files.save(replace(blank, version=version), tmp_path)
    assert len(list(tmp_path.iterdir())) == 3
    assert (tmp_path / "e.skops").exists()


def refused(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        model_files.load(path)
    return str(caught.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no model at all", b"\0" * 5000])
def test_train_refuses_a_file_that_is_no_model(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path / "x.skops", content).startswith("x.skops：")


def test_train_refuses_half_a_model(tmp_path: Path, stored: Path) -> None:
    content = stored.read_bytes()
    assert "损坏" in refused(tmp_path / "x.skops", content[: len(content) // 2])


def test_train_refuses_a_model_with_damaged_bytes_or_loads_it_whole(tmp_path: Path) -> None:
    # zlib and zipfile have errors of their own for this, which once ended the program
    damaged = model_files.save(replace(Models.empty(codebook()), version="v"), tmp_path)
    content, chance = damaged.read_bytes(), random.Random(7)
    refusals = 0
    for _ in range(200):
        broken = bytearray(content)
        for _ in range(4):
            broken[chance.randrange(len(broken))] ^= chance.randrange(1, 256)
        damaged.write_bytes(broken)
        try:
            assert model_files.load(damaged).competency.classes == codebook().suggested_codes
        except ModelError:
            refusals += 1
    assert refusals > 100


@pytest.mark.parametrize(
    "state",
    [
        [1, 2, 3],
        {"format": 1, "version": "old"},
        {"format": 2, "version": "empty"},
        {"format": 2, "version": "odd", "terms": "words", "idf": 1, "signs": "words"},
    ],
)
def test_train_refuses_a_foreign_skops_file(tmp_path: Path, state: object) -> None:
    skops.io.dump(state, tmp_path / "foreign")
    assert refused(tmp_path / "x.skops", (tmp_path / "foreign").read_bytes()).startswith("x.skops：")


def test_train_refuses_a_file_with_unknown_types(tmp_path: Path) -> None:
    skops.io.dump({"format": 2, "version": Parameters()}, tmp_path / "foreign")
    assert "不认识的类型" in refused(tmp_path / "x.skops", (tmp_path / "foreign").read_bytes())


def test_train_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="读不了模型"):
        model_files.load(tmp_path / "none.skops")
