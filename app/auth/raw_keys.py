"""Raw secrets that clients hold: API keys, personal tokens, refresh tokens and mailed links.

A raw key is a prefix that tells its kind, 178 random bits in base62 (30 characters) and a CRC-32
of all that in base62 (6 characters). The checksum keeps nothing secret: by it a typo is refused
without asking the database, and a scanner of leaked secrets knows a real one from a look-alike.
Only the SHA-256 digest is stored. No salt and no slow hash: 178 random bits can't be guessed, and
a digest can be looked up by an index.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import zlib
from dataclasses import dataclass
from enum import StrEnum

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Two digits at a time: a key is checked with every request.
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_RANDOM_BITS = 178
_RANDOM_CHARACTERS = 30
_CHECK_CHARACTERS = 6
_SHOWN = 4


class Prefix(StrEnum):
    """What a raw key is for."""

    API_KEY = "vk_"
    PERSONAL_TOKEN = "vt_"  # noqa: S105
    REFRESH_TOKEN = "vr_"  # noqa: S105
    LINK = "vl_"
    AUTHORIZATION_CODE = "va_"
    GRANT_REFRESH_TOKEN = "vo_"  # noqa: S105


@dataclass(frozen=True, slots=True)
class RawKey:
    """A new secret: `text` is given to its holder once, `digest` and `hint` are stored."""

    text: str
    digest: bytes
    hint: str

    def __repr__(self) -> str:
        return f"RawKey({self.hint})"


def mint(prefix: Prefix) -> RawKey:
    """A new raw key."""
    return _raw_key(prefix, secrets.randbits(_RANDOM_BITS))


def derived(prefix: Prefix, key: bytes, source: bytes) -> RawKey:
    """The one raw key that follows from a secret `source`, for who knows our `key` as well."""
    digest = hmac.digest(key, prefix.value.encode() + source, "sha256")
    return _raw_key(prefix, int.from_bytes(digest) >> (8 * len(digest) - _RANDOM_BITS))


def _raw_key(prefix: Prefix, bits: int) -> RawKey:
    random = _base62(bits, _RANDOM_CHARACTERS)
    body = prefix.value + random
    text = body + _checksum(body)
    hint = f"{prefix.value}{random[:_SHOWN]}…{text[-_SHOWN:]}"
    return RawKey(text, _digest(text), hint)


def digest_of(raw: str, prefix: Prefix) -> bytes | None:
    """The digest to look `raw` up by; None when it can't be a raw key of this kind."""
    length = len(prefix.value) + _RANDOM_CHARACTERS + _CHECK_CHARACTERS
    if len(raw) != length or not raw.startswith(prefix.value) or not raw.isascii():
        return None
    if raw[-_CHECK_CHARACTERS:] != _checksum(raw[:-_CHECK_CHARACTERS]):
        return None
    return _digest(raw)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("ascii")).digest()


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode("ascii")), _CHECK_CHARACTERS)


def _base62(number: int, width: int) -> str:
    text = ""
    while len(text) < width:
        number, pair = divmod(number, len(_PAIRS))
        text = _PAIRS[pair] + text
    return text[-width:]
