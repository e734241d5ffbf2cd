"""The static files of the pages, under names that change with their content.

A name holds a digest of the bytes, so that browsers may keep a file for good.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("static")
_MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: `name` is `stem.digest.suffix`."""

    name: str
    media_type: str
    body: bytes


@cache
def assets() -> dict[str, Asset]:
    """Every static file, by the name it has in the source tree."""
    return {path.name: _read(path) for path in sorted(_FOLDER.iterdir())}


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(f"{path.stem}.{digest}{path.suffix}", _MEDIA_TYPES[path.suffix], body)
