"""How values that are not JSON's own are written on every surface."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import orjson
import strawberry
from strawberry.types.scalar import ScalarDefinition

from schema.types.cv_data import CVData
from schema.types.download import Download, Stream
from schema.types.upload import Upload

# RFC 2397; a media type of a length that any may have.
_DATA_URL = re.compile(r"data:([^;,]{0,127})(?:;[^;,]{0,127}){0,4}?;base64,", re.IGNORECASE)

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def write_time(value: datetime) -> str:
    """UTC with milliseconds and Z: `2026-03-17T15:00:00.000Z`."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    # For `isoformat` alone it takes twice as long, and every row has two times.
    second = orjson.dumps(value, option=orjson.OPT_OMIT_MICROSECONDS)[1:20].decode()
    return f"{second}.{value.microsecond // 1000:03}Z"


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
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("A time is of the years 1 to 9999.") from None


def read_day(value: Any) -> date:
    """A day as ISO 8601 writes it in full."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("A day is written as 2026-03-17.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("There is no such day.") from None


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


def read_upload(value: Any) -> Upload:
    """A file from a data URL or from bare base64, or one that came as a file."""
    if isinstance(value, Upload):
        return value
    if not isinstance(value, str):
        raise ValueError("A file is a data URL or base64.")
    start = _DATA_URL.match(value)
    try:
        data = base64.b64decode(value[start.end() :] if start else value, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("A file is a data URL or base64; this is neither.") from None
    return Upload(data, media_type=(start[1].lower() or None) if start else None)


def _unwritable(value: Any) -> Any:
    raise ValueError("An upload can't be answered.")


DateTime = strawberry.scalar(
    name="DateTime",
    description="A time in UTC with milliseconds, as `2026-03-17T15:00:00.000Z`.",
    serialize=write_time,
    parse_value=read_time,
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
)
Day = strawberry.scalar(
    name="Date",
    description="A day, as `2026-03-17`.",
    serialize=date.isoformat,
    parse_value=read_day,
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
UploadedFile = strawberry.scalar(
    name="Upload",
    description="A file: in JSON a data URL (`data:application/pdf;base64,…`) or bare base64. As"
    " it is in a part of multipart/form-data, over REST by its name and over GraphQL as the GraphQL"
    " multipart request specification says.",
    serialize=_unwritable,
    parse_value=read_upload,
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
    Upload: UploadedFile,
    UUID: Id,
    date: Day,
    datetime: DateTime,
}
