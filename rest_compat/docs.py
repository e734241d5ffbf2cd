"""/openapi.json, the developer pages that are made of it, and the static files of all pages."""

from __future__ import annotations

from functools import lru_cache

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.settings import Settings
from app.web.assets import STATIC, assets
from rest_compat.developers.routes import developer_routes
from rest_compat.openapi import openapi
from rest_compat.stored import FOR_GOOD, Stored


def docs_routes(settings: Settings) -> list[Route]:
    """The document, its pages and their files."""
    document = orjson.dumps(openapi(settings), option=orjson.OPT_INDENT_2)
    stored = _stored(document)
    files = _files()

    async def openapi_json(request: Request) -> Response:
        request.state.route = "/openapi.json"
        return stored.answer(request)

    async def static(request: Request) -> Response:
        request.state.route = STATIC + "{name}"
        file = files.get(request.path_params["name"])
        if file is None:
            raise HTTPException(404)
        return file.answer(request)

    endpoints = {"/openapi.json": openapi_json, STATIC + "{name}": static}
    return [
        *(Route(path, endpoint, methods=["GET"]) for path, endpoint in endpoints.items()),
        *developer_routes(document),
    ]


# Applications of one process differ in little but their databases, and share one document.
@lru_cache(maxsize=4)
def _stored(document: bytes) -> Stored:
    return Stored.of(document, "application/json")


@lru_cache(maxsize=1)
def _files() -> dict[str, Stored]:
    """The static files, by the names that pages use."""
    return {
        asset.name: Stored.of(asset.body, asset.media_type, cache_control=FOR_GOOD)
        for asset in assets().values()
    }
