"""GET /u/{username}: a profile as a page.

Each request reads the profile anew; only then is looked whether the same page, of the very same
content, was made a short while ago.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

import app.web.profile
from app.publication import Published
from app.services import Services
from app.web.assets import assets
from app.web.profile.page import Page, absent, render
from rest_compat.public.found import find, moved, robot_headers
from rest_compat.stored import AGAIN_EACH_TIME, Stored

PATH = "/u/{username}"

_MEDIA_TYPE = "text/html; charset=utf-8"
_MOST_KEPT = 128
# To our own pages a browser says where it comes from, to others nothing.
_REFERRER = "same-origin"


@dataclass(frozen=True, slots=True)
class _Made:
    stored: Stored
    headers: dict[str, str]


class ProfilePages:
    """The pages of a process. What is kept is found by a digest of all that it was made of."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._public_url = services.settings.public_url
        self._kept: OrderedDict[str, _Made] = OrderedDict()

    async def page(self, request: Request) -> Response:
        found = await find(self._services, request)
        if found is None:
            return not_here()
        if (elsewhere := moved(found, request)) is not None:
            return elsewhere
        made = self._made(found, datetime.now(UTC).date())
        self._services.audience.viewed(found, request.scope)
        return made.stored.answer(request, made.headers)

    def _made(self, found: Published, today: date) -> _Made:
        digest = _digest(found, self._public_url, today)
        made = self._kept.get(digest)
        if made is None:
            page = render(found, self._public_url, today)
            stored = Stored.of(
                page.html.encode(), _MEDIA_TYPE, cache_control=AGAIN_EACH_TIME, digest=digest
            )
            made = self._kept[digest] = _Made(stored, page_headers(found, page))
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(digest)
        return made


def page_headers(found: Published, page: Page) -> dict[str, str]:
    """What an answer with the page says beside it."""
    links = [f'<{each.path}>; rel="alternate"; type="{each.media_type}"' for each in page.formats]
    return {
        "content-security-policy": page.policy,
        "referrer-policy": _REFERRER,
        "link": ", ".join(links),
        **robot_headers(found),
    }


def not_here() -> Response:
    """The answer for nobody and for who is private, alike."""
    page = absent()
    headers = {"content-security-policy": page.policy, "cache-control": "no-store"}
    return HTMLResponse(page.html, 404, headers)


def _digest(found: Published, public_url: str, today: date) -> str:
    """What changes whenever the page does; how long somebody has been somewhere does monthly."""
    presentation = found.presentation
    made_of = (
        _program(),
        public_url,
        f"{today:%Y-%m}",
        found.username,
        found.visibility,
        found.answers_questions,
        found.avatar_key,
        presentation.theme.id,
        presentation.accent_color,
        presentation.layout.section_order,
        presentation.layout.font_preference,
        found.record,
    )
    return hashlib.sha256(orjson.dumps(made_of)).hexdigest()[:24]


@cache
def _program() -> str:
    """A digest of what makes pages out of profiles: other code, other pages."""
    package = Path(app.web.profile.__file__).parent
    templates = package.parent / "templates" / "profile"
    digest = hashlib.sha256(repr(sorted(each.name for each in assets().values())).encode())
    for path in (*sorted(package.glob("*.py")), *sorted(templates.iterdir())):
        digest.update(path.read_bytes())
    return digest.hexdigest()
