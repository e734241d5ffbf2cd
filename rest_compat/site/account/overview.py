"""The first page of the account area."""

from __future__ import annotations

from starlette.responses import Response

from rest_compat.site.account.account import area
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor


@area.get("/account")
async def overview(visitor: Visitor) -> Response:
    return page(visitor, "account/overview.html.j2")
