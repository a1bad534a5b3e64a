"""Many transcripts, one after the other or on several cores; the results come in the order given."""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context

from coder.errors import CoderError
from coder.model.suggestion import Run
from coder.model.text import Transcript

_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one transcript: its run, or the error."""

    name: str
    transcript: Transcript | None = None
    run: Run | None = None
    error: CoderError | None = None


Work = Callable[[int], Outcome]


def run_all(work: Work, count: int) -> Iterator[Outcome]:
    """The outcomes of ``work(0)`` … ``work(count - 1)`` in this process."""
    yield from map(work, range(count))


def run_parallel(
    prepare: Callable[..., Work], arguments: Sequence[object], count: int, jobs: int
) -> Iterator[Outcome]:
    """The same on ``jobs`` processes; each calls ``prepare(*arguments)`` once for its work."""
    context = get_context("spawn")  # a forked child would inherit open databases and locks
    others = set(active_children())
    pool = ProcessPoolExecutor(jobs, context, _begin, (prepare, tuple(arguments)))
    done = 0
    try:
        for outcome in _in_order(pool, count, jobs * _AHEAD):
            yield outcome
            done += 1
    except BrokenProcessPool:
        # a process was killed, mostly for memory: one alone needs less of it
        for outcome in map(prepare(*arguments), range(done, count)):
            yield outcome
            done += 1
    finally:
        if done < count:  # interrupted or given up: what is begun need not be finished
            for process in set(active_children()) - others:
                process.terminate()
        pool.shutdown(cancel_futures=True)


def _in_order(pool: Executor, count: int, ahead: int) -> Iterator[Outcome]:
    with _deaf():  # the first submissions start the processes
        pending = deque(pool.submit(_do, i) for i in range(min(count, ahead)))
    following = len(pending)
    while pending:
        yield pending.popleft().result()
        if following < count:
            pending.append(pool.submit(_do, following))
            following += 1


@contextmanager
def _deaf() -> Iterator[None]:
    """What starts meanwhile is deaf to an interrupt of the terminal's whole group: the parent answers."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_work: Work | None = None


def _begin(prepare: Callable[..., Work], arguments: tuple[object, ...]) -> None:
    global _work
    # where a process does not inherit it (Windows)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work = prepare(*arguments)


def _do(index: int) -> Outcome:
    if _work is None:
        raise RuntimeError("the worker was not begun")
    return _work(index)
