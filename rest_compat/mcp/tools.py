"""The tools of MCP: operations of the schema, as a model sees and calls them."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import mcp_types as types
from mcp.shared.exceptions import MCPError

from app import logs
from app.call import Principal, Scope
from app.errors import DomainError, InsufficientScope, Internal, Unauthenticated
from rest_compat.mcp.answers import Answer, download, failure, success
from rest_compat.mcp.arguments import FlatArguments
from rest_compat.mcp.caller import Caller
from rest_compat.mcp.descriptions import described, said_of
from rest_compat.mcp.operations import ToolOperation, tool_operations
from rest_compat.mcp.waiting import Progress, follow
from schema.types.download import Stream

log = logging.getLogger(__name__)

_SHOWN_NAME = 100  # characters of an unknown tool's name that an answer repeats


class Tools:
    """All tools, made ready once for a process."""

    def __init__(self) -> None:
        self._described: dict[str, types.Tool] = {}
        self._by_spelling: dict[str, str] = {}
        self._lists: dict[tuple[frozenset[Scope], bool], list[types.Tool]] = {}
        self._shown: dict[tuple[frozenset[Scope], bool], list[dict[str, Any]]] = {}
        self._tools = dict(tool_operations())
        self._arguments = {name: FlatArguments(tool) for name, tool in self._tools.items()}
        said = said_of(self._arguments.values())
        for name, tool in self._tools.items():
            self._described[name] = described(tool, self._arguments[name], said)
            for spelling in (name, underscored(name)):
                if self._by_spelling.setdefault(spelling, name) != name:
                    raise TypeError(f"{spelling}: two tools have this name")

    def listed(self, caller: Caller) -> list[types.Tool]:
        """Those that the caller's scopes allow, in the order of the schema. Not to be changed."""
        scopes = _principal(caller).scopes
        key = scopes, caller.underscores
        if (ready := self._lists.get(key)) is None:
            ready = self._lists[key] = [
                shown.model_copy(update={"name": underscored(name)})
                if caller.underscores
                else shown
                for name, shown in self._described.items()
                if scopes.issuperset(self._tools[name].operation.admission.scopes)
            ]
        return ready

    def shown(self, caller: Caller) -> list[dict[str, Any]]:
        """`listed` in its wire form, ready made; making it takes many times as long as a call."""
        key = _principal(caller).scopes, caller.underscores
        if (ready := self._shown.get(key)) is None:
            ready = self._shown[key] = [
                tool.model_dump(by_alias=True, mode="json", exclude_none=True)
                for tool in self.listed(caller)
            ]
        return ready

    def knows(self, name: str) -> bool:
        """Whether there is a tool of this name, in either spelling."""
        return name in self._by_spelling

    def note_unknown(self, caller: Caller, name: str) -> None:
        """Record that a tool was asked for that is not there."""
        _record(caller, name[:_SHOWN_NAME], "unknown_tool", 0.0)

    async def call(
        self,
        caller: Caller,
        name: str,
        arguments: dict[str, Any] | None,
        progress: Progress | None = None,
    ) -> Answer:
        """Run a tool, by either spelling of its name; a CallToolResult in its wire form.

        What goes wrong in the tool is an answer too (`isError`). Raises MCPError for an unknown
        tool, and Unauthenticated or InsufficientScope where the caller may not use MCP at all.
        """
        try:
            return await self.run(caller, name, arguments, progress)
        except DomainError as error:
            if _is_the_transports(error):
                raise
            known = self._by_spelling[name]
            return failure(error, caller.context.request_id, self._arguments[known].names)

    async def run(
        self,
        caller: Caller,
        name: str,
        arguments: dict[str, Any] | None,
        progress: Progress | None = None,
    ) -> Answer:
        """`call`, but for failures of the tool, which are raised; one unforeseen as Internal."""
        known = self._by_spelling.get(name)
        if known is None:
            self.note_unknown(caller, name)
            raise MCPError(types.INVALID_PARAMS, f"Unknown tool: {name[:_SHOWN_NAME]}")
        started, outcome = time.perf_counter(), "ok"
        try:
            return await self._answer(self._tools[known], caller, arguments or {}, progress)
        except DomainError as error:
            outcome = error.code
            raise
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except Exception as error:
            outcome = Internal.code
            fields = {"request_id": caller.context.request_id, "tool": known}
            log.error("unhandled error", exc_info=error, extra={"fields": fields})
            raise Internal from error
        finally:
            _record(caller, known, outcome, time.perf_counter() - started)

    async def _answer(
        self,
        tool: ToolOperation,
        caller: Caller,
        given: dict[str, Any],
        progress: Progress | None,
    ) -> Answer:
        values, extras = self._arguments[tool.tool.name].split(given)
        value = await tool.run(caller, values)
        if isinstance(value, Stream):
            public_url = caller.context.services.settings.public_url
            return await download(value, public_url, embed=extras.get("base64", False))
        if tool.tool.waits:
            value = await follow(tool, caller, value, extras.get("wait", 0), progress)
        elif progress is not None:
            await progress(1, 1, None)
        return success(value)


def underscored(name: str) -> str:
    """`resume_get_job` for `resume.get_job`."""
    return name.replace(".", "_")


def _principal(caller: Caller) -> Principal:
    if caller.context.principal is None:
        raise Unauthenticated(reason="missing")
    return caller.context.principal


def _is_the_transports(error: DomainError) -> bool:
    """Whether the caller may not use MCP, so that the answer is not the tool's."""
    if isinstance(error, InsufficientScope):
        return error.details.get("required") == Scope.MCP_CONNECT.value
    return isinstance(error, Unauthenticated)


def _record(caller: Caller, tool: str, outcome: str, seconds: float) -> None:
    """One line in the audit log: who has called what; never with what."""
    context = caller.context
    principal = context.principal
    account_id = caller.recognised if principal is None else principal.account_id
    fields = {
        "tool": tool,
        "outcome": outcome,
        "ms": round(seconds * 1000, 2),
        "request_id": context.request_id,
        "principal": None if account_id is None else str(account_id),
        "credential": None if principal is None else str(principal.credential_id),
    }
    logs.write("vitae.audit", "tool call", fields, last=False)
