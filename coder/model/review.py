"""What analysts decide: annotators, decisions, codings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from coder.model.codebook import Label
from coder.model.text import Span

Key: TypeAlias = tuple[str, int]
"""The unique name of a decision: its client's uuid and its number there."""


@dataclass(frozen=True, slots=True)
class Annotator:
    """A person who codes (编码者), or the program as one more."""

    id: str
    name: str
    human: bool = True


class Verdict(StrEnum):
    """What a decision says. UNDO voids one earlier decision (a redo voids the undo)."""

    ACCEPT = "accept"
    AMEND = "amend"
    REJECT = "reject"
    ADD = "add"
    UNDO = "undo"


class Status(StrEnum):
    """Where a coding stands."""

    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    AMENDED = "amended"
    REJECTED = "rejected"
    ADDED = "added"

    @property
    def name_zh(self) -> str:
        """The status as analysts read it."""
        return _STATUSES_ZH[self]


_STATUSES_ZH = {
    Status.SUGGESTED: "未裁决",
    Status.ACCEPTED: "已接受",
    Status.AMENDED: "已修改",
    Status.REJECTED: "已拒绝",
    Status.ADDED: "补充",
}


class Source(StrEnum):
    """Who proposed a coding first."""

    SUGGESTION = "suggestion"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Draft:
    """The values of a coding before or after a decision."""

    span: Span
    label: Label
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict on one item, never changed once stored.

    ``item`` names the suggestion or the added coding; (``client``, ``sequence``) is unique, so
    that a decision sent twice is stored once. ``undoes`` is the (client, sequence) that an UNDO
    voids. ``before_status`` is where the item stood on the client's screen, if it says so.
    """

    client: str
    sequence: int
    item: str
    annotator: str
    verdict: Verdict
    before: Draft | None
    after: Draft | None
    decided_at: datetime
    undoes: Key | None = None
    before_status: Status | None = None

    @property
    def key(self) -> Key:
        """The decision's unique name."""
        return self.client, self.sequence


@dataclass(frozen=True, slots=True)
class Coding:
    """A coded span with everything that the CSV says of it; one row an export."""

    transcript: str
    interviewee: str
    group: str
    event: int | None
    turn: int | None
    span: Span
    text: str
    label: Label
    confidence: float | None
    status: Status
    annotator: str
    source: Source
    evidence: str
    memo: str
    codebook: str
    codebook_version: str
    model_version: str
    decided_at: datetime | None = None
    project: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Coded:
    """A coded span as agreement sees it."""

    span: Span
    code: str
    level: int | None = None
