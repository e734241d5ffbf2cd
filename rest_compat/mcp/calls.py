"""Calls of tools, past the SDK's models.

Arguments are read by the types of the schema, and answers are made in wire form. To have the SDK's
models read both once more would cost a third of what the operation costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.server.lowlevel import Server
from mcp_types import SERVER_INFO_META_KEY
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from rest_compat.mcp.caller import caller_of
from rest_compat.mcp.tools import Tools


def answering(server: Server[Any], tools: Tools) -> ServerMiddleware[Any]:
    """Middleware of `server` that answers calls of `tools`; a malformed one the SDK refuses."""
    # What 2026-07-28 has around a result, and versions before have not.
    envelope = {"resultType": "complete", "_meta": {SERVER_INFO_META_KEY: server.server_info_stamp}}

    async def call(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        params: Mapping[str, Any] = ctx.params or {}
        name, arguments = params.get("name"), params.get("arguments")
        if (
            ctx.method != "tools/call"
            or not isinstance(name, str)
            or not isinstance(arguments, dict | None)
        ):
            return await call_next(ctx)
        asked = (ctx.meta or {}).get("progress_token") is not None
        progress = ctx.session.report_progress if asked else None
        answer = await tools.call(caller_of(ctx), name, arguments, progress)
        modern = ctx.protocol_version in MODERN_PROTOCOL_VERSIONS
        return {**envelope, **answer} if modern else answer

    return call
