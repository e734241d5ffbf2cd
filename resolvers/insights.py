"""Who comes to a profile and what for: `/v1/me/insights`."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from app.audience import figures
from app.audience.machines import Machine
from app.audience.tally import OTHERS, Metric
from app.auth.own import own_row, single_statement
from app.call import Call
from app.errors import NotFound
from app.plans import Feature, Plans, Tier, tier_of
from app.standing import facts
from schema.types.insights import (
    FirstDay,
    Insights,
    InsightsClick,
    InsightsClicks,
    InsightsDay,
    InsightsDownload,
    InsightsDownloads,
    InsightsMachine,
    InsightsMachines,
    InsightsQuestions,
    InsightsReferrer,
    InsightsReferrers,
    InsightsSection,
    InsightsSections,
    InsightsTopic,
    InsightsTopics,
    InsightsViews,
    LastDay,
    Period,
    VisitorCounting,
)


@single_statement
async def insights(
    call: Call, period: Period = None, from_: FirstDay = None, to: LastDay = None
) -> Insights:
    """Who came to your public page, what they read, took along and asked.

    Figures are those of whole days (UTC), a second or two behind. Your own visits are left out
    where you are signed in. Each block says whether your plan has it.
    """
    today = datetime.now(UTC).date()
    first, last = figures.days_of(period, from_, to, today)
    oldest = figures.oldest_kept(today, call.services.settings.audience_retention_days)
    row = await own_row(call, figures.INSIGHTS, first=first, last=last, oldest=oldest)
    if row is None:
        raise NotFound
    tier = tier_of(facts(row))
    told = _Told(row, _Access(call.services.plans, tier))
    return Insights(
        from_=row["first"],
        to=row["last"],
        plan=tier.label,
        views=told.views(),
        referrers=told.referrers(),
        sections=told.sections(),
        downloads=told.downloads(),
        clicks=told.clicks(),
        questions=told.questions(),
        topics=told.topics(),
        machines=told.machines(),
    )


class _Access:
    """What a plan lets its owner see."""

    def __init__(self, plans: Plans, tier: Tier) -> None:
        self._plans = plans
        self._entitlements = plans.entitlements(tier)

    def to(self, feature: Feature) -> dict[str, Any]:
        """`available` and `required_plan` of a block."""
        available = getattr(self._entitlements, feature)
        return {"available": available, "required_plan": self._plans.least(feature).label}


class _Told:
    """The blocks, of the row that `figures.INSIGHTS` finds."""

    def __init__(self, row: Any, access: _Access) -> None:
        self._row = row
        self._access = access
        self._lines: list[dict[str, Any]] = row["lines"]

    def views(self) -> InsightsViews:
        views = self._by_day(Metric.VIEW)
        visitors = self._by_day(Metric.VISITOR)
        for line in self._row["visitors"]:
            visitors[line["day"]] += line["count"]
        first, last = self._row["first"], self._row["last"]
        days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
        return InsightsViews(
            **self._access.to("insights"),
            total=views.total(),
            private=self._total(Metric.PRIVATE_VIEW),
            visitors=visitors.total(),
            visitor_counting=VisitorCounting.SUM_OF_DAILY_UNIQUES,
            by_day=[
                InsightsDay(
                    date=day, views=views[day.isoformat()], visitors=visitors[day.isoformat()]
                )
                for day in days
            ],
        )

    def referrers(self) -> InsightsReferrers:
        access = self._access.to("insights_referrers")
        if not access["available"]:
            return InsightsReferrers(**access, direct=None, others=None, items=None)
        named = self._named(Metric.REFERRER)
        return InsightsReferrers(
            **access,
            direct=self._total(Metric.VIEW) - named.total(),
            others=named.pop(OTHERS, 0),
            items=[InsightsReferrer(host=host, views=count) for host, count in named.items()],
        )

    def sections(self) -> InsightsSections:
        items = [
            InsightsSection(section=section, count=count)
            for section, count in self._named(Metric.SECTION).items()
        ]
        return InsightsSections(**self._access.to("insights"), items=items)

    def downloads(self) -> InsightsDownloads:
        items = [
            InsightsDownload(format=format_, count=count)
            for format_, count in self._named(Metric.DOWNLOAD).items()
        ]
        total = self._total(Metric.DOWNLOAD)
        return InsightsDownloads(**self._access.to("insights"), total=total, items=items)

    def clicks(self) -> InsightsClicks:
        access = self._access.to("insights_clicks")
        if not access["available"]:
            return InsightsClicks(**access, total=None, items=None)
        named = self._named(Metric.CLICK)
        named.pop(OTHERS, None)
        items = [InsightsClick(url=url, count=count) for url, count in named.items()]
        return InsightsClicks(**access, total=self._total(Metric.CLICK), items=items)

    def questions(self) -> InsightsQuestions:
        by_status: Counter[str] = Counter()
        by_machines = 0
        for line in self._row["questions"]:
            if line["is_bot"]:
                by_machines += line["count"]
            else:
                by_status[line["answer_status"]] += line["count"]
        return InsightsQuestions(
            **self._access.to("insights"),
            total=by_status.total(),
            answered=by_status["answered"],
            partially_answered=by_status["partially_answered"],
            insufficient_evidence=by_status["insufficient_evidence"],
            unsupported=by_status["unsupported"],
            by_machines=by_machines,
        )

    def topics(self) -> InsightsTopics:
        access = self._access.to("insights_topics")
        if not access["available"]:
            return InsightsTopics(**access, items=None)
        items = [
            InsightsTopic(
                topic=line["topic"],
                questions=line["questions"],
                last_asked_on=date.fromisoformat(line["last_asked_on"]),
            )
            for line in self._row["topics"]
        ]
        return InsightsTopics(**access, items=items)

    def machines(self) -> InsightsMachines:
        named = self._named(Metric.MACHINE)
        return InsightsMachines(
            **self._access.to("insights"),
            total=named.total(),
            items=[
                InsightsMachine(kind=Machine(kind), count=count) for kind, count in named.items()
            ],
        )

    def _by_day(self, metric: Metric) -> Counter[str]:
        of_metric = [line for line in self._lines if line["metric"] == metric.value]
        return Counter({line["day"]: line["count"] for line in of_metric})

    def _named(self, metric: Metric) -> Counter[str]:
        """By name, the most frequent first."""
        of_metric = [line for line in self._lines if line["metric"] == metric.value]
        return Counter({line["name"]: line["count"] for line in of_metric})

    def _total(self, metric: Metric) -> int:
        return sum(line["count"] for line in self._lines if line["metric"] == metric.value)
