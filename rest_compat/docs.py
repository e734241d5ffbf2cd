"""/openapi.json, and /docs: the same document for people, from our own origin without script."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

import app.web
from app import http
from app.settings import Settings
from app.web.assets import Asset, assets
from rest_compat.openapi import openapi
from rest_compat.reference import reference, slug

_STATIC = "/static/"
_FOR_GOOD = "public, max-age=31536000, immutable"
_CONTENT_SECURITY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


_BREAKS = re.compile(r"(?<=[\w*}\]][._])(?!\w*\})|(?<=[\w}])(?=/)")


def docs_routes(settings: Settings) -> list[Route]:
    """The document, its page, the page's files, and the way to it from `/`."""
    by_name = {asset.name: asset for asset in assets().values()}

    @cache
    def document() -> bytes:
        return orjson.dumps(openapi(settings), option=orjson.OPT_INDENT_2)

    @cache
    def page() -> bytes:
        return render(openapi(settings)).encode()

    async def openapi_json(request: Request) -> Response:
        return _answer(request, "/openapi.json", document(), "application/json")

    async def docs(request: Request) -> Response:
        response = _answer(request, "/docs", page(), "text/html; charset=utf-8")
        response.headers["content-security-policy"] = _CONTENT_SECURITY
        return response

    async def static(request: Request) -> Response:
        request.state.route = _STATIC + "{name}"
        asset: Asset | None = by_name.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        headers = {"cache-control": _FOR_GOOD}
        return Response(asset.body, headers=headers, media_type=asset.media_type)

    async def front(request: Request) -> Response:
        request.state.route = "/"
        return RedirectResponse("/docs", 307)

    endpoints = {
        "/openapi.json": openapi_json,
        "/docs": docs,
        _STATIC + "{name}": static,
        "/": front,
    }
    return [Route(path, endpoint, methods=["GET"]) for path, endpoint in endpoints.items()]


def render(document: dict[str, Any]) -> str:
    """The reference page of an OpenAPI document, as HTML."""
    page = reference(document)
    return (
        _environment()
        .get_template("reference.html.j2")
        .render(
            page=page,
            assets={name: _STATIC + asset.name for name, asset in assets().items()},
            credential_names={credential.id: credential.name for credential in page.credentials},
        )
    )


@cache
def _environment() -> Environment:
    folder = Path(app.web.__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        lstrip_blocks=True,
    )
    environment.filters |= {"slug": slug, "breakable": _breakable, "short": _short}
    return environment


def _breakable(name: str) -> Markup:
    """A name or path that may be broken at its dots, underscores and slashes."""
    return Markup("<wbr>").join(_BREAKS.split(name))


def _short(path: str) -> str:
    """A path as it is told from others in a list where all are of one version."""
    return path.removeprefix("/v1")


def _answer(request: Request, route: str, body: bytes, media_type: str) -> Response:
    """`body`, or 304 to whoever has it."""
    request.state.route = route
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"etag": etag, "cache-control": "public, no-cache"}
    if http.is_known(request.scope, etag.encode()):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)
