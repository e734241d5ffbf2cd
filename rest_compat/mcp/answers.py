"""What calls of tools answer, in MCP's own wire form."""

from __future__ import annotations

import base64
from typing import Any

import orjson

from app.errors import DomainError, ValidationFailed
from rest_compat import errors
from schema.types.download import Stream

Answer = dict[str, Any]

_LINKS_SINCE = "2025-06-18"  # versions are days, in order as texts
MOST_EMBEDDED_BYTES = 3_000_000
DONE = {"done": True}

# What a model is to do about an error, where its message does not say so.
_NEXT = {
    "insufficient_scope": "Ask the user for a token that has this scope; do not try again with"
    " this one.",
    "not_found": "Check the id: list tools tell which there are.",
    "conflict": "Look at the present state first, then decide what is still to be done.",
    "idempotency_conflict": "Use a new request_id for a new résumé, or send exactly the first"
    " arguments again.",
    "precondition_failed": "It was changed meanwhile: read it again, and repeat the call with the"
    " version it has now if the change still makes sense.",
    "payload_too_large": "Send less.",
    "quota_exceeded": "Tell the user; nothing helps before the quota is reset.",
}


def success(value: Any) -> Answer:
    """The answer of an operation, already encoded; None where it has nothing to say."""
    structured = DONE if value is None else value
    return {
        "content": [text(orjson.dumps(structured).decode())],
        "structuredContent": structured,
        "isError": False,
    }


def failure(error: DomainError, request_id: str, names: list[str]) -> Answer:
    """A failure that the model can read; `names`: the arguments that the tool has."""
    shown = errors.body(error, request_id)
    # What stands in details may be anything that orjson takes only as text.
    structured = orjson.loads(
        orjson.dumps({"request_id": request_id, "error": shown["error"]}, default=str)
    )
    return {
        "content": [text(_told(error, request_id, names))],
        "structuredContent": structured,
        "isError": True,
    }


async def download(stream: Stream, public_url: str, *, embed: bool) -> Answer:
    """Where a file is found and, if asked for and small enough, the file.

    What is kept nowhere is given whatever is asked for.
    """
    kept = not stream.url.startswith("data:")
    url, uri = (public_url + stream.url, resource_uri(stream)) if kept else (None, None)
    whole = await _whole(stream) if embed or not kept else None
    structured: dict[str, Any] = {
        "filename": stream.filename,
        "media_type": stream.media_type,
        "size_bytes": stream.size if whole is None else len(whole),
        "sha256": stream.sha256,
        "url": url,
        "resource_uri": uri,
        "embedded": whole is not None,
    }
    content = [text(orjson.dumps(structured).decode())]
    if whole is None and (embed or not kept):
        content.append(text("The file is too large to be given here; fetch it from its url."))
    if kept:
        link: dict[str, Any] = {"name": stream.filename, "mimeType": stream.media_type}
        if stream.size is not None:
            link["size"] = stream.size
        content.append({"type": "resource_link", "uri": url, **link})
        content.append({"type": "resource_link", "uri": uri, **link})
    if whole is not None:
        content.append(_embedded(stream, uri, whole))
    return {"content": content, "structuredContent": structured, "isError": False}


async def _whole(stream: Stream) -> bytes | None:
    """The bytes of a download; None where there are too many."""
    if stream.size is not None and stream.size > MOST_EMBEDDED_BYTES:
        return None
    found = await read_whole(stream)
    return found if len(found) <= MOST_EMBEDDED_BYTES else None


def _embedded(stream: Stream, uri: str | None, whole: bytes) -> dict[str, Any]:
    """A picture as such, so that a model sees it, and texts as texts; all else as a resource."""
    if stream.media_type.startswith("image/"):
        data = base64.b64encode(whole).decode()
        return {"type": "image", "mimeType": stream.media_type, "data": data}
    if uri is None:
        return text(whole.decode())
    return {"type": "resource", "resource": {"uri": uri, **content_of(stream, whole)}}


def content_of(stream: Stream, whole: bytes) -> dict[str, Any]:
    """Bytes as the content of a resource, without its address."""
    kind = stream.media_type
    if kind.startswith(("text/", "application/json")):
        return {"mimeType": kind, "text": whole.decode()}
    return {"mimeType": kind, "blob": base64.b64encode(whole).decode()}


def for_version(answer: Answer, version: str) -> Answer:
    """`answer` without links where the protocol's version knows none: some clients would refuse
    all of it. Its text says where they lead."""
    if version >= _LINKS_SINCE:
        return answer
    blocks = [block for block in answer["content"] if block["type"] != "resource_link"]
    return {**answer, "content": blocks}


async def encoded(stream: Stream) -> str:
    """The bytes of a download in base64."""
    return base64.b64encode(await read_whole(stream)).decode()


async def read_whole(stream: Stream) -> bytes:
    opened = await stream.open()
    return opened if isinstance(opened, bytes) else b"".join([chunk async for chunk in opened])


def resource_uri(stream: Stream) -> str:
    """`resume://jobs/{id}/pdf` of what REST has at `/v1/resume/jobs/{id}/pdf`."""
    area, _, rest = stream.url.removeprefix("/v1/").partition("/")
    return f"{area}://{rest}"


def text(words: str) -> dict[str, Any]:
    """A block of text."""
    return {"type": "text", "text": words}


def _told(error: DomainError, request_id: str, names: list[str]) -> str:
    lines = [f"{error.code}: {error.message}"]
    if required := error.details.get("required"):
        lines.append(f"Needed: `{required}`.")
    lines += [f"- {field.path or 'arguments'}: {field.message}" for field in error.fields]
    if isinstance(error, ValidationFailed):
        lines.append("Mend what is named here and call the tool again; nothing was changed.")
        if any(field.code in ("unknown_field", "required") for field in error.fields):
            lines.append(f"Arguments of this tool: {', '.join(names) or 'none'}.")
    elif error.code in _NEXT:
        lines.append(_NEXT[error.code])
    elif error.retryable:
        after = f"in {error.retry_after} s" if error.retry_after else "shortly"
        lines.append(f"Try the same call again {after}.")
    if error.code == "internal":
        lines.append(f"If it stays, report the request id {request_id}.")
    return "\n".join(lines)
