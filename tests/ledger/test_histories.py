"""Random histories of an account, one after another, against the rules in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from app import reconciliation
from app.errors import Conflict, IdempotencyConflict, InsufficientCredits, NotFound
from app.services import Services
from app.settings import Settings
from resolvers.resume_jobs import cancel_resume_job, delete_resume_job
from tests.ledger.accounts import STARTER, change, claim, entries, fail, succeed, used, wallet
from tests.ledger.model import OPEN, Account, Job
from tests.owners import EXAMPLE, Owner
from tests.people import table
from workers.sweep import sweep

T = TypeVar("T")

ABANDON = "UPDATE resume_jobs SET lease_until = now() - interval '1 s' WHERE status = 'running'"

request_ids = st.sampled_from(["a", "b", "c", "d", "e", "f"])
templates = st.sampled_from(["original", "harvard", "picture"])
refs = st.sampled_from(["r1", "r2", "r3", "r4", "r5", "r6"])
amounts = st.integers(1, 6)


class History(RuleBasedStateMachine):
    """One account and whatever may happen to it. `services` and `runner` are of the test."""

    services: Services
    runner: asyncio.Runner

    def __init__(self) -> None:
        super().__init__()
        self.owner = self.run(Owner.create(self.services))
        self.run(wallet(self.owner))
        self.account = Account(posted=STARTER, starter=STARTER)
        self.change("adjust", 3 - STARTER, "few")  # so few that they run out

    def run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    @rule(credits=amounts, ref=refs)
    def grant(self, credits: int, ref: str) -> None:
        self.change("grant", credits, ref)

    @rule(credits=amounts, ref=refs)
    def reverse(self, credits: int, ref: str) -> None:
        done = self.run(change(self.owner, "reverse", credits, ref))
        assert done == self.account.change("refund", -credits, ref)

    @rule(credits=st.integers(-6, 6), ref=refs)
    def adjust(self, credits: int, ref: str) -> None:
        self.change("adjust", credits, ref)

    def change(self, kind: str, credits: int, ref: str) -> None:
        done = self.run(change(self.owner, kind, credits, ref))
        assert done == self.account.change(kind, credits, ref)

    @rule(request_id=request_ids, template=templates)
    def create(self, request_id: str, template: str) -> None:
        made = self.owner.job(request_id, {**EXAMPLE, "template": template})
        before = self.account.jobs.get(request_id)
        if before is not None and before.template != template:
            with pytest.raises(IdempotencyConflict):
                self.run(made)
        elif before is not None:
            assert self.run(made).id == before.id
        elif not self.account.can_pay(template):
            with pytest.raises(InsufficientCredits) as caught:
                self.run(made)
            available = self.account.posted - self.account.held
            price = self.account.price(template)
            assert caught.value.details == {"price": price, "available": available}
        else:
            shown = self.run(made)
            assert shown.price == self.account.create(shown.id, request_id, template).price

    @precondition(lambda self: self.account.jobs)
    @rule(data=st.data())
    def claim(self, data: st.DataObject) -> None:
        job = self.any_job(data)
        attempt = self.run(claim(self.owner, job.id))
        if job.status == "queued":
            job.status, job.attempt = "running", job.attempt + 1
            assert attempt == job.attempt
        else:
            assert attempt is None

    @precondition(lambda self: self.account.jobs)
    @rule(data=st.data(), late=st.integers(0, 1))
    def succeed(self, data: st.DataObject, late: int) -> None:
        job = self.any_job(data)
        if self.ends(job, self.run(succeed(self.owner, job.id, job.attempt - late)), late):
            self.account.capture(job)

    @precondition(lambda self: self.account.jobs)
    @rule(data=st.data(), late=st.integers(0, 1))
    def fail(self, data: st.DataObject, late: int) -> None:
        job = self.any_job(data)
        if self.ends(job, self.run(fail(self.owner, job.id, job.attempt - late)), late):
            self.account.release(job, "failed")

    def ends(self, job: Job, done: bool, late: int) -> bool:
        assert done == (job.status == "running" and not late)
        return done

    @precondition(lambda self: self.account.jobs)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        job = self.any_job(data)
        if job.status in ("succeeded", "failed"):
            with pytest.raises(Conflict):
                self.run(self.owner.run(cancel_resume_job, job.id))
            return
        self.run(self.owner.run(cancel_resume_job, job.id))
        if job.status in OPEN:
            self.account.release(job, "canceled")

    @precondition(lambda self: self.account.jobs)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        job = self.any_job(data)
        self.run(self.owner.run(delete_resume_job, job.id))
        if job.status in OPEN:
            self.account.release(job, "deleted")
        del self.account.jobs[job.request_id]
        with pytest.raises(NotFound):
            self.run(self.owner.run(delete_resume_job, job.id))

    @rule()
    def lose_all_workers(self) -> None:
        self.run(table(self.services, ABANDON))
        self.run(sweep(self.services))
        for job in self.account.jobs.values():
            if job.status == "running" and job.attempt >= 3:
                self.account.release(job, "failed")
            elif job.status == "running":
                job.status = "queued"

    def any_job(self, data: st.DataObject) -> Job:
        return data.draw(st.sampled_from(list(self.account.jobs.values())))

    @invariant()
    def the_wallet_is_what_the_rules_say(self) -> None:
        found = self.run(wallet(self.owner))
        assert found == self.account.wallet
        assert found.available >= 0
        assert found.held == self.account.open_price

    @invariant()
    def each_job_is_charged_once_and_only_if_it_was_delivered(self) -> None:
        charged = {ref: billed for _, ref, billed, _ in self.run(used(self.owner))}
        assert charged == {str(job): price for job, price in self.account.charged.items()}
        captured = [entry for entry in self.run(entries(self.owner)) if entry[0] == "capture"]
        assert {entry[4]: -entry[1] for entry in captured} == {
            f"job:{job}": price for job, price in self.account.charged.items() if price
        }

    def teardown(self) -> None:
        async def reconcile() -> reconciliation.Reconciled:
            async with self.services.database.connection() as db:
                return await reconciliation.reconcile(db)

        done = self.run(reconcile())
        self.run(table(self.services, "DELETE FROM accounts"))
        assert (done.drifts, done.settled) == ((), 0)


@pytest.fixture
def history(settings: Settings, services: Services) -> Iterator[type[History]]:
    """The machine with services of its own, since hypothesis runs it outside of tests' loop."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        own = Services.from_settings(settings)
        runner.run(own.open())
        yield type("OwnHistory", (History,), {"services": own, "runner": runner})
        runner.run(own.close())


def test_any_history_is_what_the_rules_say(history: Any) -> None:
    run_machine(
        history,
        settings=examples(
            max_examples=15,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
