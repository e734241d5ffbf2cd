"""The arguments of an operation from the parts of a request: path, query, headers, body."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Scope

from app import http
from app.errors import (
    FieldError,
    MalformedJSON,
    UnsupportedMediaType,
    ValidationFailed,
)
from rest_compat.codec import Argument, WireOperation, read_text

_ETAG = re.compile(r'"(\d{1,9})"')
_NO_VERSION = 0  # versions begin at 1


def json_body(scope: Scope, body: bytes) -> Any:
    """`body` as JSON; raises UnsupportedMediaType or MalformedJSON saying where."""
    media = (http.header(scope, b"content-type") or b"").decode("latin-1")
    kind = media.partition(";")[0].strip().lower()
    if kind != "application/json" and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        raise UnsupportedMediaType(content_type=kind)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedJSON(
            f"The body is not valid JSON: {error.msg}.", line=error.lineno, column=error.colno
        ) from None


def arguments(wire: WireOperation, scope: Scope, body: bytes) -> dict[str, Any]:
    """Python arguments of the operation from path, query, headers and body.

    Raises ValidationFailed naming every place, MalformedJSON, UnsupportedMediaType.
    """
    in_path: dict[str, str] = scope["path_params"]
    values: dict[str, Any] = {
        name: read_text(wire.arguments[name], text) for name, text in in_path.items()
    }
    for argument in wire.arguments.values():
        if argument.header and (text := http.header(scope, argument.header.lower().encode())):
            values[argument.name] = _header_value(argument, text.decode("latin-1"))
    if wire.takes_body:
        values.update(_from_body(wire, scope, body))
    values.update(
        _from_query({} if wire.takes_body else wire.open_arguments, scope["query_string"])
    )
    return wire.decode(values)


def _from_body(wire: WireOperation, scope: Scope, body: bytes) -> dict[str, Any]:
    if not body and not any(argument.required for argument in wire.open_arguments.values()):
        return {}
    value = json_body(scope, body)
    if wire.lone_input is not None:
        return {wire.lone_input.name: value}
    if not isinstance(value, dict):
        raise ValidationFailed([FieldError("", "wrong_type", "The body must be an object.")])
    _refuse_unknown(value, wire.open_arguments)
    return value


def _from_query(names: dict[str, Argument], query: bytes) -> dict[str, Any]:
    if not query:
        return {}
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    values = dict(pairs)
    _refuse_unknown(values, names)
    if len(values) != len(pairs):
        doubled = sorted({name for name, _ in pairs if [n for n, _ in pairs].count(name) > 1})
        raise ValidationFailed([FieldError(name, "doubled", "Is given twice.") for name in doubled])
    return {name: read_text(names[name], text) for name, text in values.items()}


def _refuse_unknown(values: dict[str, Any], names: dict[str, Argument]) -> None:
    if unknown := [name for name in values if name not in names]:
        raise ValidationFailed(
            [FieldError(name, "unknown_field", "There is no such parameter.") for name in unknown]
        )


def _header_value(argument: Argument, text: str) -> Any:
    if argument.header == "If-Match":
        # `*` asks only that the resource exists, which every operation on one does anyway. A weak
        # or foreign tag can match nothing (RFC 9110, 13.1.1); that is for the operation to find
        # out, since whatever else is wrong goes first (13.2.1).
        if text.strip() == "*":
            return None
        tag = _ETAG.fullmatch(text.strip())
        return int(tag[1]) if tag else _NO_VERSION
    return read_text(argument, text)
