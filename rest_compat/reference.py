"""The OpenAPI document as the reference page shows it: what its template needs, worked out."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from markupsafe import Markup

from app.web import prose
from rest_compat.codec import filled
from rest_compat.fields import Field, Schemas
from rest_compat.openapi import scope_note

_METHODS = ("get", "post", "put", "patch", "delete")
_SHORT_BODY = 700  # characters that a shell line may hold and still be read


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
    id: str
    method: str
    path: str
    title: str
    text: Markup
    credentials: list[str]
    credentials_optional: bool
    scope: str | None
    parameters: list[Field]
    shared_parameters: list[tuple[str, str]]
    body: list[Field]
    body_required: bool
    answers: list[Answer]
    errors: list[tuple[str, list[str]]]
    curl: str
    body_file: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    name: str
    text: Markup
    operations: list[Operation]


@dataclass(frozen=True, slots=True)
class NamedType:
    name: str
    text: Markup
    fields: list[Field]
    values: list[str]

    @property
    def has_optional(self) -> bool:
        """Whether some fields may be absent, so that it is worth saying which may not."""
        return not all(field.required for field in self.fields)


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
    """Everything on the page, in its order."""

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
    types: list[NamedType]


def reference(document: dict[str, Any]) -> Reference:
    """The view of `document`, an OpenAPI 3.1 document of ours."""
    schemas = Schemas(document["components"]["schemas"])
    reader = _Reader(document, schemas)
    groups = [reader.group(tag) for tag in document["tags"]]
    parameters = document["components"]["parameters"]
    failure_body = schemas.fields({"$ref": "#/components/schemas/Error"})
    info = document["info"]
    return Reference(
        title=info["title"],
        version=info["version"],
        summary=info["summary"],
        server=document["servers"][0]["url"],
        introduction=prose.sections(info["description"]),
        credentials=[reader.credential(name) for name in reader.schemes],
        shared_parameters=[(key, schemas.parameter(p)) for key, p in parameters.items()],
        failures=[
            Failure(status, [(code, prose.inline(text)) for code, text in codes.items()])
            for status, codes in document["x-errors"].items()
        ],
        failure_body=failure_body,
        groups=groups,
        types=list(_named_types(schemas)),
    )


def _named_types(schemas: Schemas) -> Iterator[NamedType]:
    """The types that a table of the page links to; describing one may bring up further ones."""
    shown: dict[str, NamedType] = {}
    while waiting := sorted(schemas.linked - shown.keys()):
        for name in waiting:
            schema = schemas.named[name]
            shown[name] = NamedType(
                name=name,
                text=prose.paragraphs(schema.get("description", "")),
                fields=schemas.fields(schema),
                values=schema.get("enum", []),
            )
    return iter(dict(sorted(shown.items())).values())


class _Reader:
    """Reads operations of one document."""

    def __init__(self, document: dict[str, Any], schemas: Schemas) -> None:
        self._document = document
        self._schemas = schemas
        self._components = document["components"]
        self.schemes: dict[str, dict[str, Any]] = self._components["securitySchemes"]

    def group(self, tag: dict[str, str]) -> Group:
        operations = [
            self._operation(method, path, item[method])
            for path, item in self._document["paths"].items()
            for method in _METHODS
            if method in item and tag["name"] in item[method]["tags"]
        ]
        return Group(slug(tag["name"]), tag["name"], prose.inline(tag["description"]), operations)

    def credential(self, name: str) -> Credential:
        scheme = self.schemes[name]
        return Credential(
            name, scheme["x-displayName"], self._header(name), prose.inline(scheme["description"])
        )

    def _operation(self, method: str, path: str, declared: dict[str, Any]) -> Operation:
        own = [p for p in declared["parameters"] if "$ref" not in p]
        shared = [_last(p["$ref"]) for p in declared["parameters"] if "$ref" in p]
        schema, example = self._body(declared)
        return Operation(
            id=declared["operationId"],
            method=method.upper(),
            path=path,
            title=declared["summary"],
            text=prose.paragraphs(_beyond_summary(declared)),
            credentials=[name for need in declared["security"] for name in need],
            credentials_optional={} in declared["security"],
            scope=declared.get("x-scope"),
            parameters=[self._schemas.parameter(p) for p in own],
            shared_parameters=[
                (key, self._components["parameters"][key]["name"]) for key in shared
            ],
            body=self._schemas.fields(schema) if schema else [],
            body_required=declared.get("requestBody", {}).get("required", False),
            answers=self._answers(declared["responses"]),
            errors=self._errors(declared["responses"]),
            curl=self._curl(method, path, declared, example),
            body_file=None if _fits(example) else (_file_name(declared), _json(example)),
        )

    def _body(self, declared: dict[str, Any]) -> tuple[dict[str, Any] | None, Any]:
        """The schema of a body, as a form where it may be one, and the example of JSON."""
        if "requestBody" not in declared:
            return None, None
        if (form := _form(declared)) is not None:
            return form, None
        content = declared["requestBody"]["content"]["application/json"]
        return content["schema"], next(iter(content["examples"].values()))["value"]

    def _answers(self, responses: dict[str, Any]) -> list[Answer]:
        found: list[Answer] = []
        shown: list[Any] = []
        for status, response in responses.items():
            if "$ref" in response:
                continue
            contents: dict[str, Any] = response.get("content", {})
            media_type = next(iter(contents), "")
            schema = contents[media_type]["schema"] if media_type else None
            fresh = media_type == "application/json" and schema not in shown
            shown.append(schema)
            found.append(
                Answer(
                    status=status,
                    text=prose.inline(response["description"]),
                    media_type=media_type,
                    headers=[name for name in response.get("headers", {}) if name[0] != "x"],
                    fields=self._schemas.fields(schema) if schema and fresh else [],
                )
            )
        return found

    def _errors(self, responses: dict[str, Any]) -> list[tuple[str, list[str]]]:
        return [
            (status, list(self._document["x-errors"][status]))
            for status, response in sorted(responses.items())
            if "$ref" in response
        ]

    def _curl(self, method: str, path: str, declared: dict[str, Any], example: Any) -> str:
        """A command that works once the shell variables in it are set."""
        url = self._document["servers"][0]["url"] + filled(path, _variable)
        lines = [f'"{url}"' if "$" in url else url]
        form = _form(declared)
        sends = form is not None or example is not None
        if method != "get" and not (method == "post" and sends):
            lines[0] = f"-X {method.upper()} {lines[0]}"
        if (name := self._for_scripts(declared["security"])) is not None:
            lines.append(f'-H "{self._header(name)}"')
        if form is not None:
            files = (name for name, part in form["properties"].items() if _is_file(part))
            lines += [f'-F "{name}=@$FILE"' for name in files]
        elif example is not None:
            body = shlex.quote(_json(example)) if _fits(example) else f"@{_file_name(declared)}"
            lines += ["-H 'Content-Type: application/json'", f"-d {body}"]
        if _is_file(_answered(declared)):
            lines.append("--remote-name --remote-header-name")
        return "curl " + " \\\n  ".join(lines)

    def _for_scripts(self, security: list[dict[str, Any]]) -> str | None:
        """The kind of credential that lives longest of those an operation takes."""
        taken = [name for need in security for name in need]
        order = ("personalToken", "apiKey", "session")
        return next((name for name in order if name in taken), None)

    def _header(self, name: str) -> str:
        variable = "$" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
        scheme = self.schemes[name]
        if scheme["type"] == "apiKey":
            return f"{scheme['name']}: {variable}"
        return f"Authorization: Bearer {variable}"


def slug(text: str) -> str:
    """`Résumé jobs` as `resume-jobs`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


def _variable(name: str) -> str:
    return "$" + name.upper()


def _beyond_summary(declared: dict[str, Any]) -> str:
    """What a description says that the title and the scope beside it do not."""
    text: str = declared["description"].removeprefix(declared["summary"]).lstrip(". \n")
    return text.removesuffix(scope_note(declared["x-scope"])) if "x-scope" in declared else text


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]


def _form(declared: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of the form that an operation takes, if it takes one."""
    content = declared.get("requestBody", {}).get("content", {})
    form: dict[str, Any] | None = content.get("multipart/form-data", {}).get("schema")
    return form


def _answered(declared: dict[str, Any]) -> dict[str, Any]:
    """The schema of what is answered with 200."""
    contents: dict[str, Any] = declared["responses"].get("200", {}).get("content", {})
    return next((content["schema"] for content in contents.values()), {})


def _is_file(part: dict[str, Any]) -> bool:
    return part.get("format") == "binary"


def _fits(example: Any) -> bool:
    return example is None or len(_json(example)) <= _SHORT_BODY


def _file_name(declared: dict[str, Any]) -> str:
    return f"{declared['operationId']}.json"


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
