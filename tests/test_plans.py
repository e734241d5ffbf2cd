"""Plans, their table, and how an account comes to one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import PlanRequired
from app.plans import EntitlementSource, Facts, Plans, Rate, Tier, source_of, tier_of
from app.settings import InvalidSetting, Settings

FREE, FLEX, PRO = (Plans(Settings()).entitlements(tier) for tier in Tier)


@pytest.mark.parametrize(
    ("facts", "tier"),
    [
        (Facts(), Tier.FREE),
        (Facts(bought_credits=1), Tier.CREDITS),
        (Facts(bought_credits=-5), Tier.FREE),
        (Facts(subscribed=True), Tier.SUBSCRIPTION),
        (Facts(on_trial=True), Tier.SUBSCRIPTION),
        (Facts(granted=True), Tier.SUBSCRIPTION),
        (Facts(granted=True, bought_credits=9), Tier.SUBSCRIPTION),
    ],
    ids=["nothing", "credits", "debt", "subscribed", "trial", "granted", "granted-and-credits"],
)
def test_an_account_has_the_highest_tier_that_a_fact_confers(facts: Facts, tier: Tier) -> None:
    assert tier_of(facts) is tier


facts_of_anybody = st.builds(
    Facts,
    subscribed=st.booleans(),
    on_trial=st.booleans(),
    granted=st.booleans(),
    bought_credits=st.integers(-9, 9),
)


@given(facts_of_anybody)
def test_the_source_of_a_plan_is_a_fact_that_alone_confers_it(facts: Facts) -> None:
    alone = {
        EntitlementSource.MANUAL: Facts(granted=facts.granted),
        EntitlementSource.BILLING: Facts(subscribed=facts.subscribed),
        EntitlementSource.TRIAL: Facts(on_trial=facts.on_trial),
        EntitlementSource.WALLET: Facts(bought_credits=facts.bought_credits),
        EntitlementSource.NONE: Facts(),
    }
    source = source_of(facts)
    assert tier_of(alone[source]) is tier_of(facts)
    stronger = list(EntitlementSource)[: list(EntitlementSource).index(source)]
    assert all(tier_of(alone[other]) is Tier.FREE for other in stronger)


def test_tiers_and_their_labels_are_those_of_the_gateway_document() -> None:
    assert [(tier.value, tier.label) for tier in Tier] == [
        ("free", "free"),
        ("credits", "flex"),
        ("subscription", "pro"),
    ]


def test_what_the_documents_call_pro_needs_pro() -> None:
    for feature in (
        "premium_themes", "layout", "insights_topics", "insights_export", "transcripts",
        "transcripts_export",
    ):  # fmt: skip
        assert [getattr(plan, feature) for plan in (FREE, FLEX, PRO)] == [False, False, True]


def test_insights_are_for_all_and_paid_models_for_those_who_pay() -> None:
    assert [plan.insights for plan in (FREE, FLEX, PRO)] == [True, True, True]
    assert [plan.paid_models for plan in (FREE, FLEX, PRO)] == [False, True, True]


def test_whence_visitors_come_and_what_they_click_is_for_those_who_pay() -> None:
    for feature in ("insights_referrers", "insights_clicks"):
        assert [getattr(plan, feature) for plan in (FREE, FLEX, PRO)] == [False, True, True]


def test_the_least_plan_with_a_feature_is_the_cheapest() -> None:
    plans = Plans(Settings())
    assert plans.least("insights") is Tier.FREE
    assert plans.least("insights_clicks") is Tier.CREDITS
    assert plans.least("insights_topics") is Tier.SUBSCRIPTION


def test_a_dearer_plan_takes_nothing_away() -> None:
    for cheaper, dearer in ((FREE, FLEX), (FLEX, PRO)):
        assert dearer.api_quota >= cheaper.api_quota
        assert dearer.api_rate.per_second >= cheaper.api_rate.per_second
        assert (dearer.chat_allowance or 0) >= (cheaper.chat_allowance or 0)


def test_an_allowance_of_chats_is_part_of_pro_alone() -> None:
    assert (FREE.chat_allowance, FLEX.chat_allowance) == (None, None)
    assert PRO.chat_allowance == Settings().chat_allowance_pro


def test_numbers_are_those_of_the_installation() -> None:
    plans = Plans(replace(Settings(), api_quota_pro=7, api_rate_flex=3.0, burst_seconds=4.0))
    assert plans.entitlements(Tier.SUBSCRIPTION).api_quota == 7
    assert plans.entitlements(Tier.CREDITS).api_rate == Rate(3.0, 12)
    assert plans.entitlements(Tier.FREE).api_quota == FREE.api_quota == 1000


def test_the_slowest_rate_lets_one_through() -> None:
    assert Rate.sustained(0.01, 5.0).burst == 1


@pytest.mark.parametrize("rate", ["0", "-1", "inf", "nan"])
def test_a_rate_by_which_nothing_would_work_is_refused_at_start(rate: str) -> None:
    with pytest.raises(InvalidSetting, match="API_RATE_FREE"):
        Settings.from_env({"API_RATE_FREE": rate})


def test_who_lacks_a_feature_is_told_the_least_plan_that_has_it() -> None:
    plans = Plans(Settings())
    for tier in (Tier.FREE, Tier.CREDITS):
        with pytest.raises(PlanRequired) as refused:
            plans.require("transcripts", tier)
        assert refused.value.details == {"required_plan": "pro", "effective_plan": tier.label}
    plans.require("transcripts", Tier.SUBSCRIPTION)
    plans.require("insights", Tier.FREE)
