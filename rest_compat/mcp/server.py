"""The MCP server: what the SDK's kernel asks, answered by tools, resources and prompts."""

from __future__ import annotations

from typing import Any

import mcp_types as types
from mcp.server.caching import CacheHint
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server

from app import __version__
from app.services import Services
from rest_compat.mcp.caller import caller_of
from rest_compat.mcp.calls import ToolCalls
from rest_compat.mcp.completions import complete
from rest_compat.mcp.instructions import INSTRUCTIONS
from rest_compat.mcp.prompts import Prompts
from rest_compat.mcp.resources import Resources
from rest_compat.mcp.tools import Tools

_Context = ServerRequestContext[Any, Any]
_Page = types.PaginatedRequestParams | None

# What is listed follows from the scopes of the token and changes with the server's version only.
_LASTS = CacheHint(ttl_ms=300_000, scope="private")


def mcp_server(services: Services, tools: Tools, calls: ToolCalls) -> Server[Any]:
    """The server of all MCP paths."""
    resources, prompts = Resources(), Prompts()

    async def list_tools(context: _Context, params: _Page) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools.listed(caller_of(context)))

    async def list_resources(context: _Context, params: _Page) -> types.ListResourcesResult:
        return await resources.list(caller_of(context), params.cursor if params else None)

    async def list_resource_templates(
        context: _Context, params: _Page
    ) -> types.ListResourceTemplatesResult:
        templates = resources.templates(caller_of(context))
        return types.ListResourceTemplatesResult(resource_templates=templates)

    async def read_resource(
        context: _Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        return await resources.read(caller_of(context), str(params.uri), context.protocol_version)

    async def list_prompts(context: _Context, params: _Page) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=prompts.listed(caller_of(context)))

    async def get_prompt(
        context: _Context, params: types.GetPromptRequestParams
    ) -> types.GetPromptResult:
        return await prompts.get(caller_of(context), params.name, params.arguments)

    async def completion(
        context: _Context, params: types.CompleteRequestParams
    ) -> types.CompleteResult:
        found = await complete(caller_of(context), params.ref, params.argument, params.context)
        return types.CompleteResult(completion=found)

    server: Server[Any] = Server(
        "vitae",
        version=__version__,
        title="Vitae",
        website_url=services.settings.public_url,
        instructions=INSTRUCTIONS,
        cache_hints={
            "tools/list": _LASTS,
            "prompts/list": _LASTS,
            "resources/templates/list": _LASTS,
        },
        on_list_tools=list_tools,
        on_list_resources=list_resources,
        on_list_resource_templates=list_resource_templates,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
        on_completion=completion,
        get_tool_input_schema=lambda name: None,  # no argument of a tool comes in a header
    )
    # In place of the SDK's tracing, to which nothing here listens.
    server.middleware[:] = [calls.middleware(server)]
    return server
