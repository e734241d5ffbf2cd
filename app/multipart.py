"""multipart/form-data (RFC 7578), read in memory and within bounds.

A body is split at its boundary at once, so that none, however it is made, costs more than a look
for that text: parsers that go byte by byte can be kept busy for seconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header

from app.errors import FieldError, UnsupportedMediaType, ValidationFailed

MAX_PARTS = 16
OVERHEAD_BYTES = 64 * 1024  # beside the data of the parts
_MAX_HEAD_BYTES = 4096
_MAX_FILENAME = 255
_KIND = b"multipart/form-data"
_BOUNDARY = re.compile(rb"[\x21-\x7e](?:[\x20-\x7e]{0,68}[\x21-\x7e])?")
_AFTER_BOUNDARY = re.compile(rb"[ \t]{0,64}\r\n")


@dataclass(frozen=True, slots=True)
class Part:
    """One part; what its sender calls the file and its type are claims, and often missing."""

    name: str
    data: bytes
    filename: str | None
    media_type: str | None

    def __repr__(self) -> str:
        return f"Part({self.name!r}, …)"  # it may be a password


def is_multipart(content_type: bytes | None) -> bool:
    """Whether a Content-Type is that of a form with files."""
    return parse_options_header(content_type)[0] == _KIND


def boundary_of(content_type: bytes | None) -> bytes:
    """The boundary that a Content-Type names; raises UnsupportedMediaType."""
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != _KIND or not _BOUNDARY.fullmatch(boundary):
        message = "multipart/form-data needs a boundary of 1 to 70 characters."
        raise UnsupportedMediaType(message)
    return boundary


def read_parts(content_type: bytes | None, body: bytes) -> list[Part]:
    """The parts of `body` in order; raises UnsupportedMediaType, ValidationFailed."""
    delimiter = b"\r\n--" + boundary_of(content_type)
    _, *sections = (b"\r\n" + body).split(delimiter, MAX_PARTS + 1)
    ends = [number for number, section in enumerate(sections) if section.startswith(b"--")]
    if ends:
        return [_part(section, number) for number, section in enumerate(sections[: ends[0]])]
    if len(sections) > MAX_PARTS:
        raise _malformed(f"A body may have {MAX_PARTS} parts.", "too_many_parts")
    raise _malformed("The multipart body ends before its last boundary.")


def without_boundary(content_type: bytes | None, body: bytes) -> bytes:
    """What stays the same when a form is sent again, with another boundary as is usual.

    That of a form which names no boundary is all of it.
    """
    try:
        return body.replace(boundary_of(content_type), b"")
    except UnsupportedMediaType:
        return body


def _part(section: bytes, number: int) -> Part:
    start = _AFTER_BOUNDARY.match(section)
    end = section.find(b"\r\n\r\n", start.end() - 2, _MAX_HEAD_BYTES) if start else -1
    if start is None or end < 0:
        raise _malformed(f"Part {number + 1} has no headers that end within bounds.")
    fields = {}
    for line in section[start.end() : end].split(b"\r\n"):
        key, colon, value = line.partition(b":")
        if not colon:
            raise _malformed(f"Part {number + 1} has a line in its headers that is none.")
        fields[key.strip().lower()] = value.strip()
    kind, options = parse_options_header(fields.get(b"content-disposition"))
    try:
        name = options[b"name"].decode()
    except (KeyError, UnicodeDecodeError):
        name = ""
    if kind != b"form-data" or not name:
        raise _malformed(f"Part {number + 1} has no name.")
    filename = options.get(b"filename")
    media_type = parse_options_header(fields.get(b"content-type"))[0].decode("latin-1")
    return Part(
        name,
        section[end + 4 :],
        None if filename is None else filename.decode(errors="replace")[:_MAX_FILENAME],
        media_type or None,
    )


def _malformed(message: str, code: str = "malformed") -> ValidationFailed:
    return ValidationFailed([FieldError("", code, message)])
