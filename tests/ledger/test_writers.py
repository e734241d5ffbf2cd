"""Eight who change one account at the same time, in random ways."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app import reconciliation
from app.errors import Conflict, InsufficientCredits, NotFound
from app.services import Services
from app.settings import Settings
from resolvers.resume_jobs import cancel_resume_job, delete_resume_job
from tests.ledger.accounts import change, claim, entries, fail, leave, succeed, used, wallet
from tests.owners import EXAMPLE, Owner
from tests.people import table
from workers.sweep import sweep

WRITERS = 8
ABANDON = "UPDATE resume_jobs SET lease_until = now() - interval '1 s' WHERE status = 'running'"

numbers = st.integers(0, 5)
moves = st.one_of(
    st.tuples(st.just("create"), numbers, st.sampled_from(["original", "picture"])),
    st.tuples(st.sampled_from(["grant", "reverse", "adjust"]), numbers, st.integers(1, 4)),
    st.tuples(st.sampled_from(["succeed", "fail", "cancel", "delete"]), numbers, st.just(None)),
    st.tuples(st.just("lose"), st.just(0), st.just(None)),
)
histories = st.lists(st.lists(moves, min_size=4, max_size=12), min_size=WRITERS, max_size=WRITERS)


class Writer:
    """One of them; all see the same jobs, by number."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.least_available = 0
        self.granted: Counter[str] = Counter()

    async def write(self, history: list[tuple[str, int, Any]]) -> None:
        for move, number, what in history:
            await self.move(move, number, what)
            available = (await wallet(self.owner)).available
            self.least_available = min(self.least_available, available)

    async def move(self, move: str, number: int, what: Any) -> None:
        try:
            if move == "create":
                await self.owner.job(f"job-{number}-{what}", {**EXAMPLE, "template": what})
            elif move in ("grant", "reverse", "adjust"):
                if await change(self.owner, move, what, f"{move}-{number}"):
                    self.granted[f"{move}-{number}"] += 1
            elif move == "lose":
                await table(self.owner.services, ABANDON)
                await sweep(self.owner.services)
            else:
                await self.end(move, number)
        except (Conflict, InsufficientCredits, NotFound):
            pass

    async def end(self, how: str, number: int) -> None:
        rows = await table(
            self.owner.services,
            "SELECT id FROM resume_jobs WHERE account_id = $1 ORDER BY id OFFSET $2 LIMIT 1",
            self.owner.id,
            number,
        )
        for row in rows:
            if how == "cancel":
                await self.owner.run(cancel_resume_job, row["id"])
            elif how == "delete":
                await self.owner.run(delete_resume_job, row["id"])
            else:
                await self.work(how, row["id"])

    async def work(self, how: str, job_id: Any) -> None:
        attempt = await claim(self.owner, job_id)
        if attempt is not None:
            await asyncio.sleep(0)
            await (succeed if how == "succeed" else fail)(self.owner, job_id, attempt)


@pytest.fixture
def runner(settings: Settings, services: Services) -> Iterator[tuple[asyncio.Runner, Services]]:
    """Services of its own, since hypothesis runs its examples outside of tests' loop."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        own = Services.from_settings(settings)
        runner.run(own.open())
        yield runner, own
        runner.run(own.close())


@given(histories=histories)
@examples(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_eight_at_once_leave_a_ledger_that_adds_up(
    runner: tuple[asyncio.Runner, Services], histories: list[list[tuple[str, int, Any]]]
) -> None:
    runner[0].run(write_at_once(runner[1], histories))


async def write_at_once(services: Services, histories: list[list[tuple[str, int, Any]]]) -> None:
    owner = await Owner.create(services)
    await leave(owner, 4)
    writers = [Writer(owner) for _ in histories]
    try:
        await asyncio.gather(
            *(writer.write(history) for writer, history in zip(writers, histories, strict=True))
        )
        await check(owner, writers)
    finally:
        await table(services, "DELETE FROM accounts")


async def check(owner: Owner, writers: list[Writer]) -> None:
    async with owner.services.database.connection() as db:
        done = await reconciliation.reconcile(db)
    assert (done.drifts, done.settled) == ((), 0)
    assert min(writer.least_available for writer in writers) == 0
    granted: Counter[str] = sum((writer.granted for writer in writers), Counter())
    assert set(granted.values()) <= {1}
    written = await entries(owner)
    assert Counter(
        ref for kind, _, _, _, ref in written if kind not in ("hold", "capture", "release")
    ) == granted + Counter(["starter", "test:leave"])
    charged = {ref: billed for _, ref, billed, _ in await used(owner)}
    captured = {entry[4]: -entry[1] for entry in written if entry[0] == "capture"}
    assert captured == {f"job:{ref}": billed for ref, billed in charged.items() if billed}
    assert list(charged.values()).count(0) <= 1
