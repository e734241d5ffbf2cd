"""What people see at an address where nothing is, or that takes no form."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from app.auth.visits import Visits
from app.errors import DomainError
from app.services import Services
from rest_compat.site import failures
from rest_compat.site.compressing import compressed
from rest_compat.site.visitor import Visitor

# Programs ask here, and are told in the one error body whatever they accept.
_FOR_PROGRAMS = ("/v1/", "/graphql", "/oauth/", "/.well-known/")


def absent(services: Services) -> Callable[[Request, Exception], Awaitable[Response]]:
    """A handler of the failure to find a route: a page for a browser, and for all others `error`
    itself, which the edge answers."""
    visits = Visits(services.settings)

    async def answer(request: Request, error: Exception) -> Response:
        path = request.url.path
        if "text/html" not in request.headers.get("accept", "") or path.startswith(_FOR_PROGRAMS):
            raise error
        visitor = Visitor(services, visits, request)
        with contextlib.suppress(DomainError):  # without a database it is still no page
            await visitor.enter_if_signed_in()
        response = await failures.answer(visitor, error)
        if allow := (getattr(error, "headers", None) or {}).get("Allow"):
            response.headers["allow"] = allow
        return visitor.leave(compressed(visitor, response))

    return answer
