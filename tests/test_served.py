"""How the API is served, by the configuration that `vitae up` serves it with."""

from __future__ import annotations

import asyncio
import socket

import httpx
import uvicorn
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from app.cli.processes import server_config
from app.services import Services
from app.settings import Settings
from schema.transport import MAX_BODY

_TOO_BIG = 1009  # RFC 6455, 7.4.1


async def closed_after(port: int, message: str) -> int | None:
    """The code with which the server closes a web socket that sends `message`."""
    protocols = [Subprotocol("graphql-transport-ws")]
    async with connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=protocols) as client:
        try:
            await client.send(message)
            await client.recv()
        except ConnectionClosed:
            pass
        await client.wait_closed()
        return client.close_code


async def test_a_message_larger_than_a_body_may_be_closes_the_web_socket(
    settings: Settings, services: Services
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(server_config(settings))
        serve = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
            await asyncio.sleep(0.01)
        port = listener.getsockname()[1]
        try:
            assert await closed_after(port, "x" * (MAX_BODY + 1)) == _TOO_BIG
            # It is read, and is not what a client says first.
            assert await closed_after(port, "x" * MAX_BODY) != _TOO_BIG
        finally:
            server.should_exit = True
            await serve


def test_an_idle_connection_is_kept_for_longer_than_clients_keep_one(settings: Settings) -> None:
    # Else the server closes it just as the next request is on its way, which nobody can repeat.
    kept = server_config(settings).timeout_keep_alive
    assert kept > 60  # what nginx and most balancers keep one for
    assert kept > (httpx.Limits().keepalive_expiry or 0)
