"""The first page: what this is, and the way in."""

from __future__ import annotations

from starlette.responses import Response

from rest_compat.site.area import Area
from rest_compat.site.pages import page
from rest_compat.site.sign_in import HOME
from rest_compat.site.visitor import Visitor

area = Area("", "/", public=True)


@area.get("/")
async def front(visitor: Visitor) -> Response:
    return visitor.to(HOME) if visitor.account else page(visitor, "front.html.j2")
