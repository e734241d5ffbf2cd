"""What a PDF of ours encloses, and the digests that it states of its data and its visible text.

The digests stand in the XMP metadata, which tools keep that save a PDF anew. They are no proof of
who wrote the file: whoever changes it may state others. They tell an honest file that was altered.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

import msgspec

CV_DATA = "cv_data.json"
RESUME = "resume.json"
OF_PROFILE = "of_profile"
"""Said in the extension of the JSON Resume's `meta`: it holds more than its cv_data could."""

NAMESPACE = "urn:x-vitae:enclosed:1:"
PREFIX = "vitae"
TEXT_DIGEST = "textDigest"
DATA_DIGEST = "dataDigest"

# What the reader of a PDF puts at the end of a line differs, and so does where lines end.
_AT_LINE_ENDS = re.compile("[\\s\x00-\x1f\u00ad\u200b-\u200f\u2010\u2060\ufffe-]+")
_STATED = re.compile(rf"<{PREFIX}:({TEXT_DIGEST}|{DATA_DIGEST})>([0-9a-f]{{64}})<".encode())


class Digests(msgspec.Struct, array_like=True):
    """Of what a PDF says and encloses, as it is; None for nothing."""

    text: str | None
    data: str | None


def text_digest(pages: Iterable[str]) -> str:
    """SHA-256 in hexadecimal of the text of all pages, whatever its line breaks and hyphens."""
    whole = unicodedata.normalize("NFKC", "\n".join(pages))
    return hashlib.sha256(_AT_LINE_ENDS.sub("", whole).encode("utf-8", "replace")).hexdigest()


def data_digest(files: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 in hexadecimal of files by their names, in any order."""
    digest = hashlib.sha256()
    for name, content in sorted(files):
        digest.update(b"%s %d\n%s" % (name.encode(), len(content), content))
    return digest.hexdigest()


def stated(packet: bytes) -> dict[str, str]:
    """The digests that XMP metadata, or a file in which they are not compressed, states."""
    return {name.decode(): digest.decode() for name, digest in _STATED.findall(packet)}
