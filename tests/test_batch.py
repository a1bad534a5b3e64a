"""Many transcripts on one core or several: the same outcomes, in the same order."""

from __future__ import annotations

import os
import threading
import time
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest

from coder.batch import Outcome, Work, run_all, run_parallel
from coder.errors import ReadError


def named(prefix: str) -> Work:
    def work(index: int) -> Outcome:
        if index == 2:
            return Outcome(f"{prefix}{index}", error=ReadError(str(index), "坏"))
        return Outcome(f"{prefix}{index}")

    return work


def slow_first(prefix: str) -> Work:
    def work(index: int) -> Outcome:
        time.sleep(0.3 if index == 0 else 0)
        return Outcome(f"{prefix}{index}")

    return work


def begun(mark: str) -> Work:
    Path(mark, str(os.getpid())).touch()
    return named("")


def fatal(parent: int) -> Work:
    def work(index: int) -> Outcome:
        if index == 3 and os.getpid() != parent:
            os._exit(9)  # as when the system kills it for memory
        return Outcome(str(index))

    return work


def endless(mark: str) -> Work:
    def work(index: int) -> Outcome:
        Path(mark, str(index)).touch()
        time.sleep(0 if index == 0 else 60)
        return Outcome(str(index))

    return work


def names(outcomes: object) -> list[str]:
    return [outcome.name for outcome in outcomes]  # type: ignore[attr-defined]


def test_batch_in_one_process_keeps_the_order() -> None:
    assert names(run_all(named("a"), 4)) == ["a0", "a1", "a2", "a3"]


def test_batch_in_one_process_does_nothing_ahead() -> None:
    done: list[int] = []

    def work(index: int) -> Outcome:
        done.append(index)
        return Outcome(str(index))

    next(run_all(work, 5))
    assert done == [0]


def test_batch_in_two_processes_gives_the_same() -> None:
    found = [(outcome.name, str(outcome.error)) for outcome in run_parallel(named, ("a",), 20, 2)]
    assert found == [(outcome.name, str(outcome.error)) for outcome in run_all(named("a"), 20)]


def test_batch_in_two_processes_keeps_the_order_when_the_first_is_slow() -> None:
    assert names(run_parallel(slow_first, ("",), 5, 2)) == ["0", "1", "2", "3", "4"]


def test_batch_prepares_each_process_once(tmp_path: Path) -> None:
    assert len(list(run_parallel(begun, (str(tmp_path),), 12, 2))) == 12
    assert 1 <= len(list(tmp_path.iterdir())) <= 2
    # nor did an error that could not travel break the pool, so that this process had to help out
    assert not (tmp_path / str(os.getpid())).exists()


def test_batch_goes_on_alone_when_a_process_is_killed() -> None:
    assert names(run_parallel(fatal, (os.getpid(),), 6, 2)) == [str(index) for index in range(6)]


def test_batch_that_is_given_up_stops_its_processes_at_once(tmp_path: Path) -> None:
    outcomes = run_parallel(endless, (str(tmp_path),), 50, 2)
    assert next(outcomes).name == "0"
    start = time.monotonic()
    outcomes.close()  # type: ignore[attr-defined]
    assert time.monotonic() - start < 20
    assert active_children() == []
    assert len(list(tmp_path.iterdir())) < 10


def test_batch_runs_in_a_thread_too() -> None:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.extend(names(run_parallel(named, ("t",), 3, 2))))
    thread.start()
    thread.join()
    assert found == ["t0", "t1", "t2"]


@pytest.mark.parametrize("count", [0, 1])
def test_batch_of_few_or_none(count: int) -> None:
    assert len(list(run_parallel(partial(named), ("",), count, 2))) == count
