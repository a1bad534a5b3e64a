"""The database's tables (SQLAlchemy Core). Spans are columns ``start`` and ``end``, in code points."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _whole(name: str, **options: Any) -> Column[int]:
    return Column(name, Integer, nullable=False, **options)


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _of(table: str, key: bool = False) -> Column[Any]:
    """A reference to the row that owns this one: deleted with it."""
    target = ForeignKey(f"{table}s.id", ondelete="CASCADE")
    return Column(f"{table}_id", Integer, target, primary_key=key, nullable=False)


projects = Table(
    "projects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    _words("created_at"),
    sqlite_autoincrement=True,  # the number of a deleted one is never given again
)

project_settings = Table(
    "project_settings",
    metadata,
    _of("project", key=True),
    Column("name", String(100), primary_key=True),
    Column("value", JSON, nullable=False),
)

interviews = Table(
    "interviews",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("project"),
    _words("name"),
    _words("text"),
    Column("text_hash", String(64), nullable=False, index=True),
    _words("format"),
    _words("encoding"),
    _words("interviewee"),
    _words("group"),
    Column("variables", JSON, nullable=False),
    Column("hints", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("done", Boolean, nullable=False, default=False),
    _words("created_at"),
    UniqueConstraint("project_id", "name"),
    sqlite_autoincrement=True,  # nor does a late decision reach another interview
)

turns = Table(
    "turns",
    metadata,
    _of("interview", key=True),
    Column("number", Integer, primary_key=True),
    _words("speaker"),
    Column("role", String(20), nullable=False),
    _whole("start"),
    _whole("end"),
    Column("label_start", Integer),
    Column("label_end", Integer),
    _words("time"),
)

sentences = Table(
    "sentences",
    metadata,
    _of("interview", key=True),
    Column("number", Integer, primary_key=True),
    _whole("turn"),
    Column("role", String(20), nullable=False),
    _whole("start"),
    _whole("end"),
    Column("event", Integer),
)

events = Table(
    "events",
    metadata,
    _of("interview", key=True),
    Column("number", Integer, primary_key=True),
    _whole("start"),
    _whole("end"),
    _words("title"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("interview"),
    _words("codebook"),
    _words("codebook_version"),
    _words("lexicon_version"),
    _words("model_version"),
    _words("program_version"),
    Column("threshold", Float, nullable=False),
    _words("created_at"),
    Index(None, "interview_id"),
)

suggestions = Table(
    "suggestions",
    metadata,
    _of("run", key=True),
    Column("item", String(100), primary_key=True),
    _whole("position"),
    _whole("start"),
    _whole("end"),
    _whole("turn"),
    Column("event", Integer),
    _words("competency"),
    _words("dimension"),
    Column("level", Integer),
    Column("confidence", Float, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("alternatives", JSON, nullable=False),
)

uncoded = Table(
    "uncoded",
    metadata,
    _of("run", key=True),
    Column("position", Integer, primary_key=True),
    _whole("start"),
    _whole("end"),
    Column("reason", String(20), nullable=False),
    _words("detail"),
)

annotators = Table(
    "annotators",
    metadata,
    Column("id", String(100), primary_key=True),
    _words("name"),
    Column("human", Boolean, nullable=False),
)

# Append-only: triggers refuse UPDATE, and DELETE unless the whole interview goes (migrations/).
decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("interview"),
    Column("client", String(100), nullable=False),
    _whole("sequence"),
    Column("item", String(100), nullable=False),
    Column("annotator", String(100), ForeignKey("annotators.id"), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Column("before_status", String(20)),
    _words("decided_at"),
    Column("undoes_client", String(100)),
    Column("undoes_sequence", Integer),
    UniqueConstraint("client", "sequence"),
    Index(None, "interview_id", "item"),
)
