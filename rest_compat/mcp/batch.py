"""Many messages in one request, as version 2025-03-26 has them.

Each is let in, counted and bounded as if it had come alone; all of them together have one time
and one size, for nothing is sent before the last is done.
"""

from __future__ import annotations

import asyncio
from typing import Any

from mcp_types import INTERNAL_ERROR, INVALID_REQUEST, ErrorData
from starlette.requests import Request as HttpRequest
from starlette.types import Scope

from app.errors import DomainError, InsufficientScope, Unauthenticated
from rest_compat.mcp import messages
from rest_compat.mcp.caller import Caller
from rest_compat.mcp.hub import Hub
from rest_compat.mcp.sessions import Session

VERSION = "2025-03-26"  # the only one that has them
MOST_MESSAGES = 50
MOST_SECONDS = 30.0
MOST_BYTES = 8 * 1024 * 1024

_TOO_LONG = ErrorData(
    code=INTERNAL_ERROR,
    message="The time of the batch was over. Look at what the request has done before it is"
    " repeated, and send it alone.",
)
_TOO_LARGE = ErrorData(
    code=INTERNAL_ERROR,
    message="The answer does not fit into the batch. Look at what the request has done before it"
    " is repeated, and send it alone.",
)
_NOT_RUN = ErrorData(
    code=INVALID_REQUEST,
    message="The batch was at its end, in time or size, before this request; send it alone.",
)


class Batch:
    """The messages of one HTTP request of a session; raises NotAMessage for what is none."""

    def __init__(
        self, hub: Hub, scope: Scope, caller: Caller, session: Session, values: list[Any]
    ) -> None:
        if session.version != VERSION:
            raise messages.NotAMessage(f"Only protocol version {VERSION} has batches.")
        if not 0 < len(values) <= MOST_MESSAGES:
            raise messages.NotAMessage(f"A batch has 1 to {MOST_MESSAGES} messages.")
        self._hub = hub
        self._scope = scope
        self._http = HttpRequest(scope)
        self._caller = caller
        self._session = session
        self._values = values
        self._refusal: DomainError | None = None

    async def answers(self) -> list[bytes]:
        """The responses that are owed, in the order of their requests."""
        ends_at = asyncio.get_running_loop().time() + MOST_SECONDS
        answers: list[bytes] = []
        left = MOST_BYTES
        for value in self._values:
            answer = await self._one(value, ends_at, left)
            if answer is not None:
                answers.append(answer)
                left -= len(answer)
        return answers

    async def _one(self, value: Any, ends_at: float, left: int) -> bytes | None:
        """The response to one message; every failure is told in it, but for its id's sake."""
        message: messages.Message | None = None
        try:
            message = messages.read(value)
            if self._refusal is not None:
                raise self._refusal
            is_over = left <= 0 or asyncio.get_running_loop().time() >= ends_at
            if is_over:
                return _error(message, _NOT_RUN)
            async with asyncio.timeout_at(ends_at):
                answer = await self._answered(message)
        except messages.NotAMessage as error:
            return messages.error(error.id, error.error)
        except TimeoutError:
            return None if message is None else _error(message, _TOO_LONG)
        except DomainError as failure:
            if isinstance(failure, (Unauthenticated, InsufficientScope)):
                self._refusal = failure  # nothing more of the batch is run
            told = self._hub.exchanges.told(failure, self._http)
            return None if message is None else _error(message, told)
        if answer is not None and len(answer) > left:
            return _error(message, _TOO_LARGE)
        return answer

    async def _answered(self, message: messages.Message) -> bytes | None:
        gate = self._hub.gate
        caller = gate.anew(self._scope, self._caller)
        if not (isinstance(message, messages.Request) and message.method == "tools/call"):
            await gate.prove(caller)
        if not isinstance(message, messages.Request):
            await self._hub.take(self._session, message)
            return None
        if message.method == "initialize":
            raise messages.NotAMessage("initialize is sent alone.", id=message.id)
        with gate.call(caller):
            answer = await self._hub.exchanges.answer(self._http, self._session, message)
        await gate.prove(caller)
        return answer


def _error(message: messages.Message, told: ErrorData) -> bytes | None:
    return messages.error(message.id, told) if isinstance(message, messages.Request) else None
