"""The importer's language data: tables of words beside the code, each read once.

What our own résumés are set in (`app/cv/locales.toml`) belongs to it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from app.cv import locales

_FOLDER = Path(__file__).parent / "data"


@cache
def table(topic: str) -> dict[str, Any]:
    """The data file of a topic, and behind it the words of that topic that we set ourselves."""
    tables = tomllib.loads((_FOLDER / f"{topic}.toml").read_text("utf-8"))
    if topic in _OURS:
        for words in locales.every():
            _add(tables.setdefault(words.name, {}), _OURS[topic](words))
    return tables


def _headings(words: locales.Words) -> dict[str, Any]:
    return dict(words.headings)


def _dates(words: locales.Words) -> dict[str, Any]:
    months = [month.rstrip(".") for month in words.months]
    return {"present": words.present} | ({"months": months} if months else {})


_OURS: dict[str, Callable[[locales.Words], dict[str, Any]]] = {
    "headings": _headings,
    "dates": _dates,
}


def _add(table: dict[str, Any], more: dict[str, Any]) -> None:
    """Put phrases behind those that there are."""
    for key, value in more.items():
        before = table.get(key)
        if isinstance(value, list) and before:
            table[key] = [f"{one}, {other}" for one, other in zip(before, value, strict=True)]
        else:
            table[key] = f"{before}, {value}" if before else value


def phrases(topic: str, key: str) -> Iterator[str]:
    """The phrases below `key` in every language of a topic.

    A file has one table a language, in which a key holds a list of phrases or one text of phrases
    parted by commas.
    """
    for language in table(topic).values():
        value = language.get(key, ())
        if isinstance(value, str):
            value = (part.strip() for part in value.split(","))
        yield from (phrase for phrase in value if phrase)
