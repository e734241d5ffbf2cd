"""The first page of the account area: whose it is, and what stands out."""

from __future__ import annotations

from starlette.responses import Response

from rest_compat.site.account.account import area
from rest_compat.site.account.events import words
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor


@area.get("/account")
async def overview(visitor: Visitor) -> Response:
    return page(
        visitor,
        "account/overview.html.j2",
        own=await visitor.call("account"),
        billing=await visitor.call("billing"),
        second_factor=await visitor.call("second_factor"),
        events=await visitor.call("security_events", {"limit": 5}),
        words=words,
    )


@area.post("/account/verification")
async def send_verification(visitor: Visitor, form: Form) -> Response:
    """Mail the link once more that confirms the address."""
    told = await visitor.call("request_email_verification")
    return visitor.to("/account", told["message"])
