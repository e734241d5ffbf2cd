"""What migration 0009 makes of those who had an account before there were public pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

import app
from app.db import uuid7
from tests.conftest import Servers

_ACCOUNT = """
WITH made AS (INSERT INTO accounts (id, username, email) VALUES ($1, $2, $2) RETURNING id)
INSERT INTO profiles (account_id, full_name) SELECT id, 'Somebody' FROM made
"""


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[str]:
    """The URL of an empty database beside that of the other tests."""
    connection = await asyncpg.connect(servers.database_url)
    await connection.execute("CREATE DATABASE before_pages")
    yield servers.database_url.replace("/vitae?", "/before_pages?")
    await connection.execute("DROP DATABASE before_pages WITH (FORCE)")
    await connection.close()


async def bring_to(database: str, revision: str, *, back: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(app.__file__).parent / "migrations"))

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        (command.downgrade if back else command.upgrade)(config, revision)

    async def connect() -> Any:
        return await asyncpg.connect(database)

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


async def test_who_was_here_before_is_private_and_who_comes_after_is_unlisted(
    database: str,
) -> None:
    await bring_to(database, "0008")
    connection = await asyncpg.connect(database)
    await connection.execute(_ACCOUNT, uuid7(), "early")
    await bring_to(database, "0009")
    await connection.execute(_ACCOUNT, uuid7(), "late")
    seen = await connection.fetch(
        "SELECT username, visibility, answers_questions FROM accounts"
        " JOIN profiles ON account_id = accounts.id ORDER BY accounts.id"
    )
    assert [tuple(row) for row in seen] == [
        ("early", "private", True),
        ("late", "unlisted", True),
    ]
    await connection.close()
    await bring_to(database, "0008", back=True)
