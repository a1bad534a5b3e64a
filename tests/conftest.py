"""What all tests share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import tiny
from command import INTERVIEW, Command, Ended
from hypothesis import settings

from coder.cli import coding, main, projects
from coder.engine import load_engine
from coder.pipeline import Engine
from coder.settings import Settings

# Wall-clock deadlines fail on a busy machine, and a test must say the same thing twice.
settings.register_profile("tests", deadline=None, derandomize=True)
settings.load_profile("tests")

_INDICATORS = 5


def small_lexicon(folder: Path) -> Path:
    """A copy of lexicon/ with a few indicators of each competency: the others only take time."""
    shutil.copytree(tiny.ROOT / "lexicon", folder)
    for path in (folder / "indicators").glob("*.yaml"):
        items = path.read_text(encoding="utf-8").split("\n- id:")
        path.write_text("\n- id:".join(items[: _INDICATORS + 1]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """CODER_* variables of a machine with a small corpus and a small lexicon."""
    root = tmp_path_factory.mktemp("machine")
    return {
        "CODER_HOME": str(root / "home"),
        "CODER_SAMPLES": str(tiny.write_corpus(root / "samples")),
        "CODER_LEXICON": str(small_lexicon(root / "lexicon")),
    }


@pytest.fixture(scope="session")
def trained(environment: dict[str, str]) -> Engine:
    """The engine of that machine, trained once."""
    return load_engine(Settings.from_environ(environment))


@pytest.fixture
def machine(
    environment: dict[str, str], trained: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Path:
    """The test runs on that machine, in the folder that is given, with a database of its own."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CODER_DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite3'}")
    for module in (coding, projects):
        monkeypatch.setattr(module, "load_engine", lambda *_, **__: trained)
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def coder(machine: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Command:
    """`python -m coder` in this process."""

    def run(*arguments: object) -> Ended:
        capfdbinary.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Ended(code, out, err.decode())

    return run


@pytest.fixture
def interview(machine: Path) -> Path:
    path = machine / "访谈.txt"
    path.write_text(INTERVIEW, encoding="utf-8")
    return path
