"""The schema's revision: found, refused when newer, brought up to date after a copy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from coder.errors import StoreError

_MIGRATIONS = Path(__file__).parent / "migrations"


def config() -> Config:
    """Alembic's settings, without an ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return settings


def head() -> str:
    """The revision that this program works with."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


def current(connection: Connection, where: str) -> str | None:
    """The database's revision, None when it is empty; StoreError when it is not one of ours."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise StoreError(where, "不是本程序的数据库", "请在 CODER_DATABASE_URL 里换一个")
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    known = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]
    if found not in known:
        raise StoreError(where, f"由更新的程序建立（版本 {found}）", "请升级本程序后再打开")
    return str(found)


def upgrade(connection: Connection) -> None:
    """Run the missing revisions in the connection's transaction."""
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


def copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy of a database that may be in use."""
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def copy_name(path: Path, revision: str) -> Path:
    """Where the copy before a migration goes: ``coder.sqlite3.0001-20250131T120000.bak``."""
    return path.with_name(f"{path.name}.{revision}-{datetime.now():%Y%m%dT%H%M%S}.bak")
