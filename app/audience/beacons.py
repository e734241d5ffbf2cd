"""What a page says was looked at: sections that were read, links that were followed.

Anybody can send anything there. So only what the profile shows counts, each once a beacon.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from app.cv import links
from app.cv.from_profile import SECTIONS

MOST_NAMED = 50
"""Sections or links of one beacon that are looked at."""

_LINKS = ("website", "github_url", "linkedin_url")
_LINKS_OF_ROWS = {"projects": ("url", "repository_url"), "certifications": ("credential_url",)}
_OF_PROFILE = {"summary": "bio", "languages": "languages"}


def clicked(record: Mapping[str, Any], urls: Iterable[str]) -> set[str]:
    """Those of the profile's links that are named, as the profile writes them.

    A browser writes an address in its own way: in ASCII, and with a slash for an empty path.
    """
    known = {_spelled(url): url for url in _links(record)}
    return {known[spelled] for url in urls if (spelled := _spelled(url)) in known}


def read(record: Mapping[str, Any], sections: Iterable[str]) -> set[str]:
    """Those of the sections that are named which the profile shows."""
    return {section for section in sections if section in SECTIONS and _shows(record, section)}


def _shows(record: Mapping[str, Any], section: str) -> bool:
    if section in _OF_PROFILE:
        return bool(record["profile"].get(_OF_PROFILE[section]))
    return bool(record.get(section))


def _links(record: Mapping[str, Any]) -> Iterator[str]:
    profile = record["profile"]
    yield from (profile[name] for name in _LINKS if profile.get(name))
    for scheme, name in (("mailto", "email"), ("tel", "phone")):
        if profile.get(name):
            yield f"{scheme}:{profile[name]}"
    for section, names in _LINKS_OF_ROWS.items():
        for row in record.get(section) or ():
            yield from (row[name] for name in names if row.get(name))


def _spelled(url: str) -> str:
    """One spelling of all that lead to the same."""
    if not url.startswith(("http:", "https:")):
        scheme, _, rest = url.partition(":")
        return f"{scheme.lower()}:{''.join(rest.split())}"
    try:
        scheme, host, path, query, fragment = urlsplit(links.ascii_url(url))
    except ValueError:
        return url
    return urlunsplit((scheme, host.lower(), path or "/", query, fragment))
