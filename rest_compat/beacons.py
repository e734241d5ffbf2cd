"""Where the public page says, by `navigator.sendBeacon`, what of it was read and followed."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import http
from app.audience import beacons
from app.audience.visits import Visit, visit_of
from app.auth import throttle
from app.bodies import ClientGone
from app.errors import FieldError, MalformedJSON, NotFound, OriginNotAllowed, ValidationFailed
from app.publication import published
from app.services import Services
from rest_compat.examples import EXAMPLES

PATH = "/u/{username}/seen"
_MOST_BYTES = 8_000
_LISTS = ("clicks", "sections")
_LONGEST = 2_000  # characters of an address
_PER_ADDRESS = 300
_ABOUT_ONE = 60
_SECONDS = 600
_NOBODY = UUID(int=0)


def beacon_routes(services: Services) -> list[Route]:
    """POST of it; it needs no credentials and is for the page of this server alone."""
    return [Route(PATH, partial(_receive, services), methods=["POST"])]


async def _receive(services: Services, request: Request) -> Response:
    request.state.route = PATH
    context = http.new_context(services, request.scope, public=True)
    _refuse_other_sites(services, request)
    try:
        async with services.bodies.read(
            request.scope, request.receive, _MOST_BYTES, _admitted
        ) as body:
            told = _told(body)
    except ClientGone:
        return Response(status_code=400)  # to nobody
    visit = visit_of(request.scope, "")
    if visit.machine is None and not visit.private and any(told.values()):
        await _count(services, request, context.address, visit, told)
    return Response(status_code=204)


async def _count(
    services: Services, request: Request, address: str, visit: Visit, told: dict[str, list[str]]
) -> None:
    """Raises RateLimited, and NotFound where nothing is published."""
    username: str = request.path_params["username"]
    await throttle.take(services.redis, *_limits(throttle.network(address), username.lower()))
    async with services.database.connection() as db:
        found = await published(db, username, services.plans)
    if found is None:
        raise NotFound
    services.audience.record(
        found.account_id,
        visit,
        clicks=beacons.clicked(found.record, told["clicks"]),
        sections=beacons.read(found.record, told["sections"]),
    )


def _limits(network: str, username: str) -> list[throttle.Limit]:
    return [
        throttle.Limit("beacons", network, _PER_ADDRESS, _SECONDS),
        throttle.Limit("beacons_about_one", f"{network} {username}", _ABOUT_ONE, _SECONDS),
    ]


async def _admitted() -> UUID:
    return _NOBODY


def _refuse_other_sites(services: Services, request: Request) -> None:
    """Raise OriginNotAllowed where another site's page makes a browser send it."""
    site = http.header(request.scope, b"sec-fetch-site")
    if site is not None:
        if site not in (b"same-origin", b"none"):
            raise OriginNotAllowed
        return
    origin = http.header(request.scope, b"origin")
    if origin is not None:
        own = urlsplit(services.settings.public_url).netloc.lower().encode()
        host = origin.lower().partition(b"://")[2]
        if host not in (own, http.header(request.scope, b"host")):
            raise OriginNotAllowed


def _told(body: bytes) -> dict[str, list[str]]:
    """The lists of what was looked at; raises MalformedJSON and ValidationFailed.

    A beacon says no media type that means anything: browsers send texts as text/plain.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedJSON(f"The body is not valid JSON: {error.msg}.") from None
    if not isinstance(value, dict):
        raise ValidationFailed([FieldError("", "wrong_type", "The body must be an object.")])
    return {name: _texts(name, value.get(name)) for name in _LISTS}


def _texts(name: str, value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValidationFailed([FieldError(name, "wrong_type", "Must be a list of texts.")])
    return [each for each in value[: beacons.MOST_NAMED] if len(each) <= _LONGEST]


def _list(description: str) -> dict[str, Any]:
    return {
        "type": ["array", "null"],
        "items": {"type": "string"},
        "description": f"{description} What the profile has not is passed over, and so is what"
        f" follows the first {beacons.MOST_NAMED}.",
    }


OPENAPI_PATHS: dict[str, Any] = {
    PATH: {
        "post": {
            "operationId": "profile_seen",
            "tags": ["Audience"],
            "summary": "Tell what of a public page was looked at",
            "description": "Tell what of a public page was looked at. For the script of the page"
            " itself: pages of other sites are refused. Nothing is counted of machines, nor of who"
            f" sends `DNT: 1` or `Sec-GPC: 1`. At most {_ABOUT_ONE} times in"
            f" {_SECONDS // 60} minutes from one address about one profile.",
            "security": [],
            "parameters": [
                {
                    "name": "username",
                    "in": "path",
                    "required": True,
                    "description": "Username of the owner.",
                    "schema": {"type": "string"},
                },
                {"$ref": "#/components/parameters/RequestId"},
            ],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "properties": {
                                "clicks": _list("Links that were followed, as the page has them."),
                                "sections": _list("Keys of sections that were read."),
                            },
                        },
                        "examples": {
                            "example": {
                                "summary": "An example.",
                                "value": EXAMPLES["profile_seen"],
                            }
                        },
                    }
                },
            },
            "responses": {
                "204": {
                    "description": "Heard.",
                    "headers": {"x-request-id": {"$ref": "#/components/headers/RequestId"}},
                },
                **{
                    str(status): {"$ref": f"#/components/responses/{status}"}
                    for status in (400, 403, 404, 413, 422, 429, 500, 503)
                },
            },
        }
    }
}
