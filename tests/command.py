"""The command line as tests call it, and a short interview to call it with."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coder.export import csv as coded_csv
from coder.model.review import Coding

ROOT = Path(__file__).parent.parent
INTERVIEW = (
    "访谈者：请讲一件您亲自经手的事。\n"
    "李经理：那天客户半夜打电话来骂，我当天就去了库房，一箱一箱地看，𠮷😀看完了才回电话。\n"
    "访谈者：后来呢？\n"
    "李经理：我给自己定了个数，三天之内全部换完。我把班组长叫来，一条一条问清楚，再一起改流程。\n"
    "访谈者：您当时怎么想？\n"
    "李经理：=我想的是不能让客户再跑第二趟，我就自己开车送过去了，还给他道了歉。\n"
)
SECOND = INTERVIEW.replace("李经理", "王师傅").replace("库房", "车间")
FAST = ("--threshold", "0.02")


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, standard output and standard error."""

    code: int
    out: bytes
    err: str

    @property
    def last(self) -> str:
        return self.err.rstrip("\n").rpartition("\n")[2]


Command = Callable[..., Ended]


def rows(path: Path) -> tuple[Coding, ...]:
    return coded_csv.read(path)


def table_of(data: bytes) -> list[str]:
    return data.decode("utf-8-sig").split("\r\n")


def shell(environment: dict[str, str]) -> dict[str, dict[str, str]]:
    return {"env": {**os.environ, **environment, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}}
