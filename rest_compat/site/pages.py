"""Rendering: what each page of the site shares, and what it lets a browser do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from app.cv import dates
from app.errors import DomainError
from app.web.templating import environment
from app.web.told import told
from rest_compat.errors import STATUS
from rest_compat.site.visitor import Visitor

# Somebody who pays goes on to Stripe by a link, not by a form: so no form may leave.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'; object-src 'none'"
)

# By the first part of their paths; filled by routes.py, from the areas that have a name.
NAVIGATION: list[tuple[str, str]] = []
DEVELOPERS = "/developers"


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure as a form shows it: what is wrong with a field beside the field."""

    message: str
    fields: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, error: DomainError) -> Fault:
        return cls(told(error), tuple((each.path, each.message) for each in error.fields))

    def at(self, path: str) -> str:
        """What is wrong there; empty if nothing is."""
        return " ".join(message for each, message in self.fields if each == path)


def page(
    visitor: Visitor,
    template: str,
    *,
    status: int | None = None,
    fault: DomainError | None = None,
    **values: Any,
) -> Response:
    """The template below app/web/templates/site with `values`.

    `fault` is what was wrong with a form, which is shown again: it decides the status, too.
    """
    shared = {
        "visitor": visitor,
        "account": visitor.account,
        "notice": visitor.notice,
        "form_token": visitor.form_token,
        "navigation": NAVIGATION,
        "developers": DEVELOPERS,
        "site": urlsplit(visitor.services.settings.public_url).netloc,
        "provider": visitor.services.provider,
        "path": visitor.request.url.path,
        "fault": None if fault is None else Fault.of(fault),
    }
    html = _templates().get_template(template).render({**shared, **values})
    headers = {
        "content-security-policy": _POLICY,
        "cache-control": "no-store",
        # Without it a browser would not say where a form comes from.
        "referrer-policy": "same-origin",
    }
    if fault is not None:
        status = status or STATUS[fault.kind]
        if fault.retry_after is not None:
            headers["retry-after"] = str(fault.retry_after)
    return HTMLResponse(html, status or 200, headers)


def moment(text: str | None, missing: str = "Never") -> Markup | str:
    """A time as people read it, in UTC."""
    if text is None:
        return missing
    at = datetime.fromisoformat(text)
    return Markup('<time datetime="{}">{}</time>').format(text, f"{at:%-d %b %Y, %H:%M}")


def day(text: str | None, missing: str = "Never") -> Markup | str:
    """A day, or the day of a time."""
    if text is None:
        return missing
    at = datetime.fromisoformat(text)
    return Markup('<time datetime="{}">{}</time>').format(text, f"{at:%-d %b %Y}")


def number(value: float) -> str:
    """A number with its thousands parted by a narrow space that does not break."""
    return f"{value:,}".replace(",", "\u202f")


def signed(value: int) -> str:
    """The same with its sign; a minus as wide as a plus."""
    sign = "+" if value > 0 else "\u2212" if value < 0 else ""
    return sign + number(abs(value))


def bare(url: str) -> str:
    """An address without what says nothing to people."""
    return re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")


def counted(value: int, one: str, many: str | None = None) -> str:
    """`3 days`, `1 day`."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


@cache
def _templates() -> Environment:
    templates = environment("site")
    templates.filters |= {"moment": moment, "day": day, "number": number}
    templates.filters |= {"signed": signed, "counted": counted}
    templates.filters |= {"dated": dates.shown, "bare": bare}
    return templates
