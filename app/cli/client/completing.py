"""What a shell offers for an id or a name that the server knows, asked once and briefly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import click
from click.shell_completion import CompletionItem

from app.cli.client.api import Api
from app.cli.client.failures import Failure
from app.cli.client.text import cell

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_ENTRY = re.compile(r"(/[^{}]+)/\{\w+_id\}(/.*)?")
_SECONDS = 2.0
_MOST = 50
_LONGEST_HELP = 50
_TITLES = ("name", "title", "company", "institution", "template", "status", "summary", "action")

# Options whose values another operation lists: its path, the list in it, and what names each.
_LISTED = {
    "template": ("/v1/resume/templates", "templates", "name"),
    "theme_id": ("/v1/me/theme", "catalog", "id"),
}


def numbers(described: dict[str, Any]) -> Complete | None:
    """Completes the entry that a path ends with, by its number in the list or by its id."""
    collection = _ENTRY.fullmatch(described["path"])
    if collection is None:
        return None
    path = collection[1]

    def complete(
        context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        found = []
        for number, item in enumerate(_items(context, path, "items"), 1):
            titles = [cell(item[name]) for name in _TITLES if item.get(name)]
            about = ", ".join(titles)[:_LONGEST_HELP]
            # Whoever has begun an id goes on with that.
            name = str(item.get("id")) if len(incomplete) > 1 else str(number)
            if name.startswith(incomplete):
                found.append(CompletionItem(name, help=about))
        return found

    return complete


def listed(name: str) -> Complete | None:
    """Completes an option whose values the server lists."""
    if name not in _LISTED:
        return None
    path, items, key = _LISTED[name]

    def complete(
        context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        names = [str(item.get(key)) for item in _items(context, path, items)]
        return [CompletionItem(one) for one in names if one.startswith(incomplete)]

    return complete


def _items(context: click.Context, path: str, name: str) -> Iterator[dict[str, Any]]:
    """What the server lists, and nothing where that can't be known now."""
    try:
        api = Api.of_environment(context.params.get("url"))
        api.tries = 1
        answer = api.json("GET", path, seconds=_SECONDS)
    except Failure:
        return
    found = answer.get(name) if isinstance(answer, dict) else None
    if isinstance(found, list):
        yield from (item for item in found[:_MOST] if isinstance(item, dict))
