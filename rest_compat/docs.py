"""/openapi.json, and /docs: the same document for people, from our own origin without script."""

from __future__ import annotations

from functools import cache

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.settings import Settings
from rest_compat.openapi import openapi


def docs_routes(settings: Settings) -> list[Route]:
    @cache
    def document() -> bytes:
        return orjson.dumps(openapi(settings), option=orjson.OPT_INDENT_2)

    async def openapi_json(request: Request) -> Response:
        request.state.route = "/openapi.json"
        return Response(document(), media_type="application/json")

    return [Route("/openapi.json", openapi_json, methods=["GET"])]
