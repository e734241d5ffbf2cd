"""A profile is made with its account, in the same transaction."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, insert

from app.db import Connection, statement
from app.models import ProfileRow

_MAKE = statement(
    insert(ProfileRow).values(
        account_id=bindparam("account_id"),
        full_name=bindparam("full_name"),
        email=bindparam("email"),
    )
)


async def make_profile(db: Connection, account_id: UUID, *, full_name: str, email: str) -> None:
    """An empty profile; its `email` begins as the account's and is the owner's to change."""
    await db.execute(_MAKE, account_id=account_id, full_name=full_name, email=email)
