"""The composition root: the ASGI application of one API process."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route, WebSocketRoute

from app.oauth.documents import ClientDocuments
from app.services import Services
from app.settings import Settings
from rest_compat.beacons import beacon_routes
from rest_compat.docs import docs_routes
from rest_compat.edge import Edge
from rest_compat.mcp.routes import mcp_endpoint, mcp_paths
from rest_compat.mcp.wrappers import wrapper_routes
from rest_compat.oauth import metadata
from rest_compat.oauth.routes import OpenToAnyOrigin, oauth_routes
from rest_compat.public.routes import public_routes
from rest_compat.retired import retired_routes
from rest_compat.routes import RestPaths, rest_resources
from rest_compat.site.absent import absent
from rest_compat.site.routes import site_routes
from rest_compat.system import system_routes
from rest_compat.webhooks import webhook_routes
from schema.transport import GraphQLEndpoint

_EXPOSED = [
    "x-request-id",
    "etag",
    "location",
    "retry-after",
    "sunset",
    "deprecation",
    "link",
    "idempotent-replayed",
    "mcp-session-id",
    "www-authenticate",
    "ratelimit-policy",
    "ratelimit",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
]


def create_app(settings: Settings, *, documents: ClientDocuments | None = None) -> Starlette:
    """The application, with its `state.services`; opens nothing before its lifespan begins.

    `documents` is where OAuth clients describe themselves, if not on the internet.
    """
    services = Services.from_settings(settings)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await services.open()
        # What start-up made lives for good: keep the collector from walking it again.
        gc.collect()
        gc.freeze()
        try:
            async with mcp.run():
                yield
        finally:
            await services.close()

    graphql = GraphQLEndpoint(services)
    mcp = mcp_endpoint(services)
    routes: list[BaseRoute] = [
        Route("/graphql", graphql),
        WebSocketRoute("/graphql", graphql),
        *wrapper_routes(services),
        *oauth_routes(services, documents or ClientDocuments()),
        *retired_routes(services),
        *webhook_routes(services),
        *public_routes(services),
        *beacon_routes(services),
        *site_routes(services),
        *system_routes(services),
        *docs_routes(settings),
    ]
    secure = settings.public_url.startswith("https:")
    middleware = [
        Middleware(
            Edge,
            secure=secure,
            meter=services.meter,
            discoverable=(metadata.MCP, metadata.resource_metadata_url(settings)),
        ),
        Middleware(OpenToAnyOrigin),
    ]
    if origins := settings.allowed_origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=origins,
                allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
                allow_headers=["*"],
                expose_headers=_EXPOSED,
                max_age=600,
            )
        )
    resources = {**rest_resources(services), **mcp_paths(mcp)}
    middleware.append(Middleware(RestPaths, resources=resources))
    # Starlette would answer its own 404 and 405 in plain text.
    app = Starlette(
        routes=routes,
        middleware=middleware,
        lifespan=lifespan,
        exception_handlers={HTTPException: absent(services)},
    )
    app.router.redirect_slashes = False
    app.state.services = services
    return app
