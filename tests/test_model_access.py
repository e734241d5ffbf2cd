"""Which plan may use which model by which surface."""

from __future__ import annotations

from enum import Enum
from itertools import product

import pytest

from app.model_access import DenyReason, decide
from app.model_catalogue import Access, Model, Protocol, Surface
from app.plans import Plans, Tier
from app.settings import Settings

PLANS = Plans(Settings())
REMOVED, PAID, PRO = (
    DenyReason.MANAGED_CHAT_REMOVED,
    DenyReason.REQUIRES_PAID,
    DenyReason.REQUIRES_SUBSCRIPTION,
)
TABLE: dict[tuple[Surface, Access], list[DenyReason | None]] = {
    #                                         free     flex     pro
    (Surface.MANAGED, Access.ALL):           [REMOVED, REMOVED, REMOVED],
    (Surface.MANAGED, Access.PAID):          [REMOVED, REMOVED, REMOVED],
    (Surface.MANAGED, Access.SUBSCRIPTION):  [REMOVED, REMOVED, REMOVED],
    (Surface.API, Access.ALL):               [None,    None,    None],
    (Surface.API, Access.PAID):              [PAID,    None,    None],
    (Surface.API, Access.SUBSCRIPTION):      [PRO,     PRO,     None],
    (Surface.MCP, Access.ALL):               [None,    None,    None],
    (Surface.MCP, Access.PAID):              [None,    None,    None],
    (Surface.MCP, Access.SUBSCRIPTION):      [None,    None,    None],
}  # fmt: skip
CASES = [
    (tier, surface, access, reasons[column])
    for (surface, access), reasons in TABLE.items()
    for column, tier in enumerate(Tier)
]
BOTH = list(product(Surface, Access))


def named(case: object) -> str:
    """A case's id: the value of a member of an enum, or that there is no reason."""
    return str(case.value) if isinstance(case, Enum) else "allowed"


def model(access: Access, *surfaces: Surface) -> Model:
    return Model("m", "M", Protocol.OPENAI_CHAT, "here", surfaces, access)


@pytest.mark.parametrize(("tier", "surface", "access", "reason"), CASES, ids=named)
def test_a_decision_follows_plan_surface_and_access(
    tier: Tier, surface: Surface, access: Access, reason: DenyReason | None
) -> None:
    decided = decide(PLANS.entitlements(tier), surface, model(access, *Surface))
    assert decided == (reason is None, reason)


def test_the_table_leaves_nothing_out() -> None:
    assert set(TABLE) == set(BOTH)


def test_models_that_are_paid_for_are_open_to_the_plans_that_have_paid_models() -> None:
    for tier in Tier:
        plan = PLANS.entitlements(tier)
        allowed, _ = decide(plan, Surface.API, model(Access.PAID, Surface.API))
        assert allowed is plan.paid_models


@pytest.mark.parametrize(("surface", "access"), BOTH, ids=named)
def test_no_plan_may_use_a_model_by_a_surface_it_is_not_offered_on(
    surface: Surface, access: Access
) -> None:
    others = [other for other in Surface if other is not surface]
    for tier in Tier:
        decided = decide(PLANS.entitlements(tier), surface, model(access, *others))
        assert decided == (False, DenyReason.SURFACE_UNAVAILABLE)
