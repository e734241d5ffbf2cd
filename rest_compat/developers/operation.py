"""One operation of the OpenAPI document as its page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.web import prose
from rest_compat.codec import WireOperation
from rest_compat.developers import samples
from rest_compat.developers.graphql_sample import GraphQLSample, graphql_sample
from rest_compat.developers.literals import pretty
from rest_compat.developers.plans import PlanNeed, plan_need
from rest_compat.developers.request import ExampleRequest, example_request, is_file
from rest_compat.fields import Field, Schemas
from rest_compat.openapi import scope_note

_MOST_ROWS = 60  # of the types on one page; further ones are on pages of their own
# Headers that the guides tell of once, by how they begin.
_ON_EVERY_ANSWER = ("x-", "RateLimit")


@dataclass(frozen=True, slots=True)
class NamedType:
    """`parents`: the names of the types it links to have been gathered where it was read."""

    name: str
    text: Markup
    fields: list[Field]
    values: list[str]

    @property
    def has_optional(self) -> bool:
        """Whether some fields may be absent, so that it is worth saying which may not."""
        return not all(field.required for field in self.fields)


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: `fields` is empty where there is no JSON, or the same as in the answer before."""

    status: str
    text: Markup
    media_type: str
    headers: list[str]
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Operation:
    """`samples`: by language, in the order they are shown in. `types`: those that its tables
    link to, nearest first, as far as a page holds them."""

    id: str
    method: str
    path: str
    title: Markup
    text: Markup
    deprecated: bool
    credentials: list[str]
    credentials_optional: bool
    scope: str | None
    plan: PlanNeed | None
    parameters: list[Field]
    shared_parameters: list[tuple[str, str]]
    body: list[Field]
    body_required: bool
    answers: list[Answer]
    errors: list[tuple[str, list[str]]]
    types: list[NamedType]
    request: ExampleRequest
    samples: dict[str, str]
    graphql: GraphQLSample | None
    body_file: tuple[str, str] | None


def named_type(schemas: Schemas, name: str) -> NamedType:
    """A schema of the document as a table."""
    schema = schemas.named[name]
    return NamedType(
        name=name,
        text=prose.paragraphs(schema.get("description", "")),
        fields=schemas.fields(schema),
        values=schema.get("enum", []),
    )


class OperationReader:
    """Reads operations of one document. `wires`: those that GraphQL has too, by name."""

    def __init__(self, document: dict[str, Any], wires: dict[str, WireOperation]) -> None:
        self._document = document
        self._wires = wires
        self._components = document["components"]

    def operation(self, method: str, path: str, declared: dict[str, Any]) -> Operation:
        schemas = Schemas(self._components["schemas"])
        own = [p for p in declared["parameters"] if "$ref" not in p]
        shared = [_last(p["$ref"]) for p in declared["parameters"] if "$ref" in p]
        schema = _body(declared)
        request = example_request(self._document, method, path, declared)
        wire = self._wires.get(declared["operationId"])
        parameters = [schemas.parameter(p) for p in own]
        body = schemas.fields(schema) if schema else []
        answers = list(_answers(declared["responses"], schemas))
        return Operation(
            id=declared["operationId"],
            method=method.upper(),
            path=path,
            title=prose.inline(declared["summary"]),
            text=prose.paragraphs(_beyond_summary(declared)),
            deprecated=declared.get("deprecated", False),
            credentials=[name for need in declared["security"] for name in need],
            credentials_optional={} in declared["security"],
            scope=declared.get("x-scope"),
            plan=plan_need(declared["operationId"]),
            parameters=parameters,
            shared_parameters=[
                (key, self._components["parameters"][key]["name"]) for key in shared
            ],
            body=body,
            body_required=declared.get("requestBody", {}).get("required", False),
            answers=answers,
            errors=self._errors(declared["responses"]),
            types=list(_types(schemas)),
            request=request,
            samples={
                "curl": samples.curl(request),
                "Python": samples.python(request),
                "JavaScript": samples.javascript(request),
            },
            graphql=graphql_sample(wire) if wire else None,
            body_file=(request.body_file, pretty(request.body)) if request.body_file else None,
        )

    def _errors(self, responses: dict[str, Any]) -> list[tuple[str, list[str]]]:
        return [
            (status, list(self._document["x-errors"][status]))
            for status, response in sorted(responses.items())
            if "$ref" in response and status in self._document["x-errors"]
        ]


def _types(schemas: Schemas) -> Iterator[NamedType]:
    """The types that tables link to; describing one may bring up further ones."""
    shown: set[str] = set()
    rows = 0
    while waiting := sorted(schemas.linked - shown):
        for name in waiting:
            shown.add(name)
            rows += len(schemas.named[name].get("properties", {})) + 2
            if rows <= _MOST_ROWS:
                yield named_type(schemas, name)


def _body(declared: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of a body, as a form where it may be one."""
    content = declared.get("requestBody", {}).get("content", {})
    for media_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        if media_type in content:
            form: dict[str, Any] = content[media_type]["schema"]
            return form
    schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
    return schema


def _answers(responses: dict[str, Any], schemas: Schemas) -> Iterator[Answer]:
    shown: list[Any] = []
    for status, response in responses.items():
        if "$ref" in response or status >= "400":
            continue
        contents: dict[str, Any] = response.get("content", {})
        media_type = next(iter(contents), "")
        schema = contents[media_type]["schema"] if media_type else None
        fresh = media_type == "application/json" and schema not in shown
        shown.append(schema)
        headers = response.get("headers", {})
        yield Answer(
            status=status,
            text=prose.inline(response["description"]),
            media_type=", ".join(contents),
            headers=[name for name in headers if not name.startswith(_ON_EVERY_ANSWER)],
            fields=schemas.fields(schema) if schema and fresh and not is_file(schema) else [],
        )


def _beyond_summary(declared: dict[str, Any]) -> str:
    """What a description says that the title and the scope beside it do not."""
    text: str = declared["description"].removeprefix(declared["summary"]).lstrip(". \n")
    return text.removesuffix(scope_note(declared["x-scope"])) if "x-scope" in declared else text


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]
