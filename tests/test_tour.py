"""The tour: there at first use, gone for good once removed, its files what the program writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coder import services, tour
from coder.engine import Knowledge, load_knowledge
from coder.errors import DataError
from coder.model.suggestion import Run
from coder.settings import Settings
from coder.store import Store
from coder.tour import open_tour, read_run, remove_tour

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "samples" / "tour").glob("*.json"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environ({"CODER_HOME": str(tmp_path / "home")})


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge(Settings.from_environ({}))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = services.open_store(settings)
    yield opened
    opened.close()


def projects(store: Store) -> list[tuple[str, int]]:
    return [(project.name, project.interviews) for project in services.list_projects(store)]


def test_tour_has_three_interviews() -> None:
    assert len(FILES) == 3


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_tour_runs_fit_their_interviews_and_the_codebook(path: Path, knowledge: Knowledge) -> None:
    run = read_run(path)
    text = (ROOT / "samples" / "transcripts" / f"{path.stem}.txt").read_text(encoding="utf-8")
    assert (run.codebook, run.codebook_version) == (knowledge.codebook.id, knowledge.codebook.version)
    assert len(run.above(run.threshold)) >= 10
    for suggestion in run.suggestions:
        assert suggestion.label in knowledge.codebook
        assert 0 <= suggestion.span.start < suggestion.span.end <= len(text)
        assert suggestion.evidence
    assert len({uncoded.reason for uncoded in run.uncoded}) >= 3


def test_tour_is_opened_in_an_empty_database(store: Store, settings: Settings, knowledge: Knowledge) -> None:
    open_tour(store, settings, knowledge)
    assert projects(store) == [(services.TOUR_PROJECT, 3)]
    assert services.check_store(store) == ()


def test_tour_is_not_opened_twice(store: Store, settings: Settings, knowledge: Knowledge) -> None:
    open_tour(store, settings, knowledge)
    open_tour(store, settings, knowledge)
    assert projects(store) == [(services.TOUR_PROJECT, 3)]


def test_tour_stays_away_once_removed(store: Store, settings: Settings, knowledge: Knowledge) -> None:
    open_tour(store, settings, knowledge)
    remove_tour(store, settings)
    assert projects(store) == []
    open_tour(store, settings, knowledge)
    assert projects(store) == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"suggestions": [], "uncoded": [{}]}', "\ud800"])
def test_tour_names_a_file_that_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(DataError, match=r"x\.json：不是导览的建议"):
        read_run(path)


def test_tour_that_is_broken_leaves_nothing_half_done(
    store: Store, settings: Settings, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> Run:
        if path == FILES[1]:
            raise DataError(path.name, "坏")
        return read_run(path)

    monkeypatch.setattr(tour, "read_run", broken)
    with pytest.raises(DataError):
        open_tour(store, settings, knowledge)
    assert projects(store) == []


def test_tour_is_made_by_a_model_that_saw_neither_it_nor_its_trade(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Settings.from_environ(environment)
    own = replace(own, samples=Path(shutil.copytree(own.samples, tmp_path / "samples")))
    shown = next((own.samples / "codings").glob("*.json"))
    (own.samples / "tour").mkdir()
    (own.samples / "tour" / shown.name).write_text("{}", encoding="utf-8")
    seen: list[set[str]] = []

    def train(corpus: tour.Corpus, *rest: object, **named: object) -> object:
        seen.append({interview.id for interview in corpus.interviews})
        return real(corpus, *rest, **named)  # type: ignore[arg-type]

    real = tour.train
    monkeypatch.setattr(tour, "train", train)
    (path,) = tour.make_tour(own, load_knowledge(own), lambda *_: None)
    assert shown.stem not in seen[0]
    assert len(seen[0]) == 3
    assert read_run(path).uncoded
