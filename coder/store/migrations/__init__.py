"""The schema's history (Alembic), applied by coder.store.schema."""
