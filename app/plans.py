"""Plans: what each is entitled to, and which one an account has. Pure.

One table says it all. Whoever shows, sells or guards a feature asks `Plans.entitlements` for the
tier that `tier_of` tells from the facts about an account; nobody compares tiers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from app.errors import PlanRequired

if TYPE_CHECKING:
    from app.settings import Settings


class Tier(Enum):
    """How an account pays (Gateway document, "Tier Fields"); `label` is the name of its plan."""

    FREE = "free"
    CREDITS = "credits"
    SUBSCRIPTION = "subscription"

    @property
    def label(self) -> str:
        return _LABELS[self]


# How long a subscription counts whose payment is late.
PAST_DUE_GRACE = timedelta(days=7)

_LABELS = {Tier.FREE: "free", Tier.CREDITS: "flex", Tier.SUBSCRIPTION: "pro"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an account that decides its tier.

    `subscribed`: a subscription that is paid, or whose payment is late by less than
    `PAST_DUE_GRACE`. `on_trial`: one being tried. `granted`: given by hand. `bought_credits`: those
    left of what was paid for; credits that everybody is given at the start confer no tier, so they
    do not count here.
    """

    subscribed: bool = False
    on_trial: bool = False
    granted: bool = False
    bought_credits: int = 0


def tier_of(facts: Facts) -> Tier:
    """The highest tier that any of the facts confers."""
    if facts.subscribed or facts.on_trial or facts.granted:
        return Tier.SUBSCRIPTION
    if facts.bought_credits > 0:
        return Tier.CREDITS
    return Tier.FREE


class EntitlementSource(Enum):
    """Why an account has the plan that it has (Owner document, "billing truth")."""

    MANUAL = "manual"
    BILLING = "billing"
    TRIAL = "trial"
    WALLET = "wallet"
    NONE = "none"


def source_of(facts: Facts) -> EntitlementSource:
    """The first of the facts, in the order of this list, that confers the tier."""
    if facts.granted:
        return EntitlementSource.MANUAL
    if facts.subscribed:
        return EntitlementSource.BILLING
    if facts.on_trial:
        return EntitlementSource.TRIAL
    if facts.bought_credits > 0:
        return EntitlementSource.WALLET
    return EntitlementSource.NONE


Feature = Literal[
    "premium_themes",
    "layout",
    "insights",
    "insights_referrers",
    "insights_clicks",
    "insights_topics",
    "insights_export",
    "transcripts",
    "transcripts_export",
]
"""What a plan has or has not, and who has it not is told so (`plan_required`)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` at once, refilled at `per_second`."""

    per_second: float
    burst: int

    @classmethod
    def sustained(cls, per_second: float, burst_seconds: float) -> Rate:
        """One whose burst is what `burst_seconds` allow, and at least one."""
        return cls(per_second, max(1, round(per_second * burst_seconds)))


@dataclass(frozen=True, slots=True)
class Entitlements:
    """What a plan allows. `api_quota`: operations by API keys in a calendar month, by all keys
    of the account together. `api_rate`: of one API key. `chat_allowance`: studio answers in a
    month that cost no credits; None where every answer costs some.
    """

    tier: Tier
    paid_models: bool
    premium_themes: bool
    layout: bool
    insights: bool
    insights_referrers: bool
    insights_clicks: bool
    insights_topics: bool
    insights_export: bool
    transcripts: bool
    transcripts_export: bool
    api_quota: int
    api_rate: Rate
    chat_allowance: int | None


class Plans:
    """The table, with the numbers of this installation."""

    def __init__(self, settings: Settings) -> None:
        rates = [
            Rate.sustained(per_second, settings.burst_seconds)
            for per_second in (
                settings.api_rate_free,
                settings.api_rate_flex,
                settings.api_rate_pro,
            )
        ]
        quotas = [settings.api_quota_free, settings.api_quota_flex, settings.api_quota_pro]
        table: dict[str, list[Any]] = {
            #                      free   flex   pro
            "paid_models":        [False, True,  True],
            "premium_themes":     [False, False, True],
            "layout":             [False, False, True],
            "insights":           [True,  True,  True],
            "insights_referrers": [False, True,  True],
            "insights_clicks":    [False, True,  True],
            "insights_topics":    [False, False, True],
            "insights_export":    [False, False, True],
            "transcripts":        [False, False, True],
            "transcripts_export": [False, False, True],
            "api_quota":          quotas,
            "api_rate":           rates,
            "chat_allowance":     [None,  None,  settings.chat_allowance_pro],
        }  # fmt: skip
        self._of = {
            tier: Entitlements(tier, **{feature: row[column] for feature, row in table.items()})
            for column, tier in enumerate(Tier)
        }

    def entitlements(self, tier: Tier) -> Entitlements:
        return self._of[tier]

    def require(self, feature: Feature, tier: Tier) -> None:
        """Raise PlanRequired for a tier without `feature`."""
        if not getattr(self._of[tier], feature):
            least = self.least(feature)
            raise PlanRequired(required_plan=least.label, effective_plan=tier.label)

    def least(self, feature: Feature) -> Tier:
        """The first tier that has `feature`; tiers go up."""
        return next(each for each in Tier if getattr(self._of[each], feature))
