"""Settings from CODER_* variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from coder.errors import UsageError
from coder.settings import Settings

ROOT = Path(__file__).parent.parent


def test_settings_have_defaults() -> None:
    found = Settings.from_environ({})
    assert (found.lexicon, found.samples) == (ROOT / "lexicon", ROOT / "samples")
    assert found.home.is_absolute()
    assert found.database_url == f"sqlite:///{found.home / 'coder.sqlite3'}"
    assert found.max_bytes == 20 * 1024**2


def test_settings_an_empty_variable_is_none() -> None:
    empty = dict.fromkeys(("CODER_HOME", "CODER_LEXICON", "CODER_DATABASE_URL", "CODER_MAX_MEGABYTES"), "")
    assert Settings.from_environ(empty) == Settings.from_environ({})


def test_settings_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = Settings.from_environ(
        {
            "CODER_HOME": "home",
            "CODER_LEXICON": "词库",
            "CODER_SAMPLES": "/语料",
            "CODER_DATABASE_URL": "postgresql://db/x",
            "CODER_MAX_MEGABYTES": "3",
        }
    )
    assert found == Settings(
        tmp_path / "home", "postgresql://db/x", tmp_path / "词库", Path("/语料"), 3 * 1024**2
    )
    assert found.models == tmp_path / "home" / "models"


def test_settings_know_the_users_folder_where_no_shell_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/li")
    assert Settings.from_environ({"CODER_HOME": "~/数据"}).home == Path("/home/li/数据")


@pytest.mark.parametrize("megabytes", ["0", "-1", "1.5", "很大", "1e3", "²"])
def test_settings_refuse_a_size_that_is_none(megabytes: str) -> None:
    with pytest.raises(UsageError, match=f"CODER_MAX_MEGABYTES：不是正整数：{megabytes}"):
        Settings.from_environ({"CODER_MAX_MEGABYTES": megabytes})
