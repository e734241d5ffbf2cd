"""What happened to the security of an account: types of `/v1/me/security-events`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from app.security_events import Action, ActorKind, Outcome

strawberry.enum(Action, name="SecurityAction", description="What happened.")
strawberry.enum(
    Outcome, name="SecurityOutcome", description="Whether it was done, or only tried in vain."
)
strawberry.enum(ActorKind, name="SecurityActorKind", description="By what somebody acted.")

EventAction = Annotated[
    Action | None, strawberry.argument(name="action", description="Only events of this kind.")
]
EventOutcome = Annotated[
    Outcome | None, strawberry.argument(name="outcome", description="Only these.")
]
EventsFrom = Annotated[
    datetime | None,
    strawberry.argument(name="from", description="Only what happened then or later."),
]
EventsTo = Annotated[
    datetime | None, strawberry.argument(name="to", description="Only what happened before then.")
]


@strawberry.type(description="Who did it.")
class SecurityActor:
    kind: ActorKind = strawberry.field(
        description="How they were known; `anybody` for who had shown nothing yet."
    )
    id: str | None = strawberry.field(
        description="Id of the session, key, token or client, or name of the operator."
    )


@strawberry.type(description="What it was done to.")
class SecurityTarget:
    kind: str = strawberry.field(description="Such as `session`, `personal_token`, `export`.")
    id: str | None = strawberry.field(description="Which one.")


@strawberry.type(description="Something that happened to the security of your account.")
class SecurityEvent:
    id: UUID = strawberry.field(description="Id of the event.")
    occurred_at: datetime = strawberry.field(description="When.")
    action: Action = strawberry.field(description="What.")
    outcome: Outcome = strawberry.field(description="Whether it was done.")
    actor: SecurityActor = strawberry.field(description="By whom.")
    target: SecurityTarget | None = strawberry.field(description="To what, beside the account.")
    ip: str | None = strawberry.field(
        description="From which address; null where there was no request."
    )
    user_agent: str | None = strawberry.field(description="What the client called itself.")
    request_id: str | None = strawberry.field(description="`x-request-id` of the request.")
    metadata: JSON = strawberry.field(
        description="More about it, such as a token's name; never a secret."
    )
