"""The use cases, each one transaction: what the command line and the screen call.

A ``Store`` comes first; texts and runs are made by the caller (pipeline.Engine) between `prepare`
and `import_interview`, so that no transaction is open while a model works.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coder import export, review
from coder.errors import CoderError, UsageError
from coder.model.codebook import Codebook, Mapping
from coder.model.lexicon import Conventions
from coder.model.review import Coding, Decision, Key
from coder.model.suggestion import Run
from coder.model.text import Transcript
from coder.read import read_bytes, read_file
from coder.segment import segment
from coder.settings import Settings
from coder.store import Connection, InterviewRow, Project, Store, decisions, repository

DEFAULT_PROJECT = "默认项目"
TOUR_PROJECT = "导览"
_BLIND = "blind"


@dataclass(frozen=True, slots=True)
class InterviewSummary:
    """An interview as lists show it, with how much of it is decided."""

    id: int
    project: str
    name: str
    interviewee: str
    group: str
    characters: int
    done: bool
    decided: int
    total: int


@dataclass(frozen=True, slots=True)
class InterviewView:
    """An interview opened for review, as ``annotator`` sees it (None: everyone's decisions)."""

    id: int
    project: str
    transcript: Transcript
    run: Run
    items: tuple[review.Item, ...]
    done: bool
    annotator: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of decisions: those on disk, and those refused with the reason."""

    stored: tuple[Key, ...] = ()
    refused: tuple[tuple[Key, str], ...] = ()


def open_store(settings: Settings) -> Store:
    """The database of the settings, made or migrated when needed."""
    return Store.open(settings.database_url)


def prepare(
    path: Path, conventions: Conventions, max_bytes: int, interviewee: str | None = None, group: str = ""
) -> Transcript:
    """The file read and segmented, not stored."""
    return _prepared(read_file(path, max_bytes), conventions, interviewee, group)


def prepare_bytes(
    data: bytes,
    name: str,
    conventions: Conventions,
    max_bytes: int,
    encoding: str | None = None,
    interviewee: str | None = None,
    group: str = "",
) -> Transcript:
    """An upload (or pasted text as ``粘贴.txt`` in UTF-8) read and segmented, not stored."""
    transcript = read_bytes(data, name, max_bytes, encoding)
    return _prepared(transcript, conventions, interviewee, group)


def _prepared(
    transcript: Transcript, conventions: Conventions, interviewee: str | None, group: str
) -> Transcript:
    named = replace(transcript, name=export.printable(transcript.name), group=group)
    return segment(named, conventions, interviewee)


def import_interview(store: Store, transcript: Transcript, run: Run, project: str = DEFAULT_PROJECT) -> int:
    """Store the interview with its suggestions; gives its id. The project is made when it is new."""
    with store.write() as connection:
        return repository.insert_interview(
            connection, repository.ensure_project(connection, project), transcript, run
        )


def find_duplicate(store: Store, text: str, project: str | None = None) -> InterviewRow | None:
    """The first interview (of the project, if given) with exactly this text."""
    with store.read() as connection:
        found = repository.duplicates(connection, text)
    return next((row for row in found if project in (None, row.project)), None)


def list_projects(store: Store) -> tuple[Project, ...]:
    """The projects with the number of their interviews."""
    with store.read() as connection:
        return repository.projects(connection)


def list_interviews(store: Store, project: str, annotator: str | None = None) -> tuple[InterviewSummary, ...]:
    """The project's interviews with progress; with ``annotator`` that person's."""
    with store.read() as connection:
        rows = repository.interviews_of(connection, repository.project_id(connection, project))
        ids = [row.id for row in rows]
        suggested = decisions.suggested_items(connection, ids)
        decided = decisions.decisions_by_interview(connection, ids)
    return tuple(_summary(row, suggested.get(row.id, ()), decided[row.id], annotator) for row in rows)


def _summary(
    row: InterviewRow, suggested: Iterable[str], made: Sequence[Decision], annotator: str | None
) -> InterviewSummary:
    decided, total = review.progress(suggested, made, annotator)
    names = row.id, row.project, row.name, row.interviewee, row.group, row.characters, row.done
    return InterviewSummary(*names, decided, total)


def open_interview(
    store: Store, interview_id: int, annotator: str | None = None, threshold: float | None = None
) -> InterviewView:
    """The interview for review. Suggestions below ``threshold`` (the run's, if None) are left out.

    ``annotator`` matters in blind projects only: there each sees his own codings and no suggestions.
    """
    with store.read() as connection:
        row = repository.interview_row(connection, interview_id)
        blind = _is_blind(connection, row.project)
        run = repository.run(connection, interview_id)
        return InterviewView(
            interview_id,
            row.project,
            repository.transcript(connection, interview_id),
            run,
            _items(connection, interview_id, run, annotator if blind else None, threshold, blind),
            row.done,
            annotator if blind else None,
        )


def _items(
    connection: Connection,
    interview: int,
    run: Run,
    annotator: str | None,
    threshold: float | None = None,
    blind: bool = False,
) -> tuple[review.Item, ...]:
    made = decisions.decisions(connection, interview)
    shown = () if blind else run.above(run.threshold if threshold is None else threshold)
    suggestions = review.by_item(shown)
    # what was decided stays, below the threshold or from an earlier run
    elsewhere = {decision.item for decision in made} - suggestions.keys()
    suggestions |= repository.suggestions(connection, interview, elsewhere)
    items = review.replay(suggestions, made, annotator)
    return tuple(item for item in items if item.decided or item.id not in elsewhere)


def decide(store: Store, interview_id: int, made: Sequence[Decision], codebook: Codebook) -> Receipt:
    """Store each decision, or refuse it by itself with the reason; what is stored is on disk.

    A decision that was stored before counts as stored. StoreError means that nothing was stored and
    all may be sent again.
    """
    stored: list[Key] = []
    refused: list[tuple[Key, str]] = []
    with store.write() as connection:
        for decision in made:
            try:
                _decide(connection, interview_id, decision, codebook)
            except CoderError as error:
                refused.append((decision.key, str(error)))
            else:
                stored.append(decision.key)
    return Receipt(tuple(stored), tuple(refused))


def _decide(connection: Connection, interview: int, decision: Decision, codebook: Codebook) -> None:
    decisions.lock(connection, interview)
    if decisions.is_stored(connection, interview, decision):
        return
    row = repository.interview_row(connection, interview)
    used = repository.codebook(connection, interview)
    if used != (codebook.id, codebook.version):
        what = f"按编码手册 {' '.join(used)} 编码，现为 {codebook.id} {codebook.version}"
        raise UsageError(f"访谈 {row.name}", what, "请换回原手册")
    blind = _is_blind(connection, row.project)
    suggestions = repository.suggestions(connection, interview, [decision.item])
    earlier = decisions.decisions(connection, interview, decision.item)
    items = review.states(suggestions, earlier, decision.annotator if blind else None)
    text = repository.text(connection, interview)
    review.check_decision(decision, items.get(decision.item), codebook, text)
    decisions.insert_decision(connection, interview, decision)


def mark_done(store: Store, interview_id: int, done: bool = True) -> None:
    """Mark the interview as finished (完成), or not."""
    with store.write() as connection:
        repository.update_interview(connection, interview_id, {"done": done})


def describe_interview(
    store: Store,
    interview_id: int,
    name: str | None = None,
    interviewee: str | None = None,
    group: str | None = None,
    variables: dict[str, str] | None = None,
) -> None:
    """Change what is said about the interview; None leaves a value as it is."""
    given = {"name": name, "interviewee": interviewee, "group": group, "variables": variables}
    values = {column: value for column, value in given.items() if value is not None}
    with store.write() as connection:
        repository.update_interview(connection, interview_id, values)


def replace_interview(store: Store, interview_id: int, transcript: Transcript, run: Run) -> None:
    """Store the interview segmented anew (other roles); StoreError once there are decisions."""
    with store.write() as connection:
        repository.replace_interview(connection, interview_id, transcript, run)


def set_blind(store: Store, project: str, blind: bool = True) -> None:
    """Let each annotator of the project see only his own codings, and no suggestions."""
    with store.write() as connection:
        repository.set_setting(connection, repository.project_id(connection, project), _BLIND, blind)


def _is_blind(connection: Connection, project: str) -> bool:
    settings = repository.settings(connection, repository.project_id(connection, project))
    return bool(settings.get(_BLIND, False))


def project_codings(store: Store, project: str, annotator: str | None = None) -> tuple[Coding, ...]:
    """All codings of the project, sorted; with ``annotator`` as only that person decided."""
    found: list[Coding] = []
    with store.read() as connection:
        for row in repository.interviews_of(connection, repository.project_id(connection, project)):
            run = repository.run(connection, row.id)
            transcript = repository.transcript(connection, row.id)
            items = _items(connection, row.id, run, annotator)
            found += review.codings(items, transcript, run, project=project)
    return tuple(sorted(found, key=review.coding_order))


def export_project(
    store: Store,
    project: str,
    target: export.Target,
    codebook: Codebook,
    models: Sequence[Mapping] = (),
    annotator: str | None = None,
    format: str | None = None,
) -> int:
    """Write the project's codings to a file or stream; gives their number."""
    found = project_codings(store, project, annotator)
    export.write(found, target, format=format, codebook=codebook, models=models)
    return len(found)


def delete_interview(store: Store, interview_id: int) -> None:
    """Remove the interview with its decisions."""
    with store.write() as connection:
        repository.delete_interview(connection, interview_id)


def delete_project(store: Store, project: str) -> None:
    """Remove the project with all its interviews."""
    with store.write() as connection:
        repository.delete_project(connection, project)


def check_store(store: Store) -> tuple[str, ...]:
    """What is wrong with the database, a line each; empty when all is well."""
    problems = list(store.problems())
    for project in list_projects(store):
        try:
            project_codings(store, project.name)
        except (CoderError, ValueError) as error:
            problems.append(f"项目 {project.name}：{error}")
    return tuple(problems)
