"""A request that an example makes, before any language words it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rest_compat.codec import parameters
from rest_compat.developers.literals import pretty
from rest_compat.examples import HEADERS, PATHS, QUERIES

_SHORT_BODY = 700  # characters that an example may hold and still be read
_TEXTS = ("text/", "application/xml", "application/yaml")


@dataclass(frozen=True, slots=True)
class Secret:
    """A header that carries a credential: `variable` holds what stands after `start`."""

    header: str
    start: str
    variable: str


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """`answers` is the media type of success, empty where there is nothing to read.

    `path` has its variables in braces, as OpenAPI has; `body_file` is the name of a file that
    holds a body too long to stand in the example; `files` are the parts of a form that are files.
    """

    operation: str
    method: str
    server: str
    path: str
    query: dict[str, Any]
    headers: dict[str, str]
    secret: Secret | None
    body: Any
    body_file: str | None
    form: dict[str, str]
    files: list[str]
    answers: str

    @property
    def variables(self) -> list[str]:
        """Names of what must be known to make the request, as environment variables."""
        secret = [self.secret.variable] if self.secret else []
        return [*secret, *map(str.upper, parameters(self.path)), *self.headers.values()]

    @property
    def answers_json(self) -> bool:
        return self.answers == "application/json"

    @property
    def answers_text(self) -> bool:
        return self.answers.startswith(_TEXTS)

    @property
    def answers_stream(self) -> bool:
        return self.answers == "text/event-stream"


def example_request(
    document: dict[str, Any], method: str, path: str, declared: dict[str, Any]
) -> ExampleRequest:
    """The example of an operation of an OpenAPI document of ours."""
    name = declared["operationId"]
    content = declared.get("requestBody", {}).get("content", {})
    multipart = content.get("multipart/form-data", {}).get("schema", {}).get("properties", {})
    encoded = content.get("application/x-www-form-urlencoded")
    body = None
    if not multipart and "application/json" in content:
        body = _first(content["application/json"]["examples"])["value"]
    return ExampleRequest(
        operation=name,
        method=method.upper(),
        server=document["servers"][0]["url"],
        path=PATHS.get(name, path),
        query=QUERIES.get(name, {}),
        headers=HEADERS.get(name, {}),
        secret=_secret(document, declared["security"]),
        body=body,
        body_file=f"{name}.json" if len(pretty(body)) > _SHORT_BODY else None,
        form=_first(encoded["examples"])["value"] if encoded else {},
        files=[part for part, schema in multipart.items() if is_file(schema)],
        answers=_answers(declared["responses"]),
    )


def is_file(schema: dict[str, Any]) -> bool:
    return schema.get("format") == "binary"


def _first(examples: dict[str, Any]) -> Any:
    return next(iter(examples.values()))


def _answers(responses: dict[str, Any]) -> str:
    contents = [r.get("content", {}) for status, r in responses.items() if status < "300"]
    return next((media_type for content in contents for media_type in content), "")


def _secret(document: dict[str, Any], security: list[dict[str, Any]]) -> Secret | None:
    """The kind of credential that lives longest of those an operation takes."""
    schemes = document["components"]["securitySchemes"]
    taken = [name for need in security for name in need]
    order = ("personalToken", "apiKey", "session", "serviceKey")
    name = next((name for name in order if name in taken), None)
    return secret_of(name, schemes[name]) if name else None


def secret_of(name: str, scheme: dict[str, Any]) -> Secret:
    """How a security scheme is sent."""
    variable = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
    if scheme["type"] == "apiKey":
        return Secret(scheme["name"], "", variable)
    return Secret("Authorization", "Bearer ", variable)
