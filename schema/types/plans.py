"""Plans as GraphQL sees them: the enum of `app.plans`, made GraphQL's own here."""

from __future__ import annotations

import strawberry

from app.plans import Tier

strawberry.enum(Tier, description="How an account pays. `free`: not at all, or not yet.")

TIER_LABEL = "Name of the plan, to show: `free`, `flex` or `pro`."

__all__ = ["TIER_LABEL", "Tier"]
