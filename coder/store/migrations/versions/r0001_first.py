"""Make the schema, and let nobody change a decision."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_REFUSED = "decisions are append-only"


def upgrade() -> None:
    """Tables from the owner to the owned, then the triggers."""
    _projects()
    _layers()
    _runs()
    _decisions()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_triggers()
    else:
        _postgresql_triggers()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _whole(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _short(name: str, length: int = 100, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), **{"nullable": False, **options})


def _json(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.JSON, nullable=False) for name in names]


def _of(owner: str, key: bool = False) -> sa.Column[int]:
    target = sa.ForeignKey(f"{owner}s.id", ondelete="CASCADE")
    return sa.Column(f"{owner}_id", sa.Integer, target, primary_key=key, nullable=False)


def _projects() -> None:
    unique = sa.UniqueConstraint("name")
    op.create_table("projects", _id(), *_words("name", "created_at"), unique, sqlite_autoincrement=True)
    value = sa.Column("value", sa.JSON, nullable=False)
    op.create_table("project_settings", _of("project", key=True), _short("name", primary_key=True), value)
    op.create_table(
        "interviews",
        _id(),
        _of("project"),
        *_words("name", "text"),
        _short("text_hash", 64),
        *_words("format", "encoding", "interviewee", "group"),
        *_json("variables", "hints", "warnings"),
        sa.Column("done", sa.Boolean, nullable=False),
        *_words("created_at"),
        sa.UniqueConstraint("project_id", "name"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_interviews_text_hash"), "interviews", ["text_hash"])


def _layers() -> None:
    def layer(name: str, *columns: sa.Column[Any]) -> None:
        number = sa.Column("number", sa.Integer, primary_key=True, nullable=False)
        op.create_table(name, _of("interview", key=True), number, *columns, _whole("start"), _whole("end"))

    label = _whole("label_start", True), _whole("label_end", True)
    layer("turns", *_words("speaker"), _short("role", 20), *label, *_words("time"))
    layer("sentences", _whole("turn"), _short("role", 20), _whole("event", True))
    layer("events", *_words("title"))


def _runs() -> None:
    versions = _words("codebook", "codebook_version", "lexicon_version", "model_version", "program_version")
    threshold = sa.Column("threshold", sa.Float, nullable=False)
    op.create_table("runs", _id(), _of("interview"), *versions, threshold, *_words("created_at"))
    op.create_index(op.f("ix_runs_interview_id"), "runs", ["interview_id"])
    op.create_table(
        "suggestions",
        _of("run", key=True),
        _short("item", primary_key=True),
        *(_whole(name) for name in ("position", "start", "end", "turn")),
        _whole("event", True),
        *_words("competency", "dimension"),
        _whole("level", True),
        sa.Column("confidence", sa.Float, nullable=False),
        *_json("evidence", "alternatives"),
    )
    position = sa.Column("position", sa.Integer, primary_key=True, nullable=False)
    spots = _whole("start"), _whole("end")
    op.create_table(
        "uncoded", _of("run", key=True), position, *spots, _short("reason", 20), *_words("detail")
    )


def _decisions() -> None:
    human = sa.Column("human", sa.Boolean, nullable=False)
    op.create_table("annotators", _short("id", primary_key=True), *_words("name"), human)
    annotator = sa.Column("annotator", sa.String(100), sa.ForeignKey("annotators.id"), nullable=False)
    op.create_table(
        "decisions",
        _id(),
        _of("interview"),
        _short("client"),
        _whole("sequence"),
        _short("item"),
        annotator,
        _short("verdict", 20),
        *(sa.Column(name, sa.JSON(none_as_null=True)) for name in ("before", "after")),
        _short("before_status", 20, nullable=True),
        *_words("decided_at"),
        _short("undoes_client", nullable=True),
        _whole("undoes_sequence", True),
        sa.UniqueConstraint("client", "sequence"),
    )
    op.create_index(op.f("ix_decisions_interview_id_item"), "decisions", ["interview_id", "item"])


def _sqlite_triggers() -> None:
    # a cascade deletes the owner first: decisions may go only when their interview is gone
    owner = "EXISTS (SELECT 1 FROM interviews WHERE id = OLD.interview_id)"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    op.execute(f"CREATE TRIGGER decisions_update BEFORE UPDATE ON decisions {refuse}")
    op.execute(f"CREATE TRIGGER decisions_delete BEFORE DELETE ON decisions WHEN {owner} {refuse}")


def _postgresql_triggers() -> None:
    op.execute(
        f"""
        CREATE FUNCTION refuse_decisions() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM interviews WHERE id = OLD.interview_id) THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION '{_REFUSED}';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER decisions_kept BEFORE UPDATE OR DELETE ON decisions"
        " FOR EACH ROW EXECUTE FUNCTION refuse_decisions()"
    )
