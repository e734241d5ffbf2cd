"""The credits of an owner, as the tests of the ledger look at them and act on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from app import ledger
from app import resume_jobs as jobs
from app.artifacts import resume_key
from app.ledger import Wallet
from tests.owners import EXAMPLE, Owner
from tests.people import table

STARTER = 1000  # of the settings of tests
PICTURE = {**EXAMPLE, "template": "picture"}
LEASE = timedelta(seconds=60)


async def wallet(owner: Owner) -> Wallet:
    async with owner.services.database.connection() as db:
        return await ledger.wallet_of(db, owner.id)


async def change(owner: Owner, kind: str, credits: int, ref: str) -> bool:
    """`grant`, `reverse` or `adjust`."""
    async with owner.services.database.connection() as db:
        done: bool = await getattr(ledger, kind)(db, owner.id, credits, ref)
        return done


async def leave(owner: Owner, credits: int) -> None:
    """Take starter credits away until so many are left."""
    await change(owner, "adjust", credits - (await wallet(owner)).posted, "test:leave")


async def entries(owner: Owner) -> list[tuple[Any, ...]]:
    """Kind, deltas and ref of every entry, in order."""
    rows = await table(
        owner.services,
        "SELECT kind, delta_posted, delta_held, delta_debt, ref FROM ledger_entries"
        " WHERE account_id = $1 ORDER BY id",
        owner.id,
    )
    return [tuple(row.values()) for row in rows]


async def of_job(owner: Owner, job_id: UUID) -> list[tuple[Any, ...]]:
    """Kind, delta_posted and delta_held of the entries about a job, in order."""
    return [entry[:3] for entry in await entries(owner) if entry[4] == f"job:{job_id}"]


async def used(owner: Owner) -> list[tuple[Any, ...]]:
    """Kind, ref, billed and starter credits of usage events, in order."""
    rows = await table(
        owner.services,
        "SELECT kind, ref, billed_credits, starter_credits FROM usage_events"
        " WHERE account_id = $1 ORDER BY id",
        owner.id,
    )
    return [tuple(row.values()) for row in rows]


async def claim(owner: Owner, job_id: UUID) -> int | None:
    """The number of the attempt; None if the job can't be claimed."""
    async with owner.services.database.connection() as db:
        row = await db.row(jobs.CLAIM, job_id=job_id, lease=LEASE)
    return None if row is None else row["attempt"]


async def succeed(owner: Owner, job_id: UUID, attempt: int | None = None) -> bool:
    """Write what a worker does when the PDF is stored; whether the attempt was still its."""
    number = await claim(owner, job_id) if attempt is None else attempt
    async with owner.services.database.connection() as db:
        return bool(
            await db.execute(
                jobs.SUCCEED,
                job_id=job_id,
                attempt=number,
                pages=1,
                size_bytes=4,
                sha256="00" * 32,
                artifact_key=resume_key("ab" * 32, job_id, number or 0),
                kept=timedelta(days=1),
            )
        )


async def fail(owner: Owner, job_id: UUID, attempt: int | None = None) -> bool:
    """Likewise when it can't be rendered."""
    number = await claim(owner, job_id) if attempt is None else attempt
    async with owner.services.database.connection() as db:
        return bool(
            await db.execute(
                jobs.FAIL,
                job_id=job_id,
                attempt=number,
                error_code="render_failed",
                error_message="No.",
            )
        )
