"""The static files of the pages, under names that change with their content.

A name holds a digest of the bytes, so that browsers may keep a file for good. A stylesheet names
other files by their path in the source tree, as in `url("/fonts/inter.woff2")`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = "/static/"

_FOLDER = Path(__file__).with_name("static")
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_NAMED = re.compile(rb'url\("/([\w./-]+)"\)')


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: `name` is `stem.digest.suffix`, after its folder if it has one."""

    name: str
    media_type: str
    body: bytes

    @property
    def url(self) -> str:
        return STATIC + self.name


@cache
def assets() -> dict[str, Asset]:
    """Every static file, by the path it has in the source tree."""
    found = sorted(path for path in _FOLDER.rglob("*") if path.suffix in _MEDIA_TYPES)
    return {path.relative_to(_FOLDER).as_posix(): _read(path) for path in found}


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    if path.suffix == ".css":
        body = _NAMED.sub(_served, body)
    digest = hashlib.sha256(body).hexdigest()[:12]
    stem = "-".join((*path.relative_to(_FOLDER).parts[:-1], path.stem))
    return Asset(f"{stem}.{digest}{path.suffix}", _MEDIA_TYPES[path.suffix], body)


def _served(named: re.Match[bytes]) -> bytes:
    return f'url("{_read(_FOLDER / named[1].decode()).url}")'.encode()
