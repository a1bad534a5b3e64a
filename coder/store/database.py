"""The database: opened, made and brought up to date; its errors in one line."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from coder.errors import StoreError
from coder.store import schema

_BUSY_SECONDS = 15
_opening = threading.Lock()  # Alembic's context is one a process

# What a database's own words mean for the user: (a part of them, what, what to do).
_WORDS = (
    ("decisions are append-only", "裁决只能追加，不能改删", "请用撤销"),
    ("not a database", "不是 SQLite 数据库，或已损坏", "请从备份恢复，或在 CODER_DATABASE_URL 里换一个"),
    ("malformed", "数据库已损坏", "请从备份恢复"),
    ("readonly", "数据库不能写入", "请检查文件和文件夹的权限"),
    ("unable to open", "数据库打不开", "请检查文件和文件夹的权限"),
    ("locked", "数据库正被另一程序占用", "请稍后再试"),
    ("connection failed", "连不上数据库", "请检查地址、网络和数据库服务"),
    ("is full", "磁盘已满", "请腾出空间后再试"),
)


class Store:
    """An open database: ``read()`` and ``write()`` give a connection inside one transaction."""

    def __init__(self, engine: Engine, where: str) -> None:
        self.engine, self.where = engine, where
        self._writer = engine.execution_options(immediate=True)

    @classmethod
    def open(cls, url: str) -> Store:
        """The database at ``url``, made if there is none, migrated (SQLite) if it is older."""
        address = _address(url)
        where = str(address.database) if _sqlite(address) else address.render_as_string()
        with _opening, _opened(where):
            if _sqlite(address):
                _make_file(Path(where))
            _prepare(address, where)
            return cls(_engine(address), where)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with _in_one_line(self.where), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection whose work is stored as a whole, on disk when the block ends, or not at all."""
        with _in_one_line(self.where), self._writer.begin() as connection:
            yield connection

    def copy(self, target: Path) -> None:
        """A consistent copy of an SQLite database."""
        if self.engine.dialect.name != "sqlite":
            raise StoreError(self.where, "不是 SQLite 数据库", "请用 pg_dump 备份")
        with _opened(str(target)):
            schema.copy_sqlite(Path(self.where), target)

    def problems(self) -> tuple[str, ...]:
        """What the database says is wrong with itself; empty when all is well."""
        if self.engine.dialect.name != "sqlite":
            return ()
        with self.read() as connection:
            damage = connection.execute(text("PRAGMA integrity_check")).scalars().all()
            orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
        found = [f"数据库损坏：{line}" for line in damage if line != "ok"]
        return (*found, *(f"表 {row[0]} 第 {row[1]} 行缺少所属的 {row[2]}" for row in orphans))

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            "CODER_DATABASE_URL", f"写法不对：{url}", "例如 sqlite:////home/me/coder.sqlite3"
        ) from error
    if _sqlite(address) and address.database in (None, "", ":memory:"):
        raise StoreError("CODER_DATABASE_URL", f"没有文件：{url}", "例如 sqlite:////home/me/coder.sqlite3")
    return address


def _sqlite(address: URL) -> bool:
    return address.get_backend_name() == "sqlite"


def _make_file(path: Path) -> None:
    """An empty file that only its owner reads, in a folder likewise."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare(address: URL, where: str) -> None:
    """Bring the schema up to date; an existing SQLite database is copied first."""
    engine = _engine(address, foreign_keys=False)  # a rebuilt table must not cascade
    try:
        with engine.connect() as connection:
            found = schema.current(connection, where)
        if found == schema.head():
            return
        if found is not None and not _sqlite(address):
            raise StoreError(
                where, f"数据库版本 {found} 较旧", "请先备份，再由管理员执行 coder.store.migrate"
            )
        _migrate(engine, where)
    finally:
        engine.dispose()


def _migrate(engine: Engine, where: str) -> None:
    with engine.execution_options(immediate=True).begin() as connection:
        found = schema.current(connection, where)  # again: another process may have been faster
        if found is not None and engine.dialect.name == "sqlite":
            schema.copy_sqlite(Path(where), schema.copy_name(Path(where), found))
        if found != schema.head():
            schema.upgrade(connection)


def migrate(url: str) -> None:
    """Bring a database up to date by command (PostgreSQL is never migrated by itself)."""
    address = _address(url)
    where = address.render_as_string()
    with _opening, _opened(where):
        engine = _engine(address, foreign_keys=False)
        try:
            _migrate(engine, str(address.database) if _sqlite(address) else where)
        finally:
            engine.dispose()


def _engine(address: URL, foreign_keys: bool = True) -> Engine:
    serializer = partial(json.dumps, ensure_ascii=False)
    options: dict[str, Any] = {"timeout": _BUSY_SECONDS} if _sqlite(address) else {}
    engine = create_engine(address, json_serializer=serializer, connect_args=options)
    if _sqlite(address):
        event.listen(engine, "connect", partial(_on_connect, foreign_keys=foreign_keys))
        event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, _record: object, foreign_keys: bool) -> None:
    connection.isolation_level = None  # BEGIN is ours to say: see _on_begin
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # committed means on disk
    connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")


def _on_begin(connection: Connection) -> None:
    # a writer takes the lock before it reads: what it has checked cannot change before it writes
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def _in_one_line(where: str) -> Iterator[None]:
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise _worded(where, str(getattr(error, "orig", error))) from error


@contextmanager
def _opened(where: str) -> Iterator[None]:
    try:
        with _in_one_line(where):
            yield
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(where, f"缺少数据库驱动：{error}", "请用 pip 安装，例如 psycopg") from error
    except OSError as error:
        raise StoreError(where, f"数据库打不开：{error.strerror or error}", "请检查路径和权限") from error


def _worded(where: str, words: str) -> StoreError:
    for part, what, todo in _WORDS:
        if part in words:
            return StoreError(where, what, todo)
    return StoreError(where, words.splitlines()[0] if words else "数据库出错", "请运行 python -m coder check")
