"""Run the migrations: Alembic loads this file, always with an open connection (chat.database.migrate)."""

from __future__ import annotations

from alembic import context

from chat.database import Base


def run() -> None:
    """Run them on the connection that the configuration carries."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite changes a table by copying it
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # the name under which Alembic loads it
    run()
