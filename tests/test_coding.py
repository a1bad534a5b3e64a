"""Files → runs, nothing stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from built import run, suggestion, transcript
from desk import fake_engine

from coder.batch import Outcome
from coder.coding import CodeRequest, code_sources, gather_sources, read_source, suggested_codings
from coder.errors import ReadError, UsageError
from coder.model.review import Source, Status
from coder.pipeline import Engine
from coder.settings import Settings

WORDS = "访谈者：您说说。\n李经理：我当天就去了库房。我一箱一箱看了一遍。\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.from_environ({"CODER_HOME": str(tmp_path_factory.mktemp("home"))})


class Desk:
    """The engine of code_sources, in so far as it needs one: the suggestions are made up."""

    def __init__(self, settings: Settings) -> None:
        fake = fake_engine(settings)
        self.lexicon, self.suggest = fake.knowledge.lexicon, fake.suggest


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Desk:
    return Desk(settings)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("甲/1.txt", "乙/1.txt", "乙/2.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(WORDS, encoding="utf-8")
    return tmp_path


def outcomes(paths: list[str], engine: Desk, settings: Settings, **request: str) -> list[Outcome]:
    given = tuple(map(Path, paths))
    assert isinstance(engine, Desk)
    stand_in: Engine = engine  # type: ignore[assignment]
    found = gather_sources(given).found
    return list(code_sources(found, CodeRequest(given, **request), stand_in, settings))  # type: ignore[arg-type]


def test_coding_qualifies_equal_names_only(folder: Path) -> None:
    found = gather_sources([Path("甲"), Path("乙"), Path("没有")])
    assert [name for _, name in found.found] == ["甲/1.txt", "乙/1.txt", "2.txt"]
    assert [error.where for error in found.failures] == ["没有"]


def test_coding_gives_an_outcome_a_source_in_order(folder: Path, engine: Desk, settings: Settings) -> None:
    Path("甲/0.txt").touch()
    found = outcomes(["甲", "乙/2.txt"], engine, settings, group="优秀")
    assert [(o.name, o.run is None, o.error is None) for o in found] == [
        ("0.txt", True, False),
        ("1.txt", False, True),
        ("2.txt", False, True),
    ]
    assert found[1].transcript is not None
    assert (found[1].transcript.group, found[1].transcript.text) == ("优秀", WORDS)


def test_coding_names_a_bad_file_as_the_rows_would(folder: Path, engine: Desk, settings: Settings) -> None:
    Path("甲/1.txt").write_bytes(b"")
    (bad, good, _) = outcomes(["甲", "乙"], engine, settings)
    assert isinstance(bad.error, ReadError)
    assert (bad.error.where, good.name) == ("甲/1.txt", "乙/1.txt")


def test_coding_with_an_interviewee_whom_nobody_is(folder: Path, engine: Desk, settings: Settings) -> None:
    (found,) = outcomes(["乙/2.txt"], engine, settings, interviewee="王")
    assert isinstance(found.error, UsageError)
    assert str(found.error) == "2.txt：没有叫「王」的人；这篇里的说话人有：访谈者、李经理"


def test_coding_reads_one_source_by_its_name(folder: Path, settings: Settings) -> None:
    found = read_source(Path("甲/1.txt"), settings)
    assert (found.name, found.text, found.turns) == ("1.txt", WORDS, ())


def test_coding_below_the_threshold_only_with_everything() -> None:
    low = suggestion("CO.A.1", confidence=0.2)
    done = [(transcript(), run(suggestion(), low))]
    assert [str(coding.label) for coding in suggested_codings(done)] == ["INFO.A.2"]
    assert [str(coding.label) for coding in suggested_codings(done, everything=True)] == [
        "CO.A.1",
        "INFO.A.2",
    ]


def test_coding_sorts_by_transcript_then_place() -> None:
    done = [(transcript(name), run()) for name in ("乙.txt", "丙.txt", "甲.txt")]
    found = suggested_codings(done)
    assert [coding.transcript for coding in found] == ["丙.txt", "乙.txt", "甲.txt"]
    assert {(coding.status, coding.source) for coding in found} == {(Status.SUGGESTED, Source.SUGGESTION)}


def test_coding_of_a_run_without_suggestions_is_empty() -> None:
    assert suggested_codings([(transcript(), replace(run(), suggestions=()))]) == ()
