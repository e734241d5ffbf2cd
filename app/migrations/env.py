"""What Alembic runs: the migrations, on the connection that app/migrate.py gives it."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

from app.models import Base

# Any number, as long as it is always this one.
_ADVISORY_LOCK = 7_305_164_918_235_001


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=Base.metadata, compare_type=True
    )
    with context.begin_transaction():
        # Of two at once the second waits here until the first has committed, and finds all done.
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
        )
        context.run_migrations()


_run(context.config.attributes["connection"])
