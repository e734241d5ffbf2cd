"""One operation of the OpenAPI document as the reference shows it, with a command to try it."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Any

import orjson
from markupsafe import Markup

from app.web import prose
from rest_compat.codec import filled
from rest_compat.fields import Field, Schemas
from rest_compat.openapi import scope_note

_SHORT_BODY = 700  # characters that a shell line may hold and still be read
# Headers that the overview tells of once, by how they begin.
_ON_EVERY_ANSWER = ("x-", "RateLimit")


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
    title: Markup
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


class OperationReader:
    """Reads operations of one document; what they link to gathers in `schemas`."""

    def __init__(self, document: dict[str, Any], schemas: Schemas) -> None:
        self._document = document
        self._schemas = schemas
        self._components = document["components"]
        self._schemes: dict[str, dict[str, Any]] = self._components["securitySchemes"]

    def operation(self, method: str, path: str, declared: dict[str, Any]) -> Operation:
        own = [p for p in declared["parameters"] if "$ref" not in p]
        shared = [_last(p["$ref"]) for p in declared["parameters"] if "$ref" in p]
        schema, example = self._body(declared)
        return Operation(
            id=declared["operationId"],
            method=method.upper(),
            path=path,
            title=prose.inline(declared["summary"]),
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
        if (fields := _url_encoded(declared)) is not None:
            return fields["schema"], None
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
                    headers=[
                        name
                        for name in response.get("headers", {})
                        if not name.startswith(_ON_EVERY_ANSWER)
                    ],
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
            lines.append(f'-H "{credential_header(name, self._schemes[name])}"')
        if form is not None:
            files = (name for name, part in form["properties"].items() if _is_file(part))
            lines += [f'-F "{name}=@$FILE"' for name in files]
        elif example is not None:
            body = shlex.quote(_json(example)) if _fits(example) else f"@{_file_name(declared)}"
            lines += ["-H 'Content-Type: application/json'", f"-d {body}"]
        if (fields := _url_encoded(declared)) is not None:
            values = fields["examples"]["example"]["value"].items()
            lines += [f"--data-urlencode {shlex.quote(f'{k}={v}')}" for k, v in values]
        if _is_file(_answered(declared)):
            lines.append("--remote-name --remote-header-name")
        return "curl " + " \\\n  ".join(lines)

    def _for_scripts(self, security: list[dict[str, Any]]) -> str | None:
        """The kind of credential that lives longest of those an operation takes."""
        taken = [name for need in security for name in need]
        order = ("personalToken", "apiKey", "session")
        return next((name for name in order if name in taken), None)


def credential_header(name: str, scheme: dict[str, Any]) -> str:
    """The header that carries a credential, with a shell variable for the secret."""
    variable = "$" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
    if scheme["type"] == "apiKey":
        return f"{scheme['name']}: {variable}"
    return f"Authorization: Bearer {variable}"


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


def _url_encoded(declared: dict[str, Any]) -> dict[str, Any] | None:
    """Schema and examples of the fields that an operation of OAuth takes, as OAuth sends them."""
    content = declared.get("requestBody", {}).get("content", {})
    fields: dict[str, Any] | None = content.get("application/x-www-form-urlencoded")
    return fields


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
