"""Migrations and models say the same."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from app.models import Base
from tests.conftest import Servers


async def test_migrations_make_the_tables_of_the_models(servers: Servers) -> None:
    engine = create_async_engine(servers.database_url.replace("postgresql:", "postgresql+asyncpg:"))

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()
