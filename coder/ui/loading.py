"""The engine, made in a thread of its own, so that the screen can be used meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from coder.errors import CoderError
from coder.pipeline import Engine

Progress = Callable[[float, str], None]


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
                self.error = "模型：训练中断；请重新启动程序，仍如此请运行 python -m coder check"

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
