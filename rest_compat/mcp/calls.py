"""Calls of tools, past the SDK's models.

Arguments are read by the types of the schema, and answers are made in wire form. To have the SDK's
models read both once more would cost a third of what the operation costs, and its kernel as much
again; so a call that belongs to a session is answered here, and one of 2026-07-28, which comes by
the SDK's own entry, by a middleware of its server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.server.lowlevel import Server
from mcp_types import SERVER_INFO_META_KEY
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from rest_compat.mcp.answers import Answer, for_version
from rest_compat.mcp.caller import Caller, caller_of
from rest_compat.mcp.tools import Tools
from rest_compat.mcp.waiting import Progress

METHOD = "tools/call"


class ToolCalls:
    """Answers well-formed calls; a malformed one is left for the SDK to refuse."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @staticmethod
    def takes(method: str, params: Mapping[str, Any] | None) -> bool:
        """Whether this is a call that names a tool and has arguments that can be read."""
        return (
            method == METHOD
            and params is not None
            and isinstance(params.get("name"), str)
            and isinstance(params.get("arguments"), dict | None)
            and isinstance(params.get("_meta"), dict | None)
        )

    async def answer(
        self, caller: Caller, version: str, params: Mapping[str, Any], progress: Progress | None
    ) -> Answer:
        """The result of a call that `takes` has said yes to; raises as `Tools.call` does."""
        answer = await self._tools.call(caller, params["name"], params.get("arguments"), progress)
        return for_version(answer, version)

    def middleware(self, server: Server[Any]) -> ServerMiddleware[Any]:
        """Middleware of `server` that answers calls."""
        # What 2026-07-28 has around a result, and versions before have not.
        stamp = {SERVER_INFO_META_KEY: server.server_info_stamp}
        envelope = {"resultType": "complete", "_meta": stamp}

        async def call(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
            params = ctx.params
            if params is None or not self.takes(ctx.method, params):
                return await call_next(ctx)
            asked = (ctx.meta or {}).get("progress_token") is not None
            progress = ctx.session.report_progress if asked else None
            answer = await self.answer(caller_of(ctx), ctx.protocol_version, params, progress)
            is_modern = ctx.protocol_version in MODERN_PROTOCOL_VERSIONS
            return {**envelope, **answer} if is_modern else answer

        return call
