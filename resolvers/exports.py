"""What an owner takes along: `/v1/me/exports`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

import strawberry

from app.call import Call
from app.exporting.formats import FORMATS
from app.exporting.profile import ProfileFile
from app.plans import tier_of
from app.presentation import chosen
from app.presentation.effective import layout_of
from app.security_events import Action, Target, note
from app.standing import facts
from resolvers.profile import get_record
from schema.types.download import Download, Stream
from schema.types.exports import AllSections, ProfileFormat

_PATH = "/v1/me/exports"


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
        url=f"{_PATH}/profile?{urlencode(asked)}",
        media_type=FORMATS[format.value].media_type,
        filename=file.filename,
        size=None,
        etag=file.etag,
        open=_noted(call, "profile", format.value, file.write),
    )
    return Download(stream)


def _noted(
    call: Call,
    what: str,
    format: str,
    opened: Callable[[], Awaitable[Any]],
) -> Callable[[], Awaitable[Any]]:
    """`opened`, of which is written that the owner has taken it along, before the first byte."""
    context, account_id = call.context, call.principal.account_id

    async def open_() -> Any:
        found = await opened()
        async with context.services.database.connection() as db:
            await note(
                db,
                Action.EXPORTED,
                account_id,
                context=context,
                target=Target("export", what),
                metadata={"format": format},
            )
        return found

    return open_
