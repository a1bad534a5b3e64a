"""The database (SQLAlchemy Core): tables, converters, migrations, repository."""

from sqlalchemy import Connection

from coder.store.database import Store, migrate
from coder.store.repository import InterviewRow, Project

__all__ = ["Connection", "InterviewRow", "Project", "Store", "migrate"]
