"""The OpenAPI document as the pages show it: its tags, its operations and its types."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from app.web import prose
from rest_compat.codec import wire_operations
from rest_compat.developers.operation import NamedType, Operation, OperationReader, named_type
from rest_compat.developers.request import secret_of
from rest_compat.fields import Field, Schemas

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation in a list of them."""

    id: str
    method: str
    path: str
    title: Markup
    credentials: list[str]
    scope: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A tag. `anchor` is its place in the overview."""

    id: str
    anchor: str
    name: str
    text: Markup
    operations: list[Entry]


@dataclass(frozen=True, slots=True)
class Credential:
    id: str
    name: str
    header: str
    text: Markup


class Reference:
    """What is on the pages, each part worked out when it is first asked for."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        info = document["info"]
        self.title: str = info["title"]
        self.version: str = info["version"]
        self.summary: str = info["summary"]
        self.server: str = document["servers"][0]["url"]
        self._schemas = Schemas(document["components"]["schemas"])
        self.type_names = sorted(document["components"]["schemas"])

    @cached_property
    def groups(self) -> list[Group]:
        return [self._group(tag) for tag in self._document["tags"]]

    @cached_property
    def credentials(self) -> list[Credential]:
        schemes = self._document["components"]["securitySchemes"]
        return [
            Credential(
                id=name,
                name=scheme["x-displayName"],
                header="{0.header}: {0.start}${0.variable}".format(secret_of(name, scheme)),
                text=prose.inline(scheme["description"]),
            )
            for name, scheme in schemes.items()
        ]

    @cached_property
    def shared_parameters(self) -> list[tuple[str, Field]]:
        parameters = self._document["components"]["parameters"]
        return [(key, self._schemas.parameter(one)) for key, one in parameters.items()]

    def operation(self, name: str) -> Operation:
        """One operation with all that is told of it."""
        method, path, declared = self._declared[name]
        return self._reader.operation(method, path, declared)

    def group_of(self, name: str) -> Group:
        """The tag that an operation has."""
        tag = self._declared[name][2]["tags"][0]
        return next(group for group in self.groups if group.name == tag)

    def type(self, name: str) -> NamedType:
        return named_type(self._schemas, name)

    @cached_property
    def _reader(self) -> OperationReader:
        return OperationReader(self._document, {wire.name: wire for wire in wire_operations()})

    @cached_property
    def _declared(self) -> dict[str, tuple[str, str, dict[str, Any]]]:
        return {
            item[method]["operationId"]: (method, path, item[method])
            for path, item in self._document["paths"].items()
            for method in _METHODS
            if method in item
        }

    def _group(self, tag: dict[str, str]) -> Group:
        declared = [one for one in self._declared.values() if tag["name"] in one[2]["tags"]]
        # What is done with one of a collection stands after what is done with the collection.
        collections = list(dict.fromkeys(_collection(path) for _, path, _ in declared))
        declared.sort(key=lambda one: collections.index(_collection(one[1])))
        identity = slug(tag["name"])
        return Group(
            id=identity,
            anchor=f"{identity}-operations" if identity in self._declared else identity,
            name=tag["name"],
            text=prose.inline(tag["description"]),
            operations=[
                Entry(
                    id=one["operationId"],
                    method=method.upper(),
                    path=path,
                    title=prose.inline(one["summary"]),
                    credentials=[name for need in one["security"] for name in need],
                    scope=one.get("x-scope"),
                )
                for method, path, one in declared
            ],
        )


def _collection(path: str) -> str:
    return path.partition("/{")[0]


def slug(text: str) -> str:
    """`Résumé jobs` as `resume-jobs`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
