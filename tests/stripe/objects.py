"""Stripe's objects, as its published OpenAPI document says that they look (`openapi.json`)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

_DOCUMENT: dict[str, Any] = json.loads(Path(__file__).with_name("openapi.json").read_text())
_DEFS: dict[str, Any] = _DOCUMENT["$defs"]


def blank(name: str, **fields: Any) -> dict[str, Any]:
    """An object with every property that Stripe always sends: null, empty or zero unless given."""
    schema = _DEFS[name]
    made = {
        key: _blank_value(inner)
        for key, inner in schema["properties"].items()
        if key in schema.get("required", ()) or _may_be_null(inner)
    }
    unknown = fields.keys() - schema["properties"].keys()
    assert not unknown, f"Stripe's {name} has no {unknown}"
    return {**made, **fields}


def check(name: str, value: Any) -> None:
    """Assert that `value` is a `name` as Stripe would send it."""
    errors = sorted(_validator(name).iter_errors(value), key=str)
    assert not errors, f"{name}: {errors[0].json_path}: {errors[0].message[:300]}"


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": _DEFS})


def _may_be_null(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type")
    options = schema.get("anyOf", [])
    return (
        (isinstance(kinds, list) and "null" in kinds)
        or None in schema.get("enum", ())
        or {"type": "null"} in options
    )


def _blank_value(schema: dict[str, Any]) -> Any:
    if _may_be_null(schema):
        return None
    if "$ref" in schema:
        return blank(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return _blank_value(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    empty: dict[str, Any] = {
        "string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "object": {},
    }  # fmt: skip
    return empty[schema["type"]]
