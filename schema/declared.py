"""What types can't say of arguments and input fields, and what is declared beside them instead.

Limits stand in the metadata of a Strawberry field or argument under `schema`, in JSON Schema's
words, with which they are also printed. Lists are held to theirs before they are coerced: that
takes a hundred times longer than to look how long they are.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

import strawberry
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull
from strawberry.types.base import StrawberryMaybe, StrawberryOptional

from app.cv.bounds import FINDINGS
from app.errors import FieldError, ValidationFailed

MOST_ITEMS = 1_000  # of a list that declares no limit
MOST_LISTED = 50_000  # items of all lists of a request
MOST_OBJECTS = 2_000  # of those that are objects, which cost the most

Keys = list[str | int]
_ANNOTATION = type(strawberry.argument())


def limits(declared: Any) -> dict[str, Any]:
    """The limits of a GraphQL argument or input field."""
    definition = (declared.extensions or {}).get("strawberry-definition")
    found: dict[str, Any] = getattr(definition, "metadata", {}).get("schema", {})
    return found


def never_null(declared: Any) -> bool:
    """Whether an input field may be absent but not null, which GraphQL's types can't say."""
    type_ = getattr((declared.extensions or {}).get("strawberry-definition"), "type", None)
    return isinstance(type_, StrawberryMaybe) and not isinstance(type_.of_type, StrawberryOptional)


def is_computed(declared: Any) -> bool:
    """Whether a field of a type is GraphQL's alone: computed only where a document asks for it."""
    definition = (declared.extensions or {}).get("strawberry-definition")
    return getattr(definition, "base_resolver", None) is not None


def nullable(type_: Any) -> Any:
    """`T` of `T!`."""
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def path_text(keys: Keys) -> str:
    """`["sections", 0, "title"]` as `sections[0].title`."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


class Findings:
    """What is wrong with the values of a request, up to as many things as an answer lists.

    `body`: the argument that is a body itself, so that paths in it begin below it.
    """

    class Enough(Exception):
        """There is more, and nobody will be told of it."""

    def __init__(self, body: str | None = None) -> None:
        self.errors: list[FieldError] = []
        self._body = body

    def add(self, keys: Keys, code: str, message: str) -> None:
        """Note something; raises Enough after the last that is listed."""
        if len(self.errors) == FINDINGS:
            more = f"More is wrong than these {FINDINGS}."
            self.errors.append(FieldError("", "more_errors", more))
            raise Findings.Enough
        shown = keys[1:] if keys and keys[0] == self._body else keys
        self.errors.append(FieldError(path_text(shown), code, message))


@dataclass(slots=True)
class Lists:
    """The lists of one request, counted: what stands in them, and what is wrong with them."""

    findings: Findings
    items: int = 0
    objects: int = 0

    def count(self, keys: Keys, items: int, *, of_objects: bool) -> None:
        self.items += items
        self.objects += items if of_objects else 0
        if self.items > MOST_LISTED or self.objects > MOST_OBJECTS:
            message = "Here are more entries than a request may have."
            self.findings.add(keys, "too_many", message)
            raise Findings.Enough


Check = Callable[[Any, Keys, Lists], None]


def list_check(type_: Any, declared: dict[str, Any]) -> Check | None:
    """What looks at the lists in a value of an input type; None where it can have none.

    Raises Findings.Enough. A list that is too long is not looked into.
    """
    named = nullable(type_)
    if isinstance(named, GraphQLInputObjectType):
        return _object_check(named)
    if not isinstance(named, GraphQLList):
        return None
    most = declared.get("maxItems", MOST_ITEMS)
    each = list_check(named.of_type, {})
    of_objects = isinstance(nullable(named.of_type), GraphQLInputObjectType)

    def check(value: Any, keys: Keys, lists: Lists) -> None:
        items = value if isinstance(value, list) else [value]  # as GraphQL takes it
        if len(items) > most:
            lists.findings.add(keys, "too_many", f"May have {most:,} entries.")
            return
        lists.count(keys, len(items), of_objects=of_objects)
        if each is not None:
            for index, item in enumerate(items):
                each(item, [*keys, index], lists)

    return check


def _object_check(type_: GraphQLInputObjectType) -> Check | None:
    inner = {
        name: found
        for name, declared in type_.fields.items()
        if (found := list_check(declared.type, limits(declared))) is not None
    }

    def check(value: Any, keys: Keys, lists: Lists) -> None:
        if isinstance(value, dict):
            for name, look in inner.items():
                if name in value:
                    look(value[name], [*keys, name], lists)

    return check if inner else None


class ArgumentLimits:
    """The `maxLength` and `maxItems` of a resolver's own arguments, held on every surface."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._most: dict[str, tuple[type, int, str]] = {}
        hints = get_type_hints(function, include_extras=True)
        for name in inspect.signature(function).parameters:
            for note in get_args(hints.get(name))[1:]:
                if isinstance(note, _ANNOTATION):
                    self._declare(name, (note.metadata or {}).get("schema", {}))

    def _declare(self, name: str, declared: dict[str, Any]) -> None:
        if "maxLength" in declared:
            self._most[name] = (str, declared["maxLength"], "characters")
        if "maxItems" in declared:
            self._most[name] = (list, declared["maxItems"], "entries")

    def check(self, arguments: dict[str, Any]) -> None:
        """Raise ValidationFailed for what is longer than it is declared to be."""
        for name, (kind, most, what) in self._most.items():
            value = arguments.get(name)
            if isinstance(value, kind) and len(value) > most:  # type: ignore[arg-type]
                code = "too_long" if kind is str else "too_many"
                raise ValidationFailed([FieldError(name, code, f"May have {most:,} {what}.")])
