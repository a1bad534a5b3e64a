"""Decisions and who made them: added, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, insert, select

from coder.errors import ConflictError
from coder.model.review import Annotator, Decision, Key
from coder.store import convert, tables


def ensure_annotator(connection: Connection, annotator: Annotator) -> None:
    """Make the annotator known, once."""
    known = select(tables.annotators.c.id).where(tables.annotators.c.id == annotator.id)
    if connection.scalar(known) is None:
        row = {"id": annotator.id, "name": annotator.name, "human": annotator.human}
        connection.execute(insert(tables.annotators).values(**row))


def annotators(connection: Connection) -> tuple[Annotator, ...]:
    """Everyone who has decided."""
    rows = connection.execute(select(tables.annotators).order_by(tables.annotators.c.id))
    return tuple(Annotator(row.id, row.name, row.human) for row in rows)


def lock(connection: Connection, interview: int) -> None:
    """Let nobody else decide in the interview until the transaction ends (SQLite: the whole file)."""
    mine = tables.interviews.c.id == interview
    connection.execute(select(tables.interviews.c.id).where(mine).with_for_update())


def is_stored(connection: Connection, interview: int, decision: Decision) -> bool:
    """Whether this very decision is stored; ConflictError when its key names another one."""
    found = stored(connection, decision.key)
    if found is None:
        return False
    owner, old = found
    # the time is the server's, so that a decision sent twice may come with two times
    if owner != interview or replace(old, decided_at=decision.decided_at) != decision:
        name = f"{decision.client}/{decision.sequence}"
        raise ConflictError(f"裁决 {name}", "这个序号已用于另一裁决", "请刷新页面后再裁决")
    return True


def stored(connection: Connection, key: Key) -> tuple[int, Decision] | None:
    """The interview and the decision under ``key``."""
    decision = tables.decisions.c
    query = select(tables.decisions).where(decision.client == key[0], decision.sequence == key[1])
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else (row["interview_id"], convert.decision_of(row))


def insert_decision(connection: Connection, interview: int, decision: Decision) -> None:
    """Add the decision behind all others."""
    ensure_annotator(connection, Annotator(decision.annotator, decision.annotator))
    row = convert.decision_row(decision)
    connection.execute(insert(tables.decisions).values(interview_id=interview, **row))


def decisions(connection: Connection, interview: int, item: str | None = None) -> tuple[Decision, ...]:
    """The interview's decisions, or one item's, in the order in which they were stored."""
    where = [tables.decisions.c.interview_id == interview]
    if item is not None:
        where.append(tables.decisions.c.item == item)
    return tuple(decision for _, decision in _all(connection, *where))


def decisions_by_interview(
    connection: Connection, interviews: Iterable[int]
) -> dict[int, tuple[Decision, ...]]:
    """The decisions of several interviews."""
    found: dict[int, list[Decision]] = {interview: [] for interview in interviews}
    for interview, decision in _all(connection, tables.decisions.c.interview_id.in_(list(found))):
        found[interview].append(decision)
    return {interview: tuple(own) for interview, own in found.items()}


def suggested_items(connection: Connection, interviews: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """For each interview, the items of its newest run that reach the run's threshold."""
    run, suggestion = tables.runs.c, tables.suggestions.c
    newest = select(func.max(run.id)).where(run.interview_id.in_(list(interviews))).group_by(run.interview_id)
    query = select(run.interview_id, suggestion.item).join_from(tables.suggestions, tables.runs)
    enough = suggestion.confidence >= run.threshold
    found: dict[int, list[str]] = {}
    for interview, item in connection.execute(query.where(run.id.in_(newest), enough)):
        found.setdefault(interview, []).append(item)
    return {interview: tuple(items) for interview, items in found.items()}


def _all(connection: Connection, *where: Any) -> list[tuple[int, Decision]]:
    query = select(tables.decisions).where(*where).order_by(tables.decisions.c.id)
    return [(row["interview_id"], convert.decision_of(row)) for row in connection.execute(query).mappings()]
