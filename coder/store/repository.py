"""Projects, interviews and runs: written and read on a connection of the store's.

The caller opens the transaction; nothing here commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from coder.errors import NotFoundError, StoreError
from coder.model.suggestion import Run, Suggestion
from coder.model.text import Transcript
from coder.review import by_item
from coder.store import convert, tables


@dataclass(frozen=True, slots=True)
class Project:
    """A project with the number of its interviews."""

    id: int
    name: str
    interviews: int


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """An interview as lists name it, without its text."""

    id: int
    project: str
    name: str
    interviewee: str
    group: str
    characters: int
    done: bool


def now() -> str:
    """This moment, with its zone."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def ensure_project(connection: Connection, name: str) -> int:
    """The id of the project called ``name``, which is made if there is none."""
    name = name.strip()
    if not name:
        raise StoreError("项目", "没有名称", "请填项目名")
    found = connection.scalar(select(tables.projects.c.id).where(tables.projects.c.name == name))
    return found if found is not None else _insert(connection, tables.projects, name=name, created_at=now())


def project_id(connection: Connection, name: str) -> int:
    """The id of the project called ``name``; NotFoundError when there is none."""
    query = select(tables.projects.c.id).where(tables.projects.c.name == name)
    found: int | None = connection.scalar(query)
    if found is None:
        raise NotFoundError(f"项目 {name}", "没有这个项目", "请先导入访谈稿，或核对项目名")
    return found


def projects(connection: Connection) -> tuple[Project, ...]:
    """All projects in the order in which they were made."""
    project, interview = tables.projects.c, tables.interviews.c
    joined = tables.projects.outerjoin(tables.interviews)
    query = select(project.id, project.name, func.count(interview.id)).select_from(joined)
    rows = connection.execute(query.group_by(project.id, project.name).order_by(project.id))
    return tuple(Project(*row) for row in rows)


def delete_project(connection: Connection, name: str) -> None:
    """Remove the project with everything in it."""
    project = project_id(connection, name)
    connection.execute(delete(tables.projects).where(tables.projects.c.id == project))


def settings(connection: Connection, project: int) -> dict[str, Any]:
    """What the project has set."""
    setting = tables.project_settings.c
    rows = connection.execute(select(setting.name, setting.value).where(setting.project_id == project))
    return {row.name: row.value for row in rows}


def set_setting(connection: Connection, project: int, name: str, value: Any) -> None:
    """Set one of the project's settings."""
    table = tables.project_settings
    mine = (table.c.project_id == project) & (table.c.name == name)
    if not connection.execute(update(table).where(mine).values(value=value)).rowcount:
        connection.execute(insert(table).values(project_id=project, name=name, value=value))


def insert_interview(connection: Connection, project: int, transcript: Transcript, run: Run) -> int:
    """A new interview with its layers and its run; a name in use gets a number."""
    row = convert.interview_row(transcript)
    row["name"] = _free_name(connection, project, transcript.name)
    interview = _insert(
        connection, tables.interviews, project_id=project, created_at=now(), done=False, **row
    )
    _insert_layers(connection, interview, transcript)
    insert_run(connection, interview, run)
    return interview


def replace_interview(connection: Connection, interview: int, transcript: Transcript, run: Run) -> None:
    """The interview anew, with other roles or another text; refused once there are decisions."""
    decided = select(func.count()).where(tables.decisions.c.interview_id == interview)
    if connection.scalar(decided):
        raise StoreError(f"访谈 {transcript.name}", "已有裁决，不能改角色或换稿", "请另行导入")
    row = convert.interview_row(transcript)
    del row["name"]  # it may carry a number by now
    for table in (tables.turns, tables.sentences, tables.events, tables.runs):
        connection.execute(delete(table).where(table.c.interview_id == interview))
    update_interview(connection, interview, row)
    _insert_layers(connection, interview, transcript)
    insert_run(connection, interview, run)


def update_interview(connection: Connection, interview: int, values: Mapping[str, Any]) -> None:
    """Change the interview's own columns; a new name that is in use gets a number."""
    row = interview_row(connection, interview)
    if values.get("name", row.name) != row.name:
        project = project_id(connection, row.project)
        values = {**values, "name": _free_name(connection, project, values["name"])}
    if values:
        connection.execute(
            update(tables.interviews).where(tables.interviews.c.id == interview).values(**values)
        )


def delete_interview(connection: Connection, interview: int) -> None:
    """Remove the interview with all that belongs to it, its decisions too."""
    mine = tables.interviews.c.id == interview
    if not connection.execute(delete(tables.interviews).where(mine)).rowcount:
        raise _no_interview(interview)


def interviews(connection: Connection, *where: Any) -> tuple[InterviewRow, ...]:
    """The interviews that fulfil the conditions, in the order in which they came."""
    interview, project = tables.interviews.c, tables.projects.c
    query = select(
        interview.id,
        project.name,
        interview.name,
        interview.interviewee,
        interview.group,
        func.length(interview.text),
        interview.done,
    ).join_from(tables.interviews, tables.projects)
    rows = connection.execute(query.where(*where).order_by(interview.id))
    return tuple(InterviewRow(*row) for row in rows)


