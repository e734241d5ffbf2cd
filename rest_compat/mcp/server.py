"""The MCP server: what the SDK's kernel asks, answered by tools, resources and prompts."""

from __future__ import annotations

from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server

from app import __version__
from app.services import Services
from rest_compat.mcp.caller import caller_of
from rest_compat.mcp.tools import Tools

_Context = ServerRequestContext[Any, Any]


def mcp_server(services: Services) -> Server[Any]:
    """The server of all MCP paths."""
    tools = Tools()

    async def list_tools(
        context: _Context, params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools.listed(caller_of(context)))

    async def call_tool(context: _Context, params: types.CallToolRequestParams) -> Any:
        progress = (
            context.session.report_progress
            if (context.meta or {}).get("progress_token") is not None
            else None
        )
        answer = await tools.call(caller_of(context), params.name, params.arguments, progress)
        # Asked for by 2026-07-28; the SDK leaves it out for versions before.
        return {"resultType": "complete", **answer}

    server: Server[Any] = Server(
        "vitae",
        version=__version__,
        title="Vitae",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        get_tool_input_schema=lambda name: None,
    )
    server.middleware.clear()  # the SDK's tracing; nothing here listens to it
    return server
