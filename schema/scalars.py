"""How values that are not JSON's own are written on every surface."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types.scalar import ScalarDefinition

from schema.types.cv_data import CVData
from schema.types.download import Download, Stream


def write_time(value: datetime) -> str:
    """UTC with milliseconds and Z: `2026-03-17T15:00:00.000Z`."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def read_time(value: Any) -> datetime:
    """A time with its offset, as RFC 3339 writes it."""
    if not isinstance(value, str):
        raise ValueError("A time is a text such as 2026-03-17T15:00:00.000Z.")
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("A time is written as 2026-03-17T15:00:00.000Z.") from None
    if time.tzinfo is None:
        raise ValueError("A time needs its offset, such as Z.")
    return time.astimezone(UTC)


def _read_uuid(value: Any) -> UUID:
    if not isinstance(value, str):
        raise ValueError("An id is a text.")
    try:
        return UUID(value)
    except ValueError:
        raise ValueError("Not a UUID.") from None


def _unreadable(value: Any) -> Any:
    raise ValueError("A download can't be an argument.")


def _url(stream: Stream) -> str:
    return stream.url


DateTime = strawberry.scalar(
    name="DateTime",
    description="A time in UTC with milliseconds, as `2026-03-17T15:00:00.000Z`.",
    serialize=write_time,
    parse_value=read_time,
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
)
Id = strawberry.scalar(
    name="UUID",
    description="An id, a UUID as text.",
    serialize=str,
    parse_value=_read_uuid,
    specified_by_url="https://www.rfc-editor.org/rfc/rfc9562",
)
DownloadUrl = strawberry.scalar(
    name="Download",
    description="A file: the path where its bytes are, to be fetched with the same credentials.",
    serialize=_url,
    parse_value=_unreadable,
)
CVDataObject = strawberry.scalar(
    name="CVData",
    description="A CV as JSON: identity, sections and how to set them. Its JSON Schema is"
    " `CVData` in the OpenAPI document.",
    serialize=lambda value: value,
    parse_value=lambda value: value,
)

SCALARS: dict[object, ScalarDefinition] = {
    CVData: CVDataObject,
    Download: DownloadUrl,
    UUID: Id,
    datetime: DateTime,
}
