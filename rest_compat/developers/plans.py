"""Which plan an operation takes, of those that not every plan has."""

from __future__ import annotations

from dataclasses import dataclass

from app.plans import Feature, Plans
from app.settings import Settings

# By operation, the feature of `app/plans.py` that it asks for; those in `_IN_PART` only for some
# of what they can be asked.
FEATURES: dict[str, Feature] = {
    "transcripts": "transcripts",
    "transcript": "transcripts",
    "export_transcripts": "transcripts_export",
    "export_insights": "insights_export",
    "update_layout": "layout",
    "update_theme": "premium_themes",
    "insights": "insights_topics",
}
_IN_PART = ("update_layout", "update_theme", "insights")


@dataclass(frozen=True, slots=True)
class PlanNeed:
    """`label`: the least plan; `in_part`: whether other plans may call it, too."""

    label: str
    in_part: bool


def plan_need(operation: str) -> PlanNeed | None:
    """What an operation asks of the caller's plan, if anything."""
    feature = FEATURES.get(operation)
    if feature is None:
        return None
    return PlanNeed(Plans(Settings()).least(feature).label, operation in _IN_PART)
