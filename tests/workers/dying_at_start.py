"""A renderer that can't be warmed, as where a library is missing."""

from __future__ import annotations


def warm() -> None:
    """Fails."""
    raise OSError("cannot load library 'pango-1.0-0'")
