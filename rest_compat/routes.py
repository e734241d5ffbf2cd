"""The REST routes, generated from the directives of the schema."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, unquote

import orjson
from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType
from starlette.types import ASGIApp, Receive, Scope, Send

from app import http, multipart
from app.bodies import ClientGone
from app.call import Context
from app.ear import Ear
from app.errors import MethodNotAllowed, NotFound, ValidationFailed
from app.services import Services
from rest_compat import event_stream, streaming
from rest_compat.codec import WireOperation, filled, parameters, wire_operations
from rest_compat.errors import Headers
from rest_compat.idempotency import IdempotentOnce, KeptAnswer
from rest_compat.request import arguments
from rest_compat.stored import AGAIN_EACH_TIME
from schema.types.download import Stream

_JSON = (b"content-type", b"application/json")
_PRIVATE = (b"cache-control", b"private, no-cache")
_SANDBOX = (
    b"content-security-policy",
    b"sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline';"
    b" frame-ancestors 'none'",
)
_PUBLIC = (b"cache-control", AGAIN_EACH_TIME.encode())


def rest_resources(services: Services) -> dict[str, ASGIApp]:
    """All paths of the schema, each with what answers its methods."""
    resources: dict[str, dict[str, Endpoint]] = {}
    for wire in wire_operations():
        resources.setdefault(wire.rest.path, {})[wire.rest.method.value] = Endpoint(wire)
    return {path: Resource(services, path, endpoints) for path, endpoints in resources.items()}


@dataclass(slots=True)
class Answer:
    """A whole answer, or one whose `stream` follows its headers. `endless`: nobody knows its size,
    and making it costs something, so it is made only as long as somebody takes it."""

    status: int
    headers: Headers
    body: bytes = b""
    stream: AsyncIterator[bytes] | None = None
    endless: bool = False


class RestPaths:
    """Middleware: requests whose path is a resource's go there, all others on to `app`.

    Paths are found by their segments. Starlette tries one pattern after another, which for the
    last of a hundred paths costs as much as all the rest of a request.
    """

    def __init__(self, app: ASGIApp, resources: Mapping[str, ASGIApp]) -> None:
        self._app = app
        # Those without parameters need no walk.
        self._plain = {p.encode(): found for p, found in resources.items() if not parameters(p)}
        self._root: dict[str, Any] = {}
        for path, resource in resources.items():
            node = self._root
            for segment in path.strip("/").split("/"):
                node = node.setdefault("{}" if segment.startswith("{") else segment, {})
            node[""] = resource, parameters(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        resource = self._find(scope) if scope["type"] == "http" else None
        if resource is None:
            await self._app(scope, receive, send)
        else:
            await resource(scope, receive, send)

    def _find(self, scope: Scope) -> ASGIApp | None:
        # Of the path as sent: what was escaped as %2F separates nothing.
        path = scope.get("raw_path") or scope["path"].encode()
        if (plain := self._plain.get(path)) is not None:
            scope["path_params"] = {}
            return plain
        node, values = self._root, []
        for segment in map(unquote, path.decode("latin-1").removeprefix("/").split("/")):
            if segment in node and segment not in ("", "{}"):
                node = node[segment]
            elif "{}" in node and segment:
                node = node["{}"]
                values.append(segment)
            else:
                return None
        if "" not in node:
            return None
        resource, names = node[""]
        scope["path_params"] = dict(zip(names, values, strict=True))
        found: ASGIApp = resource
        return found


class Resource:
    """A path: an ASGI endpoint that finds the operation of a method."""

    def __init__(self, services: Services, path: str, endpoints: dict[str, Endpoint]) -> None:
        self._services = services
        self._path = path
        self._endpoints = dict(endpoints)
        if "GET" in endpoints:
            self._endpoints["HEAD"] = endpoints["GET"]
        self._allow = ", ".join([*self._endpoints, "OPTIONS"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["route"] = self._path
        method = scope["method"]
        endpoint = self._endpoints.get(method)
        if endpoint is not None:
            try:
                context = http.new_context(self._services, scope, public=endpoint.is_public)
                answer = await endpoint(context, scope, receive)
            except ClientGone:
                return
        else:
            raise MethodNotAllowed(allow=self._allow)
        with contextlib.suppress(ClientGone):
            await respond(answer, scope, receive, send)


async def respond(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    """Send `answer`; to HEAD without its body. Raises ClientGone."""
    headers = answer.headers
    if answer.stream is None and answer.status not in (204, 304):
        headers = [*headers, (b"content-length", str(len(answer.body)).encode())]
    try:
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        if answer.endless and answer.stream is not None:
            await streaming.send_chunks(answer.stream, receive, send)
        elif answer.stream is not None and scope["method"] != "HEAD":
            async for chunk in answer.stream:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
    finally:
        if answer.stream is not None:
            await streaming.closed(answer.stream)
    body = b"" if scope["method"] == "HEAD" else answer.body
    await send({"type": "http.response.body", "body": body})


class Endpoint:
    """One operation over HTTP."""

    def __init__(self, wire: WireOperation) -> None:
        self.is_public = not wire.operation.requires.credentials
        self._wire = wire
        self._rest = wire.rest
        self._etag_of = etag_reader(wire.result)
        self._is_get = wire.rest.method.value == "GET"
        self._is_shared = is_shared(wire)

    async def __call__(self, context: Context, scope: Scope, receive: Receive) -> Answer:
        if not self._wire.takes_body:
            return await self._answered(context, scope, b"")
        admit = partial(self._wire.operation.owner, context)
        bodies = context.services.bodies
        async with bodies.read(scope, receive, self._wire.max_body, admit) as body:
            return await self._answered(context, scope, body)

    async def _answered(self, context: Context, scope: Scope, body: bytes) -> Answer:
        once = self._once(context, scope, body)
        decode = partial(arguments, self._wire, scope, body)
        if self._rest.events:
            return await self._told(context, scope, decode)
        try:
            result = await self._wire.operation.run(context, decode, once=once)
        except ValidationFailed as error:
            # A malformed id in the path names nothing that exists, whatever else is wrong.
            if any(field.path in scope["path_params"] for field in error.fields):
                raise NotFound from None
            raise
        if isinstance(result, KeptAnswer):
            return _from_kept(result)
        if isinstance(result, Stream):
            return await download(result, scope)
        return self._answer(result, context, scope)

    async def _told(
        self, context: Context, scope: Scope, decode: Callable[[], dict[str, Any]]
    ) -> Answer:
        """The answer piece by piece, if that is asked for; a refusal is answered as ever."""
        context.ear = Ear()
        work = asyncio.create_task(self._wire.operation.run(context, decode))
        first = await context.ear.next(work)
        if first is None:
            result = await work
            if not context.ear.wanted:
                return self._answer(result, context, scope)

        def encode(result: Any) -> bytes:
            return self._answer(result, context, scope).body

        stream = event_stream.of(context, work, first, encode)
        return Answer(200, event_stream.HEADERS, stream=stream)

    def _once(self, context: Context, scope: Scope, body: bytes) -> IdempotentOnce | None:
        if self._rest.method.value != "POST" or self.is_public:
            return None
        if self._rest.produces != "application/json":
            return None  # files are not kept
        key = http.header(scope, b"idempotency-key")
        if key is None:
            return None
        return IdempotentOnce(
            key=key.decode("latin-1"),
            operation=self._wire.operation.name,
            request=scope["path"].encode() + b"\0" + _lasting(scope, body),
            encode=partial(self._kept, context=context, scope=scope),
        )

    def _answer(self, result: Any, context: Context, scope: Scope) -> Answer:
        if result is None:
            return Answer(204 if self._rest.status == 200 else self._rest.status, [])
        value = self._wire.encode(result)
        if self._is_shared:
            return self._shared(orjson.dumps(value), scope)
        headers: Headers = [_JSON, _PRIVATE]
        if self._etag_of is not None:
            etag = self._etag_of(value)
            headers.append((b"etag", etag))
            if self._is_get and http.is_known(scope, etag):
                return Answer(304, headers)
        if self._rest.location is not None:
            headers.append((b"location", _fill(self._rest.location, value).encode()))
        status = self._rest.status
        if context.replayed:
            headers.append((b"idempotent-replayed", b"true"))
            status = 200
        if self._rest.envelope:
            value = {"ok": True, "request_id": context.request_id, "warnings": [], **value}
        return Answer(status, headers, orjson.dumps(value))

    def _shared(self, body: bytes, scope: Scope) -> Answer:
        etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'.encode()
        headers: Headers = [_JSON, _PUBLIC, (b"etag", etag)]
        return Answer(304, headers) if http.is_known(scope, etag) else Answer(200, headers, body)

    def _kept(self, result: Any, *, context: Context, scope: Scope) -> bytes:
        answer = self._answer(result, context, scope)
        headers = [[k.decode(), v.decode("latin-1")] for k, v in answer.headers]
        return orjson.dumps([answer.status, headers, answer.body.decode()])


async def download(stream: Stream, scope: Scope) -> Answer:
    """The answer that is a file, or that it is known already."""
    kind = "inline" if stream.shown else "attachment"
    headers: Headers = [
        (b"content-type", stream.media_type.encode()),
        (b"content-disposition", disposition(stream.filename, kind).encode()),
        _PRIVATE,
    ]
    if stream.shown:
        headers.append(_SANDBOX)
    if stream.etag is not None:
        etag = f'"{stream.etag}"'.encode()
        headers.append((b"etag", etag))
        if http.is_known(scope, etag):
            return Answer(304, headers)
    if stream.sha256 is not None:  # RFC 9530
        digest = base64.b64encode(bytes.fromhex(stream.sha256))
        headers.append((b"repr-digest", b"sha-256=:" + digest + b":"))
    opened = _nothing() if scope["method"] == "HEAD" else await stream.open()
    if isinstance(opened, bytes):
        return Answer(200, headers, opened)
    if stream.size is not None:
        headers.append((b"content-length", str(stream.size).encode()))
    return Answer(200, headers, stream=opened, endless=stream.size is None)


def _lasting(scope: Scope, body: bytes) -> bytes:
    """What of a body is the same when it is sent again."""
    kind = http.header(scope, b"content-type")
    is_form = multipart.is_multipart(kind)
    return multipart.without_boundary(kind, body) if is_form else body


def _from_kept(kept: KeptAnswer) -> Answer:
    status, headers, body = orjson.loads(kept.data)
    pairs = [(k.encode(), v.encode("latin-1")) for k, v in headers]
    return Answer(status, [*pairs, (b"idempotent-replayed", b"true")], body.encode())


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


def is_shared(wire: WireOperation) -> bool:
    """Whether everybody is answered the same, so that caches may keep it and ask whether it is new.

    Its ETag is a digest.
    """
    rest, requires = wire.rest, wire.operation.requires
    return (
        rest.method.value == "GET"
        and not (requires.credentials or rest.envelope)
        and (rest.status, rest.location, rest.produces) == (200, None, "application/json")
    )


def etag_reader(result: Any) -> Callable[[dict[str, Any]], bytes] | None:
    """How to find the ETag of an encoded result: its own version, or that of the one object in it.

    What depends on the plan too names that as well. None for what holds lists of rows, each with a
    version of its own.
    """
    named = result.of_type if isinstance(result, GraphQLNonNull) else result
    if not isinstance(named, GraphQLObjectType):
        return None
    if "version" in named.fields and "effective_plan" in named.fields:
        return lambda value: b'"%d-%s"' % (value["version"], value["effective_plan"].encode())
    if "version" in named.fields:
        return lambda value: b'"%d"' % value["version"]
    if any(_lists_versions(field.type) for field in named.fields.values()):
        return None
    for name, field in named.fields.items():
        inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else None
        if isinstance(inner, GraphQLObjectType) and "version" in inner.fields:
            return lambda value, name=name: b'"%d"' % value[name]["version"]  # type: ignore[misc]
    return None


def _lists_versions(type_: Any) -> bool:
    named = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    item = named.of_type.of_type if isinstance(named, GraphQLList) else None
    return isinstance(item, GraphQLObjectType) and "version" in item.fields


def _fill(template: str, value: dict[str, Any]) -> str:
    return filled(template, lambda name: quote(str(value[name]), safe=""))


def disposition(filename: str, kind: str = "attachment") -> str:
    """`Content-Disposition` for any name: an ASCII form for old clients, then RFC 8187."""
    plain = re.sub(r'[^\x20-\x7e]|["\\%]', "_", filename)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
