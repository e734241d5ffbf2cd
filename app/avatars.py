"""Portraits of owners: stored with the artifacts as small JPEGs that we made ourselves.

    avatars/<account>/<uuid>.jpg        named by the `avatar_key` of one profile, or by nobody

A picture is stored before the profile names it and removed after the profile has stopped to, so
that a profile never names one that is not there; what a crash between the two leaves is swept.
"""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, select

from app.call import Call
from app.cv import pictures
from app.cv.findings import Unusable
from app.db import Connection, raw_statement, statement, uuid7
from app.errors import FieldError, NotFound, PreconditionFailed, ValidationFailed
from app.models import ProfileRow
from app.profile import revised

FOLDER = "avatars"

_NAMED = "(SELECT username FROM accounts WHERE id = p.account_id) AS username"
_SNAPSHOT = f"{revised.snapshot('p')} AS snapshot"
# All SQL here is put together of names of ours, at import.
# ruff: noqa: S608
_KEY = statement(
    select(ProfileRow.avatar_key).where(ProfileRow.account_id == bindparam("account_id"))
)
_LOCK = raw_statement(
    f"SELECT p.version, p.avatar_key, {_SNAPSHOT} FROM profiles AS p"
    " WHERE p.account_id = $1::UUID FOR UPDATE",
    "account_id",
)
_SET = raw_statement(
    "UPDATE profiles AS p SET avatar_key = $2, updated_at = now(), version = p.version + 1"
    f" WHERE p.account_id = $1::UUID RETURNING p.*, {_NAMED}, {_SNAPSHOT}",
    "account_id",
    "avatar_key",
)
IN_USE = statement(
    select(ProfileRow.avatar_key).where(
        ProfileRow.avatar_key == bindparam("keys", type_=ARRAY(Text)).any_()
    )
)


def new_key(account_id: UUID) -> str:
    """A key that no other picture has or had."""
    return f"{FOLDER}/{account_id}/{uuid7()}.jpg"


def etag_of(key: str) -> str:
    """What changes with the picture."""
    return key.rpartition("/")[2].removesuffix(".jpg")


async def made(data: bytes) -> bytes:
    """The JPEG of a portrait given as JPEG, PNG or WebP; raises ValidationFailed at `file`.

    Upright, in sRGB, at most 800 pixels, and without whatever else the file held.
    """
    try:
        return await asyncio.to_thread(pictures.jpeg, data)
    except Unusable as error:
        raise ValidationFailed([FieldError("file", error.code, error.message)]) from None


async def key_of(db: Connection, account_id: UUID) -> str:
    """Where the portrait of an account is; raises NotFound."""
    key: str | None = await db.value(_KEY, account_id=account_id)
    if key is None:
        raise NotFound("There is no portrait.")
    return key


async def change(call: Call, key: str | None, expected_version: int | None) -> tuple[Any, str]:
    """Have the caller's profile name another portrait or none; its row, and the key it named.

    The key is empty where there was none. Raises PreconditionFailed.
    """
    account_id = call.principal.account_id
    async with call.services.database.transaction() as db:
        before = await db.row(_LOCK, account_id=account_id)
        if before is None:
            raise NotFound
        if expected_version not in (None, before["version"]):
            raise PreconditionFailed(version=before["version"])
        if key is None and before["avatar_key"] is None:
            raise NotFound("There is no portrait.")
        after = await db.row(_SET, account_id=account_id, avatar_key=key)
        await revised.keep(
            call,
            db,
            "profile",
            "update",
            before=before["snapshot"],
            after=after["snapshot"],  # type: ignore[index]  # its row is locked
        )
    return after, before["avatar_key"] or ""
