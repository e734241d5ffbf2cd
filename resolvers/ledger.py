"""What credits came, went and were used for: `/v1/me/billing/ledger` and `/v1/billing/usage`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app import ledger
from app.call import Call
from app.db import Connection, raw_statement
from resolvers.usage import day_range
from schema.types.ledger import (
    BillingUsage,
    LedgerEntry,
    LedgerEntryKind,
    UsageEvent,
    UsageEventKind,
    UsageOfKind,
    UsageSummary,
)
from schema.types.paging import DEFAULT_LIMIT, Cursor, Limit, Page, page, window
from schema.types.usage import FirstDay, LastDay

_ENTRIES = raw_statement(
    """
SELECT id, kind, delta_posted, delta_held, delta_debt, ref, created_at,
       (SELECT job.id FROM resume_jobs job WHERE job.account_id = $1 AND job.id =
           CASE WHEN ref ~ '^job:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
           THEN substr(ref, 5)::uuid END) AS job_id
FROM ledger_entries WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3
""",
    "account_id",
    "before",
    "most",
)
_IN_RANGE = "account_id = $1 AND at >= $2::date AND at < $3::date + 1"
_EVENTS = raw_statement(
    f"""
SELECT id, at, kind, ref, input_tokens, output_tokens, usd, billed_credits
FROM usage_events WHERE {_IN_RANGE} AND id < $4 ORDER BY id DESC LIMIT $5
""",  # noqa: S608 - of constants
    "account_id",
    "first",
    "last",
    "before",
    "most",
)
_SUMS = raw_statement(
    f"""
SELECT kind, count(*) AS events, sum(input_tokens) AS input_tokens,
       sum(output_tokens) AS output_tokens, sum(usd) AS usd, sum(billed_credits) AS billed_credits
FROM usage_events WHERE {_IN_RANGE} GROUP BY kind ORDER BY kind
""",  # noqa: S608 - of constants
    "account_id",
    "first",
    "last",
)


async def billing_ledger(
    call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[LedgerEntry]:
    """Every change of your credits, newest first."""
    return await entries_of(call.db, call.principal.account_id, limit, cursor)


async def entries_of(
    db: Connection, account_id: UUID, limit: int, cursor: str | None
) -> Page[LedgerEntry]:
    """A page of the account's ledger; raises ValidationFailed for a bad limit or cursor."""
    window_of = {"account_id": account_id, **window(limit, cursor)}
    rows = await db.rows(_ENTRIES, **window_of)
    if not rows and cursor is None:  # what an account begins with is there from its first look
        await ledger.wallet_of(db, account_id)
        rows = await db.rows(_ENTRIES, **window_of)
    return page(rows, limit, _entry)


async def billing_usage(
    call: Call,
    from_: FirstDay = None,
    to: LastDay = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> BillingUsage:
    """What was rendered and answered for you in a range of days, and what it cost.

    Only what was delivered is billed. The first render, and answers within the allowance of a
    plan, cost no credits and are listed all the same.
    """
    first, last = day_range(from_, to, datetime.now(UTC).date())
    in_range = {"account_id": call.principal.account_id, "first": first, "last": last}
    listed = page(await call.db.rows(_EVENTS, **in_range, **window(limit, cursor)), limit, _event)
    sums = await call.db.rows(_SUMS, **in_range)
    return BillingUsage(
        from_=first,
        to=last,
        summary=_summary(sums),
        events=listed.items,
        next_cursor=listed.next_cursor,
    )


def _entry(row: Any) -> LedgerEntry:
    return LedgerEntry(**{**row, "kind": LedgerEntryKind(row["kind"])})


def _event(row: Any) -> UsageEvent:
    return UsageEvent(**{**row, "kind": UsageEventKind(row["kind"]), "usd": float(row["usd"])})


def _summary(sums: list[Any]) -> UsageSummary:
    by_kind = [
        UsageOfKind(**{**row, "kind": UsageEventKind(row["kind"]), "usd": float(row["usd"])})
        for row in sums
    ]
    return UsageSummary(
        events=sum(of.events for of in by_kind),
        input_tokens=sum(of.input_tokens for of in by_kind),
        output_tokens=sum(of.output_tokens for of in by_kind),
        usd=float(sum(row["usd"] for row in sums)),
        billed_credits=sum(of.billed_credits for of in by_kind),
        by_kind=by_kind,
    )
