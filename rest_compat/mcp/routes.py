"""The MCP paths."""

from __future__ import annotations

from starlette.routing import Route

from rest_compat.mcp.endpoint import PATH, McpEndpoint
from rest_compat.mcp.legacy_sse import MESSAGES_PATH, SSE_PATH, LegacyMessages, LegacyStream


def mcp_routes(endpoint: McpEndpoint) -> list[Route]:
    """The Streamable HTTP path, and the two of the legacy transport."""
    return [
        Route(PATH, endpoint),
        Route(SSE_PATH, LegacyStream(endpoint.hub)),
        Route(MESSAGES_PATH, LegacyMessages(endpoint.hub)),
    ]
