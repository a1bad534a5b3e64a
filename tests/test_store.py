import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from built import ITEM, NOON, codebook, decision, draft, run, suggestion, transcript
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from coder import services
from coder.errors import ConflictError, NotFoundError, StoreError
from coder.model.review import Annotator, Decision, Status, Verdict
from coder.model.text import Transcript
from coder.store import Store, convert, database, decisions, migrate, repository, schema
from coder.store.tables import metadata


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "coder.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def interview(store: Store) -> int:
    return services.import_interview(store, transcript(), run())


def count(store: Store, table: str) -> int:
    with store.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_open_makes_a_private_file_in_a_private_folder(store: Store, path: Path) -> None:
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_open_sets_what_makes_a_commit_durable(store: Store) -> None:
    with store.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}


def test_open_schema_is_what_the_tables_say(store: Store) -> None:
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_open_again_finds_everything(store: Store, path: Path, interview: int) -> None:
    store.close()
    with closing(Store.open(f"sqlite:///{path}")) as again, again.read() as connection:
        assert repository.transcript(connection, interview) == transcript()
        assert repository.run(connection, interview) == run()
    assert [p for p in path.parent.iterdir() if p.suffix == ".bak"] == []


@pytest.mark.parametrize(
    "content", [b"not a database, just words\n" * 100, b"SQLite format 3\0" + b"\xff" * 9000]
)
def test_open_of_a_corrupt_file_is_one_line(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreError, match="损坏") as caught:
        Store.open(f"sqlite:///{path}")
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


def test_open_refuses_a_newer_database(store: Store, path: Path) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="由更新的程序建立（版本 9999）；请升级"):
        Store.open(f"sqlite:///{path}")


