"""The owner's portrait."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import strawberry

from app import avatars
from app.call import Call
from app.errors import DomainError
from app.unconnected import unconnected
from resolvers.profile import profile_of
from resolvers.sections import ExpectedVersion
from schema.types.download import Download, Stream
from schema.types.profile import UserPrivate
from schema.types.upload import Upload

_PATH = "/v1/me/avatar"


@unconnected
async def get_avatar(call: Call) -> Download:
    """Your portrait, a JPEG of at most 800 pixels."""
    services = call.services
    async with services.database.connection() as db:
        key = await avatars.key_of(db, call.principal.account_id)
    stored = await services.artifacts.describe(key)
    stream = Stream(
        url=_PATH,
        media_type="image/jpeg",
        filename="portrait.jpg",
        size=stored.size,
        etag=avatars.etag_of(key),
        open=partial(services.artifacts.stream, key),
    )
    return Download(stream)


@unconnected
async def set_avatar(
    call: Call,
    file: Annotated[Upload, strawberry.argument(description="A JPEG, PNG or WebP.")],
    expected_version: ExpectedVersion = None,
) -> UserPrivate:
    """Give yourself a portrait in place of the one you may have.

    It is made upright, brought to at most 800 pixels and stripped of all but the picture, such as
    where it was taken.
    """
    jpeg = await avatars.made(file.data)
    key = avatars.new_key(call.principal.account_id)
    artifacts = call.services.artifacts
    await artifacts.put(key, jpeg)
    try:
        row, former = await avatars.change(call, key, expected_version)
    except DomainError:
        await artifacts.delete(key)
        raise
    if former:
        call.after_commit(partial(artifacts.delete, former))
    return profile_of(call, row)


@unconnected
async def delete_avatar(call: Call, expected_version: ExpectedVersion = None) -> None:
    """Remove your portrait."""
    _, former = await avatars.change(call, None, expected_version)
    call.after_commit(partial(call.services.artifacts.delete, former))
