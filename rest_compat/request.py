"""The arguments of an operation from the parts of a request: path, query, headers, body."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import orjson
from starlette.types import Scope

from app import http, multipart
from app.errors import (
    FieldError,
    MalformedJSON,
    PayloadTooLarge,
    PreconditionFailed,
    UnsupportedMediaType,
    ValidationFailed,
)
from rest_compat.codec import Argument, WireOperation, read_text
from schema.declared import Findings
from schema.types.upload import Upload

_ETAG = re.compile(r'"(\d{1,9})(?:-[a-z]+)?"')  # the plan, if it names one, changes by itself
_CONDITIONAL = ("PUT", "PATCH", "DELETE")
_NO_VERSION = 0  # versions begin at 1


def json_body(scope: Scope, body: bytes, *, or_form: bool = False) -> Any:
    """`body` as JSON; raises UnsupportedMediaType or MalformedJSON saying where.

    `or_form`: a form would have been taken too.
    """
    media = (http.header(scope, b"content-type") or b"").decode("latin-1")
    kind = media.partition(";")[0].strip().lower()
    if kind != "application/json" and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        message = "Send the body as multipart/form-data or application/json." if or_form else None
        raise UnsupportedMediaType(message, content_type=kind)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedJSON(
            f"The body is not valid JSON: {error.msg}.", line=error.lineno, column=error.colno
        ) from None


def arguments(wire: WireOperation, scope: Scope, body: bytes) -> dict[str, Any]:
    """Python arguments of the operation from path, query, headers and body.

    Raises ValidationFailed naming every place, MalformedJSON, UnsupportedMediaType, and
    PreconditionFailed where a version is asked for of what has none.
    """
    _refuse_vain_condition(wire, scope)
    if not wire.arguments:
        _from_query({}, scope["query_string"])
        return {}
    in_path: dict[str, str] = scope["path_params"]
    values: dict[str, Any] = {
        name: read_text(wire.arguments[name], text) for name, text in in_path.items()
    }
    for argument in wire.arguments.values():
        if argument.header:
            text = http.header(scope, argument.header.lower().encode())
            if text is not None:
                values[argument.name] = _header_value(argument, text.decode("latin-1"))
    if wire.takes_body:
        values.update(_from_body(wire, scope, body))
    values.update(
        _from_query({} if wire.takes_body else wire.open_arguments, scope["query_string"])
    )
    try:
        return wire.decode(values)
    except ValidationFailed as error:
        raise ValidationFailed([_as_sent(wire, one) for one in error.fields]) from None


def _as_sent(wire: WireOperation, error: FieldError) -> FieldError:
    """`error` with the name of the header for that of an argument which comes from one."""
    argument = wire.arguments.get(error.path)
    if argument is None or not argument.header:
        return error
    return dataclasses.replace(error, path=argument.header)


def _refuse_vain_condition(wire: WireOperation, scope: Scope) -> None:
    """A condition that can't be met must not be passed over (RFC 9110, 13.1.1)."""
    condition = http.header(scope, b"if-match")
    if condition is None or condition.strip() == b"*" or scope["method"] not in _CONDITIONAL:
        return
    if all(argument.header != "If-Match" for argument in wire.arguments.values()):
        raise PreconditionFailed("What this changes has no version of its own; leave If-Match out.")


def _from_body(wire: WireOperation, scope: Scope, body: bytes) -> dict[str, Any]:
    if not body and not any(argument.required for argument in wire.open_arguments.values()):
        return {}
    if wire.parts and multipart.is_multipart(http.header(scope, b"content-type")):
        return _from_parts(wire.parts, scope, body)
    value = json_body(scope, body, or_form=bool(wire.parts))
    if wire.lone_input is not None:
        if len(body) > wire.rest.max_body:
            raise PayloadTooLarge(limit_bytes=wire.rest.max_body)
        return {wire.lone_input.name: value}
    if not isinstance(value, dict):
        raise ValidationFailed([FieldError("", "wrong_type", "The body must be an object.")])
    _refuse_unknown(value, wire.open_arguments)
    return value


def _from_parts(names: dict[str, Argument], scope: Scope, body: bytes) -> dict[str, Any]:
    parts = multipart.read_parts(http.header(scope, b"content-type"), body)
    _refuse_unknown([part.name for part in parts], names)
    _refuse_doubled([part.name for part in parts])
    return {part.name: _part_value(names[part.name], part) for part in parts}


def _part_value(argument: Argument, part: multipart.Part) -> Any:
    if argument.is_upload:
        return Upload(part.data, part.filename, part.media_type)
    try:
        return read_text(argument, part.data.decode())
    except UnicodeDecodeError:
        raise ValidationFailed([FieldError(part.name, "wrong_type", "Must be a text.")]) from None


def _from_query(names: dict[str, Argument], query: bytes) -> dict[str, Any]:
    if not query:
        return {}
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    _refuse_unknown([name for name, _ in pairs], names)
    _refuse_doubled([name for name, _ in pairs])
    return {name: read_text(names[name], text) for name, text in pairs}


def _refuse_doubled(given: list[str]) -> None:
    doubled = [name for name, times in Counter(given).items() if times > 1]
    if doubled:
        _refuse(sorted(doubled), "doubled", "Is given twice.")


def _refuse_unknown(given: Iterable[str], names: dict[str, Argument]) -> None:
    if unknown := [name for name in dict.fromkeys(given) if name not in names]:
        _refuse(unknown, "unknown_field", "There is no such parameter.")


def _refuse(names: list[str], code: str, message: str) -> NoReturn:
    findings = Findings()
    with contextlib.suppress(Findings.Enough):
        for name in names:
            findings.add([name], code, message)
    raise ValidationFailed(findings.errors)


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
