"""API keys: `/v1/auth/api-keys`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update

from app.accounts import Fields
from app.auth import new_addresses, raw_keys
from app.auth.lifetimes import key_name, read_expiry
from app.auth.raw_keys import Prefix
from app.call import Call
from app.db import statement, uuid7
from app.errors import NotFound
from app.models import ApiKeyRow
from app.security_events import Action, Target, note
from schema.types.credentials import ApiKey, CreateApiKeyInput, CreatedApiKey
from schema.types.paging import DEFAULT_LIMIT, Cursor, Limit, Page, page, window

_Row = ApiKeyRow
_COLUMNS = (
    _Row.id,
    _Row.name,
    _Row.hint,
    _Row.created_at,
    _Row.expires_at,
    _Row.last_used_at,
)

_LIST = statement(
    select(*_COLUMNS)
    .where(
        _Row.account_id == bindparam("account_id"),
        _Row.revoked_at.is_(None),
        _Row.id < bindparam("before"),
    )
    .order_by(_Row.id.desc())
    .limit(bindparam("most"))
)
_INSERT = statement(
    insert(_Row)
    .values(
        id=bindparam("id"),
        account_id=bindparam("account_id"),
        name=bindparam("name"),
        hint=bindparam("hint"),
        digest=bindparam("digest"),
        expires_at=bindparam("expires_at"),
    )
    .returning(*_COLUMNS)
)
_REVOKE = statement(
    update(_Row)
    .where(
        _Row.id == bindparam("key_id"),
        _Row.account_id == bindparam("account_id"),
        _Row.revoked_at.is_(None),
    )
    .values(revoked_at=func.now())
    .returning(*_COLUMNS)
)


async def list_api_keys(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[ApiKey]:
    """List your API keys, newest first, without their secrets.

    Revoked keys are left out; expired ones are shown until you revoke them.
    """
    rows = await call.db.rows(_LIST, account_id=call.principal.account_id, **window(limit, cursor))
    return page(rows, limit, _shown)


async def create_api_key(call: Call, input: CreateApiKeyInput) -> CreatedApiKey:
    """Make an API key, for owner routes and GraphQL.

    The raw key is in this answer and in no other: only its digest is stored.
    """
    fields = Fields()
    name = fields.read("name", key_name, input.name)
    expires_at = read_expiry(fields, input.expires_at)
    fields.finish()
    raw = raw_keys.mint(Prefix.API_KEY)
    row = await call.db.row(
        _INSERT,
        id=uuid7(),
        account_id=call.principal.account_id,
        name=name,
        hint=raw.hint,
        digest=raw.digest,
        expires_at=expires_at,
    )
    account_id, key_id = call.principal.account_id, row["id"]  # type: ignore[index]
    await new_addresses.know(call.db, call.context, account_id, key_id)
    await _note(call, Action.API_KEY_CREATED, row)
    return CreatedApiKey(api_key=_shown(row), key=raw.text)


async def revoke_api_key(call: Call, key_id: UUID) -> None:
    """Revoke an API key. The next request that carries it is refused."""
    row = await call.db.row(_REVOKE, key_id=key_id, account_id=call.principal.account_id)
    if row is None:
        raise NotFound
    await _note(call, Action.API_KEY_REVOKED, row)


async def _note(call: Call, action: Action, row: Any) -> None:
    await note(
        call.db,
        action,
        call.principal.account_id,
        context=call.context,
        target=Target("api_key", str(row["id"])),
        metadata={"name": row["name"], "hint": row["hint"]},
    )


def _shown(row: Any) -> ApiKey:
    return ApiKey(**row)
