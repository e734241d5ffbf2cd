"""Personal tokens: `/v1/auth/tokens`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, func, insert, or_, select, update

from app.accounts import Fields
from app.auth import new_addresses, raw_keys
from app.auth.lifetimes import key_name, read_expiry
from app.auth.raw_keys import Prefix
from app.call import Call
from app.db import statement, uuid7
from app.errors import Conflict, FieldError, NotFound, ValidationFailed
from app.models import PersonalTokenRow
from app.security_events import Action, Target, note
from schema.types.access import Scope
from schema.types.credentials import (
    MAX_OVERLAP_MINUTES,
    CreatedToken,
    CreateTokenInput,
    Overlap,
    PersonalToken,
)
from schema.types.paging import DEFAULT_LIMIT, Cursor, Limit, Page, page, window

_Row = PersonalTokenRow
_COLUMNS = (
    _Row.id,
    _Row.name,
    case((_Row.grant_id.is_not(None), _Row.name)).label("client_name"),
    _Row.hint,
    _Row.scopes,
    _Row.created_at,
    _Row.expires_at,
    _Row.last_used_at,
    _Row.replaced_by,
)
_OWNED = (
    _Row.id == bindparam("token_id"),
    _Row.account_id == bindparam("account_id"),
    _Row.revoked_at.is_(None),
)

# A token that was rotated away and has ended is history, not something to manage.
_LIST = statement(
    select(*_COLUMNS)
    .where(
        _Row.account_id == bindparam("account_id"),
        _Row.revoked_at.is_(None),
        or_(_Row.replaced_by.is_(None), _Row.expires_at > func.now()),
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
        scopes=bindparam("scopes"),
        expires_at=bindparam("expires_at"),
    )
    .returning(*_COLUMNS)
)
_REVOKE = statement(update(_Row).where(*_OWNED).values(revoked_at=func.now()).returning(*_COLUMNS))
_LOCK = statement(select(*_COLUMNS).where(*_OWNED).with_for_update())
_REPLACE = statement(
    update(_Row)
    .where(_Row.id == bindparam("token_id"))
    .values(replaced_by=bindparam("successor"), expires_at=bindparam("until"))
)


async def list_tokens(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[PersonalToken]:
    """List your personal tokens, newest first, without their secrets.

    The applications that you have connected by OAuth are among them, one token each. Revoked
    tokens are left out; expired ones are shown until you revoke them.
    """
    rows = await call.db.rows(_LIST, account_id=call.principal.account_id, **window(limit, cursor))
    return page(rows, limit, _shown)


async def create_token(call: Call, input: CreateTokenInput) -> CreatedToken:
    """Make a personal token, for gateway routes and MCP.

    The raw token is in this answer and in no other: only its digest is stored.
    """
    fields = Fields()
    name = fields.read("name", key_name, input.name)
    expires_at = read_expiry(fields, input.expires_at)
    if not input.scopes:
        fields.errors.append(FieldError("scopes", "empty", "Name at least one scope."))
    fields.finish()
    scopes = sorted({scope.value for scope in input.scopes})
    created = await _mint(call, name=name, scopes=scopes, expires_at=expires_at)
    await _note(call, Action.TOKEN_CREATED, created.personal_token)
    return created


async def revoke_token(call: Call, token_id: UUID) -> None:
    """Revoke a personal token. The next request that carries it is refused.

    An application that was given it by OAuth has to ask you again.
    """
    row = await call.db.row(_REVOKE, token_id=token_id, account_id=call.principal.account_id)
    if row is None:
        raise NotFound
    granted = row["client_name"] is not None
    await _note(call, Action.GRANT_REVOKED if granted else Action.TOKEN_REVOKED, _shown(row))


async def rotate_token(call: Call, token_id: UUID, overlap_minutes: Overlap = None) -> CreatedToken:
    """Replace a personal token by a new one with the same name, scopes and length of life.

    The old token goes on working for `overlap_minutes`, 0 to 10080, so that you can exchange it
    everywhere; it never outlives its own expiry. Without the argument the server's setting
    counts. A token can be rotated once; rotate its successor after that.
    """
    overlap = _checked_overlap(call, overlap_minutes)
    old = await call.db.row(_LOCK, token_id=token_id, account_id=call.principal.account_id)
    if old is None:
        raise NotFound
    now = datetime.now(UTC)
    if old["client_name"] is not None:
        raise Conflict("An application was given this token and renews it by itself.")
    if old["replaced_by"] is not None:
        raise Conflict("This token was rotated before; rotate the one that replaced it.")
    if old["expires_at"] is not None and old["expires_at"] <= now:
        raise Conflict("This token has expired; make a new one.")
    life = old["expires_at"] - old["created_at"] if old["expires_at"] is not None else None
    created = await _mint(
        call,
        name=old["name"],
        scopes=old["scopes"],
        expires_at=now + life if life is not None else None,
    )
    until = now + overlap
    await call.db.execute(
        _REPLACE,
        token_id=token_id,
        successor=created.personal_token.id,
        until=min(until, old["expires_at"]) if old["expires_at"] is not None else until,
    )
    successor = str(created.personal_token.id)
    await _note(call, Action.TOKEN_ROTATED, _shown(old), replaced_by=successor)
    return created


async def _mint(
    call: Call, *, name: str, scopes: list[str], expires_at: datetime | None
) -> CreatedToken:
    raw = raw_keys.mint(Prefix.PERSONAL_TOKEN)
    row = await call.db.row(
        _INSERT,
        id=uuid7(),
        account_id=call.principal.account_id,
        name=name,
        hint=raw.hint,
        digest=raw.digest,
        scopes=scopes,
        expires_at=expires_at,
    )
    account_id, key_id = call.principal.account_id, row["id"]  # type: ignore[index]
    await new_addresses.know(call.db, call.context, account_id, key_id)
    return CreatedToken(personal_token=_shown(row), token=raw.text)


async def _note(call: Call, action: Action, token: PersonalToken, **more: Any) -> None:
    await note(
        call.db,
        action,
        call.principal.account_id,
        context=call.context,
        target=Target("personal_token", str(token.id)),
        metadata={
            "name": token.name,
            "hint": token.hint,
            "scopes": [scope.value for scope in token.scopes],
            **more,
        },
    )


def _checked_overlap(call: Call, minutes: int | None) -> timedelta:
    if minutes is None:
        minutes = call.services.settings.token_rotation_overlap_minutes
    elif not 0 <= minutes <= MAX_OVERLAP_MINUTES:
        message = f"Must be from 0 to {MAX_OVERLAP_MINUTES}."
        raise ValidationFailed([FieldError("overlap_minutes", "out_of_range", message)])
    return timedelta(minutes=minutes)


def _shown(row: Any) -> PersonalToken:
    return PersonalToken(**{**row, "scopes": [Scope(scope) for scope in row["scopes"]]})
