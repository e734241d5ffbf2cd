"""Language models and who may use them: types of `/v1/models`."""

from __future__ import annotations

from typing import Annotated

import strawberry

from app.model_access import DenyReason
from app.model_catalogue import Access, Protocol, Surface
from schema.types.plans import TIER_LABEL, Tier

strawberry.enum(
    Surface,
    name="ModelSurface",
    description="By which way a model is used. `managed`: as a chat that this server runs, which is"
    " retired. `api`: within operations of this server. `mcp`: by a client of your own that calls"
    " our tools.",
)
strawberry.enum(
    Protocol, name="ModelProtocol", description="How a model is spoken to where it is served."
)
strawberry.enum(
    Access,
    name="ModelAccess",
    description="Which plans this server runs a model for. `paid`: flex and pro. `subscription`:"
    " pro.",
)
strawberry.enum(
    DenyReason, name="ModelDenyReason", description="Why a model can't be used; stable."
)

AiMode = Annotated[
    Surface,
    strawberry.argument(description="The surface to decide for.", metadata={"header": "x-ai-mode"}),
]


@strawberry.type(description="A language model, and whether you may use it.")
class ModelDecision:
    id: str = strawberry.field(description="As its origin calls it; unique here.")
    label: str = strawberry.field(description="Its name, to show.")
    protocol: Protocol = strawberry.field(description="How it is spoken to.")
    origin: str = strawberry.field(
        description="Who serves it; `vitae` for what this server does by itself."
    )
    surfaces: list[Surface] = strawberry.field(description="By which ways it is offered.")
    access: Access = strawberry.field(
        description="Which plans this server runs it for; over MCP it is your client's own."
    )
    allowed: bool = strawberry.field(
        description="Whether your plan may use it by the surface asked for."
    )
    deny_reason: DenyReason | None = strawberry.field(
        description="The first reason against it; null where it is allowed."
    )


@strawberry.type(description="All models, each with a decision for you and one surface.")
class ModelDecisions:
    mode: Surface = strawberry.field(description="The surface decided for.")
    tier: Tier = strawberry.field(description="How your account pays.")
    tier_label: str = strawberry.field(description=TIER_LABEL)
    models: list[ModelDecision] = strawberry.field(description="In the order of the catalogue.")
