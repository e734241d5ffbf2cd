"""The operations that are tools, run as MCP lets them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from rest_compat.codec import WireOperation, wire_operations
from rest_compat.mcp.caller import Caller
from schema.declared import nullable
from schema.operation import Operation, Tool


@dataclass(frozen=True, slots=True)
class ToolOperation:
    """An operation with its tool; `operation` admits whom the tool does."""

    tool: Tool
    wire: WireOperation
    operation: Operation

    @property
    def answers_download(self) -> bool:
        return self._result == "Download"

    @property
    def answers_nothing(self) -> bool:
        return self._result == "Void"

    @property
    def _result(self) -> str:
        return str(getattr(nullable(self.wire.result), "name", ""))

    async def run(self, caller: Caller, values: dict[str, Any]) -> Any:
        """Run it with wire values of its arguments, not flat; answers what orjson can write.

        A `Download` is answered as it is. Raises DomainError.
        """
        context = caller.context.for_operation()
        result = await self.operation.run(context, lambda: self.wire.decode(values))
        return None if result is None else self.wire.encode(result)

    async def read(self, caller: Caller, values: dict[str, Any]) -> Any:
        """`run`, as a part of a request that is counted already."""
        context = caller.context.for_operation()
        result = await self.operation.run_uncounted(context, lambda: self.wire.decode(values))
        return None if result is None else self.wire.encode(result)


@cache
def tool_operations() -> dict[str, ToolOperation]:
    """Every operation with a `Tool` directive by the tool's name, in the order of the schema."""
    found = {}
    for wire in wire_operations():
        tool = wire.operation.tool
        if tool is not None:
            found[tool.name] = ToolOperation(tool, wire, wire.operation.as_tool())
    return found
