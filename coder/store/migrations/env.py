"""Alembic's entrance: runs the revisions on the connection that coder.store.schema hands over."""

from alembic import context

from coder.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
