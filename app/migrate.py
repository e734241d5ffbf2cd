"""Bring a database to the newest revision of app/migrations."""

from __future__ import annotations

from pathlib import Path

import asyncpg

_FOLDER = Path(__file__).with_name("migrations")
# Any number, as long as it is always this one.
_ADVISORY_LOCK = 7_305_164_918_235_001


class MigrationError(RuntimeError):
    """The database can't be brought to the newest revision; the message says why."""


def revisions() -> list[str]:
    """All revisions, oldest first: the part before `_` of the files' names, as in 0001_start.py."""
    return sorted(path.name.partition("_")[0] for path in _FOLDER.glob("versions/[0-9]*.py"))


async def migrate(database_url: str) -> str | None:
    """Run the migrations that `database_url` lacks; the revision before, None for a new database.

    Safe to run several times at once. Raises MigrationError for a database of a newer Vitae,
    OSError or asyncpg.PostgresError when it can't be reached or a migration fails.
    """
    newest = revisions()[-1]
    connection = await asyncpg.connect(database_url)
    try:
        before = await _current(connection)
        if before != newest:
            async with connection.transaction():
                # Of two at once the second waits here, and then finds all done.
                await connection.execute("SELECT pg_advisory_xact_lock($1)", _ADVISORY_LOCK)
                if await _current(connection) != newest:
                    await _upgrade(database_url)
        return before
    finally:
        await connection.close()


async def _current(connection: asyncpg.Connection) -> str | None:
    # Asked first: a statement that fails would end the transaction around it.
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    if found is not None and found not in revisions():
        raise MigrationError(
            f"The database is at revision {found}, which this Vitae does not know: a newer one"
            " has been here. Run that one, or restore a dump from before."
        )
    return found


async def _upgrade(database_url: str) -> None:
    # Imported here: they take most of a second, and an up-to-date database needs neither.
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import Connection, pool
    from sqlalchemy.ext.asyncio import create_async_engine

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(database_url)

    def run(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    # asyncpg reads the URL itself, so that every part of the project takes the same form of it.
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, poolclass=pool.NullPool
    )
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
            await connection.commit()
    finally:
        await engine.dispose()
