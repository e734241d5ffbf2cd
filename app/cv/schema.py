"""The JSON Schema of cv_data, for OpenAPI, MCP and `resume://schema`, and the example of it.

It holds no `$ref`, so that it can be set into any other document. It refuses nothing that
`normalise` takes, but for numbers in place of text. What no schema can say, `normalise` checks:
that colours, dates and pictures are real, and how much there is in all. Keys it does not name are
allowed; they draw a warning.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from app.cv import bounds, fonts, locales
from app.cv.model import FONT_SIZE, THEME_COLOR
from app.cv.normalise import PAGE_SIZES, TEMPLATES

_EXAMPLE = Path(__file__).with_name("example.json")
_URL_NOTE = "An http or https address; one without a scheme gets https://."
_POINTS = r"^\s*((09|9|1[0-3])(\.[0-9]{1,2})?|14(\.0{1,2})?) ?(pt)?\s*$"
# JSON Schema has no flag for patterns that ignore case.
_PICTURE = "^$|^data:image/([jJ][pP][eE]?[gG]|[pP][nN][gG]|[wW][eE][bB][pP]);base64,"
_DATE_NOTE = "YYYY, YYYY-MM, YYYY-MM-DD, or words such as Present or Summer 2020."


def example() -> dict[str, Any]:
    """The documented body of a résumé job: `request_id` and `cv_data`."""
    body: dict[str, Any] = orjson.loads(_EXAMPLE.read_bytes())
    return body


def json_schema() -> dict[str, Any]:
    """cv_data as JSON Schema 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cv_data",
        "description": "A CV: how it looks, whom it is of, and its sections.",
        "type": "object",
        "required": ["identity", "sections"],
        "properties": {
            **_look(),
            "identity": _identity(),
            "sections_order": _list(
                "Keys of sections in the order to show them; those not named follow.",
                {"type": "string", "maxLength": bounds.KEY},
                bounds.ORDER_ENTRIES,
            ),
            "sections": {
                "type": "object",
                "description": "Sections by key, such as summary, experience or education.",
                "minProperties": 1,
                "maxProperties": bounds.SECTIONS,
                "propertyNames": {"minLength": 1, "maxLength": bounds.KEY},
                "additionalProperties": _section(),
            },
        },
        "examples": [example()["cv_data"]],
    }


def _look() -> dict[str, Any]:
    least, most = bounds.FONT_SIZE_LEAST, bounds.FONT_SIZE_MOST
    return {
        "template": {
            "enum": [*TEMPLATES, None],
            "default": TEMPLATES[0],
            "description": "The design of the page.",
        },
        "theme_color": _text(
            "Colour of headings and rules: one of the 68 dvips names of LaTeX (NavyBlue), a CSS"
            " name (teal), #RGB or #RRGGBB.",
            bounds.LINE,
            default=THEME_COLOR,
            examples=["NavyBlue", "teal", "#006eb8"],
        ),
        "font_size": {
            "description": f"{least:g} to {most:g} points: a number, or text such as 11pt.",
            "anyOf": [
                {"type": "null"},
                {"type": "number", "minimum": least, "maximum": most},
                {
                    "type": "string",
                    "pattern": _POINTS,
                },
            ],
            "default": FONT_SIZE,
            "examples": ["11pt", 10.5],
        },
        "font_family": _text(
            "A common name (arial, times, georgia) or a bundled family: "
            f"{', '.join(fonts.FAMILIES)}. Unknown names give the template's own.",
            bounds.LINE,
            examples=["arial", *fonts.FAMILIES],
        ),
        "page_size": {
            "enum": [*PAGE_SIZES, None],
            "default": "a4",
            "description": "The paper: A4, or Letter as in the United States and Canada.",
        },
        "locale": _text(
            "The language of the headings and dates that we set, as a tag of BCP 47: one of"
            f" {', '.join(dict.fromkeys(_languages()))}, with a region where that matters (pt-PT,"
            " zh-TW). A heading that you chose stays. Without it the language is told from the"
            " letters of the text, and headings stay as they are.",
            bounds.LINE,
            examples=["de", "pt-BR"],
        ),
    }


def _languages() -> list[str]:
    return [locales.language_of(words.tag) for words in locales.every()]


def _identity() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "The person; a first_name or a last_name is needed.",
        "anyOf": [{"required": ["first_name"]}, {"required": ["last_name"]}],
        "properties": {
            "first_name": _text("Given name."),
            "last_name": _text("Family name."),
            "jobtitle": _text("What the person is, under the name."),
            "email": _text("E-mail address.", bounds.EMAIL),
            "mobile": _text("Telephone number, as it should read."),
            "address": _text("City and country, or a full address, on one line."),
            "linkedin": _text(_URL_NOTE, bounds.URL),
            "github": _text(_URL_NOTE, bounds.URL),
            "website": _text(_URL_NOTE, bounds.URL),
            "picture": {
                "type": ["string", "null"],
                "pattern": _PICTURE,
                "description": "A portrait as data URL (JPEG, PNG, WebP), at most"
                f" {bounds.PICTURE_BYTES >> 20} MiB and {bounds.PICTURE_PIXELS // 1_000_000}"
                " megapixels; it is made small and its metadata is dropped.",
            },
        },
    }


def _section() -> dict[str, Any]:
    return {
        "type": ["object", "null"],
        "properties": {
            "type": {
                "enum": ["main", "secondary", None],
                "description": "main: full entries in the main column. secondary: compact, in the"
                " side column where the template has one.",
            },
            "heading": _text("What stands above it; made from the key when absent."),
            "title": _text("The same as heading."),
            "content": _text("Paragraphs, with line breaks.", bounds.TEXT),
            "items": _list("Entries, first to last.", _item(), bounds.ITEMS),
        },
    }


def _item() -> dict[str, Any]:
    bullet = {"type": "string", "maxLength": bounds.TEXT}
    bullets = _list("What was done, one line each.", bullet, bounds.BULLETS)
    return {
        "type": "object",
        "properties": {
            "title": _text("Set first: an employer, a school, a project."),
            "subtitle": _text("Set second: the position, the degree."),
            "location": _text("Where."),
            "start": _text(_DATE_NOTE, examples=["2024-06"]),
            "end": _text(_DATE_NOTE, examples=["Present"]),
            "description": _text("A paragraph, with line breaks, above the bullets.", bounds.TEXT),
            "bullets": bullets,
            "description_bullets": {
                **bullets,
                "deprecated": True,
                "description": "The old name of bullets; read with a warning.",
            },
        },
    }


def _text(description: str, most: int = bounds.LINE, **more: Any) -> dict[str, Any]:
    return {
        "type": ["string", "null"],
        "maxLength": most,
        "description": description,
        **more,
    }


def _list(description: str, of: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": ["array", "null"], "maxItems": most, "description": description, "items": of}
