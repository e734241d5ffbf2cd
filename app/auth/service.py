"""Another service of this installation, known by the one key that both are given."""

from __future__ import annotations

import hashlib
import hmac

from app.call import Context
from app.errors import ServiceOnly


def check(context: Context) -> None:
    """Raise ServiceOnly unless the request shows STUDIO_KEY, which must be set."""
    key, shown = context.services.settings.studio_key, context.service_key
    # Digests are of one length, so that not even that of the key is told by how long it takes.
    if not key or shown is None or not hmac.compare_digest(_digest(shown), _digest(key)):
        raise ServiceOnly


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
