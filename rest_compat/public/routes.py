"""The routes of what is published, and what OpenAPI says of them."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from app.services import Services
from app.web.profile.page import FORMATS
from rest_compat.examples import EXAMPLES
from rest_compat.public.asking import ASK, Questions
from rest_compat.public.files import ProfileFiles
from rest_compat.public.found import Endpoint, named
from rest_compat.public.pages import PATH, ProfilePages
from rest_compat.public.sitemap import Sitemap

TAG = "Public pages"

_SITEMAP, _PART, _ROBOTS = "/sitemap.xml", "/sitemap-{first}.xml", "/robots.txt"
_PORTRAIT = PATH + "/avatar"


def public_routes(services: Services) -> list[Route]:
    """GET (and HEAD) of each, and the form of questions; they need no credentials."""
    pages, files, sitemap = ProfilePages(services), ProfileFiles(services), Sitemap(services)
    found: list[tuple[str, Endpoint]] = [
        (f"{PATH}.json", files.written("json")),
        (f"{PATH}.md", files.written("md")),
        (f"{PATH}.vcf", files.written("vcf")),
        (f"{PATH}.pdf", files.pdf),
        (_PORTRAIT, files.portrait),
        (PATH, pages.page),
        (_SITEMAP, sitemap.whole),
        (_PART, sitemap.part),
        (_ROBOTS, sitemap.robots),
    ]
    return [
        Route(ASK, named(ASK, Questions(services).ask), methods=["POST"]),
        *(Route(path, named(path, endpoint), methods=["GET"]) for path, endpoint in found),
    ]


_USERNAME = {
    "name": "username",
    "in": "path",
    "required": True,
    "description": "Name of an account, or one that it gave up in the last 90 days.",
    "schema": {"type": "string"},
}
_MOVED = {
    "description": "The account has another name now.",
    "headers": {
        "location": {"description": "Where it is.", "schema": {"type": "string"}},
        "x-request-id": {"$ref": "#/components/headers/RequestId"},
    },
}
_KNOWN = {"description": "What you have is what there is."}


def _get(
    name: str,
    summary: str,
    description: str,
    media_type: str,
    *,
    parameters: tuple[Any, ...] = (_USERNAME,),
    failures: tuple[int, ...] = (404, 500, 503),
    more: dict[str, Any] | None = None,
) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if media_type in ("application/pdf", "image/jpeg"):
        schema["format"] = "binary"
    if media_type == "application/json":
        schema = {"type": "object", "description": "A JSON Resume."}
    return {
        "get": {
            "operationId": name,
            "tags": [TAG],
            "summary": summary,
            "description": description,
            "security": [],
            "parameters": [{"$ref": "#/components/parameters/RequestId"}, *parameters],
            "responses": {
                "200": {
                    "description": "It.",
                    "headers": {"x-request-id": {"$ref": "#/components/headers/RequestId"}},
                    "content": {media_type: {"schema": schema}},
                },
                **({"304": _KNOWN, "308": _MOVED} if _USERNAME in parameters else {}),
                **{
                    str(status): {"$ref": f"#/components/responses/{status}"} for status in failures
                },
                **(more or {}),
            },
        }
    }


_PAGE = {"text/html": {"schema": {"type": "string"}}}
_NOT_HERE = {
    "404": {
        "description": "Nobody, or somebody private: a page that says so.",
        "content": _PAGE,
    }
}
_FIRST = {
    "name": "first",
    "in": "path",
    "required": True,
    "description": "Name with which the part begins.",
    "schema": {"type": "string"},
}

_ASK = {
    "post": {
        "operationId": "public_ask",
        "tags": [TAG],
        "summary": "Ask about a profile on its page",
        "description": "Ask as the form of the page does, what `POST /v1/profiles/{username}/ask`"
        " is asked, and be shown the page with the answer, or with what was wrong.",
        "security": [],
        "parameters": [{"$ref": "#/components/parameters/RequestId"}, _USERNAME],
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "question": {
                                "type": "string",
                                "description": "The question.",
                                "minLength": 1,
                                "maxLength": 500,
                            },
                            "conversation_id": {
                                "type": "string",
                                "description": "Id of a conversation to go on with.",
                            },
                        },
                        "required": ["question"],
                    },
                    "examples": {
                        "example": {"summary": "An example.", "value": EXAMPLES["public_ask"]}
                    },
                }
            },
        },
        "responses": {
            "200": {
                "description": "The page with the answer.",
                "headers": {"x-request-id": {"$ref": "#/components/headers/RequestId"}},
                "content": _PAGE,
            },
            "308": _MOVED,
            **{
                status: {"description": description, "content": _PAGE}
                for status, description in {
                    "404": "Nobody, or somebody private.",
                    "409": "The owner takes no questions.",
                    "422": "There is no question, or one that is too long.",
                    "429": "There were many questions.",
                }.items()
            },
            **{
                str(status): {"$ref": f"#/components/responses/{status}"}
                for status in (400, 403, 413, 500, 503)
            },
        },
    }
}
OPENAPI_PATHS: dict[str, Any] = {
    PATH: _get(
        "public_page",
        "Show a profile as a page",
        "Show what an account has published, in its theme and layout. The page asks nobody else for"
        " anything, sets no cookie and works without script. Robots are turned away unless the"
        " profile is public.",
        "text/html",
        failures=(500, 503),
        more=_NOT_HERE,
    ),
    **{
        f"{PATH}.{each.suffix}": _get(
            f"public_{each.suffix}",
            f"Give a profile as {each.name}",
            f"Give what an account has published as {each.name}: without sections that are hidden,"
            " and without an e-mail address or telephone number that is not public."
            + (
                " It is made when it is asked for first; how often, is limited for each address."
                if each.suffix == "pdf"
                else ""
            ),
            each.media_type,
            failures=(404, *((429,) if each.suffix == "pdf" else ()), 500, 503),
        )
        for each in FORMATS
    },
    ASK: _ASK,
    _PORTRAIT: _get(
        "public_portrait",
        "Give the portrait of a profile",
        "Give the portrait of an account that has published its profile, a JPEG.",
        "image/jpeg",
    ),
    _SITEMAP: _get(
        "sitemap",
        "List the public profiles",
        "List the pages of public profiles as a sitemap; of many, where the parts of it are.",
        _XML := "application/xml",
        parameters=(),
        failures=(500, 503),
    ),
    _PART: _get(
        "sitemap_part",
        "List some of the public profiles",
        "List the pages of public profiles from a name on.",
        _XML,
        parameters=(_FIRST,),
        failures=(404, 500, 503),
    ),
    _ROBOTS: _get(
        "robots",
        "Tell robots what they may look at",
        "Tell robots what they may look at, and where the sitemap is.",
        "text/plain",
        parameters=(),
        failures=(500,),
    ),
}
