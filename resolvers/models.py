"""Which language models there are and who may use them: `/v1/models`."""

from __future__ import annotations

from app.call import Call
from app.model_access import decide
from app.model_catalogue import Model, Surface
from app.plans import Entitlements, tier_of
from app.standing import facts_of
from schema.types.models import AiMode, ModelDecision, ModelDecisions


async def list_models(call: Call, mode: AiMode = Surface.API) -> ModelDecisions:
    """List the models, each with whether you may use it.

    The decision is made for your plan and one surface, `api` unless another is asked for. Chats
    that this server ran for API clients are retired, so by `managed` nothing is allowed.
    """
    tier = tier_of(await facts_of(call.db, call.principal.account_id))
    plan = call.services.plans.entitlements(tier)
    return ModelDecisions(
        mode=mode,
        tier=tier,
        tier_label=tier.label,
        models=[_decision(plan, mode, model) for model in call.services.models],
    )


def _decision(plan: Entitlements, mode: Surface, model: Model) -> ModelDecision:
    allowed, deny_reason = decide(plan, mode, model)
    return ModelDecision(
        id=model.id,
        label=model.label,
        protocol=model.protocol,
        origin=model.origin,
        surfaces=list(model.surfaces),
        access=model.access,
        allowed=allowed,
        deny_reason=deny_reason,
    )
