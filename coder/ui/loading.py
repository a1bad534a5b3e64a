"""The engine, made in a thread of its own, and its model trained in a process of its own.

Training keeps an interpreter busy for a minute; in this one it would slow every page. The child is
this module, run with -m: it trains, saves the model where `load_engine` finds it, and says on its
standard output how far it is, a JSON line each time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from coder import engine
from coder.engine import Knowledge
from coder.errors import CoderError, ModelError
from coder.pipeline import Engine
from coder.settings import Settings

Progress = Callable[[float, str], None]
_ROOT = Path(__file__).resolve().parents[2]


class EngineLoader:
    """An engine on its way: ``fraction`` and ``text`` say how far, ``error`` why it will not come."""

    def __init__(self, make: Callable[[Progress], Engine]) -> None:
        self.fraction, self.text, self.error = 0.0, "准备", ""
        self.engine: Engine | None = None
        self._thread = Thread(target=self._run, args=(make,), name="engine", daemon=True)
        self._thread.start()

    def _run(self, make: Callable[[Progress], Engine]) -> None:
        try:
            self.engine = make(self._note)
        except CoderError as error:
            self.error = str(error)
        finally:
            # whatever else happened: nobody must wait for an engine that will not come
            if self.engine is None and not self.error:
                self.error = "模型：训练中断；请点“重试”，仍如此请运行 python -m coder check"

    def _note(self, fraction: float, text: str) -> None:
        self.fraction, self.text = min(max(fraction, 0.0), 1.0), text

    @property
    def busy(self) -> bool:
        """Whether the engine is still being made."""
        return self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; whether the engine is done (or has failed)."""
        self._thread.join(seconds)
        return not self.busy


def prepare(settings: Settings, knowledge: Knowledge, progress: Progress) -> Engine:
    """The engine; when no model fits, a child process trains one first."""
    if not engine.wanted_model(knowledge, settings).exists():
        train_beside(settings, progress)
    progress(0.99, "载入模型")
    return engine.load_engine(settings)


def train_beside(settings: Settings, progress: Progress) -> None:
    """Train in a process of its own; ModelError with its words when it fails."""
    with _child(settings) as child:
        assert child.stdout is not None
        failed = ""
        for line in child.stdout:
            if not line.startswith("["):  # some library talks
                continue
            fraction, text = json.loads(line)
            if fraction < 0:
                failed = text
            else:
                progress(fraction * 0.98, text)
    if failed or child.returncode:
        where, _, rest = failed.partition("：")
        what, _, todo = rest.partition("；")
        raise ModelError(where or "模型", what or f"训练中断（{child.returncode}）", todo or "请点“重试”")


def _child(settings: Settings) -> subprocess.Popen[str]:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environ = os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        "CODER_HOME": str(settings.home),
        "CODER_LEXICON": str(settings.lexicon),
        "CODER_SAMPLES": str(settings.samples),
    }
    command = [sys.executable, "-X", "utf8", "-m", "coder.ui.loading"]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8", env=environ
    )


def _say(fraction: float, text: str) -> None:
    print(json.dumps([fraction, text]), flush=True)


def main() -> int:
    """What the child does; the exit code."""
    if hasattr(os, "nice"):
        os.nice(5)  # the screen first
    try:
        _say(0.01, "读词典和语料")
        engine.load_engine(Settings.from_environ(), _say)
    except CoderError as error:
        _say(-1.0, str(error))
        return 1
    except (KeyboardInterrupt, BrokenPipeError):  # the program was ended meanwhile
        sys.stdout = None
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
