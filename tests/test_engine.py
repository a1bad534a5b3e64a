"""The engine of a machine: what it is made from, when it is trained, and a home that fails it."""

from __future__ import annotations

import shutil
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coder import engine
from coder.classify import Models
from coder.engine import Knowledge, lexicon_problems, load_engine, load_knowledge, wanted_model
from coder.errors import DataError, ModelError
from coder.pipeline import Engine
from coder.read import read_bytes
from coder.segment import segment
from coder.settings import Settings
from coder.store import models as model_files

WORDS = "访谈者：您说说。\n李经理：我当天就去了库房，一箱一箱看。我给自己定了个数。\n"


@pytest.fixture(scope="module")
def settings(environment: dict[str, str]) -> Settings:
    return Settings.from_environ(environment)


@pytest.fixture(scope="module")
def knowledge(settings: Settings) -> Knowledge:
    return load_knowledge(settings)


@pytest.fixture
def home(settings: Settings, trained: Engine, knowledge: Knowledge, tmp_path: Path) -> Settings:
    """The settings with a home of its own that holds the trained model."""
    own = replace(settings, home=tmp_path / "home")
    own.models.mkdir(parents=True)
    shutil.copy(wanted_model(knowledge, settings), own.models)
    return own


@pytest.fixture
def counted(trained: Engine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What training was asked for; none takes place."""
    asked: list[str] = []

    def train(*_: object, **__: object) -> Models:
        asked.append("train")
        return trained.models

    monkeypatch.setattr(engine, "train", train)
    return asked


def test_engine_is_not_trained_twice(home: Settings, trained: Engine, counted: list[str]) -> None:
    again = load_engine(home)
    assert counted == []
    assert again.models.version == trained.models.version
    found = segment(read_bytes(WORDS.encode(), "a.txt", 10_000), again.lexicon.conventions)
    assert again.suggest(found, 0.01) == trained.suggest(found, 0.01)


def test_engine_is_trained_on_request(home: Settings, counted: list[str]) -> None:
    load_engine(home, fresh=True)
    assert counted == ["train"]


def damage(data: bytes) -> bytes:
    return data[: len(data) // 2]


def nothing(data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("change", [damage, nothing])
def test_engine_is_trained_anew_when_the_file_is_damaged(
    home: Settings, knowledge: Knowledge, counted: list[str], change: Callable[[bytes], bytes]
) -> None:
    path = wanted_model(knowledge, home)
    path.write_bytes(change(path.read_bytes()))
    said: list[str] = []
    load_engine(home, lambda _, text: said.append(text))
    assert counted == ["train"]
    assert said[0] == "模型文件不能用，重新训练"
    assert model_files.load(path).version == path.stem


def test_engine_is_trained_anew_when_the_program_weighs_otherwise(
    home: Settings, knowledge: Knowledge, trained: Engine, counted: list[str]
) -> None:
    other = replace(trained.models, combination=trained.models.combination[:-3])
    model_files.save(other, home.models)
    load_engine(home)
    assert counted == ["train"]


def test_engine_wants_another_model_when_the_lexicon_changes(
    settings: Settings, knowledge: Knowledge
) -> None:
    changed = replace(knowledge, lexicon=replace(knowledge.lexicon, version="other"))
    assert wanted_model(changed, settings) != wanted_model(knowledge, settings)


def test_engine_without_a_corpus_says_where_it_looked(settings: Settings, tmp_path: Path) -> None:
    empty = replace(settings, home=tmp_path / "home", samples=tmp_path / "没有")
    with pytest.raises(DataError, match="没有训练语料；请检查 CODER_SAMPLES"):
        load_engine(empty)


def test_engine_without_a_lexicon_says_where_it_looked(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"没有/codebooks/spencer.yaml：读不了"):
        load_knowledge(replace(settings, lexicon=tmp_path / "没有"))


def test_engine_names_a_home_in_which_nothing_can_be_kept(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="不能写入：Not a directory；请检查权限和空间，或把 CODER_HOME"):
        load_engine(replace(settings, home=tmp_path / "file" / "home"))


def test_engine_makes_a_home_for_its_owner_alone(
    settings: Settings, knowledge: Knowledge, tmp_path: Path
) -> None:
    wanted_model(knowledge, replace(settings, home=tmp_path / "home"))
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_engine_model_of_another_name_is_refused(home: Settings, knowledge: Knowledge) -> None:
    path = wanted_model(knowledge, home)
    renamed = path.rename(path.with_stem("0" * 12))
    with pytest.raises(ModelError, match=f"里面是另一版模型 {path.stem}"):
        model_files.load(renamed)


def test_engine_a_failed_save_leaves_nothing(
    trained: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(model_files.skops.io, "dump", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model_files.save(trained.models, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_engine_two_programs_may_save_while_a_third_loads(trained: Engine, tmp_path: Path) -> None:
    path = model_files.save(trained.models, tmp_path)
    failed: list[Exception] = []

    def save() -> None:
        for _ in range(4):
            model_files.save(trained.models, tmp_path)

    threads = [threading.Thread(target=save) for _ in range(2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        loaded = model_files.load(path)
        if not np.array_equal(loaded.combination, trained.models.combination):
            failed.append(ValueError("another model"))
    assert failed == []
    assert list(tmp_path.iterdir()) == [path]


def test_engine_the_shipped_indicators_keep_to_their_sentences() -> None:
    assert list(lexicon_problems(load_knowledge(Settings.from_environ({})))) == []
