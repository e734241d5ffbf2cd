"""API keys and personal tokens: types and inputs of `/v1/auth/api-keys` and `/v1/auth/tokens`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from schema.types.access import Scope
from schema.types.sealed import sealed

MAX_OVERLAP_MINUTES = 7 * 24 * 60

Overlap = Annotated[
    int | None,
    strawberry.argument(
        description="How long the old token goes on working, in minutes.",
        metadata={"schema": {"minimum": 0, "maximum": MAX_OVERLAP_MINUTES}},
    ),
]


@strawberry.type(description="A key for owner routes, sent as `X-API-Key`; without its secret.")
class ApiKey:
    id: UUID = strawberry.field(description="To revoke it by.")
    name: str = strawberry.field(description="What its owner calls it.")
    hint: str = strawberry.field(description="Beginning and end of the raw key, to tell it by.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(description="Null: it does not expire.")
    last_used_at: datetime | None = strawberry.field(
        description="Accurate to a minute; null when it was never used."
    )


@strawberry.type(description="A new API key with its secret, which is shown this once.")
class CreatedApiKey:
    api_key: ApiKey = strawberry.field(description="The key as it will be listed.")
    key: str = strawberry.field(description="The raw key. Keep it: it can't be shown again.")

    __repr__ = sealed


@strawberry.input(description="A new API key.")
class CreateApiKeyInput:
    name: str = strawberry.field(description="1 to 100 characters, to tell it by.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="In the future, within 10 years. Absent: it does not expire."
    )


@strawberry.type(
    description="A token for gateway routes and MCP, sent as `Authorization: Bearer`; without its"
    " secret."
)
class PersonalToken:
    id: UUID = strawberry.field(description="To revoke or rotate it by.")
    name: str = strawberry.field(description="What its owner calls it, or its client itself.")
    client_name: str | None = strawberry.field(
        description="The application that was given it by OAuth, and renews it by itself: revoking"
        " it ends that connection. Null: its owner made it."
    )
    hint: str = strawberry.field(description="Beginning and end of the raw token.")
    scopes: list[Scope] = strawberry.field(description="What it is allowed to do.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(description="Null: it does not expire.")
    last_used_at: datetime | None = strawberry.field(
        description="Accurate to a minute; null when it was never used."
    )
    replaced_by: UUID | None = strawberry.field(
        description="The token that took its place by rotation; this one works until it expires."
    )


@strawberry.type(description="A new personal token with its secret, which is shown this once.")
class CreatedToken:
    personal_token: PersonalToken = strawberry.field(description="The token as it will be listed.")
    token: str = strawberry.field(description="The raw token. Keep it: it can't be shown again.")

    __repr__ = sealed


@strawberry.input(description="A new personal token.")
class CreateTokenInput:
    name: str = strawberry.field(description="1 to 100 characters, to tell it by.")
    scopes: list[Scope] = strawberry.field(
        description="At least one.",
        metadata={"schema": {"minItems": 1, "maxItems": 4 * len(Scope)}},
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="In the future, within 10 years. Absent: it does not expire."
    )
