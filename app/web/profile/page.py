"""A published profile as a page of HTML, and the policy that goes with it.

Templates are compiled once. Nothing of a profile stays here between two pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from jinja2 import Environment
from markupsafe import Markup

from app.cv import dates, language
from app.publication import Published
from app.web.profile.asked import Asked
from app.web.profile.spans import Day
from app.web.profile.structured import json_ld
from app.web.profile.structures import structure_of
from app.web.profile.styles import style_of, theme_scheme
from app.web.profile.typefaces import early, is_wide
from app.web.profile.view import HEADINGS, Profile, profile_of
from app.web.templating import environment

PUBLIC = "public"
NO_INDEX = "noindex, nofollow"

_RTL = frozenset(("ar", "he"))


class Format(NamedTuple):
    """One other form of a profile, by the end of its address."""

    suffix: str
    name: str
    media_type: str


FORMATS = (
    Format("pdf", "PDF", "application/pdf"),
    Format("vcf", "vCard", "text/vcard"),
    Format("md", "Markdown", "text/markdown"),
    Format("json", "JSON Resume", "application/json"),
)


class Portrait(NamedTuple):
    path: str
    absolute: str


class Offered(NamedTuple):
    """A format where it is found."""

    name: str
    media_type: str
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page, its Content-Security-Policy, and the other forms that it tells of."""

    html: str
    policy: str
    formats: Sequence[Offered] = ()


def path_of(username: str) -> str:
    return f"/u/{username}"


def robots_of(published: Published) -> str:
    """What robots are told; nothing where they are welcome."""
    return "" if published.visibility == PUBLIC else NO_INDEX


def render(
    published: Published,
    public_url: str,
    today: date,
    asked: Asked | None = None,
    *,
    framed: bool = False,
) -> Page:
    """The page as it is on `today`; with the answer to what was `asked`, if something was.

    `framed`: to be looked at within a page of ours. It runs no script, sends nothing and counts
    nothing then; nobody else may frame it either.
    """
    presentation = published.presentation
    style = style_of(presentation)
    profile = profile_of(published.record, presentation.layout.section_order, today)
    structure = structure_of(presentation.theme.id)
    formats = _offered(published, public_url, profile)
    html = _template("page.html.j2").render(
        profile=profile,
        theme=presentation.theme.id,
        aside=structure.beside,
        answers=published.answers_questions,
        asked=asked,
        framed=framed,
        page={
            **_about(published, public_url, profile),
            "formats": formats,
            "monogram": structure.monogram,
            "scheme": theme_scheme(presentation.theme.light, presentation.theme.dark),
            "fonts": early(
                style.faces,
                slanted=structure.slanted and bool(profile.headline),
                wide=any(map(is_wide, _texts(published.record))),
            ),
            "style": Markup(style.css),  # noqa: S704  # a checked colour and names of ours
        },
    )
    looks = f"default-src 'none'; style-src 'self' {style.source}; img-src 'self'; font-src 'self';"
    does = (
        "form-action 'none'; frame-ancestors 'self'"
        if framed
        else "script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'"
    )
    policy = f"{looks} base-uri 'none'; {does}"
    return Page(html, policy, formats)


def absent() -> Page:
    """What is shown alike where there is nobody and where somebody is private."""
    looks = "style-src 'self'; img-src 'self'; font-src 'self'"
    return Page(
        _template("absent.html.j2").render(),
        f"default-src 'none'; {looks}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )


def _about(published: Published, public_url: str, profile: Profile) -> dict[str, Any]:
    path = path_of(published.username)
    url = public_url.rstrip("/") + path
    spoken = language.of(_texts(published.record))
    portrait = None
    if published.avatar_key:
        portrait = Portrait(f"{path}/avatar", f"{url}/avatar")
    return {
        "username": published.username,
        "path": path,
        "url": url,
        "language": spoken,
        "is_rtl": spoken in _RTL,
        "robots": robots_of(published),
        "portrait": portrait,
        "updated": _day(published.record["profile"].get("updated_at")),
        "json_ld": json_ld(published.record, url, portrait and portrait.absolute, profile.summary),
    }


def _offered(published: Published, public_url: str, profile: Profile) -> list[Offered]:
    """The other forms of a profile; of one that says nothing yet there is no PDF."""
    path = path_of(published.username)
    url = public_url.rstrip("/") + path
    return [
        Offered(each.name, each.media_type, f"{path}.{each.suffix}", f"{url}.{each.suffix}")
        for each in FORMATS
        if profile.sections or each.suffix != "pdf"
    ]


def _day(moment: datetime | None) -> Day | None:
    if moment is None:
        return None
    iso = moment.date().isoformat()
    return Day(iso, dates.shown(iso))


def _texts(record: Mapping[str, Any]) -> Sequence[str]:
    """What tells the language that a profile is written in."""
    profile = record["profile"]
    titles = [row["title"] for row in record.get("experience") or ()]
    written = (profile["full_name"], profile.get("headline"), profile.get("bio"), *titles)
    return [text for text in written if text]


def _template(name: str) -> Any:
    return _templates().get_template(name)


@cache
def _templates() -> Environment:
    templates = environment("profile")
    templates.globals["headings"] = HEADINGS
    return templates
