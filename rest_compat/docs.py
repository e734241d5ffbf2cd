"""/openapi.json, and /docs: the same document for people, from our own origin without script."""

from __future__ import annotations

from functools import lru_cache

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.settings import Settings
from app.web.assets import STATIC, assets
from rest_compat.openapi import openapi
from rest_compat.pages import DOCS, render
from rest_compat.stored import FOR_GOOD, Stored

_CONTENT_SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}


def docs_routes(settings: Settings) -> list[Route]:
    """The document, its pages, their files, and the way to them from `/`."""
    document = orjson.dumps(openapi(settings), option=orjson.OPT_INDENT_2)
    stored, pages = _stored(document)
    files = _files()

    async def openapi_json(request: Request) -> Response:
        request.state.route = "/openapi.json"
        return stored.answer(request)

    async def docs(request: Request) -> Response:
        request.state.route = DOCS
        return pages[DOCS].answer(request, _CONTENT_SECURITY)

    async def docs_of_tag(request: Request) -> Response:
        request.state.route = DOCS + "/{tag}"
        page = pages.get(f"{DOCS}/{request.path_params['tag']}")
        if page is None:
            raise HTTPException(404)
        return page.answer(request, _CONTENT_SECURITY)

    async def static(request: Request) -> Response:
        request.state.route = STATIC + "{name}"
        file = files.get(request.path_params["name"])
        if file is None:
            raise HTTPException(404)
        return file.answer(request)

    async def front(request: Request) -> Response:
        request.state.route = "/"
        return RedirectResponse(DOCS, 307)

    endpoints = {
        "/openapi.json": openapi_json,
        DOCS: docs,
        DOCS + "/{tag}": docs_of_tag,
        STATIC + "{name}": static,
        "/": front,
    }
    return [Route(path, endpoint, methods=["GET"]) for path, endpoint in endpoints.items()]


# Applications of one process differ in little but their databases, and share what is made of one
# document.
@lru_cache(maxsize=4)
def _stored(document: bytes) -> tuple[Stored, dict[str, Stored]]:
    """A document and its pages, by address."""
    pages = render(orjson.loads(document))
    return Stored.of(document, "application/json"), {
        path: Stored.of(html.encode(), "text/html; charset=utf-8") for path, html in pages.items()
    }


@lru_cache(maxsize=1)
def _files() -> dict[str, Stored]:
    """The static files, by the names that pages use."""
    return {
        asset.name: Stored.of(asset.body, asset.media_type, cache_control=FOR_GOOD)
        for asset in assets().values()
    }
