"""Whether the arguments of an operation can be stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from strawberry.types.maybe import Some

from app.errors import FieldError, ValidationFailed

MAX_LEVELS = 60  # of lists and objects in one another
MAX_VALUES = 200_000  # of a request; a preview of the fullest profile has half of them


def refuse_unstorable(arguments: dict[str, Any]) -> None:
    """Raise ValidationFailed for texts that no database can hold (NUL, lone surrogates), and for
    values nested so deep, or so many of them, that no one can mean them."""
    if _storable(arguments):
        return
    found = [
        FieldError(path.removeprefix("input."), "invalid_text", "Holds a character no text can.")
        for path, text in _texts(arguments, "")
        if "\0" in text or not _is_unicode(text)
    ]
    if found:
        raise ValidationFailed(found)


def _storable(arguments: dict[str, Any]) -> bool:
    """Whether every text can be stored; looked at level by level, for this is on every request."""
    texts: list[str] = []
    level: list[Any] = [arguments]
    count = 0
    for _ in range(MAX_LEVELS):
        count += len(level)
        if count > MAX_VALUES:
            message = f"Has over {MAX_VALUES:,} values."
            raise ValidationFailed([FieldError("", "too_many", message)])
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                texts.append(value)
            elif isinstance(value, dict):
                texts.extend(map(str, value))
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, Some):
                below.append(value.value)
            elif dataclasses.is_dataclass(value):
                below.extend(getattr(value, name) for name in value.__dataclass_fields__)
        if not below:
            together = "".join(texts)
            return "\0" not in together and _is_unicode(together)
        level = below
    raise ValidationFailed([FieldError("", "too_deep", f"Has over {MAX_LEVELS} levels.")])


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            below = f"{path}.{key}" if path else str(key)
            yield from _texts(inner, below)
            if isinstance(key, str):
                yield below, key
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{path}[{index}]")
    elif isinstance(value, Some):
        yield from _texts(value.value, path)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name), f"{path}.{field.name}")


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
