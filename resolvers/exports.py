"""A profile as a file: `/v1/me/exports/profile`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

import strawberry

from app.call import Call
from app.exporting.formats import FORMATS
from app.exporting.noted import noted
from app.exporting.profile import ProfileFile
from app.plans import tier_of
from app.presentation import chosen
from app.presentation.effective import layout_of
from app.standing import facts
from resolvers.profile import get_record
from schema.types.download import Download, Stream
from schema.types.exports import AllSections, ProfileFormat

_PATH = "/v1/me/exports/profile"


async def export_profile(
    call: Call,
    format: Annotated[
        ProfileFormat, strawberry.argument(description="What to write it in.")
    ] = ProfileFormat.JSON,
    all_: AllSections = False,
) -> Download:
    """Your profile as a file.

    `json` and `yaml` are complete: whatever you have entered, hidden or not. The other formats are
    for others to read: sections stand in the order of your layout, without those that it hides
    unless you ask for all. They hold your e-mail address and telephone number as you entered them.
    """
    record = await get_record(call)
    stored = await chosen.get(call)
    record["presentation"] = stored
    layout = layout_of(stored, call.services.plans.entitlements(tier_of(facts(stored))))
    if all_:
        layout = replace(layout, hidden_sections=frozenset())
    file = ProfileFile(record, layout, format.value)
    asked = {"format": format.value} | ({"all": "true"} if all_ else {})
    stream = Stream(
        url=f"{_PATH}?{urlencode(asked)}",
        media_type=FORMATS[format.value].media_type,
        filename=file.filename,
        size=None,
        etag=file.etag,
        open=noted(call.context, call.principal.account_id, "profile", format.value, file.write),
    )
    return Download(stream)
