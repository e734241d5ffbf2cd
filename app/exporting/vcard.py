"""A profile as a vCard 4.0 (RFC 6350): who somebody is and how to reach them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from app.cv import links
from app.cv.from_profile import cv_data_of
from app.exporting.moments import moment

_FOLD = 75  # octets of a line without its break
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_NETWORKS = {"linkedin": "LinkedIn", "github": "GitHub"}


def vcard(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> bytes:
    """The card. Of the sections it has the summary, as a note, and the present employer.

    Whatever e-mail address and telephone number the record holds are in it: of a record that is
    public, those that its owner shows.
    """
    lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:individual", "PRODID:-//Vitae//Vitae//EN"]
    lines += _properties(record, hidden)
    return b"".join(map(_folded, (*lines, "END:VCARD")))


def _properties(record: Mapping[str, Any], hidden: Collection[str]) -> Iterator[str]:
    identity = cv_data_of(record, hidden=hidden)["identity"]
    profile = record.get("profile") or {}
    first, last = identity.get("first_name", ""), identity.get("last_name", "")
    yield f"FN:{_text(' '.join(part for part in (first, last) if part))}"
    yield f"N:{_text(last)};{_text(first)};;;"
    if title := identity.get("jobtitle"):
        yield f"TITLE:{_text(title)}"
    if "experience" not in hidden and (company := _employer(record)):
        yield f"ORG:{_text(company)}"
    if email := identity.get("email"):
        yield f"EMAIL:{_text(email)}"
    if phone := identity.get("mobile"):
        yield f"TEL:{_text(phone)}"
    if place := identity.get("address"):
        yield f"ADR:;;;{_text(place)};;;"
    if website := identity.get("website"):
        yield f"URL:{links.ascii_url(website)}"
    for key, network in _NETWORKS.items():
        if url := identity.get(key):
            # RFC 9554; who does not know it still has an address of the person.
            yield f"SOCIALPROFILE;SERVICE-TYPE={network}:{links.ascii_url(url)}"
    if "summary" not in hidden and (bio := profile.get("bio")):
        yield f"NOTE:{_text(bio)}"
    if changed := moment(profile.get("updated_at")):
        yield f"REV:{changed:%Y%m%dT%H%M%SZ}"


def _employer(record: Mapping[str, Any]) -> str:
    """Where the person works at present, if that is at one place."""
    companies = {
        row.get("company") for row in record.get("experience") or () if row.get("is_current")
    } - {None, ""}
    return companies.pop() if len(companies) == 1 else ""


def _text(value: str) -> str:
    """A text value: marks that part values escaped, breaks written as `\\n`."""
    escaped = re.sub(r"[\\,;]", r"\\\g<0>", _BREAK.sub("\n", value))
    return _CONTROL.sub("", escaped.replace("\n", "\\n"))


def _folded(line: str) -> bytes:
    """The line with its break, parted into pieces of 75 octets, never within a character."""
    pieces, piece = [], b""
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > _FOLD:
            pieces.append(piece)
            piece = b" "  # which counts as an octet of the line that follows
        piece += encoded
    return b"\r\n".join((*pieces, piece)) + b"\r\n"