def test_open_refuses_a_database_of_another_program(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (id)")
    with pytest.raises(StoreError, match="不是本程序的数据库"):
        Store.open(f"sqlite:///{path}")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "写法不对"),
        ("sqlite://", "没有文件"),
        ("sqlite:///:memory:", "没有文件"),
        ("nosuch://host/name", "缺少数据库驱动"),
    ],
)
def test_open_refuses_a_wrong_address(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        Store.open(url)


def test_open_in_a_place_that_is_no_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="打不开"):
        Store.open(f"sqlite:///{tmp_path / 'file' / 'coder.sqlite3'}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_open_in_a_read_only_folder_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match=r"打不开|不能写入"):
        Store.open(f"sqlite:///{tmp_path / 'coder.sqlite3'}")


def test_open_older_database_is_copied_before_it_is_migrated(
    store: Store, path: Path, interview: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    upgraded = []
    monkeypatch.setattr(schema, "head", lambda: "0002")
    monkeypatch.setattr(schema, "upgrade", upgraded.append)
    Store.open(f"sqlite:///{path}").close()
    (copy,) = path.parent.glob("coder.sqlite3.0001-*.bak")
    assert len(upgraded) == 1
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("SELECT name FROM interviews").fetchall() == [("甲.txt",)]


def test_open_failed_migration_leaves_the_database_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = schema.upgrade

    def half(connection: object) -> None:
        upgrade(connection)  # type: ignore[arg-type]
        raise StoreError("x", "中断")

    monkeypatch.setattr(schema, "upgrade", half)
    with pytest.raises(StoreError, match="中断"):
        Store.open(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_migrate_by_command_makes_the_schema(path: Path) -> None:
    path.parent.mkdir()
    migrate(f"sqlite:///{path}")
    with closing(Store.open(f"sqlite:///{path}")) as store:
        assert store.problems() == ()


def test_open_by_two_threads_at_once_makes_one_schema(path: Path) -> None:
    stores: list[Store] = []
    threads = [
        threading.Thread(target=lambda: stores.append(Store.open(f"sqlite:///{path}"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 4
    for store in stores:
        store.close()


def test_copy_is_a_database_of_its_own(store: Store, interview: int, tmp_path: Path) -> None:
    store.copy(tmp_path / "copy.sqlite3")
    with closing(Store.open(f"sqlite:///{tmp_path / 'copy.sqlite3'}")) as copy:
        assert count(copy, "interviews") == 1


def test_problems_names_rows_without_their_owner(store: Store, path: Path, interview: int) -> None:
    assert store.problems() == ()
    with closing(sqlite3.connect(path)) as raw:  # foreign keys are off here
        raw.execute("DELETE FROM annotators")
        raw.execute("DELETE FROM interviews")
        raw.commit()
    assert any("表 runs" in problem for problem in store.problems())


def test_interview_comes_back_as_it_went_in(store: Store, interview: int) -> None:
    with store.read() as connection:
        assert repository.transcript(connection, interview) == transcript()
        assert repository.run(connection, interview) == run()
        assert repository.text(connection, interview) == transcript().text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_interview_text_is_never_altered(text: str) -> None:
    # the row is all that the database sees of it
    row = convert.interview_row(Transcript("x", text))
    assert convert.transcript_of(row, (), (), ()) == Transcript("x", text)


def test_interview_half_written_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(convert, "uncoded_row", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        services.import_interview(store, transcript(), run())
    tables = ("projects", "interviews", "turns", "sentences", "events", "runs", "suggestions", "uncoded")
    assert [count(store, table) for table in tables] == [0] * len(tables)


def test_interview_of_a_name_in_use_gets_a_number(store: Store, interview: int) -> None:
    for _ in range(2):
        services.import_interview(store, transcript(), run())
    names = [row.name for row in services.list_interviews(store, services.DEFAULT_PROJECT)]
    assert names == ["甲.txt", "甲 (2).txt", "甲 (3).txt"]


def test_interview_number_of_a_deleted_one_is_never_given_again(store: Store, interview: int) -> None:
    services.delete_interview(store, interview)
    assert services.import_interview(store, transcript(), run()) > interview


def test_interview_deleted_takes_everything_along(store: Store, interview: int) -> None:
    services.decide(store, interview, [decision()], codebook())
    services.delete_interview(store, interview)
    tables = ("interviews", "turns", "sentences", "events", "runs", "suggestions", "uncoded", "decisions")
    assert [count(store, table) for table in tables] == [0] * len(tables)


def test_interview_unknown_is_an_error(store: Store) -> None:
    with store.write() as connection:
        for ask in (repository.transcript, repository.run, repository.text, repository.delete_interview):
            with pytest.raises(NotFoundError, match="访谈 7：没有这份访谈"):
                ask(connection, 7)


def test_suggestions_of_an_earlier_run_are_still_found(store: Store, interview: int) -> None:
    with store.write() as connection:
        repository.insert_run(connection, interview, run(suggestion("CO.A.1")))
        assert repository.suggestions(connection, interview, [ITEM]) == {ITEM: suggestion()}
        assert repository.run(connection, interview).suggestions == (suggestion("CO.A.1"),)


@pytest.mark.parametrize(
    "made",
    [
        decision(),
        decision(Verdict.AMEND, after=draft("INFO.A.-1", memo="𠮷😀\u2028"), before=draft()),
        decision(Verdict.UNDO, 2, undoes=1, before_status=Status.REJECTED),
    ],
)
def test_decision_comes_back_as_it_went_in(store: Store, interview: int, made: Decision) -> None:
    with store.write() as connection:
        decisions.insert_decision(connection, interview, made)
    with store.read() as connection:
        assert decisions.decisions(connection, interview) == (made,)
        assert decisions.annotators(connection) == (Annotator("李", "李"),)


def test_decision_sent_twice_is_known(store: Store, interview: int) -> None:
    with store.write() as connection:
        assert not decisions.is_stored(connection, interview, decision())
        decisions.insert_decision(connection, interview, decision())
        later = replace(decision(), decided_at=NOON.replace(hour=13))
        assert decisions.is_stored(connection, interview, later)


def test_decision_number_used_for_another_one_is_refused(store: Store, interview: int) -> None:
    with store.write() as connection:
        decisions.insert_decision(connection, interview, decision())
        with pytest.raises(ConflictError, match="裁决 c1/1：这个序号已用于另一裁决"):
            decisions.is_stored(connection, interview, decision(Verdict.REJECT))
        with pytest.raises(ConflictError, match="这个序号"):
            decisions.is_stored(connection, interview + 1, decision())


@pytest.mark.parametrize("statement", ["UPDATE decisions SET verdict = 'reject'", "DELETE FROM decisions"])
def test_decision_is_append_only(store: Store, path: Path, interview: int, statement: str) -> None:
    services.decide(store, interview, [decision()], codebook())
    with pytest.raises(StoreError, match="裁决只能追加"), store.write() as connection:
        connection.execute(text(statement))
    with closing(sqlite3.connect(path)) as raw, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(statement)
    assert count(store, "decisions") == 1


def test_decision_cannot_enter_twice_even_by_mistake(store: Store, interview: int) -> None:
    with store.write() as connection:
        decisions.insert_decision(connection, interview, decision())
    with pytest.raises(StoreError), store.write() as connection:
        decisions.insert_decision(connection, interview, decision(Verdict.REJECT))
    assert count(store, "decisions") == 1


def test_write_waits_for_the_other_writer(store: Store, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0)
    with closing(Store.open(f"sqlite:///{path}")) as hasty:
        with store.write(), pytest.raises(StoreError, match="正被另一程序占用"), hasty.write():
            pass
        with hasty.write() as connection:
            repository.ensure_project(connection, "乙")
    assert count(store, "projects") == 1


def test_project_needs_a_name(store: Store) -> None:
    with store.write() as connection, pytest.raises(StoreError, match="没有名称"):
        repository.ensure_project(connection, "  ")


def test_project_settings_are_kept_and_changed(store: Store) -> None:
    with store.write() as connection:
        project = repository.ensure_project(connection, "甲")
        repository.set_setting(connection, project, "blind", True)
        repository.set_setting(connection, project, "blind", False)
        assert repository.settings(connection, project) == {"blind": False}


@pytest.mark.skipif(
    "CODER_TEST_POSTGRESQL" not in os.environ, reason="CODER_TEST_POSTGRESQL names no database"
)
def test_postgresql_stores_decides_and_refuses_like_sqlite() -> None:
    with closing(Store.open(os.environ["CODER_TEST_POSTGRESQL"])) as store:
        interview = services.import_interview(store, transcript(), run(), "测试")
        made = [decision(client=f"c{interview}"), decision(Verdict.REJECT, 2, client=f"c{interview}")]
        assert len(services.decide(store, interview, [*made, *made], codebook()).stored) == 4
        assert services.open_interview(store, interview).transcript == transcript()
        with pytest.raises(StoreError, match="裁决只能追加"), store.write() as connection:
            connection.execute(text("DELETE FROM decisions"))
        services.delete_project(store, "测试")
        with store.read() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
