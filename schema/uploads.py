"""GraphQL requests with files, by the GraphQL multipart request specification.

The part `operations` is the request as JSON, with null where a file goes; `map` says of every other
part, which is a file, where that is: `{"0": ["variables.file"]}`. One request, not a list of them.
"""

from __future__ import annotations

from typing import Any

import orjson

from app.errors import FieldError, MalformedJSON, ValidationFailed
from app.multipart import Part, read_parts
from schema.types.upload import Upload

MAX_FILES = 4
_MAX_STEPS = 20  # of a path to a variable, and of paths for one file
_CONTROL = ("operations", "map")


def read_request(content_type: bytes, body: bytes) -> dict[str, Any]:
    """The request with its files among the variables.

    Raises ValidationFailed, MalformedJSON, UnsupportedMediaType.
    """
    parts = read_parts(content_type, body)
    names = [part.name for part in parts]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise _wrong(min(doubled), "doubled", "Is given twice.")
    by_name = dict(zip(names, parts, strict=True))
    request, places = (_object(name, by_name) for name in _CONTROL)
    files = {name: part for name, part in by_name.items() if name not in _CONTROL}
    if len(files) > MAX_FILES:
        raise _wrong("map", "too_many", f"A request may have {MAX_FILES} files.")
    for name in files.keys() ^ places.keys():
        message = "Is not in the map." if name in files else "There is no such part."
        raise _wrong(name, "unknown_field", message)
    for name, paths in places.items():
        if not isinstance(paths, list) or len(paths) > _MAX_STEPS:
            raise _wrong(name, "wrong_type", "Its places in the map must be a list.")
        for path in paths:
            _put(request, path, files[name])
    return request


def _object(name: str, parts: dict[str, Part]) -> dict[str, Any]:
    if name not in parts:
        raise _wrong(name, "required", "Is required.")
    try:
        value = orjson.loads(parts[name].data)
    except orjson.JSONDecodeError as error:
        raise MalformedJSON(f"The part {name} is not valid JSON: {error.msg}.") from None
    if not isinstance(value, dict):
        raise _wrong(name, "wrong_type", "Must be an object.")
    return value


def _put(request: dict[str, Any], path: Any, file: Part) -> None:
    """Set the file at a path such as `variables.file` or `variables.input.files.0`."""
    keys = path.split(".", _MAX_STEPS) if isinstance(path, str) else []
    if len(keys) < 2 or keys[0] != "variables":
        raise _wrong("map", "invalid", "A file goes to a place below variables.")
    inside: Any = request
    for key in keys[:-1]:
        inside = _at(inside, key)
    if _at(inside, keys[-1]) is not None:
        raise _wrong("map", "invalid", "Where a file goes stands null.")
    last: Any = int(keys[-1]) if isinstance(inside, list) else keys[-1]
    inside[last] = Upload(file.data, file.filename, file.media_type)


def _at(inside: Any, key: str) -> Any:
    if isinstance(inside, dict) and key in inside:
        return inside[key]
    if isinstance(inside, list) and key.isdecimal() and len(key) < 4 and int(key) < len(inside):
        return inside[int(key)]
    raise _wrong("map", "invalid", "Names a place that is not in the operations.")


def _wrong(path: str, code: str, message: str) -> ValidationFailed:
    return ValidationFailed([FieldError(path, code, message)])
