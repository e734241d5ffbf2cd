"""A public record as a page shows it: sections in their order, entries with what there is of them.

Values stay text; the template escapes them. Addresses are kept only where they are http or https.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from app.cv import wording
from app.web.profile.prose import Block, blocks
from app.web.profile.spans import Span, span

Row = Mapping[str, Any]

_WEB = ("http://", "https://")
_LINK_HEAD = re.compile(r"https?://(www\.)?", re.IGNORECASE)
_NOT_DIALLED = re.compile(r"[^\d+]")
_LONGEST_SHOWN = 48

HEADINGS = {
    "summary": "About",
    "experience": "Experience",
    "education": "Education",
    "projects": "Projects",
    "skills": "Skills",
    "languages": "Languages",
    "certifications": "Certifications",
}


class Link(NamedTuple):
    """`kind` names it for people: Website, GitHub and so on."""

    kind: str
    shown: str
    url: str


class Item(NamedTuple):
    """A word of a list, such as a skill, and what is added to it in small."""

    name: str
    note: str


class Fact(NamedTuple):
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """Items under a title, which may be empty."""

    title: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Entry:
    """A position, a degree, a project or a certificate. `span` None: nothing is said of when."""

    title: str
    by: str = ""
    place: str = ""
    note: str = ""
    span: Span | None = None
    url: str = ""
    text: list[Block] = field(default_factory=list)
    bullets: Sequence[str] = ()
    tags: Sequence[str] = ()
    facts: Sequence[Fact] = ()
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page; only one of the last three is filled."""

    key: str
    heading: str
    text: list[Block] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that a page says. `summary` is one line about the person, for previews."""

    name: str
    headline: str
    location: str
    open_to_work: bool
    initials: str
    email: Link | None
    phone: Link | None
    links: list[Link]
    sections: list[Section]
    summary: str


def profile_of(record: Mapping[str, Any], order: Sequence[str], today: date) -> Profile:
    """The view of a record that is public already; sections without anything are left out."""
    profile = record["profile"]
    name = profile["full_name"]
    made = [
        section
        for key in (*order, *(key for key in _SECTIONS if key not in order))
        if (section := _SECTIONS[key](record, today)) is not None
    ]
    return Profile(
        name=name,
        headline=profile.get("headline") or "",
        location=profile.get("location") or "",
        open_to_work=bool(profile.get("open_to_work")),
        initials=_initials(name),
        email=_email(profile.get("email")),
        phone=_phone(profile.get("phone")),
        links=links_of(profile),
        sections=made,
        summary=_summary_line(profile, name),
    )


def links_of(profile: Row) -> list[Link]:
    """The addresses of the person elsewhere."""
    named = (("Website", "website"), ("GitHub", "github_url"), ("LinkedIn", "linkedin_url"))
    return [
        Link(kind, shown_url(url), url) for kind, key in named if (url := web(profile.get(key)))
    ]


def web(url: str | None) -> str:
    """`url` if a browser may be sent there, else nothing."""
    return url if url and url.lower().startswith(_WEB) else ""


def shown_url(url: str) -> str:
    """An address as people write it, cut where it is long."""
    bare = _LINK_HEAD.sub("", url, count=1).rstrip("/")
    return bare if len(bare) <= _LONGEST_SHOWN else bare[: _LONGEST_SHOWN - 1] + "…"


def _email(address: str | None) -> Link | None:
    return Link("E-mail", address, "mailto:" + quote(address, safe="@")) if address else None


def _phone(number: str | None) -> Link | None:
    return Link("Phone", number, "tel:" + _NOT_DIALLED.sub("", number)) if number else None


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in dict.fromkeys((*words[:1], *words[-1:]))).upper()


def _summary_line(profile: Row, name: str) -> str:
    line = " ".join((profile.get("bio") or profile.get("headline") or name).split())
    if len(line) <= 200:
        return line
    return line[:199].rpartition(" ")[0].rstrip(" ,;.") + "…" if " " in line[:199] else line[:200]


# The sections


def _summary(record: Row, today: date) -> Section | None:
    text = blocks(record["profile"].get("bio"))
    return Section("summary", HEADINGS["summary"], text=text) if text else None


def _entries(
    key: str, build: Callable[[Row, date], Entry]
) -> Callable[[Row, date], Section | None]:
    def section(record: Row, today: date) -> Section | None:
        entries = [build(row, today) for row in record.get(key) or ()]
        return Section(key, HEADINGS[key], entries=entries) if entries else None

    return section


def _position(row: Row, today: date) -> Entry:
    title, company = row["title"] or row["company"], row["company"] if row["title"] else ""
    return Entry(
        title=title,
        by=company or "",
        place=row["location"] or "",
        note=row["employment_type"] or "",
        span=span(row["start_date"], row["end_date"], is_open=row["is_current"], today=today),
        text=blocks(row["description"]),
        bullets=row["bullets"],
        tags=row["technologies"],
    )


def _studies(row: Row, today: date) -> Entry:
    degree, subject = row["degree"] or "", row["field_of_study"] or ""
    both = wording.degree(degree, subject) or ", ".join(filter(None, (degree, subject)))
    grade = row["grade"]
    return Entry(
        title=both or row["institution"],
        by=(row["institution"] or "") if both else "",
        place=row["location"] or "",
        span=span(row["start_date"], row["end_date"]),
        text=blocks(row["description"]),
        bullets=row["bullets"],
        facts=[Fact("Grade", grade)] if grade else (),
    )


def _project(row: Row, today: date) -> Entry:
    url, code = web(row["url"]), web(row["repository_url"])
    links = [Link(kind, shown_url(to), to) for kind, to in (("Visit", url), ("Code", code)) if to]
    return Entry(
        title=row["name"],
        by=row["role"] or "",
        # A project without an end goes on, as the API says of it.
        span=span(
            row["start_date"],
            row["end_date"],
            is_open=bool(row["start_date"] and not row["end_date"]),
        ),
        text=blocks(row["description"]),
        bullets=row["bullets"],
        tags=row["technologies"],
        links=links,
    )


def _certificate(row: Row, today: date) -> Entry:
    url = web(row["credential_url"])
    number = row["credential_id"]
    return Entry(
        title=row["name"],
        by=row["issuer"] or "",
        span=span(row["issued_on"], row["expires_on"]),
        facts=[Fact("Credential", number)] if number else (),
        links=[Link("Certificate", shown_url(url), url)] if url else (),
    )


def _skills(record: Row, today: date) -> Section | None:
    by_category: dict[str, list[Item]] = {"": []}
    for row in record.get("skills") or ():
        notes = filter(None, (row["level"], _years(row["years"])))
        item = Item(row["name"], ", ".join(notes))
        by_category.setdefault(row["category"] or "", []).append(item)
    groups = [Group(title, items) for title, items in by_category.items() if items]
    return Section("skills", HEADINGS["skills"], groups=groups) if groups else None


def _years(years: float | None) -> str:
    return f"{years:g} {'yr' if years == 1 else 'yrs'}" if years else ""


def _languages(record: Row, today: date) -> Section | None:
    spoken: Iterable[Row] = record["profile"].get("languages") or ()
    items = [Item(row["name"], row.get("level") or "") for row in spoken]
    return Section("languages", HEADINGS["languages"], groups=[Group("", items)]) if items else None


_SECTIONS: dict[str, Callable[[Row, date], Section | None]] = {
    "summary": _summary,
    "experience": _entries("experience", _position),
    "education": _entries("education", _studies),
    "projects": _entries("projects", _project),
    "skills": _skills,
    "languages": _languages,
    "certifications": _entries("certifications", _certificate),
}
