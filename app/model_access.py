"""Whether a plan may use a model by a surface. Pure."""

from __future__ import annotations

from enum import Enum

from app.model_catalogue import Access, Model, Surface
from app.plans import Entitlements, Tier


class DenyReason(Enum):
    """Why a model can't be used; the first that applies, in this order."""

    SURFACE_UNAVAILABLE = "surface_unavailable"
    MANAGED_CHAT_REMOVED = "managed_chat_removed"
    REQUIRES_PAID = "requires_paid"
    REQUIRES_SUBSCRIPTION = "requires_subscription"


def decide(plan: Entitlements, surface: Surface, model: Model) -> tuple[bool, DenyReason | None]:
    """Whether it may, and if not, why."""
    reason = _against(plan, surface, model)
    return reason is None, reason


def _against(plan: Entitlements, surface: Surface, model: Model) -> DenyReason | None:
    if surface not in model.surfaces:
        return DenyReason.SURFACE_UNAVAILABLE
    if surface is Surface.MANAGED:
        return DenyReason.MANAGED_CHAT_REMOVED
    if surface is Surface.MCP:
        return None  # it is the client's own and costs us nothing, so it is nobody's to refuse
    if model.access is Access.PAID and not plan.paid_models:
        return DenyReason.REQUIRES_PAID
    if model.access is Access.SUBSCRIPTION and plan.tier is not Tier.SUBSCRIPTION:
        return DenyReason.REQUIRES_SUBSCRIPTION
    return None
