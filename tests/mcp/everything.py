"""A server with everything that the outside judge of MCP asks for, behind our own transport.

Our tools ask nothing of a client, have no state to seal and no list that changes. What the
transport does for those that do is judged on this server: the same authentication, sessions and
streams, on the same PostgreSQL and Valkey, over any number of processes.

    python -m tests.mcp.everything --port 8123 --processes 4

The settings come from the environment, as those of `vitae api` do.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Callable
from typing import Any

import mcp_types as types
import orjson
import uvicorn
from mcp.server.lowlevel import Server
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity
from mcp.server.subscriptions import (
    InMemorySubscriptionBus,
    ListenHandler,
    PromptsListChanged,
    ServerEvent,
    SubscriptionBus,
    ToolsListChanged,
)
from mcp.shared.exceptions import MCPError
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from app.services import Services
from app.settings import Settings
from rest_compat.edge import Edge
from rest_compat.mcp.caller import caller_of
from rest_compat.mcp.endpoint import PATH, McpEndpoint
from rest_compat.system import system_routes
from tests.mcp import everything_content as content
from tests.mcp import everything_questions, everything_rounds
from tests.mcp.everything_tools import TOOLS, Answer, Asked, Context

_ALL_TOOLS = (everything_questions, everything_rounds)  # imported so that theirs are registered
_CHANNEL = "tests:everything:changes"
_EVENTS: dict[str, ServerEvent] = {"tools": ToolsListChanged(), "prompts": PromptsListChanged()}


class ChangesOfAll:
    """Tells those who listen at any process what has changed at one."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._here = InMemorySubscriptionBus()

    async def publish(self, event: ServerEvent) -> None:
        name = next(name for name, known in _EVENTS.items() if known == event)
        await self._redis.publish(_CHANNEL, orjson.dumps(name))

    def subscribe(self, listener: Callable[[ServerEvent], None]) -> Callable[[], None]:
        return self._here.subscribe(listener)

    @contextlib.asynccontextmanager
    async def hearing(self) -> AsyncIterator[None]:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe(_CHANNEL)
            task = asyncio.create_task(self._hear(pubsub))
            try:
                yield
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _hear(self, pubsub: Any) -> None:
        while True:
            message = await pubsub.get_message(timeout=4.0)
            if message is not None:
                await self._here.publish(_EVENTS[orjson.loads(message["data"])])


def everything(bus: SubscriptionBus, key: bytes) -> Server[Any]:
    """The server; `key` seals the state that clients carry between rounds."""

    async def list_tools(
        context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[tool.shown for tool in TOOLS.values()])

    async def call_tool(context: Context, params: types.CallToolRequestParams) -> Answer:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {params.name}.")
        return await tool.run(Asked(context, params, bus))

    async def list_resources(
        context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=content.RESOURCES)

    async def list_templates(
        context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=content.TEMPLATES)

    async def read_resource(
        context: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        found = content.read(str(params.uri), context.protocol_version)
        return types.ReadResourceResult(contents=[found])

    async def list_prompts(
        context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=content.PROMPTS)

    async def take(context: Context, params: Any) -> types.EmptyResult:
        return types.EmptyResult()

    def input_schema(name: str) -> dict[str, Any] | None:
        return TOOLS[name].shown.input_schema if name in TOOLS else None

    server: Server[Any] = Server(
        "everything",
        version="1.0.0",
        get_tool_input_schema=input_schema,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
        on_subscribe_resource=take,
        on_unsubscribe_resource=take,
        on_subscriptions_listen=ListenHandler(bus),
        on_list_prompts=list_prompts,
        on_get_prompt=content.get_prompt,
        on_completion=content.complete,
    )
    server.add_request_handler("logging/setLevel", types.SetLevelRequestParams, take)
    security = RequestStateSecurity(keys=[key], bind_principal=_principal)
    server.middleware.append(RequestStateBoundary(security, default_audience="everything"))
    return server


def _principal(context: Context) -> str:
    return str(caller_of(context).account_id)


def create_app() -> Starlette:
    """The application of one process, by the settings in the environment."""
    logging.basicConfig(level=logging.WARNING)
    settings = Settings.from_env(os.environ)
    services = Services.from_settings(settings)
    bus = ChangesOfAll(services.redis)
    endpoint = McpEndpoint(services, everything(bus, settings.signing_key()))

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await services.open()
        try:
            async with bus.hearing(), endpoint.run():
                yield
        finally:
            await services.close()

    return Starlette(
        routes=[Route(PATH, endpoint), *system_routes(services)],
        middleware=[Middleware(Edge, secure=False, meter=services.meter)],
        lifespan=lifespan,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--processes", type=int, default=4)
    given = parser.parse_args()
    uvicorn.run(
        "tests.mcp.everything:create_app",
        factory=True,
        port=given.port,
        workers=given.processes,
        log_level="warning",
        loop="uvloop",
        http="httptools",
    )
