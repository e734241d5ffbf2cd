"""The end of an account: asked for by its owner, put off for some days, then done by the sweep.

From the moment it is asked for, the public page is gone and every session, key and token has
ended. The owner can sign in until the end and keep the account after all. Then everything goes: all
rows, by their reference to the account's, its files, and what Redis knows of it. Only of an account
that has ever wanted to pay something stays: its id beside what Stripe calls the customer, by which
the books (Stripe has the invoices) can be told apart. The ledger goes with its account.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, update

from app import artifacts, mail, mcp_sessions, profile_pdfs, resume_pdfs
from app.auth import letters, proof, sessions
from app.billing.subscriptions import LIVE
from app.call import Call
from app.db import Connection, raw_statement, statement
from app.errors import Conflict, DependencyUnavailable, NotFound
from app.models import AccountRow, ApiKeyRow, PersonalTokenRow
from app.security_events import Action, note
from app.services import Services

_log = logging.getLogger(__name__)

_MOST_AT_ONCE = 100
_MOST_ROWS = 50_000

# All SQL here is put together of constants of ours, at import.
# ruff: noqa: S608

# One that renews itself, of which Stripe has been heard within what it bills at a time.
_PAYS_ON = f"""EXISTS (
    SELECT FROM subscriptions AS s WHERE s.account_id = a.id AND NOT s.cancel_at_period_end
    AND s.status IN ({", ".join(f"'{status}'" for status in LIVE)})
    AND s.current_period_end > now() - interval '60 days'
)"""
_LOCK = raw_statement(
    "SELECT a.username, a.email, a.deletion_asked_at, a.delete_after,"
    f" {_PAYS_ON} AS pays_on FROM accounts AS a WHERE a.id = $1 FOR NO KEY UPDATE",
    "account_id",
)
_PENDING = raw_statement(
    "SELECT deletion_asked_at, delete_after FROM accounts WHERE id = $1", "account_id"
)
_ASK = statement(
    update(AccountRow)
    .where(AccountRow.id == bindparam("account"))
    .values(
        deletion_asked_at=bindparam("asked"),
        delete_after=bindparam("until"),
        updated_at=func.now(),
        version=AccountRow.version + 1,
    )
)
_CANCEL = statement(
    update(AccountRow)
    .where(AccountRow.id == bindparam("account"), AccountRow.delete_after.is_not(None))
    .values(
        deletion_asked_at=None,
        delete_after=None,
        updated_at=func.now(),
        version=AccountRow.version + 1,
    )
)
_END_KEYS = tuple(
    statement(
        update(table)
        .where(table.account_id == bindparam("account"), table.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
    for table in (ApiKeyRow, PersonalTokenRow)
)
_DUE = raw_statement(
    f"SELECT a.id FROM accounts AS a WHERE a.delete_after <= now() AND NOT {_PAYS_ON}"
    f" ORDER BY a.delete_after LIMIT {_MOST_AT_ONCE}"
)
_FILES = raw_statement(
    "SELECT DISTINCT artifact_key AS key FROM resume_jobs"
    " WHERE account_id = $1 AND artifact_key IS NOT NULL"
    " UNION SELECT regexp_replace(artifact_key, '[.]pdf$', '.png') FROM resume_jobs"
    " WHERE account_id = $1 AND artifact_key IS NOT NULL"
    " UNION ALL SELECT avatar_key FROM profiles WHERE account_id = $1 AND avatar_key IS NOT NULL",
    "account_id",
)
# The condition once more, now that it is locked: the owner may have thought better of it.
_HOLD = raw_statement(
    "SELECT a.id FROM accounts AS a WHERE a.id = $1 AND a.delete_after <= now()"
    f" AND NOT {_PAYS_ON} FOR UPDATE",
    "account_id",
)
_REMEMBER = raw_statement(
    "INSERT INTO closed_accounts (id, customer_id)"
    " SELECT account_id, customer_id FROM stripe_customers WHERE account_id = $1",
    "account_id",
)
_REMOVE = raw_statement("DELETE FROM accounts WHERE id = $1", "account_id")
# What may be so much that to remove it with its account would take longer than a statement may.
_REMOVE_SOME = tuple(
    raw_statement(
        f"DELETE FROM {table} WHERE ctid = ANY (ARRAY("
        f"SELECT ctid FROM {table} WHERE account_id = $1 LIMIT {_MOST_ROWS}))",
        "account_id",
    )
    for table in ("questions", "conversations", "audience_visitors", "usage_events")
)


@dataclass(frozen=True, slots=True)
class Deletion:
    """That an account will be removed, since its owner asked for it."""

    asked_at: datetime
    delete_after: datetime


async def ask(call: Call) -> Deletion:
    """Have the caller's account removed some days from now; asked again, nothing changes.

    Raises ReauthenticationRequired unless the owner has signed in lately, and Conflict while a
    subscription goes on being paid.
    """
    await proof.require(call)
    account_id = call.principal.account_id
    account: Any = await call.db.row(_LOCK, account_id=account_id)
    if account["delete_after"] is not None:
        return Deletion(account["deletion_asked_at"], account["delete_after"])
    if account["pays_on"]:
        raise Conflict(
            "A subscription of this account goes on being paid. End it in the portal"
            " (POST /v1/me/billing/portal), then ask again.",
            reason="live_subscription",
        )
    now = datetime.now(UTC)
    deletion = Deletion(now, now + timedelta(days=call.services.settings.account_deletion_days))
    await call.db.execute(_ASK, account=account_id, asked=now, until=deletion.delete_after)
    await note(
        call.db,
        Action.ACCOUNT_DELETION_ASKED,
        account_id,
        context=call.context,
        metadata={"delete_after": deletion.delete_after.isoformat()},
    )
    await _end_credentials(call)
    letter = letters.deletion(
        call.services.settings.public_url, account["username"], deletion.delete_after
    )
    await mail.post(call.db, account_id, account["email"], letter)
    mail.wake_after_commit(call)
    return deletion


async def pending(db: Connection, account_id: UUID) -> Deletion:
    """What was asked for; raises NotFound where nothing was."""
    account: Any = await db.row(_PENDING, account_id=account_id)
    if account["delete_after"] is None:
        raise _not_asked()
    return Deletion(account["deletion_asked_at"], account["delete_after"])


async def cancel(call: Call) -> None:
    """Keep the account; its keys and tokens do not come back. Raises NotFound."""
    account_id = call.principal.account_id
    if not await call.db.execute(_CANCEL, account=account_id):
        raise _not_asked()
    await note(call.db, Action.ACCOUNT_DELETION_CANCELED, account_id, context=call.context)


async def remove_due(services: Services) -> None:
    """Remove the accounts whose time is over.

    Rows first, in one transaction for each: what a crash leaves of the files is nobody's then, and
    the sweep removes such.
    """
    async with services.database.connection() as db:
        due = await db.rows(_DUE)
    for row in due:
        try:
            await _remove(services, row["id"])
        except Exception:  # one that can't be removed must not keep the others
            _log.exception("an account is not removed", extra=_fields(row["id"]))


async def _remove(services: Services, account_id: UUID) -> None:
    async with services.database.transaction() as db:
        if await db.value(_HOLD, account_id=account_id) is None:
            return
        files = [row["key"] for row in await db.rows(_FILES, account_id=account_id)]
        await db.execute(_REMEMBER, account_id=account_id)
        for some in _REMOVE_SOME:
            while await db.execute(some, account_id=account_id):
                pass
        await db.execute(_REMOVE, account_id=account_id)
    _log.info("account removed", extra=_fields(account_id))
    await mcp_sessions.end_all(services.redis, account_id)
    try:
        for folder in (profile_pdfs.FOLDER, artifacts.IMPORTS):
            async for page in services.artifacts.list(f"{folder}/{account_id}"):
                files += [file.key for file in page]
        async with services.database.connection() as db:
            still_named = await resume_pdfs.named(db, files)
        for key in files:
            if key not in still_named:
                await services.artifacts.delete(key)
    except DependencyUnavailable:
        _log.warning("files of a removed account are left for the sweep")


def _fields(account_id: UUID) -> dict[str, Any]:
    return {"fields": {"account_id": str(account_id)}}


async def _end_credentials(call: Call) -> None:
    account_id, redis = call.principal.account_id, call.services.redis
    await sessions.deny(call)  # one of an outside issuer may have no row
    await sessions.revoke_all(call, account_id)
    for end in _END_KEYS:
        await call.db.execute(end, account=account_id)

    async def after() -> None:
        await mcp_sessions.end_all(redis, account_id)

    call.after_commit(after)


def _not_asked() -> NotFound:
    return NotFound("Nobody has asked to delete this account.")