def interviews_of(connection: Connection, project: int) -> tuple[InterviewRow, ...]:
    """The project's interviews."""
    return interviews(connection, tables.interviews.c.project_id == project)


def interview_row(connection: Connection, interview: int) -> InterviewRow:
    """One interview; NotFoundError when there is none."""
    for row in interviews(connection, tables.interviews.c.id == interview):
        return row
    raise _no_interview(interview)


def duplicates(connection: Connection, text: str) -> tuple[InterviewRow, ...]:
    """The interviews that have exactly this text."""
    return interviews(connection, tables.interviews.c.text_hash == convert.text_hash(text))


def transcript(connection: Connection, interview: int) -> Transcript:
    """The interview as it was read and segmented."""
    found = select(tables.interviews).where(tables.interviews.c.id == interview)
    row = connection.execute(found).mappings().one_or_none()
    if row is None:
        raise _no_interview(interview)
    turns, sentences, events = (
        connection.execute(select(table).where(table.c.interview_id == interview).order_by(table.c.number))
        .mappings()
        .all()
        for table in (tables.turns, tables.sentences, tables.events)
    )
    return convert.transcript_of(
        row,
        tuple(map(convert.turn_of, turns)),
        tuple(map(convert.sentence_of, sentences)),
        tuple(map(convert.event_of, events)),
    )


def text(connection: Connection, interview: int) -> str:
    """The interview's canonical text."""
    query = select(tables.interviews.c.text).where(tables.interviews.c.id == interview)
    found: str | None = connection.scalar(query)
    if found is None:
        raise _no_interview(interview)
    return found


def insert_run(connection: Connection, interview: int, run: Run) -> int:
    """What one pass proposed; the newest run is the one that counts."""
    row = convert.run_row(run)
    run_id = _insert(connection, tables.runs, interview_id=interview, created_at=now(), **row)
    items = by_item(run.suggestions).items()
    suggestions = [
        {"item": item, "position": position, **convert.suggestion_row(suggestion)}
        for position, (item, suggestion) in enumerate(items)
    ]
    uncoded = [{"position": i, **convert.uncoded_row(u)} for i, u in enumerate(run.uncoded)]
    _insert_all(connection, tables.suggestions, "run_id", run_id, suggestions)
    _insert_all(connection, tables.uncoded, "run_id", run_id, uncoded)
    return run_id


def run(connection: Connection, interview: int) -> Run:
    """The newest run."""
    runs = tables.runs
    query = select(runs).where(runs.c.interview_id == interview).order_by(runs.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise _no_interview(interview)
    suggestions, uncoded = (
        connection.execute(select(table).where(table.c.run_id == row["id"]).order_by(table.c.position))
        .mappings()
        .all()
        for table in (tables.suggestions, tables.uncoded)
    )
    return convert.run_of(
        row, tuple(map(convert.suggestion_of, suggestions)), tuple(map(convert.uncoded_of, uncoded))
    )


def codebook(connection: Connection, interview: int) -> tuple[str, str]:
    """The id and version of the codebook that the interview is coded by."""
    runs = tables.runs.c
    query = select(runs.codebook, runs.codebook_version).where(runs.interview_id == interview)
    row = connection.execute(query.order_by(runs.id.desc()).limit(1)).one()
    return row.codebook, row.codebook_version


def suggestions(connection: Connection, interview: int, items: Iterable[str]) -> dict[str, Suggestion]:
    """The newest suggestion under each of ``items``, whichever run made it."""
    suggestion = tables.suggestions.c
    query = select(tables.suggestions).join(tables.runs).where(tables.runs.c.interview_id == interview)
    rows = connection.execute(query.where(suggestion.item.in_(list(items))).order_by(suggestion.run_id))
    return {row["item"]: convert.suggestion_of(row) for row in rows.mappings()}


def _insert_layers(connection: Connection, interview: int, transcript: Transcript) -> None:
    layers = (
        (tables.turns, [convert.turn_row(turn) for turn in transcript.turns]),
        (tables.sentences, [convert.sentence_row(sentence) for sentence in transcript.sentences]),
        (tables.events, [convert.event_row(event) for event in transcript.events]),
    )
    for table, rows in layers:
        _insert_all(connection, table, "interview_id", interview, rows)


def _insert(connection: Connection, table: Table, **values: Any) -> int:
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    return int(key[0]) if key else 0


def _insert_all(
    connection: Connection, table: Table, owner: str, id: int, rows: list[dict[str, Any]]
) -> None:
    if rows:
        connection.execute(insert(table), [{owner: id, **row} for row in rows])


def _free_name(connection: Connection, project: int, name: str) -> str:
    """``name``, or ``name (2)`` when the project has it already: codings are told apart by it."""
    query = select(tables.interviews.c.name).where(tables.interviews.c.project_id == project)
    taken = set(connection.scalars(query))
    path, number, free = PurePath(name), 2, name
    while free in taken:
        free, number = f"{name.removesuffix(path.suffix)} ({number}){path.suffix}", number + 1
    return free


def _no_interview(interview: int) -> NotFoundError:
    return NotFoundError(f"访谈 {interview}", "没有这份访谈", "它可能已被删除，请刷新")
