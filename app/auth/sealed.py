"""Secrets that we must be able to read again, encrypted at rest by AES-GCM.

The key follows from ENCRYPTION_KEY, or else from that of sessions. Who reads the database alone
reads no secret, and a secret that is moved to another row can't be opened there.
"""

from __future__ import annotations

import hmac
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.settings import Settings

_NONCE_BYTES = 12


class Unreadable(Exception):
    """It was sealed by another key, or for another account."""


def sealed(settings: Settings, account_id: UUID, secret: bytes) -> bytes:
    """`secret` as it may be stored in a row of that account."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(settings).encrypt(nonce, secret, account_id.bytes)


def opened(settings: Settings, account_id: UUID, stored: bytes) -> bytes:
    """The secret of a row; raises Unreadable."""
    try:
        nonce, text = stored[:_NONCE_BYTES], stored[_NONCE_BYTES:]
        return _cipher(settings).decrypt(nonce, text, account_id.bytes)
    except (InvalidTag, ValueError):
        raise Unreadable from None


def _cipher(settings: Settings) -> AESGCM:
    key = settings.encryption_key.encode() or settings.signing_key()
    return AESGCM(hmac.digest(key, b"secrets at rest", "sha256"))
