"""The OpenAPI document as the reference pages show it: what their templates need, worked out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.web import prose
from rest_compat.fields import Field, Schemas
from rest_compat.reference_operation import Operation, OperationReader, credential_header

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class NamedType:
    """`steps`: how many links away from the tables of an operation it is first met."""

    name: str
    steps: int
    text: Markup
    fields: list[Field]
    values: list[str]

    @property
    def has_optional(self) -> bool:
        """Whether some fields may be absent, so that it is worth saying which may not."""
        return not all(field.required for field in self.fields)


@dataclass(frozen=True, slots=True)
class Group:
    """A tag: a page with its operations and every type that can be reached from them.

    `anchor` is its place in the overview.
    """

    id: str
    anchor: str
    name: str
    text: Markup
    operations: list[Operation]
    types: list[NamedType]


@dataclass(frozen=True, slots=True)
class Credential:
    id: str
    name: str
    header: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Failure:
    status: str
    codes: list[tuple[str, Markup]]


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything on the pages. `homes`: by name of a type, the id of the group to read it in."""

    title: str
    version: str
    summary: str
    server: str
    introduction: list[prose.Section]
    credentials: list[Credential]
    shared_parameters: list[tuple[str, Field]]
    failures: list[Failure]
    failure_body: list[Field]
    groups: list[Group]
    homes: dict[str, str]


def reference(document: dict[str, Any]) -> Reference:
    """The view of `document`, an OpenAPI 3.1 document of ours."""
    components = document["components"]
    schemas = Schemas(components["schemas"])
    groups = [_group(document, tag) for tag in document["tags"]]
    info = document["info"]
    return Reference(
        title=info["title"],
        version=info["version"],
        summary=info["summary"],
        server=document["servers"][0]["url"],
        introduction=prose.sections(info["description"]),
        credentials=[
            Credential(
                id=name,
                name=scheme["x-displayName"],
                header=credential_header(name, scheme),
                text=prose.inline(scheme["description"]),
            )
            for name, scheme in components["securitySchemes"].items()
        ],
        shared_parameters=[
            (key, schemas.parameter(one)) for key, one in components["parameters"].items()
        ],
        failures=[
            Failure(status, [(code, prose.inline(text)) for code, text in codes.items()])
            for status, codes in document["x-errors"].items()
        ],
        failure_body=schemas.fields({"$ref": "#/components/schemas/Error"}),
        groups=groups,
        homes=_homes(groups),
    )


def _group(document: dict[str, Any], tag: dict[str, str]) -> Group:
    schemas = Schemas(document["components"]["schemas"])
    reader = OperationReader(document, schemas)
    declared = [
        (path, method, item[method])
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item and tag["name"] in item[method]["tags"]
    ]
    # What is done with one of a collection stands after what is done with the collection.
    collections = list(dict.fromkeys(_collection(path) for path, _, _ in declared))
    declared.sort(key=lambda one: collections.index(_collection(one[0])))
    operations = [reader.operation(method, path, one) for path, method, one in declared]
    return Group(
        id=slug(tag["name"]),
        anchor=_anchor(document, slug(tag["name"])),
        name=tag["name"],
        text=prose.inline(tag["description"]),
        operations=operations,
        types=sorted(_named_types(schemas), key=lambda one: one.name),
    )


def _collection(path: str) -> str:
    return path.partition("/{")[0]


def _anchor(document: dict[str, Any], group: str) -> str:
    """The id of a group's heading: its own, unless an operation is called like it."""
    called = (one["operationId"] for item in document["paths"].values() for one in item.values())
    return f"{group}-operations" if group in called else group


def _named_types(schemas: Schemas) -> Iterator[NamedType]:
    """The types that tables link to; describing one may bring up further ones."""
    shown: set[str] = set()
    steps = 0
    while waiting := sorted(schemas.linked - shown):
        for name in waiting:
            schema = schemas.named[name]
            yield NamedType(
                name=name,
                steps=steps,
                text=prose.paragraphs(schema.get("description", "")),
                fields=schemas.fields(schema),
                values=schema.get("enum", []),
            )
        shown.update(waiting)
        steps += 1


def _homes(groups: list[Group]) -> dict[str, str]:
    """By name of a type, the group whose operations are nearest to it and fewest."""
    nearest: dict[str, tuple[int, int, str]] = {}
    for group in groups:
        for one in group.types:
            here = (one.steps, len(group.types), group.id)
            nearest[one.name] = min(here, nearest.get(one.name, here))
    return {name: home for name, (_, _, home) in sorted(nearest.items())}


def slug(text: str) -> str:
    """`Résumé jobs` as `resume-jobs`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
