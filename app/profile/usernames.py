"""Names that accounts gave up.

A former name leads to its account and is given to nobody else for 90 days. Whoever takes a name
asks *after* taking it whether it is kept: taking waits for whoever is giving that very name up, so
that what they committed is seen then.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import asyncpg
from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.db import Connection, statement
from app.errors import Conflict, FieldError
from app.models import AccountRow, FormerUsernameRow

KEPT = timedelta(days=90)

_IS_KEPT = statement(
    select(FormerUsernameRow.account_id).where(
        FormerUsernameRow.username == bindparam("username"),
        FormerUsernameRow.account_id != bindparam("account_id"),
        FormerUsernameRow.kept_until > func.now(),
    )
)
_CURRENT = statement(
    select(AccountRow.username)
    .where(AccountRow.id == bindparam("account_id"))
    # Not so strong that it stops those who only refer to the account.
    .with_for_update(key_share=True)
)
_CHANGE = statement(
    update(AccountRow)
    .where(AccountRow.id == bindparam("account_id"))
    .values(username=bindparam("username"), updated_at=func.now(), version=AccountRow.version + 1)
)
_GIVE_UP = statement(
    insert(FormerUsernameRow)
    .values(
        username=bindparam("username"),
        account_id=bindparam("account_id"),
        kept_until=func.now() + bindparam("kept", KEPT),
    )
    .on_conflict_do_update(
        index_elements=[FormerUsernameRow.username],
        set_={"account_id": bindparam("account_id"), "kept_until": func.now() + KEPT},
    )
)
_TAKE_BACK = statement(
    delete(FormerUsernameRow).where(
        FormerUsernameRow.username == bindparam("username"),
        or_(
            FormerUsernameRow.account_id == bindparam("account_id"),
            FormerUsernameRow.kept_until <= func.now(),
        ),
    )
)


async def refuse_kept(db: Connection, username: str, account_id: UUID) -> None:
    """Raise Conflict if another account gave the name up a short while ago."""
    if await db.value(_IS_KEPT, username=username, account_id=account_id) is not None:
        raise taken()


async def change(db: Connection, account_id: UUID, username: str) -> str | None:
    """Rename the account in the transaction of `db`; the old name, None if it is the same.

    Raises Conflict, naming the field, for a name that is taken or kept for another.
    """
    old: str = await db.value(_CURRENT, account_id=account_id)
    if old == username:
        return None
    try:
        async with db.transaction():
            await db.execute(_CHANGE, account_id=account_id, username=username)
    except asyncpg.UniqueViolationError:
        raise taken() from None
    await refuse_kept(db, username, account_id)
    await db.execute(_TAKE_BACK, username=username, account_id=account_id)
    await db.execute(_GIVE_UP, username=old.lower(), account_id=account_id)
    return old


def taken() -> Conflict:
    """That a username can't be had."""
    field = FieldError("username", "taken", "Is taken already.")
    return Conflict("The username is taken.", fields=[field])
