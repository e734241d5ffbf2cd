"""The operations of the API as `commands.json` has them, and how one is called."""

from __future__ import annotations

import functools
import json
import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.client.api import Api, decoded, new_key
from app.cli.client.failures import Exit, Failure

_FILE = Path(__file__).with_name("commands.json")
_PARAMETER = re.compile(r"\{(\w+)\}")
_MOST_DIGITS = 4
_PAGE = 100


@functools.cache
def all_operations() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_FILE.read_bytes())
    return found


@functools.cache
def by_words() -> dict[tuple[str, ...], dict[str, Any]]:
    """Those with a command of their own, by its words."""
    return {tuple(one["words"]): one for one in all_operations() if one["words"]}


def operation(name: str) -> dict[str, Any]:
    return next(one for one in all_operations() if one["operation"] == name)


@dataclass(frozen=True, slots=True)
class Request:
    """One call of an operation."""

    described: dict[str, Any]
    path: dict[str, str]
    query: dict[str, Any]
    headers: dict[str, str]
    body: Any = None
    content: tuple[str, bytes] | None = None

    def answered_by(self, api: Api) -> bytes:
        """The bytes of the answer; raises Failure."""
        return api.content(*self.target(), **self.more())

    def target(self) -> tuple[str, str]:
        return self.described["method"], filled(self.described["path"], self.path)

    def more(self) -> dict[str, Any]:
        """The rest of what `Api.request` takes."""
        return {
            "query": {name: _text(value) for name, value in self.query.items()},
            "headers": self.headers,
            "body": self.body,
            "content": self.content,
            "key": new_key() if self.described.get("takes_key") else None,
            "is_public": bool(self.described.get("is_public")),
        }


def filled(template: str, values: dict[str, str]) -> str:
    """A path with its parameters, each one segment."""
    return _PARAMETER.sub(lambda found: urllib.parse.quote(values[found[1]], safe=""), template)


def identified(api: Api, described: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    """Ids for what is named by its number in the list, counted from 1; raises Failure.

    What is no number of at most four digits is an id already.
    """
    names = _PARAMETER.findall(described["path"])
    found = dict(values)
    for name in names:
        text = found[name]
        if name.endswith("_id") and text.isdecimal() and len(text) <= _MOST_DIGITS:
            collection = described["path"].partition("/{" + name)[0]
            found[name] = numbered(api, filled(collection, found), int(text))["id"]
    return found


def numbered(api: Api, path: str, number: int) -> dict[str, Any]:
    """The entry of that number in the list at `path`; raises Failure."""
    seen = 0
    for page in pages(api, path, {"limit": _PAGE}):
        if 0 < number <= seen + len(page["items"]):
            entry: dict[str, Any] = page["items"][number - seen - 1]
            return entry
        seen += len(page["items"])
    raise Failure(f"There is no number {number}: the list has {seen}.", Exit.NOT_FOUND)


def pages(api: Api, path: str, query: dict[str, Any]) -> Any:
    """Each page of a list."""
    asked = dict(query)
    while True:
        page = api.json("GET", path, query=asked)
        if not isinstance(page, dict) or not isinstance(page.get("items"), list):
            raise Failure("The answer is not one of a Vitae server.")
        yield page
        if not page.get("next_cursor"):
            return
        asked["cursor"] = page["next_cursor"]


def entity(api: Api, path: str) -> tuple[dict[str, Any], str | None]:
    """What is at `path`, and the version of it that a change may be bound to; raises Failure."""
    answer = api.request("GET", path)
    return decoded(answer.read()), answer.headers.get("ETag")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)
