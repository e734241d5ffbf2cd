"""The page as search engines read it: a schema.org ProfilePage about a Person, in JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from markupsafe import Markup

from app.web.profile.view import links_of, web

Row = Mapping[str, Any]

# What would end the script element or its line; JSON may say each of them otherwise.
_ESCAPED = [
    (character.encode(), f"\\u{ord(character):04x}".encode()) for character in "<>&\u2028\u2029"
]
_MOST_SKILLS = 50


def json_ld(record: Row, url: str, portrait: str | None, summary: str) -> Markup:
    """The data as it stands in the page, which nothing in it can end."""
    profile = record["profile"]
    page = {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "url": url,
        "dateCreated": _moment(profile.get("created_at")),
        "dateModified": _moment(profile.get("updated_at")),
        "mainEntity": _person(record, url, portrait, summary),
    }
    written = orjson.dumps(_told(page))
    for character, escaped in _ESCAPED:
        written = written.replace(character, escaped)
    return Markup(written.decode())  # noqa: S704


def _person(record: Row, url: str, portrait: str | None, summary: str) -> dict[str, Any]:
    profile = record["profile"]
    positions = [row for row in record.get("experience") or () if row["is_current"]]
    job = profile.get("headline") or next((row["title"] for row in positions), None)
    return {
        "@type": "Person",
        "@id": url + "#person",
        "name": profile["full_name"],
        "url": url,
        "image": portrait,
        "jobTitle": job,
        "description": summary if profile.get("bio") else None,
        "email": profile.get("email"),
        "telephone": profile.get("phone"),
        "homeLocation": _named("Place", [profile.get("location")])[:1],
        "worksFor": _named("Organization", [row["company"] for row in positions]),
        "alumniOf": _named(
            "EducationalOrganization", [row["institution"] for row in record.get("education") or ()]
        ),
        "hasCredential": [_credential(row) for row in record.get("certifications") or ()],
        "knowsAbout": [row["name"] for row in record.get("skills") or ()][:_MOST_SKILLS],
        "knowsLanguage": _named(
            "Language", [row["name"] for row in profile.get("languages") or ()]
        ),
        "sameAs": [link.url for link in links_of(profile)],
    }


def _credential(row: Row) -> dict[str, Any]:
    return _told(
        {
            "@type": "EducationalOccupationalCredential",
            "name": row["name"],
            "url": web(row["credential_url"]),
            "identifier": row["credential_id"],
            "validFrom": row["issued_on"],
            "recognizedBy": _named("Organization", [row["issuer"]])[:1],
        }
    )


def _named(kind: str, names: Sequence[str | None]) -> list[dict[str, str]]:
    return [{"@type": kind, "name": name} for name in dict.fromkeys(names) if name]


def _moment(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value.isoformat())


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {
        key: _told(value) if isinstance(value, dict) else value
        for key, value in values.items()
        if value not in (None, "", [])
    }
