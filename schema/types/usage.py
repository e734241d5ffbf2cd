"""What an account has used: types of `/v1/me/usage`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from schema.types.access import CredentialKind

DEFAULT_DAYS = 30
MAX_DAYS = 366
MAX_KEYS = 100

FirstDay = Annotated[
    date | None,
    strawberry.argument(
        name="from",
        description=f"First day (UTC). Absent: {DEFAULT_DAYS} days up to the last one.",
    ),
]
LastDay = Annotated[
    date | None,
    strawberry.argument(
        name="to",
        description=f"Last day (UTC), at most {MAX_DAYS} days in all. Absent: today.",
    ),
]


@strawberry.type(description="Operations by API keys in this calendar month (UTC).")
class UsageQuota:
    limit: int = strawberry.field(description="How many the plan allows.")
    used: int = strawberry.field(
        description="How many were used, and a few that servers hold ready to be used."
    )
    remaining: int = strawberry.field(description="How many are left.")
    resets_at: datetime = strawberry.field(description="When the next month begins.")


@strawberry.type(description="Operations of one day.")
class UsageDay:
    date: date = strawberry.field(description="The day (UTC).")
    count: int = strawberry.field(description="How many were asked for.")
    errors: int = strawberry.field(description="How many of them did not succeed.")


@strawberry.type(description="Runs of one operation, over REST, GraphQL or MCP.")
class UsageEndpoint:
    operation: str = strawberry.field(description="Its name, as `operationId` in OpenAPI.")
    method: str | None = strawberry.field(description="Of its REST route, if it has one.")
    path: str | None = strawberry.field(description="Likewise.")
    count: int = strawberry.field(description="How often it was asked for.")
    errors: int = strawberry.field(description="How often it did not succeed.")


@strawberry.type(description="Operations by one credential.")
class UsageKey:
    kind: CredentialKind = strawberry.field(description="What sort of credential it is.")
    id: UUID = strawberry.field(description="Its id; of a session, that of the login.")
    name: str | None = strawberry.field(description="Its name; a session has none.")
    count: int = strawberry.field(description="How many it was used for.")


@strawberry.type(description="Operations by how they ended.")
class UsageOutcomes:
    ok: int = strawberry.field(description="Done.")
    client_error: int = strawberry.field(description="Refused for a fault in the request.")
    server_error: int = strawberry.field(description="Not done for a fault of ours.")
    over_limit: int = strawberry.field(description="Refused for a rate or the quota.")


@strawberry.type(description="Operations that this account has asked for.")
class UsageRequests:
    total: int = strawberry.field(description="How many.")
    by_day: list[UsageDay] = strawberry.field(description="Every day of the range, in order.")
    by_endpoint: list[UsageEndpoint] = strawberry.field(description="The most used first.")
    by_key: list[UsageKey] = strawberry.field(
        description=f"The most used first, {MAX_KEYS} at most."
    )
    by_outcome: UsageOutcomes = strawberry.field(description="How they ended.")


@strawberry.type(description="Résumé jobs of one day.")
class UsageJobDay:
    date: date = strawberry.field(description="The day (UTC) on which they were made.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="Résumé jobs that this account has made and not deleted.")
class UsageJobs:
    total: int = strawberry.field(description="How many, also those that are not final yet.")
    succeeded: int = strawberry.field(description="Those that have a PDF.")
    failed: int = strawberry.field(description="Those that could not be rendered.")
    canceled: int = strawberry.field(description="Those that were stopped.")
    by_day: list[UsageJobDay] = strawberry.field(description="Every day of the range, in order.")


@strawberry.type(description="What an account has used.")
class Usage:
    from_: date = strawberry.field(name="from", description="First day that is counted.")
    to: date = strawberry.field(description="Last day that is counted.")
    plan: str = strawberry.field(description="Present plan: `free`, `flex` or `pro`.")
    quota: UsageQuota = strawberry.field(description="Of this month, whatever the range is.")
    requests: UsageRequests = strawberry.field(description="Operations, counted within seconds.")
    render_jobs: UsageJobs = strawberry.field(description="Résumé jobs.")
