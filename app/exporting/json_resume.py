"""A profile as JSON Resume (https://jsonresume.org/schema), the format that other sites read.

What the standard has no place for stands in each object under `x-vitae`, by our own names;
`app/importing/json_resume.py` reads both back. Who edits the file by hand may leave that out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

import orjson

from app.cv import links
from app.cv.enclosed import OF_PROFILE
from app.exporting.moments import moment

EXTENSION = "x-vitae"
SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.2.1/schema.json"

# What the standard takes for a date; who lived before 1000 is told of in the extension.
_DATE = re.compile(r"[12][0-9]{3}(-[01][0-9](-[0-3][0-9])?)?")
_NETWORKS = (("GitHub", "github_url"), ("LinkedIn", "linkedin_url"))

Row = Mapping[str, Any]
Object = dict[str, Any]


def json_resume(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> bytes:
    """The profile as a JSON Resume in UTF-8, without the sections that are `hidden`.

    The standard orders sections by name, so `order` says nothing here.
    """
    return written(record, hidden=hidden)


def written(
    record: Mapping[str, Any],
    unplaced: Sequence[Mapping[str, Any]] = (),
    *,
    hidden: Collection[str] = (),
) -> bytes:
    """A JSON Resume of `record`; `unplaced` are texts, each with its section, that no field of the
    standard is for."""
    profile = record.get("profile") or {}
    paid, unpaid = _positions(record.get("experience") or ())
    sections: dict[str, tuple[str, list[Object]]] = {
        "work": ("experience", paid),
        "volunteer": ("experience", unpaid),
        "education": ("education", [_study(row) for row in record.get("education") or ()]),
        "certificates": (
            "certifications",
            [_certificate(row) for row in record.get("certifications") or ()],
        ),
        "skills": ("skills", _skills(record.get("skills") or ())),
        "languages": ("languages", [_language(row) for row in profile.get("languages") or ()]),
        "projects": ("projects", [_project(row) for row in record.get("projects") or ()]),
    }
    whole: Object = {"$schema": SCHEMA, "basics": _basics(profile, "summary" in hidden)}
    whole |= {
        key: entries for key, (ours, entries) in sections.items() if entries and ours not in hidden
    }
    if unplaced:
        whole[EXTENSION] = {"unplaced": list(unplaced)}
    changed = moment(profile.get("updated_at"))
    whole["meta"] = _given(
        version="v1.2.1", lastModified=changed and f"{changed:%Y-%m-%dT%H:%M:%S}"
    )
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2)


def carried(record: Mapping[str, Any], hidden: Collection[str] = ()) -> str:
    """The JSON Resume that the PDF of a profile encloses: what is said, and nothing of the account.

    Whether its owner looks for work, and when it was changed, is for no employer to read.
    """
    unsaid = ("open_to_work", "updated_at", "username")
    profile = record.get("profile") or {}
    said = {name: value for name, value in profile.items() if name not in unsaid}
    whole = orjson.loads(json_resume({**record, "profile": said}, hidden=hidden))
    whole["meta"][EXTENSION] = {OF_PROFILE: True}
    return orjson.dumps(whole).decode()


def _basics(profile: Row, without_bio: bool) -> Object:
    place = profile.get("location")
    return _given(
        {"website": _spelling(profile.get("website"))},
        {"open_to_work": profile.get("open_to_work")},
        name=profile.get("full_name") or profile.get("username"),
        label=profile.get("headline"),
        email=profile.get("email"),
        phone=profile.get("phone"),
        url=_url(profile.get("website")),
        summary=None if without_bio else profile.get("bio"),
        location={"city": place} if place else None,
        profiles=[
            _account(network, url) for network, field in _NETWORKS if (url := profile.get(field))
        ],
    )


def _account(network: str, url: str) -> Object:
    username = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return _given({"url": _spelling(url)}, network=network, username=username, url=_url(url))


# Experience


def _positions(rows: Iterable[Row]) -> tuple[list[Object], list[Object]]:
    """Work and voluntary work; `index` in the extension says where the latter stands in all."""
    paid, unpaid = [], []
    for index, row in enumerate(rows):
        if row.get("employment_type") == "volunteer":
            unpaid.append(_position(row, "organization", index=index))
        else:
            kind = row.get("employment_type")
            paid.append(_position(row, "name", employment_type=kind))
    return paid, unpaid


def _position(row: Row, employer: str, **extension: Any) -> Object:
    start, end = row.get("start_date"), row.get("end_date")
    current = bool(row.get("is_current"))
    # Readers take what has a beginning and no end for present.
    unsaid = current != bool(start and not end)
    return _given(
        extension,
        _exact(row, "start_date", "end_date"),
        {"is_current": current if unsaid else None},
        **{employer: row.get("company")},
        position=row.get("title"),
        location=row.get("location"),
        startDate=_date(start),
        endDate=_date(end),
        summary=row.get("description"),
        highlights=row.get("bullets"),
        keywords=row.get("technologies"),
    )


# The other sections


def _study(row: Row) -> Object:
    return _given(
        _exact(row, "start_date", "end_date"),
        {"location": row.get("location"), "description": row.get("description")},
        institution=row.get("institution"),
        area=row.get("field_of_study"),
        studyType=row.get("degree"),
        startDate=_date(row.get("start_date")),
        endDate=_date(row.get("end_date")),
        score=row.get("grade"),
        courses=row.get("bullets"),
    )


def _project(row: Row) -> Object:
    return _given(
        _exact(row, "start_date", "end_date"),
        {"url": _spelling(row.get("url")), "repository_url": row.get("repository_url")},
        name=row.get("name"),
        description=row.get("description"),
        highlights=row.get("bullets"),
        keywords=row.get("technologies"),
        startDate=_date(row.get("start_date")),
        endDate=_date(row.get("end_date")),
        url=_url(row.get("url")),
        roles=[role] if (role := row.get("role")) else None,
    )


def _certificate(row: Row) -> Object:
    return _given(
        _exact(row, "issued_on"),
        {
            "expires_on": row.get("expires_on"),
            "credential_id": row.get("credential_id"),
            "credential_url": _spelling(row.get("credential_url")),
        },
        name=row.get("name"),
        date=_date(row.get("issued_on")),
        issuer=row.get("issuer"),
        url=_url(row.get("credential_url")),
    )


def _skills(rows: Iterable[Row]) -> list[Object]:
    """Skills of one category and level that follow each other are one entry with its keywords."""
    entries = []
    for (category, level), group in groupby(
        rows, lambda row: (row.get("category"), row.get("level"))
    ):
        named = list(group)
        if category:
            years = {row["name"]: row["years"] for row in named if row.get("years") is not None}
            names = [row["name"] for row in named]
            entries.append(_given({"years": years}, name=category, level=level, keywords=names))
        else:
            entries += [
                _given({"years": row.get("years")}, name=row["name"], level=level) for row in named
            ]
    return entries


def _language(row: Row) -> Object:
    return _given(language=row.get("name"), fluency=row.get("level"))


# Values


def _given(*extensions: Row, **members: Any) -> Object:
    """What is not empty, the extensions as one object of it."""
    extension = {
        key: value
        for each in extensions
        for key, value in each.items()
        if value not in (None, "", {}) and (value is not False or key == "is_current")
    }
    found = {key: value for key, value in members.items() if value not in (None, "", [], {})}
    return {**found, EXTENSION: extension} if extension else found


def _date(value: str | None) -> str | None:
    return value if value and _DATE.fullmatch(value) else None


def _exact(row: Row, *fields: str) -> Object:
    """Dates of those fields that the standard can't hold."""
    return {field: value for field in fields if (value := row.get(field)) and not _date(value)}


def _url(value: str | None) -> str | None:
    return links.ascii_url(value) if value else None


def _spelling(value: str | None) -> str | None:
    """An address as it was written, where the standard holds another spelling of it."""
    return value if value and links.ascii_url(value) != value else None
