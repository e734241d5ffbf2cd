"""What a client says of itself at `initialize`, as far as a session needs it."""

from __future__ import annotations

from typing import Any

import orjson
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, ClientCapabilities

MOST_BYTES = 4096  # of all that is said, as JSON
_LONGEST_NAME = 200  # characters

# What else a client can do by its own account, no server of this SDK asks for.
_CAPABILITIES = frozenset(
    field.alias or name for name, field in ClientCapabilities.model_fields.items()
) - {"experimental"}


def check_size(params: dict[str, Any] | None) -> None:
    """Raise MCPError for a client that says more of itself than anybody would read."""
    said = [(params or {}).get(name) for name in ("clientInfo", "capabilities")]
    if len(orjson.dumps(said)) > MOST_BYTES:
        message = f"clientInfo and capabilities are together at most {MOST_BYTES} bytes."
        raise MCPError(INVALID_PARAMS, message)


def client_of(params: dict[str, Any] | None) -> dict[str, Any]:
    """Name and version of the client, of parameters that the SDK has found good."""
    told = (params or {}).get("clientInfo") or {}
    return {name: str(told.get(name, ""))[:_LONGEST_NAME] for name in ("name", "version")}


def capabilities_of(params: dict[str, Any] | None) -> dict[str, Any]:
    """Those of its capabilities that a server may ask for, of such parameters."""
    told = (params or {}).get("capabilities") or {}
    return {name: value for name, value in told.items() if name in _CAPABILITIES}
