"""Who an MCP message is from, as its handlers find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mcp.server.context import ServerRequestContext

from app.call import Context

_STATE = "mcp_caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """The request that brought a message. Its principal is known and has `mcp:connect`.

    Only where a tool is called there may be none yet: then the credential was good at this process
    before (`recognised`: of which account), and the tool's operation sees whether it still is.
    `underscores`: tool names are shown as `resume_get_job`, for clients that take no dots.
    """

    context: Context
    underscores: bool = False
    recognised: UUID | None = None

    @property
    def account_id(self) -> UUID:
        principal = self.context.principal
        account_id = self.recognised if principal is None else principal.account_id
        assert account_id is not None
        return account_id


def set_caller(scope: Any, caller: Caller) -> None:
    """Keep the caller with the HTTP request whose ASGI scope this is."""
    scope["state"][_STATE] = caller


def caller_of(context: ServerRequestContext[Any, Any]) -> Caller:
    """The caller of the message that a handler of the SDK's server is given."""
    assert context.request is not None
    return caller_at(context.request.scope)


def caller_at(scope: Any) -> Caller:
    """The caller of the HTTP request whose ASGI scope this is."""
    caller: Caller = scope["state"][_STATE]
    return caller
