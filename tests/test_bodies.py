"""How request bodies arrive: asked for credentials, hurried on, and bounded all together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest

from app.bodies import SMALL_BYTES, Bodies, BodyTooSlow, ClientGone
from app.errors import DependencyUnavailable, PayloadTooLarge, RateLimited, Unauthenticated

ANN, BOB = UUID(int=1), UUID(int=2)
LARGE = 1_000_000


def scope(length: int | None = None) -> dict[str, Any]:
    headers = [] if length is None else [(b"content-length", b"%d" % length)]
    return {"type": "http", "headers": headers, "state": {}}


class Sender:
    """The other end of a connection: sends `chunks`, and then nothing, or goes."""

    def __init__(self, *chunks: bytes, then: str = "end", of: UUID | None = ANN) -> None:
        self.asked = 0  # how often for more of the body
        self.admitted = 0
        self._chunks = list(chunks)
        self._then = then
        self._of = of

    async def receive(self) -> dict[str, Any]:
        self.asked += 1
        if self._chunks:
            chunk = self._chunks.pop(0)
            more = bool(self._chunks) or self._then != "end"
            return {"type": "http.request", "body": chunk, "more_body": more}
        if self._then == "go":
            return {"type": "http.disconnect"}
        return await asyncio.Future()

    async def admit(self) -> UUID:
        self.admitted += 1
        if self._of is None:
            raise Unauthenticated(reason="missing")
        return self._of


async def read(bodies: Bodies, sender: Sender, length: int | None = None) -> bytes:
    async with bodies.read(scope(length), sender.receive, 2 * LARGE, sender.admit) as body:
        return body


async def test_nobody_is_asked_who_sends_a_small_body() -> None:
    sender = Sender(b"x" * SMALL_BYTES, of=None)
    assert len(await read(Bodies(), sender, SMALL_BYTES)) == SMALL_BYTES
    assert sender.admitted == 0


async def test_a_large_body_of_a_stranger_is_not_read() -> None:
    sender = Sender(b"x" * LARGE, of=None)
    with pytest.raises(Unauthenticated):
        await read(Bodies(), sender, LARGE)
    assert sender.asked == 0


async def test_a_stranger_who_does_not_say_the_length_is_stopped_where_it_is_large() -> None:
    sender = Sender(*[b"x" * 10_000] * 50, of=None)
    with pytest.raises(Unauthenticated):
        await read(Bodies(), sender)
    assert sender.asked == SMALL_BYTES // 10_000 + 1


async def test_who_sends_a_body_in_many_pieces_is_asked_once() -> None:
    sender = Sender(*[b"x" * 10_000] * 50)
    assert len(await read(Bodies(), sender, 500_000)) == 500_000
    assert sender.admitted == 1


async def test_a_body_that_stops_arriving_is_given_up() -> None:
    for chunks in ((), (b"x",), (b"x" * LARGE,)):
        bodies = Bodies(patience_seconds=0, bytes_per_second=10**9)
        with pytest.raises(BodyTooSlow):
            await read(bodies, Sender(*chunks, then="wait"))
        assert bodies.held_bytes == 0


async def test_a_body_that_is_cut_off_is_nobodys() -> None:
    bodies = Bodies()
    with pytest.raises(ClientGone):
        await read(bodies, Sender(b"x" * LARGE, then="go"))
    assert bodies.held_bytes == 0


async def test_a_body_over_its_limit_is_refused_before_it_is_whole() -> None:
    for length, asked in ((2 * LARGE + 1, 0), (None, 3)):
        sender = Sender(*[b"x" * LARGE] * 9)
        with pytest.raises(PayloadTooLarge):
            await read(Bodies(), sender, length)
        assert sender.asked == asked


@contextlib.asynccontextmanager
async def held(bodies: Bodies, sender: Sender) -> Any:
    async with bodies.read(scope(), sender.receive, 2 * LARGE, sender.admit) as body:
        yield body


async def test_what_all_hold_together_is_bounded() -> None:
    bodies = Bodies(most_bytes=LARGE)
    async with held(bodies, Sender(b"x" * LARGE, of=ANN)):
        assert bodies.held_bytes == LARGE - SMALL_BYTES
        with pytest.raises(DependencyUnavailable) as refused:
            await read(bodies, Sender(b"x" * LARGE, of=BOB))
        assert refused.value.retryable
        small = Sender(b"x" * SMALL_BYTES, of=None)
        assert len(await read(bodies, small)) == SMALL_BYTES  # they are not kept out
    assert bodies.held_bytes == 0
    assert len(await read(bodies, Sender(b"x" * LARGE, of=BOB))) == LARGE


async def test_an_account_cannot_take_the_room_of_all_others() -> None:
    bodies = Bodies(most_bytes_each=LARGE)
    async with held(bodies, Sender(b"x" * LARGE, of=ANN)):
        with pytest.raises(RateLimited):
            await read(bodies, Sender(b"x" * LARGE, of=ANN))
        assert len(await read(bodies, Sender(b"x" * LARGE, of=BOB))) == LARGE


@contextlib.contextmanager
def _closing(writer: asyncio.StreamWriter) -> Iterator[None]:
    try:
        yield
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("method", "path", "media", "length"),
    [
        ("POST", "/v1/me/import/parse", "application/json", 13_000_000),
        ("PUT", "/v1/me/avatar", "multipart/form-data; boundary=b", 8_000_000),
        ("POST", "/graphql", "application/json", 4_000_000),
        ("POST", "/v1/resume/jobs", "application/json", 4_000_000),
        ("PUT", "/v1/me/skills", "application/json", 900_000),
    ],
    ids=["import", "avatar", "graphql", "job", "skills"],
)
@pytest.mark.parametrize("token", ["", "nonsense"], ids=["stranger", "bad token"])
async def test_over_a_socket_a_large_body_is_refused_before_it_is_sent(
    method: str, path: str, media: str, length: int, token: str, client: httpx.AsyncClient
) -> None:
    url = urlsplit(str(client.base_url))
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    with _closing(writer):
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {media}\r\n"
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        writer.write(f"{head}Content-Length: {length}\r\n\r\n".encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 401 ")


async def test_strangers_may_send_small_bodies_only(client: httpx.AsyncClient) -> None:
    for path in ("/v1/auth/login", "/v1/auth/register", "/v1/auth/password/reset"):
        answer = await client.post(path, content=b" " * (SMALL_BYTES + 1))
        assert answer.status_code == 413, path
        assert answer.json()["error"]["details"] == {"limit_bytes": SMALL_BYTES}


async def test_an_answer_to_a_body_that_is_too_slow_closes_the_connection() -> None:
    from rest_compat.errors import response

    status, headers, _ = response(BodyTooSlow(), "req_1")
    assert status == 400
    assert (b"connection", b"close") in headers
