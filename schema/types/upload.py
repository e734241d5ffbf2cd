"""A file that is given to an operation."""

from __future__ import annotations

from dataclasses import dataclass

from schema.types.sealed import sealed


@dataclass(frozen=True, slots=True, repr=False)
class Upload:
    """`filename` and `media_type` are what its sender says, and prove nothing."""

    data: bytes
    filename: str | None = None
    media_type: str | None = None

    __repr__ = sealed
