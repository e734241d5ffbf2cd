"""The portrait: shown, given and removed."""

from __future__ import annotations

import contextlib

from starlette.responses import Response

from app.errors import FieldError, NotFound, ValidationFailed
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.profile.area import HOME, area
from rest_compat.site.profile.editing import saved_at
from rest_compat.site.visitor import Visitor
from schema.root import AVATAR_BODY

PORTRAIT = HOME + "/portrait"


@area.get(PORTRAIT)
async def portrait_page(visitor: Visitor) -> Response:
    return page(visitor, "profile/portrait.html.j2", profile=await visitor.call("profile"))


@area.post(PORTRAIT, largest=AVATAR_BODY)
async def give(visitor: Visitor, form: Form) -> Response:
    file = form.file("file")
    try:
        if file is None:
            raise ValidationFailed([FieldError("file", "required", "Choose a picture.")])
        await visitor.call("set_avatar", {"file": file})
    except ValidationFailed as error:
        profile = await visitor.call("profile")
        return page(visitor, "profile/portrait.html.j2", fault=error, profile=profile)
    return saved_at(visitor, "head", "This is your portrait now.")


@area.post(PORTRAIT + "/remove")
async def remove(visitor: Visitor, form: Form) -> Response:
    with contextlib.suppress(NotFound):  # in another tab
        await visitor.call("delete_avatar")
    return saved_at(visitor, "head", "The portrait is removed.")


@area.get(PORTRAIT + "/{version}.jpg")
async def picture(visitor: Visitor) -> Response:
    """The picture itself; its address changes with the profile, so that none is shown too long."""
    return await visitor.download("avatar")
