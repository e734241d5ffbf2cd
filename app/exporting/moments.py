"""Times of a record as the API writes them: UTC with milliseconds and `Z`."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(value: object) -> datetime | None:
    """A time of a row, which JSON columns hold as text; None for what is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def written(value: object) -> str | None:
    """`2026-03-17T15:00:00.000Z`, or None for what is no time."""
    found = moment(value)
    if found is None:
        return None
    return found.isoformat(timespec="milliseconds").replace("+00:00", "Z")
