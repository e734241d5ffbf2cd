"""A profile as cv_data: what `GET /v1/me` answers, set out as a résumé would say it.

`app/importing/cv_data.py` reads it back; `wording.py` has the words that both go by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.cv import bounds, dates, fitting, links, locales, text, wording
from app.cv.findings import Unusable

Row = Mapping[str, Any]
Section = dict[str, Any]

_PARTICLE = re.compile(
    r"a[fl]|av|bin|d[aeiou]|das|del|della|de[nr]|dos|el|ibn|l[aeo]|te[nr]|van|von|y|zu[mr]?",
    re.IGNORECASE,
)
_BETWEEN_WORDS = re.compile(r"(?<=\S) (?=\S)")
_SUFFIX = re.compile(r"[js]r\.?|ii|iii|iv", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\s]+")
_LIST_LINE = re.compile(r"[-*\u2022\u25aa\u25cf]\s+")


def cv_data_of(
    record: Mapping[str, Any],
    *,
    template: str | None = None,
    sections_order: Sequence[str] | None = None,
    hidden: Collection[str] = (),
    locale: str | None = None,
) -> dict[str, Any]:
    """cv_data of a profile, which `normalise` takes without errors, and without warnings but
    of characters that no typeface has.

    `record` is the JSON object of `GET /v1/me`. `sections_order` and `hidden` name sections by
    their keys here: summary, experience, education, projects, skills, languages, certifications;
    those not named follow in this order, and names of what the profile has not are passed over.
    `locale`, as in cv_data, is the language of labels too.
    What is longer than a CV may be is cut; a template made for a picture gets none from here. A
    profile with neither a bio nor an entry makes no sections, of which `normalise` says so.
    """
    profile = record.get("profile") or {}
    tag = locales.canonical(locale or "")
    made = {
        key: section
        for key, build in _SECTIONS.items()
        if key not in hidden and (section := build(record, tag))
    }
    order = [key for key in dict.fromkeys((*(sections_order or ()), *made)) if key in made]
    sections = {
        each: part for key in order for each, part in fitting.within_bounds(key, made[key]).items()
    }
    fitting.cut(sections)
    cv_data: dict[str, Any] = {
        "identity": _identity(profile),
        "sections_order": list(sections),
        "sections": sections,
    }
    look = {"template": template, "locale": locale}
    return {**{key: value for key, value in look.items() if value}, **cv_data}


# The person


def _identity(profile: Row) -> dict[str, str]:
    first, last = _name_parts(_line(profile.get("full_name") or profile.get("username")))
    identity = {
        "first_name": first,
        "last_name": last,
        "jobtitle": _line(profile.get("headline")),
        "email": _checked(links.email, profile.get("email")),
        "mobile": _line(profile.get("phone")),
        "address": _line(profile.get("location")),
        "linkedin": _checked(links.web_url, profile.get("linkedin_url")),
        "github": _checked(links.web_url, profile.get("github_url")),
        "website": _checked(links.web_url, profile.get("website")),
    }
    return {key: value for key, value in identity.items() if value}


def _name_parts(full_name: str) -> tuple[str, str]:
    """First and last name, which joined by a blank are `full_name` again.

    A name in East Asian letters stays whole: its family name stands first.
    """
    words = _BETWEEN_WORDS.split(full_name)
    if len(words) == 1 or _EAST_ASIAN.fullmatch(full_name):
        return full_name, ""
    at = len(words) - 1
    if _SUFFIX.fullmatch(words[at]) and at > 1:
        at -= 1
    for index, word in enumerate(words[1:at], 1):
        if _PARTICLE.fullmatch(word) or word.endswith(","):
            at = index
            break
    return " ".join(words[:at]), " ".join(words[at:])


# The sections


def _summary(record: Row, locale: str) -> Section | None:
    bio = _text((record.get("profile") or {}).get("bio"))
    if not bio:
        return None
    content, *more = _pieces(bio, bounds.TEXT)
    section: Section = {"type": "secondary", "content": content}
    return section | ({"items": [{"bullets": more}]} if more else {})


def _experience(record: Row, locale: str) -> Section | None:
    return _main(record.get("experience"), _position, locale)


def _position(row: Row, locale: str) -> Iterator[tuple[str, Any]]:
    kind = _line(row.get("employment_type"))
    title = _line(row.get("title"))
    told = title if _said_in_title(title, kind) else wording.in_parentheses(title, kind)
    in_title = bool(title) and len(told) <= bounds.LINE and kind.lower() in wording.EMPLOYMENT_TYPES
    yield "title", _line(row.get("company"))
    yield "subtitle", told if in_title else title
    yield from _where_and_when(row, "Present" if row.get("is_current") else "")
    unusual = kind.lower() not in wording.USUAL_EMPLOYMENT
    description, bullets = _told(row)
    yield "description", description
    yield (
        "bullets",
        [
            *bullets,
            *_labelled(locale, "employment_type", kind if unusual and not in_title else ""),
            *_technologies(row, locale),
        ],
    )


def _said_in_title(title: str, kind: str) -> bool:
    return bool(kind) and title.lower().endswith(f"({kind.lower()})")


def _education(record: Row, locale: str) -> Section | None:
    return _main(record.get("education"), _studies, locale)


def _studies(row: Row, locale: str) -> Iterator[tuple[str, Any]]:
    degree, field = _line(row.get("degree")), _line(row.get("field_of_study"))
    subtitle = wording.degree(degree, field)
    yield "title", _line(row.get("institution"))
    yield "subtitle", subtitle or degree
    yield from _where_and_when(row)
    description, bullets = _told(row)
    yield "description", description
    yield (
        "bullets",
        [
            *_labelled(locale, "field_of_study", "" if subtitle else field),
            *_labelled(locale, "grade", _line(row.get("grade"))),
            *bullets,
        ],
    )


def _projects(record: Row, locale: str) -> Section | None:
    return _main(record.get("projects"), _project, locale)


def _project(row: Row, locale: str) -> Iterator[tuple[str, Any]]:
    yield "title", _line(row.get("name"))
    yield "subtitle", _line(row.get("role"))
    # A project without an end goes on, as the API says of it.
    yield from _where_and_when(row, "Present" if row.get("start_date") else "")
    description, bullets = _told(row)
    yield "description", description
    yield (
        "bullets",
        [
            *bullets,
            *_technologies(row, locale),
            *_labelled(locale, "url", _line(row.get("url"), bounds.TEXT)),
            *_labelled(locale, "repository_url", _line(row.get("repository_url"), bounds.TEXT)),
        ],
    )


def _skills(record: Row, locale: str) -> Section | None:
    """One item a category, in the order in which they first come; what has none stands first."""
    by_category: dict[str, list[str]] = {"": []}
    for row in record.get("skills") or ():
        if name := _line(row.get("name")):
            level, years = _line(row.get("level")), row.get("years")
            skill = wording.skill(name, level=level, years=years, locale=locale)
            by_category.setdefault(_line(row.get("category")), []).append(skill)
    return _compact(
        _item((("title", title), ("bullets", names)))
        for title, names in by_category.items()
        if names
    )


def _languages(record: Row, locale: str) -> Section | None:
    spoken = [
        wording.in_parentheses(name, _line(row.get("level")))
        for row in (record.get("profile") or {}).get("languages") or ()
        if (name := _line(row.get("name")))
    ]
    return _compact([{"bullets": spoken}] if spoken else ())


def _certifications(record: Row, locale: str) -> Section | None:
    return _main(record.get("certifications"), _certificate, locale)


def _certificate(row: Row, locale: str) -> Iterator[tuple[str, Any]]:
    issued, expires = _date(row.get("issued_on")), _date(row.get("expires_on"))
    yield "title", _line(row.get("name"))
    yield "subtitle", _line(row.get("issuer"))
    yield "start", issued
    yield "end", expires if issued else ""
    yield (
        "bullets",
        [
            *_labelled(locale, "expires_on", "" if issued else dates.shown(expires, locale)),
            *_labelled(locale, "credential_id", _line(row.get("credential_id"))),
            *_bullets(row.get("credential_url")),
        ],
    )


_SECTIONS: dict[str, Callable[[Row, str], Section | None]] = {
    "summary": _summary,
    "experience": _experience,
    "education": _education,
    "projects": _projects,
    "skills": _skills,
    "languages": _languages,
    "certifications": _certifications,
}
SECTIONS = tuple(_SECTIONS)
"""The keys of the sections, in the order in which they stand unless another is given."""


# What sections are made of


def _main(
    rows: Iterable[Row] | None,
    build: Callable[[Row, str], Iterator[tuple[str, Any]]],
    locale: str,
) -> Section | None:
    items = [item for row in rows or () if (item := _item(build(row, locale)))]
    return {"type": "main", "items": items} if items else None


def _compact(items: Iterable[Section]) -> Section | None:
    given = [item for item in items if item]
    return {"type": "secondary", "items": given} if given else None


def _item(members: Iterable[tuple[str, Any]]) -> Section:
    return {key: value for key, value in members if value}


def _where_and_when(row: Row, otherwise: str = "") -> Iterator[tuple[str, str]]:
    yield "location", _line(row.get("location"))
    yield "start", _date(row.get("start_date"))
    yield "end", _date(row.get("end_date")) or otherwise


def _told(row: Row) -> tuple[str, list[str]]:
    """The description and the bullets. A description that is written as a list becomes bullets."""
    description, *more = _pieces(_text(row.get("description")), bounds.TEXT)
    lines = description.split("\n")
    if len(lines) > 1 and all(map(_LIST_LINE.match, lines)):
        more = [*(_LIST_LINE.sub("", line, count=1) for line in lines), *more]
        description = ""
    return description, [*_bullets(*more), *_bullets(*(row.get("bullets") or ()))]


def _technologies(row: Row, locale: str) -> list[str]:
    names = [name for each in row.get("technologies") or () if (name := _line(each))]
    label = len(wording.labelled("technologies", "", locale))
    listed: list[list[str]] = []
    for name in names:
        if listed and len(wording.listed((*listed[-1], name), locale)) + label <= bounds.TEXT:
            listed[-1].append(name)
        else:
            listed.append([name])
    return [
        wording.labelled("technologies", wording.listed(part, locale), locale) for part in listed
    ]


def _labelled(locale: str, field: str, value: str) -> list[str]:
    return [wording.labelled(field, value, locale)] if value else []


def _bullets(*texts: object) -> list[str]:
    """Texts as bullets, in several where one is longer than a bullet may be."""
    return [
        piece
        for each in texts
        for piece in _pieces(" ".join(_text(each).split("\n")), bounds.TEXT)
        if piece
    ]


# Values


def _text(value: object) -> str:
    return _clean(value, multiline=True) if isinstance(value, str) else ""


def _line(value: object, most: int = bounds.LINE) -> str:
    line = _clean(value, multiline=False) if isinstance(value, str) else ""
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _clean(value: str, *, multiline: bool) -> str:
    plain = text.plain(value)
    return text.clean(value, multiline=multiline)[0] if plain is None else plain


def _checked(check: Callable[[str], str], value: object) -> str:
    try:
        return check(_line(value, bounds.URL)) if value else ""
    except Unusable:
        return ""


def _date(value: object) -> str:
    return _checked(dates.checked, value)


def _pieces(whole: str, most: int) -> list[str]:
    """`whole` in pieces of at most `most` characters, cut at an empty line or else at a blank."""
    pieces = []
    while len(whole) > most:
        at = max(whole.rfind("\n\n", 0, most), 0) or max(whole.rfind(" ", 0, most), 0) or most
        pieces.append(whole[:at].strip())
        whole = whole[at:].strip()
    return [*pieces, whole]
