"""A fake of a provider of language models, on a real socket, that speaks chat completions.

It answers as a test tells it to: well, in events or at once, or badly in one of many ways.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

KEY = "sk-of-the-fake-model"
USAGE = {"prompt_tokens": 321, "completion_tokens": 45}

Behaviour = Callable[["FakeModel", Request], Any]


class FakeModel:
    """`answers` are used up one a call, the last one again and again; `asked` are the bodies."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        self.go_on = asyncio.Event()  # what `halting` waits for
        self.answers: list[Behaviour] = []

    def says(self, *answers: Behaviour | str) -> None:
        """Answer the next calls so; a text is told in events, word by word."""
        self.answers = [telling(one) if isinstance(one, str) else one for one in answers]

    async def complete(self, request: Request) -> Response:
        self.asked.append(await request.json())
        self.authorizations.append(request.headers.get("authorization"))
        behaviour = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        answer = behaviour(self, request)
        response: Response = await answer if asyncio.iscoroutine(answer) else answer
        return response

    def evidence(self) -> list[dict[str, Any]]:
        """What the latest call gave as evidence."""
        found: list[dict[str, Any]] = json.loads(self.asked[-1]["messages"][1]["content"])[
            "evidence"
        ]
        return found


def telling(text: str, usage: dict[str, int] | None = USAGE) -> Behaviour:
    """The text in events, its usage in the last of them."""
    return lambda fake, request: _events([*_deltas(text), *_end(usage), "[DONE]"])


def at_once(text: str) -> Behaviour:
    """The text as one JSON answer, from a provider that does not stream."""
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return lambda fake, request: JSONResponse({"choices": [choice], "usage": USAGE})


def status(code: int) -> Behaviour:
    return lambda fake, request: JSONResponse({"error": {"message": "no"}}, code)


def breaking_off(text: str) -> Behaviour:
    """The text without the end of the stream."""
    return lambda fake, request: _events(_deltas(text))


def nonsense() -> Behaviour:
    return lambda fake, request: _events(["{not json"])


def odd_json() -> Behaviour:
    return lambda fake, request: _events(['{"choices": [{"delta": {"content": ["a", 1]}}]}'])


def hanging() -> Behaviour:
    """Nothing, for as long as the caller waits."""

    async def hang(fake: FakeModel, request: Request) -> Response:
        message = await request.receive()
        assert message["type"] == "http.disconnect"
        return Response(status_code=499)

    return hang


def halting(first: str, rest: str) -> Behaviour:
    """The first text, and the rest once the test says `go_on`."""

    def answer(fake: FakeModel, request: Request) -> Response:
        async def events() -> AsyncIterator[bytes]:
            for data in _deltas(first):
                yield _event(data)
            await fake.go_on.wait()
            for data in [*_deltas(rest), *_end(USAGE), "[DONE]"]:
                yield _event(data)

        return StreamingResponse(events(), media_type="text/event-stream")

    return answer


def endless() -> Behaviour:
    """Words without end."""

    def answer(fake: FakeModel, request: Request) -> Response:
        async def events() -> AsyncIterator[bytes]:
            while True:
                yield _event(_deltas("more and more ")[0])
                await asyncio.sleep(0)  # the caller is of the same loop

        return StreamingResponse(events(), media_type="text/event-stream")

    return answer


def _deltas(text: str) -> list[str]:
    words = [f"{word} " for word in text.split(" ")]
    words[-1] = words[-1].removesuffix(" ")
    return [json.dumps({"choices": [{"delta": {"content": word}}]}) for word in words]


def _end(usage: dict[str, int] | None) -> list[str]:
    ended = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
    counted: dict[str, Any] = {"choices": [], "usage": usage}
    return [json.dumps(ended), *([json.dumps(counted)] if usage else [])]


def _events(data: Sequence[str]) -> Response:
    return Response(b"".join(map(_event, data)), media_type="text/event-stream")


def _event(data: str) -> bytes:
    return f"data: {data}\n\n".encode()


@contextlib.asynccontextmanager
async def serving_model() -> AsyncIterator[FakeModel]:
    """A fake on a real socket for as long as the block lasts."""
    fake = FakeModel()
    app = Starlette(routes=[Route("/v1/chat/completions", fake.complete, methods=["POST"])])
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serve = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
        fake.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        try:
            yield fake
        finally:
            fake.go_on.set()
            server.should_exit = True
            await serve
