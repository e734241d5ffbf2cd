"""`commands.json`: each operation as the command line knows it, from the walk over the schema.

Run it with: python -m app.cli.client.catalogue > app/cli/client/commands.json
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from app.cli.client import naming
from app.settings import Settings
from rest_compat.codec import WireOperation, wire_operations
from rest_compat.openapi import openapi

COMMANDS = Path(__file__).with_name("commands.json")

_MOST_COLUMNS = 6
_NO_COLUMNS = ("id", "version", "position", "updated_at", "account_id", "origin", "mode")


def catalogue() -> list[dict[str, Any]]:
    """Every command, in the order of `schema/root.py`."""
    document = openapi(Settings())
    return [
        _Described(wire, document).command()
        for wire in wire_operations()
        if wire.name not in naming.NOT_FOR_OWNERS
    ]


def printed() -> str:
    """The file: a line a command, so that changes to it can be read."""
    lines = ",\n".join(json.dumps(command, ensure_ascii=False) for command in catalogue())
    return f"[\n{lines}\n]\n"


class _Described:
    """One operation beside its description in the OpenAPI document."""

    def __init__(self, wire: WireOperation, document: dict[str, Any]) -> None:
        self._wire = wire
        self._schemas = document["components"]["schemas"]
        self._item = document["paths"][wire.rest.path]
        self._operation = self._item[wire.rest.method.value.lower()]

    def command(self) -> dict[str, Any]:
        wire, rest = self._wire, self._wire.rest
        method, answer = rest.method.value, self._answer()
        items = self._items(answer)
        words = naming.words_of(wire.name, method, rest.path, is_list=items is not None)
        named = [p["$ref"].rpartition("/")[2] for p in self._operation["parameters"] if "$ref" in p]
        # Over REST a row is replaced; here what is not named stays.
        is_replacing = method == "PUT" and rest.path.endswith("}") and "get" in self._item
        said: dict[str, Any] = {
            "words": [] if wire.name in naming.BY_HAND else list(words),
            "operation": wire.name,
            "method": method,
            "path": rest.path,
            "summary": naming.CHANGING.partition(".")[0]
            if is_replacing
            else self._operation["summary"],
            "help": naming.CHANGING if is_replacing else self._operation["description"],
            "parameters": self._placed([*self._parameters(), *self._body()]),
        }
        flags = {
            "is_public": not wire.operation.requires.credentials,
            "takes_key": "IdempotencyKey" in named,
            "takes_version": "IfMatch" in named,
            "takes_form": bool(wire.parts),
            "is_document": wire.lone_input is not None and wire.lone_input.is_body,
            "is_file": rest.produces != "application/json",
            "is_replacing": is_replacing,
            "is_destructive": (method == "DELETE" and wire.name not in naming.HARMLESS)
            or wire.name in naming.DESTRUCTIVE,
        }
        said.update({name: True for name, is_set in flags.items() if is_set})
        if items is not None:
            said["items"], said["columns"] = items
        return said

    def _parameters(self) -> list[dict[str, Any]]:
        return [
            _parameter(p["name"], p["in"], p["schema"], p["description"], p["required"], self)
            for p in self._operation["parameters"]
            if "$ref" not in p
        ]

    def _placed(self, parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for parameter in parameters:
            if parameter["name"] in naming.POSITIONAL.get(self._wire.name, ()):
                parameter["is_positional"] = True
        return parameters

    def _body(self) -> list[dict[str, Any]]:
        content = self._operation.get("requestBody", {}).get("content", {})
        schema: dict[str, Any] = {}
        for media in ("application/json", "multipart/form-data"):
            found = self.resolved(content.get(media, {}).get("schema", {}))
            schema = schema if "properties" in schema and "properties" not in found else found
        required = schema.get("required", ())
        parts: list[dict[str, Any]] = []
        for name, one in schema.get("properties", {}).items():
            place = "file" if self.resolved(one).get("format") == "binary" else "body"
            if one:  # one without a schema is an answer's, taken and passed over
                text = one.get("description", "")
                parts.append(_parameter(name, place, one, text, name in required, self))
        for parameter in parts:
            if parameter["name"] in naming.SECRETS and parameter.get("type", "string") == "string":
                parameter["is_secret"] = True
        return parts

    def _answer(self) -> dict[str, Any]:
        answer = self._operation["responses"].get(str(self._wire.rest.status), {})
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        return self.resolved(schema)

    def _items(self, answer: dict[str, Any]) -> tuple[str, list[str]] | None:
        """The name of the list that an answer is about, and what of its items a table shows."""
        arrays = {
            name: self.resolved(self.resolved(one).get("items", {}))
            for name, one in answer.get("properties", {}).items()
            if self.resolved(one).get("type") == "array"
        }
        # Warnings come beside what an answer is about.
        arrays = {n: item for n, item in arrays.items() if "properties" in item and n != "warnings"}
        is_page = "items" in arrays or "next_cursor" in answer.get("properties", {})
        others = set(answer.get("properties", {})) - {"ok", "request_id", "warnings", "next_cursor"}
        if not arrays or not (is_page or len(others) == 1):
            return None
        name = "items" if "items" in arrays else next(iter(arrays))
        chosen = naming.COLUMNS.get(self._wire.name)
        if chosen is None:
            return name, self._columns(arrays[name])
        assert set(chosen) <= set(arrays[name]["properties"]), chosen
        return name, list(chosen)

    def _columns(self, item: dict[str, Any]) -> list[str]:
        found = []
        for name, one in item["properties"].items():
            kind = _kind(self.resolved(one))
            if kind in ("string", "integer", "number", "boolean") and name not in _NO_COLUMNS:
                found.append(name)
        # What an entry says comes before when it was made.
        found.sort(key=lambda name: name == "created_at")
        return found[:_MOST_COLUMNS]

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A schema without reference, and without null."""
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        for one in schema.get("anyOf", ()):
            if one != {"type": "null"}:
                return {**self.resolved(one), "is_nullable": True}
        return schema


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "string" if "enum" in schema else "object")
    if isinstance(kind, list):
        kind = next(name for name in kind if name != "null")
    return cast("str", kind)


def _parameter(
    name: str, place: str, schema: dict[str, Any], text: str, required: bool, known: _Described
) -> dict[str, Any]:
    full = known.resolved(schema)
    kind = _kind(full)
    said: dict[str, Any] = {"name": name, "in": place, "text": " ".join(text.split())}
    if kind != "string":
        said["type"] = kind
    if kind == "array":
        item = known.resolved(full.get("items", {}))
        said["item"], choices = _kind(item), item.get("enum")
    else:
        choices = full.get("enum")
    if choices:
        said["choices"] = [choice for choice in choices if choice is not None]
    if required:
        said["required"] = True
    is_null = isinstance(full.get("type"), list) or full.get("is_nullable", False)
    if is_null and place == "body":
        said["is_nullable"] = True
    return said


if __name__ == "__main__":
    print(printed(), end="")
