"""The password and the e-mail address."""

from __future__ import annotations

from starlette.responses import Response

from app.errors import DomainError, RateLimited, ValidationFailed
from rest_compat.site.account.account import area
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor

HOME = "/account/sign-in"


@area.get(HOME)
async def ways_in(visitor: Visitor) -> Response:
    return await _shown(visitor, Form())


@area.post(f"{HOME}/password")
async def change_password(visitor: Visitor, form: Form) -> Response:
    given = {"password": form.get("password"), "current_password": form.maybe("current_password")}
    try:
        await visitor.call("change_password", {"input": given})
    except (ValidationFailed, RateLimited) as error:
        return await _shown(visitor, form, error, "password")
    await visitor.go_on_anew()
    return visitor.to(HOME, "You have a new password, and all your other sessions have ended.")


@area.post(f"{HOME}/email")
async def change_email(visitor: Visitor, form: Form) -> Response:
    try:
        told = await visitor.call("change_email", {"input": {"email": form.text("email")}})
    except (ValidationFailed, RateLimited) as error:
        return await _shown(visitor, form, error, "email")
    return visitor.to(HOME, f"{told['message']} Your address changes once it is followed.")


async def _shown(
    visitor: Visitor, form: Form, fault: DomainError | None = None, about: str = ""
) -> Response:
    return page(
        visitor,
        "account/sign_in.html.j2",
        fault=fault,
        about=about,
        form=form,
        own=await visitor.call("account"),
        second_factor=await visitor.call("second_factor"),
    )
