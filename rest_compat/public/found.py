"""The profile that an address below /u/ names: found, moved, or not there for anybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from app import http
from app.publication import Published, published
from app.services import Services
from app.web.profile.page import NO_INDEX, PUBLIC, path_of

Endpoint = Callable[[Request], Awaitable[Response]]


async def find(services: Services, request: Request) -> Published | None:
    """Who is published under the `username` of the path, or None."""
    http.new_context(services, request.scope, public=True)
    async with services.database.connection() as db:
        return await published(db, request.path_params["username"], services.plans)


def moved(found: Published, request: Request, rest: str = "") -> Response | None:
    """The way to where the profile is, if it was asked for by another name; `rest` follows it.

    A name that was given up is somebody else's one day, so nobody shall remember for ever.
    """
    if request.path_params["username"] == found.username:
        return None
    location = quote(path_of(found.username) + rest)
    if query := request.url.query:
        location += f"?{query}"
    return Response(status_code=308, headers={"location": location, "cache-control": "no-cache"})


def robot_headers(found: Published) -> dict[str, str]:
    """What keeps a profile out of search engines that is not for everybody."""
    return {} if found.visibility == PUBLIC else {"x-robots-tag": NO_INDEX}


def named(path: str, endpoint: Endpoint) -> Endpoint:
    """`endpoint`, with `path` as what logs and metrics call it."""

    async def answer(request: Request) -> Response:
        request.state.route = path
        return await endpoint(request)

    return answer
