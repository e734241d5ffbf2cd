"""Who came to the public page and what for, and what visitors asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from app.errors import PlanRequired
from rest_compat.site.area import Area
from rest_compat.site.chart import bars_of
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor

HOME = "/audience"
TRANSCRIPTS = f"{HOME}/transcripts"

_PERIODS = [("7d", "7 days"), ("30d", "30 days"), ("90d", "3 months")]
_STATUSES = {
    "answered": "Answered",
    "partially_answered": "Answered in part",
    "insufficient_evidence": "Not in your profile",
    "unsupported": "Not about you",
}
_FORMATS = {"pdf": "PDF", "vcf": "vCard", "docx": "Word", "html": "Web page", "md": "Markdown"}
_MACHINES = {
    "search_engine": "Search engines",
    "ai": "AI assistants and their crawlers",
    "link_preview": "Previews of links",
    "monitor": "Monitors",
    "tool": "Programs and tools",
    "prefetch": "Browsers, ahead of a visit",
    "other": "Others",
}

area = Area("Audience", HOME)


@area.get(HOME)
async def insights(visitor: Visitor) -> Response:
    period = visitor.query.get("period", "30d")
    period = period if period in dict(_PERIODS) else "30d"
    found = await visitor.call("insights", {"period": period})
    days = found["views"]["by_day"]
    return page(
        visitor,
        "audience/insights.html.j2",
        found=found,
        period=period,
        periods=_PERIODS,
        views=bars_of([(day["date"], day["views"], day["visitors"]) for day in days]),
        statuses=_STATUSES,
        formats=_FORMATS,
        machines=_MACHINES,
    )


@area.file(f"{HOME}/insights.{{format}}")
async def export_insights(visitor: Visitor) -> Response:
    asked = {"format": visitor.params["format"], "period": visitor.query.get("period")}
    return await visitor.download("export_insights", asked)


@area.get(TRANSCRIPTS)
async def transcripts(visitor: Visitor) -> Response:
    query = visitor.query
    asked = {name: query.get(name, "").strip() or None for name in ("q", "status")}
    try:
        found = await visitor.call(
            "transcripts", {**asked, "cursor": query.get("cursor"), "limit": 20}
        )
    except PlanRequired as missing:
        return page(visitor, "audience/without.html.j2", missing=missing.message)
    return page(
        visitor,
        "audience/transcripts.html.j2",
        found=found,
        asked=asked,
        address=_address(asked),
        statuses=_STATUSES,
    )


@area.file(f"{HOME}/transcripts.{{format}}")
async def export_transcripts(visitor: Visitor) -> Response:
    return await visitor.download("export_transcripts", {"format": visitor.params["format"]})


@area.get(f"{TRANSCRIPTS}/{{transcript_id}}")
async def transcript(visitor: Visitor) -> Response:
    asked = {**visitor.params, "cursor": visitor.query.get("cursor"), "limit": 50}
    return page(
        visitor,
        "audience/transcript.html.j2",
        found=await visitor.call("transcript", asked),
        statuses=_STATUSES,
    )


@area.post(f"{TRANSCRIPTS}/{{transcript_id}}/delete")
async def delete(visitor: Visitor, form: Form) -> Response:
    await visitor.call("delete_transcript", visitor.params)
    return visitor.to(TRANSCRIPTS, "The conversation is deleted.")


def _address(asked: dict[str, Any]) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"{TRANSCRIPTS}?{urlencode(given)}" if given else TRANSCRIPTS
