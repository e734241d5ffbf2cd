"""The routes of OAuth: metadata, the pages of a browser, the endpoints of clients."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import orjson
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.oauth.devices import Devices
from app.oauth.documents import ClientDocuments
from app.oauth.grants import Grants
from app.oauth.seals import Seals
from app.services import Services
from rest_compat.oauth import metadata
from rest_compat.oauth.authorize import AuthorizePages
from rest_compat.oauth.endpoints import ClientEndpoints, for_clients
from rest_compat.stored import Stored

_ACCESS_LIFE = timedelta(hours=1)
_A_WHILE = "public, max-age=300"

# Clients that are pages of other origins call these; no cookie has any effect there.
OPEN_PATHS = (
    metadata.PROTECTED_RESOURCE,
    metadata.PROTECTED_RESOURCE + metadata.MCP,
    metadata.AUTHORIZATION_SERVER,
    metadata.TOKEN,
    metadata.REGISTER,
    metadata.REVOKE,
    metadata.DEVICE_AUTHORIZATION,
)

Endpoint = Callable[[Request], Awaitable[Response]]


def oauth_routes(services: Services, documents: ClientDocuments) -> list[Route]:
    """All of them; `documents` are where clients describe themselves."""
    settings = services.settings
    seals = Seals(settings)
    grants = Grants(
        services.database,
        services.redis,
        seals,
        access_life=_ACCESS_LIFE,
        grant_life=timedelta(days=settings.refresh_days),
    )
    devices = Devices(services.redis)
    pages = AuthorizePages(services, documents, seals, grants, devices)
    endpoints = ClientEndpoints(services, documents, grants, devices)
    resource = _stored(metadata.protected_resource(settings))
    server = _stored(metadata.authorization_server(settings))
    found: list[tuple[str, str, Endpoint]] = [
        ("GET", metadata.PROTECTED_RESOURCE, resource),
        ("GET", metadata.PROTECTED_RESOURCE + metadata.MCP, resource),
        ("GET", metadata.AUTHORIZATION_SERVER, server),
        ("GET", metadata.AUTHORIZE, pages.answering(pages.authorize)),
        ("POST", "/oauth/sign-in", pages.answering(pages.sign_in)),
        ("POST", "/oauth/consent", pages.answering(pages.consent)),
        ("POST", metadata.REGISTER, for_clients(endpoints.register)),
        ("POST", metadata.TOKEN, for_clients(endpoints.token)),
        ("POST", metadata.REVOKE, for_clients(endpoints.revoke)),
        ("POST", metadata.DEVICE_AUTHORIZATION, for_clients(endpoints.device_authorization)),
        ("GET", metadata.DEVICE, pages.answering(pages.device)),
        ("GET", metadata.SHORT_DEVICE, _to_device),
    ]
    return [
        Route(path, _named(path, endpoint), methods=[method]) for method, path, endpoint in found
    ]


class OpenToAnyOrigin:
    """Middleware: what pages of any origin may call, whatever CORS_ORIGINS says of the API."""

    def __init__(self, app: ASGIApp) -> None:
        self._open = CORSMiddleware(
            app, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=["*"]
        )
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = scope["type"] == "http" and scope["path"] in OPEN_PATHS
        await (self._open if is_open else self._app)(scope, receive, send)


async def _to_device(request: Request) -> Response:
    """The page behind an address that is short enough to type."""
    query = request.scope["query_string"].decode("latin-1")
    where = f"{metadata.DEVICE}?{query}" if query else metadata.DEVICE
    return Response(status_code=303, headers={"location": where, "cache-control": "no-store"})


def _stored(document: dict[str, Any]) -> Endpoint:
    stored = Stored.of(orjson.dumps(document), "application/json", cache_control=_A_WHILE)

    async def answer(request: Request) -> Response:
        return stored.answer(request)

    return answer


def _named(path: str, endpoint: Endpoint) -> Endpoint:
    async def named(request: Request) -> Response:
        request.state.route = path
        return await endpoint(request)

    return named
