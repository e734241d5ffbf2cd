"""/developers and what is below it, in three languages, and the former addresses of its pages."""

from __future__ import annotations

import asyncio
from functools import lru_cache

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.web.languages import LANGUAGES, negotiated
from rest_compat.developers.site import DEVELOPERS, Site

_FORMER = "/docs"
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " font-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
}


def developer_routes(document: bytes) -> list[Route]:
    """The pages of an OpenAPI document."""
    site = _site(document)

    async def answer(request: Request, language: str) -> Response:
        request.state.route = DEVELOPERS
        path = request.path_params["path"]
        if path not in site.paths:
            raise HTTPException(404)
        # To make a page takes some 10 ms of a processor, and the first of all a quarter second.
        page = await asyncio.to_thread(site.page, language, path)
        return page.answer(request, {**_HEADERS, "content-language": language})

    async def negotiating(request: Request) -> Response:
        """In the language that the reader likes best; the same bytes as at its own address."""
        language = negotiated(request.headers.get("accept-language", ""))
        response = await answer(request, language)
        response.headers["vary"] = "accept-encoding, accept-language"
        return response

    async def named(request: Request) -> Response:
        language = request.path_params["language"]
        if language not in LANGUAGES:
            raise HTTPException(404)
        return await answer(request, language)

    async def former(request: Request) -> Response:
        request.state.route = _FORMER
        tag = request.path_params.get("tag")
        address = DEVELOPERS if tag is None else f"{DEVELOPERS}/reference/{tag}"
        if address.removeprefix(DEVELOPERS) not in site.paths:
            raise HTTPException(404)
        return RedirectResponse(address, 308)

    return [
        Route(DEVELOPERS + "{path:path}", negotiating, methods=["GET"]),
        Route("/{language}" + DEVELOPERS + "{path:path}", named, methods=["GET"]),
        Route(_FORMER, former, methods=["GET"]),
        Route(_FORMER + "/{tag}", former, methods=["GET"]),
    ]


# Applications of one process differ in little but their databases, and share what is made of one
# document.
@lru_cache(maxsize=4)
def _site(document: bytes) -> Site:
    return Site(orjson.loads(document))
