"""The second factor of signing in: set up by a QR code, with codes for a day without the app."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from app.errors import RateLimited, ValidationFailed
from rest_compat.site.account.account import area
from rest_compat.site.account.password import HOME
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor

_PATH = "/account/second-factor"


@area.post(_PATH)
async def begin(visitor: Visitor, form: Form) -> Response:
    setup = await visitor.call("begin_second_factor")
    return page(visitor, "account/second_factor.html.j2", setup=setup)


@area.post(f"{_PATH}/confirm")
async def confirm(visitor: Visitor, form: Form) -> Response:
    """Take a code of the app. For a wrong one what was to be scanned is shown again."""
    try:
        given = {"code": form.text("code")}
        codes = await visitor.call("confirm_second_factor", {"input": given})
    except (ValidationFailed, RateLimited) as error:
        setup = {name: form.get(name) for name in ("secret", "uri", "qr_svg")}
        return page(visitor, "account/second_factor.html.j2", fault=error, setup=setup)
    return _codes(visitor, codes, "Your second factor is on")


@area.post(f"{_PATH}/codes")
async def renew_codes(visitor: Visitor, form: Form) -> Response:
    return _codes(visitor, await visitor.call("renew_recovery_codes"), "Your new recovery codes")


@area.post(f"{_PATH}/off")
async def turn_off(visitor: Visitor, form: Form) -> Response:
    await visitor.call("disable_second_factor")
    return visitor.to(HOME, "Your second factor is off. The password alone signs you in.")


def _codes(visitor: Visitor, codes: dict[str, Any], title: str) -> Response:
    return page(
        visitor, "account/recovery_codes.html.j2", title=title, codes=codes["recovery_codes"]
    )
