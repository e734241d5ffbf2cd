"""Who comes to a profile and what for: types of `/v1/me/insights`."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated

import strawberry

from app.audience.figures import DEFAULT_PERIOD, MOST_DAYS, MOST_NAMES, MOST_TOPICS, PERIODS
from app.audience.machines import Machine

_field = strawberry.field

strawberry.enum(
    Machine,
    description="What fetched a page that is no person: by what it calls itself, or, `prefetch`, a"
    " browser ahead of its user.",
)

Period = Annotated[
    str | None,
    strawberry.argument(
        description=f"So many days or months up to today, or all that is kept: {', '.join(PERIODS)}"
        f". Absent, without `from` and `to`: {DEFAULT_PERIOD}.",
        metadata={"schema": {"enum": [*PERIODS, None]}},
    ),
]
FirstDay = Annotated[
    date | None,
    strawberry.argument(
        name="from",
        description=f"First day (UTC), in place of a period; at most {MOST_DAYS} days in all.",
    ),
]
LastDay = Annotated[
    date | None,
    strawberry.argument(name="to", description="Last day (UTC). Absent, with `from`: today."),
]


@strawberry.enum(description="How visitors of several days are added up.")
class VisitorCounting(Enum):
    SUM_OF_DAILY_UNIQUES = "sum_of_daily_uniques"


@strawberry.interface(description="A part of the insights, as far as a plan has it.")
class InsightsBlock:
    available: bool = _field(description="Whether your plan has it; its figures are null if not.")
    required_plan: str = _field(description="The least plan that has it.")


@strawberry.type(description="Views and visitors of one day.")
class InsightsDay:
    date: date = _field(description="The day (UTC).")
    views: int = _field(description="How often the page was looked at.")
    visitors: int = _field(description="By how many, as far as they are told apart.")


@strawberry.type(description="How often the public page was looked at, and by how many people.")
class InsightsViews(InsightsBlock):
    total: int = _field(description="Views by people.")
    private: int = _field(
        description="Of these, those by who asks not to be recognised (Do Not Track, Global Privacy"
        " Control): nothing else is counted of them, and they are not among `visitors`."
    )
    visitors: int = _field(
        description="Visitors of each day, added up: who came on three days counts three times, for"
        " no two days know a visitor as the same."
    )
    visitor_counting: VisitorCounting = _field(description="How `visitors` is added up.")
    by_day: list[InsightsDay] = _field(description="Every day of the range, in order.")


@strawberry.type(description="A site from which visitors came.")
class InsightsReferrer:
    host: str = _field(description="Its host, without `www.`; addresses of pages are not kept.")
    views: int = _field(description="Views that began there.")


@strawberry.type(description="Where visitors came from.")
class InsightsReferrers(InsightsBlock):
    direct: int | None = _field(description="Views that no site is known to have led to.")
    others: int | None = _field(description="Views from sites that are not listed.")
    items: list[InsightsReferrer] | None = _field(
        description=f"The most frequent first, {MOST_NAMES} at most."
    )


@strawberry.type(description="A section of the profile, as it was read.")
class InsightsSection:
    section: str = _field(description="Its key, as in the layout.")
    count: int = _field(description="In how many views it came into sight for a while.")


@strawberry.type(description="What of the page was read, where the browser runs scripts.")
class InsightsSections(InsightsBlock):
    items: list[InsightsSection] | None = _field(description="The most read first.")


@strawberry.type(description="A format in which the profile was fetched.")
class InsightsDownload:
    format: str = _field(description="Such as `pdf`.")
    count: int = _field(description="How often.")


@strawberry.type(description="Files of the profile that were fetched, by people or programs.")
class InsightsDownloads(InsightsBlock):
    total: int | None = _field(description="How many, crawlers' not counted.")
    items: list[InsightsDownload] | None = _field(description="The most fetched first.")


@strawberry.type(description="A link of the profile that was followed.")
class InsightsClick:
    url: str = _field(description="Where it leads; a very long address is cut.")
    count: int = _field(description="How often.")


@strawberry.type(description="Links of the profile that visitors followed.")
class InsightsClicks(InsightsBlock):
    total: int | None = _field(description="How many clicks.")
    items: list[InsightsClick] | None = _field(
        description=f"The most followed first, {MOST_NAMES} at most."
    )


@strawberry.type(description="What visitors asked, by how it was answered; machines apart.")
class InsightsQuestions(InsightsBlock):
    total: int = _field(description="Questions by people.")
    answered: int = _field(description="Answered from the profile.")
    partially_answered: int = _field(description="Answered in part.")
    insufficient_evidence: int = _field(description="The profile does not hold the answer.")
    unsupported: int = _field(description="Not about the owner, or not to be answered.")
    by_machines: int = _field(description="Questions by machines, which count nowhere above.")


@strawberry.type(description="Something visitors wanted to know that the profile does not say.")
class InsightsTopic:
    topic: str = _field(description="What it was about, in a few words.")
    questions: int = _field(description="How many questions.")
    last_asked_on: date = _field(description="The last day (UTC) on which it was asked.")


@strawberry.type(description="What is worth adding to the profile.")
class InsightsTopics(InsightsBlock):
    items: list[InsightsTopic] | None = _field(
        description=f"The most asked first, {MOST_TOPICS} at most."
    )


@strawberry.type(description="Fetches by one sort of machine.")
class InsightsMachine:
    kind: Machine = _field(description="What it is.")
    count: int = _field(description="How often it fetched the page or a file.")


@strawberry.type(description="Fetches by machines, which count as no view and no visitor.")
class InsightsMachines(InsightsBlock):
    total: int = _field(description="How many.")
    items: list[InsightsMachine] = _field(description="The most frequent first.")


@strawberry.type(description="Who came to a profile, and what for.")
class Insights:
    from_: date = _field(name="from", description="First day (UTC) that is counted.")
    to: date = _field(description="Last day (UTC) that is counted.")
    plan: str = _field(description="Present plan: `free`, `flex` or `pro`.")
    views: InsightsViews = _field(description="Views and visitors.")
    referrers: InsightsReferrers = _field(description="Where they came from.")
    sections: InsightsSections = _field(description="What they read.")
    downloads: InsightsDownloads = _field(description="What they took along.")
    clicks: InsightsClicks = _field(description="Where they went.")
    questions: InsightsQuestions = _field(description="What they asked.")
    topics: InsightsTopics = _field(description="What they would have liked to know.")
    machines: InsightsMachines = _field(description="Who was no person.")
