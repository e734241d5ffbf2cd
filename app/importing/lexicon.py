"""The importer's language data: tables of words beside the code, each read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"


@cache
def table(topic: str) -> dict[str, Any]:
    """The data file of a topic, as it is written."""
    return tomllib.loads((_FOLDER / f"{topic}.toml").read_text("utf-8"))


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
