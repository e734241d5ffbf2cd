"""What operators do by hand: credits, plans, trials and second factors.

Each is written down with its reason.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app import ledger
from app.auth import recovery_codes
from app.billing import plan_changes
from app.billing.customers import hold_account
from app.db import Connection, raw_statement, uuid7
from app.security_events import Action, Actor, ActorKind, note

# By username or e-mail address in any case of letters, or by id.
_FIND = raw_statement(
    "SELECT id FROM accounts WHERE lower(username) = lower($1) OR lower(email) = lower($1)"
    " OR id::text = lower($1)",
    "account",
)
_NOTE = raw_statement(
    "INSERT INTO admin_actions (id, account_id, operator, action, details, reason)"
    " VALUES ($1, $2, $3, $4, $5, $6)",
    "id",
    "account_id",
    "operator",
    "action",
    "details",
    "reason",
)
_END_GRANT = raw_statement(
    "UPDATE plan_grants SET ended_at = now() WHERE account_id = $1 AND ended_at IS NULL",
    "account_id",
)
_GRANT = raw_statement(
    "INSERT INTO plan_grants (id, account_id, plan, until, reason, granted_by)"
    " VALUES ($1, $2, $3, $4, $5, $6)",
    "id",
    "account_id",
    "plan",
    "until",
    "reason",
    "granted_by",
)
_TRY = raw_statement(
    "INSERT INTO trials (account_id, ends_at, how) VALUES ($1, now() + $2::interval, 'operator')"
    " ON CONFLICT (account_id) DO NOTHING",
    "account_id",
    "length",
)
# A page at Stripe on which somebody can still begin a trial, or has and we have not heard of it.
_TRIAL_ON_OFFER = raw_statement(
    "SELECT coalesce(expires_at, created_at + interval '1 day') FROM checkouts"
    " WHERE account_id = $1 AND state IN ('started', 'open')"
    " AND terms #> '{subscription_data,trial_period_days}' IS NOT NULL LIMIT 1",
    "account_id",
)
_REMOVE_SECOND_FACTOR = raw_statement(
    "DELETE FROM second_factors WHERE account_id = $1", "account_id"
)
GIVEN_PLAN = "pro"
MOST_CREDITS = 10_000_000  # more than a mistyped figure may give; a wallet holds 200 times as many


class NotDone(Exception):
    """It can't be done; the message says why, to the operator."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one operator wants done to one account, and why. `id` makes a repeat harmless."""

    id: UUID
    account_id: UUID
    operator: str
    reason: str


async def ordered(db: Connection, account: str, operator: str, reason: str) -> Order:
    """A new order for the account of a username, e-mail address or id; raises NotDone."""
    if not reason.strip():
        raise NotDone("A reason is needed: it is kept.")
    account_id = await db.value(_FIND, account=account.strip())
    if account_id is None:
        raise NotDone(f"There is no account {account!r}.")
    return Order(uuid7(), account_id, operator, reason.strip())


async def grant_credits(db: Connection, order: Order, credits: int) -> None:
    """Give credits, which pay debt first, or take some if they are negative; one transaction."""
    if credits == 0:
        raise NotDone("There is nothing to give.")
    if abs(credits) > MOST_CREDITS:
        raise NotDone(f"At most {MOST_CREDITS} credits are given or taken at once.")
    async with db.transaction(), _told(db, order):
        await _note(db, order, "grant-credits", credits=credits)
        try:
            await ledger.adjust(db, order.account_id, credits, f"admin:{order.id}", order.reason)
        except ledger.WalletFull:
            raise NotDone(f"A wallet holds {ledger.MOST_CREDITS} credits at most.") from None


async def set_plan(db: Connection, order: Order, plan: str, until: datetime | None) -> None:
    """Give a plan in place of any that was given before; `free` gives none."""
    if plan not in ("free", GIVEN_PLAN):
        raise NotDone(f"{plan!r} is not a plan that is given: free or {GIVEN_PLAN}.")
    if plan == "free" and until is not None:
        raise NotDone("What ends now has no later end.")
    async with db.transaction(), _told(db, order):
        await hold_account(db, order.account_id)
        told = None if until is None else until.isoformat()
        await _note(db, order, "set-plan", plan=plan, until=told)
        await db.execute(_END_GRANT, account_id=order.account_id)
        if plan == GIVEN_PLAN:
            await db.execute(
                _GRANT,
                id=order.id,
                account_id=order.account_id,
                plan=plan,
                until=until,
                reason=order.reason,
                granted_by=order.operator,
            )


async def start_trial(db: Connection, order: Order, days: int) -> None:
    """Begin the account's one trial.

    Raises NotDone if it has had it, and while it can begin one at a checkout that is open.
    """
    if days < 1:
        raise NotDone("A trial has a day at least.")
    async with db.transaction(), _told(db, order):
        await hold_account(db, order.account_id)
        await _note(db, order, "start-trial", days=days)
        over_at: datetime | None = await db.value(_TRIAL_ON_OFFER, account_id=order.account_id)
        if over_at is not None:
            raise NotDone(
                "A checkout that begins a trial is open. It may be given when that is over,"
                f" which is by {over_at:%Y-%m-%d %H:%M} UTC."
            )
        length = timedelta(days=days)
        if not await db.execute(_TRY, account_id=order.account_id, length=length):
            raise NotDone("This account has had its trial.")


async def remove_second_factor(db: Connection, order: Order) -> None:
    """Let an owner who has lost app and recovery codes sign in by the password alone."""
    async with db.transaction():
        if not await db.execute(_REMOVE_SECOND_FACTOR, account_id=order.account_id):
            raise NotDone("This account has no second factor.")
        await recovery_codes.remove(db, order.account_id)
        await _note(db, order, "remove-second-factor")
        actor = Actor(ActorKind.OPERATOR, order.operator)
        await note(db, Action.SECOND_FACTOR_DISABLED, order.account_id, actor=actor)


def _told(db: Connection, order: Order) -> contextlib.AbstractAsyncContextManager[None]:
    return plan_changes.told(db, order.account_id, ActorKind.OPERATOR, order.operator)


async def _note(db: Connection, order: Order, action: str, **details: Any) -> None:
    await db.execute(
        _NOTE,
        id=order.id,
        account_id=order.account_id,
        operator=order.operator,
        action=action,
        details=details,
        reason=order.reason,
    )
