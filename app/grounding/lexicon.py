"""The words beside the code, each table read once."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.importing.folding import fold


@cache
def tables() -> dict[str, Any]:
    """The data file, as it is written."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


def languages() -> dict[str, dict[str, Any]]:
    """The tables of the languages."""
    return {
        name: table for name, table in tables().items() if "units" in table and "marks" in table
    }


def spellings(text: str) -> list[str]:
    """The spellings that a text names between commas, folded."""
    return [fold(part.strip()) for part in text.split(",") if part.strip()]


def by_spelling(table: dict[str, str]) -> dict[str, str]:
    """What each spelling of a table means."""
    return {word: meaning for meaning, text in table.items() for word in spellings(text)}


@cache
def scales() -> dict[str, Decimal]:
    """Words after a figure that multiply it."""
    table = by_spelling(tables()["figures"]["scales"])
    return {word: Decimal(value) for word, value in table.items()}


@cache
def glued() -> dict[str, Decimal]:
    """Letters that multiply the figure they are glued to, in their own case."""
    return {
        word.strip(): Decimal(value)
        for value, text in tables()["figures"]["glued"].items()
        for word in text.split(",")
    }


@cache
def units() -> dict[str, str]:
    """Words after a figure that say of what it is one."""
    return by_spelling(tables()["units"])


@cache
def currencies() -> dict[str, str]:
    """Signs and words of money."""
    return by_spelling(tables()["currencies"])


@cache
def phrases(key: str) -> tuple[str, ...]:
    """Phrases about figures, the longest first."""
    return tuple(sorted(spellings(tables()["figures"][key]), key=len, reverse=True))
