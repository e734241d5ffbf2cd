"""A profile or a résumé as a vCard 4.0 (RFC 6350): who somebody is and how to reach them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from app.cv import links, pictures
from app.cv.from_profile import cv_data_of
from app.cv.model import Identity
from app.exporting.document import full_name
from app.exporting.moments import moment

_FOLD = 75  # octets of a line without its break
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says of a person. `note` is a text of theirs; "" stands for what is not said."""

    identity: Identity
    employer: str
    note: str
    changed: datetime | None

    def written(self) -> bytes:
        """The card as a file."""
        lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:individual", "PRODID:-//Vitae//Vitae//EN"]
        return b"".join(map(_folded, (*lines, *_properties(self), "END:VCARD")))


def vcard(
    record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
) -> bytes:
    """The card. Of the sections it has the summary, as a note, and the present employer.

    Whatever e-mail address and telephone number the record holds are in it: of a record that is
    public, those that its owner shows.
    """
    profile = record.get("profile") or {}
    return Card(
        msgspec.convert(cv_data_of(record, hidden=hidden)["identity"], Identity),
        "" if "experience" in hidden else employer(record),
        "" if "summary" in hidden else profile.get("bio") or "",
        moment(profile.get("updated_at")),
    ).written()


def _properties(card: Card) -> Iterator[str]:
    identity = card.identity
    yield f"FN:{_text(full_name(identity))}"
    yield f"N:{_text(identity.last_name)};{_text(identity.first_name)};;;"
    if identity.jobtitle:
        yield f"TITLE:{_text(identity.jobtitle)}"
    if card.employer:
        yield f"ORG:{_text(card.employer)}"
    if identity.email:
        yield f"EMAIL:{_text(identity.email)}"
    if identity.mobile:
        yield f"TEL:{_text(identity.mobile)}"
    if identity.address:
        yield f"ADR:;;;{_text(identity.address)};;;"
    if identity.website:
        yield f"URL:{links.ascii_url(identity.website)}"
    for network, url in (("LinkedIn", identity.linkedin), ("GitHub", identity.github)):
        if url:
            # RFC 9554; who does not know it still has an address of the person.
            yield f"SOCIALPROFILE;SERVICE-TYPE={network}:{links.ascii_url(url)}"
    if card.note:
        yield f"NOTE:{_text(card.note)}"
    if identity.picture:
        yield f"PHOTO:{pictures.data_url(identity.picture)}"
    if card.changed:
        yield f"REV:{card.changed:%Y%m%dT%H%M%SZ}"


def employer(record: Mapping[str, Any]) -> str:
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
