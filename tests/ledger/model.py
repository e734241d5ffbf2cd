"""The rules of credits once more, in plain Python and in memory, for histories to be held to."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from app.ledger import Wallet
from app.prices import RENDER, price_of

OPEN = ("queued", "running")


@dataclass
class Job:
    """A job as far as credits are concerned."""

    id: UUID
    request_id: str
    template: str
    price: int
    status: str = "queued"
    attempt: int = 0


@dataclass
class Account:
    """What an account has, and what it has done."""

    posted: int
    starter: int
    held: int = 0
    debt: int = 0
    free_job: UUID | None = None
    jobs: dict[str, Job] = field(default_factory=dict)  # those not deleted, by request_id
    refs: set[tuple[str, str]] = field(default_factory=set)
    charged: dict[UUID, int] = field(default_factory=dict)

    @property
    def wallet(self) -> Wallet:
        return Wallet(self.posted, self.held, self.debt, self.starter)

    @property
    def open_price(self) -> int:
        return sum(job.price for job in self.jobs.values() if job.status in OPEN)

    def change(self, kind: str, credits: int, ref: str) -> bool:
        """`kind` is that of the entry; `credits` are negative when they are taken."""
        if (kind, ref) in self.refs:
            return False
        self.refs.add((kind, ref))
        if credits >= 0:
            paid = min(self.debt, credits)
            self.debt -= paid
            self.posted += credits - paid
        else:
            taken = min(self.posted - self.held, -credits)
            self.posted -= taken
            self.debt += -credits - taken
            self.starter = min(self.starter, self.posted)
        return True

    def price(self, template: str) -> int:
        return price_of(template, first=self.free_job is None)

    def can_pay(self, template: str) -> bool:
        return self.posted - self.held >= self.price(template)

    def create(self, job_id: UUID, request_id: str, template: str) -> Job:
        job = Job(job_id, request_id, template, self.price(template))
        if job.price == 0 and RENDER[template].first_is_free:
            self.free_job = job_id
        self.held += job.price
        self.jobs[request_id] = job
        return job

    def capture(self, job: Job) -> None:
        job.status = "succeeded"
        self.posted -= job.price
        self.held -= job.price
        self.starter -= min(self.starter, job.price)
        self.charged[job.id] = job.price

    def release(self, job: Job, status: str) -> None:
        job.status = status
        paid = min(self.debt, job.price)
        self.held -= job.price
        self.posted -= paid
        self.debt -= paid
        self.starter = min(self.starter, self.posted)
        if self.free_job == job.id:
            self.free_job = None
