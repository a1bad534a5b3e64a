"""Where things are and how large they may be, read from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from coder.errors import UsageError

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """The program's settings; paths are absolute, sizes in bytes."""

    home: Path
    database_url: str
    lexicon: Path
    samples: Path
    max_bytes: int

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings that CODER_* variables give, with a default for each."""
        home = _path(environ.get("CODER_HOME") or platformdirs.user_data_dir("bei-coder"))
        megabytes = environ.get("CODER_MAX_MEGABYTES") or "20"
        if not megabytes.isdecimal() or int(megabytes) == 0:
            raise UsageError("CODER_MAX_MEGABYTES", f"不是正整数：{megabytes}", "请填以 MB 计的整数，例如 20")
        return cls(
            home=home,
            database_url=environ.get("CODER_DATABASE_URL") or f"sqlite:///{home / 'coder.sqlite3'}",
            lexicon=_path(environ.get("CODER_LEXICON") or _ROOT / "lexicon"),
            samples=_path(environ.get("CODER_SAMPLES") or _ROOT / "samples"),
            max_bytes=int(megabytes) * 1024 * 1024,
        )

    @property
    def models(self) -> Path:
        """Where trained models are kept."""
        return self.home / "models"


def _path(text: str | Path) -> Path:
    """The absolute path; ``~`` is the user's folder, also where no shell has said so."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        return Path(text).absolute()
