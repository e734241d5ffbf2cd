"""JSON-RPC messages: what came, and how answers are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from mcp_types import INVALID_REQUEST, PARSE_ERROR, ErrorData, RequestId

from app.errors import DomainError, docs_url

_LONGEST_ID = 200  # characters; it is kept for as long as its request is answered


@dataclass(frozen=True, slots=True)
class Request:
    """A request, which is owed a response."""

    id: RequestId
    method: str
    params: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Notification:
    """A message that nobody answers."""

    method: str
    params: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Response:
    """A client's answer to a request of ours: `error` is None for a result."""

    id: RequestId
    result: dict[str, Any]
    error: ErrorData | None


Message = Request | Notification | Response


class NotAMessage(Exception):
    """The body is no JSON-RPC message; `id` is that of the request it might have been."""

    def __init__(self, message: str, code: int = INVALID_REQUEST, id: RequestId | None = None):
        super().__init__(message)
        self.error = ErrorData(code=code, message=message)
        self.id = id


def decoded(body: bytes) -> Any:
    """The JSON of a body; raises NotAMessage."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise NotAMessage("The body is not valid JSON.", PARSE_ERROR) from None


def read(value: Any) -> Message:
    """One message; raises NotAMessage."""
    if not isinstance(value, dict) or value.get("jsonrpc") != "2.0":
        raise NotAMessage("Send one JSON-RPC 2.0 message.", id=_id_of(value))
    params = value.get("params")
    if params is not None and not isinstance(params, dict):
        raise NotAMessage("`params` is an object.", id=_id_of(value))
    method = value.get("method")
    if isinstance(method, str):
        if "id" not in value:
            return Notification(method, params)
        if (request_id := _id_of(value)) is not None:
            return Request(request_id, method, params)
        raise NotAMessage(f"`id` is an integer or a text of at most {_LONGEST_ID} characters.")
    answered = _id_of(value)
    if answered is not None and isinstance(result := value.get("result"), dict):
        return Response(answered, result, None)
    if answered is not None and isinstance(error := value.get("error"), dict):
        code, message = error.get("code"), error.get("message")
        if isinstance(code, int) and isinstance(message, str):
            told = ErrorData(code=code, message=message, data=error.get("data"))
            return Response(answered, {}, told)
    raise NotAMessage("A message has a `method`, or it answers one of ours.", id=answered)


def method_of(message: Message) -> str:
    """The method it names; of a response none."""
    return "" if isinstance(message, Response) else message.method


def _id_of(value: Any) -> RequestId | None:
    found = value.get("id") if isinstance(value, dict) else None
    if isinstance(found, str):
        return found if len(found) <= _LONGEST_ID else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def result(request_id: RequestId, value: dict[str, Any]) -> bytes:
    """A response with a result."""
    return orjson.dumps({"jsonrpc": "2.0", "id": request_id, "result": value})


def error(request_id: RequestId | None, told: ErrorData) -> bytes:
    """A response with an error; without an id where the request's could not be read."""
    shown = told.model_dump(mode="json", exclude_none=True)
    return orjson.dumps({"jsonrpc": "2.0", "id": request_id, "error": shown}, default=str)


def request(request_id: RequestId, method: str, params: Any) -> bytes:
    """A request of ours to the client."""
    return orjson.dumps(
        {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params or {}}
    )


def notification(method: str, params: Any) -> bytes:
    """A notification of ours to the client."""
    value = {"jsonrpc": "2.0", "method": method}
    return orjson.dumps(value if params is None else {**value, "params": params})


def of_domain_error(failure: DomainError, request_id: str, code: int) -> ErrorData:
    """A failure of ours as JSON-RPC tells it; `data` has our own stable code."""
    data = {
        "code": failure.code,
        "retryable": failure.retryable,
        "docs_url": docs_url(failure.code),
        "details": failure.details,
        "request_id": request_id,
    }
    return ErrorData(code=code, message=failure.message, data=data)
