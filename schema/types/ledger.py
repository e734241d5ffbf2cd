"""Credits as they come and go, and what they were used for."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from uuid import UUID

import strawberry

_field = strawberry.field


@strawberry.enum(
    description="What happened to credits: granted; held for a job, then captured when it has"
    " succeeded or else released; refunded, that is taken back with the payment; adjusted by hand."
)
class LedgerEntryKind(Enum):
    GRANT = "grant"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    REFUND = "refund"
    ADJUST = "adjust"


@strawberry.type(
    description="One change of the credits of an account. What has ever been entered stays; what"
    " can be spent is posted less held."
)
class LedgerEntry:
    id: UUID = _field(description="Id of the entry.")
    kind: LedgerEntryKind = _field(description="What happened.")
    delta_posted: int = _field(description="Credits that came, or went if negative.")
    delta_held: int = _field(description="Credits put aside, or no longer if negative.")
    delta_debt: int = _field(
        description="Credits owed, since they had been spent when they were taken back, or paid off"
        " if negative."
    )
    ref: str = _field(description="What it was for, as in `job:…`.")
    job_id: UUID | None = _field(
        description="The job that it was for; null for what was for none, and once the job is"
        " deleted."
    )
    created_at: datetime = _field(description="When it happened.")


@strawberry.enum(description="Something that may be billed: a render or an answer of the studio.")
class UsageEventKind(Enum):
    RENDER = "render"
    ANSWER = "answer"


@strawberry.type(description="One render or answer that was delivered.")
class UsageEvent:
    id: UUID = _field(description="Id of the event.")
    at: datetime = _field(description="When it was delivered.")
    kind: UsageEventKind = _field(description="What it was.")
    ref: str = _field(description="Id of the job or answer.")
    input_tokens: int = _field(description="Tokens that a language model has read.")
    output_tokens: int = _field(description="Tokens that it has written.")
    usd: float = _field(description="What the model cost, in US dollars.")
    billed_credits: int = _field(description="Credits that were paid for it.")


@strawberry.type(description="Events of one kind together.")
class UsageOfKind:
    kind: UsageEventKind = _field(description="The kind.")
    events: int = _field(description="How many there were.")
    input_tokens: int = _field(description="Tokens that language models have read.")
    output_tokens: int = _field(description="Tokens that they have written.")
    usd: float = _field(description="What the models cost, in US dollars.")
    billed_credits: int = _field(description="Credits that were paid.")


@strawberry.type(description="All events of a range of days together.")
class UsageSummary:
    events: int = _field(description="How many there were.")
    input_tokens: int = _field(description="Tokens that language models have read.")
    output_tokens: int = _field(description="Tokens that they have written.")
    usd: float = _field(description="What the models cost, in US dollars.")
    billed_credits: int = _field(description="Credits that were paid.")
    by_kind: list[UsageOfKind] = _field(description="The same by kind, of those there were.")


@strawberry.type(description="What was delivered in a range of days, and what it cost.")
class BillingUsage:
    from_: date = _field(name="from", description="First day (UTC) of the range.")
    to: date = _field(description="Last day.")
    summary: UsageSummary = _field(description="Of the whole range, on every page.")
    events: list[UsageEvent] = _field(description="What is on this page, newest first.")
    next_cursor: str | None = _field(description="`cursor` of the next page; null on the last.")
