"""Tools, resources and prompts as tables for people: `python -m rest_compat.mcp.catalogue`."""

from __future__ import annotations

from collections.abc import Iterable

from rest_compat.mcp.operations import ToolOperation, tool_operations
from rest_compat.mcp.prompts import PROMPTS
from rest_compat.mcp.resources import FAMILIES, FIXED
from schema.types.access import Scope


def tables() -> str:
    """What there is, in Markdown."""
    tools = tool_operations()
    return "\n\n".join(
        (
            _table(
                ("tool", "what it does", "scope beside `mcp:connect`"),
                ((f"`{name}`", _does(tool), _scope(tool)) for name, tool in tools.items()),
            ),
            _table(
                ("resource", "what it is", "scope beside `mcp:connect`"),
                (
                    (f"`{uri}`", title, "" if name is None else _scope(tools[name]))
                    for uri, title, name in _resources()
                ),
            ),
            _table(
                ("prompt", "what it does", "arguments"),
                (
                    (
                        f"`{prompt.name}`",
                        prompt.description or "",
                        ", ".join(f"`{argument.name}`" for argument in prompt.arguments or ()),
                    )
                    for prompt in PROMPTS.values()
                ),
            ),
        )
    )


def _resources() -> Iterable[tuple[str, str, str | None]]:
    for resource, tool in FIXED:
        yield resource.uri, resource.title or "", tool
    for family, tool in FAMILIES:
        yield family.uri_template, family.title or "", tool


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _does(tool: ToolOperation) -> str:
    title = tool.tool.title
    return f"{title}; `wait` follows it" if tool.tool.waits else title


def _scope(tool: ToolOperation) -> str:
    needed = [scope for scope in tool.operation.admission.scopes if scope != Scope.MCP_CONNECT]
    return ", ".join(f"`{scope.value}`" for scope in needed)


if __name__ == "__main__":
    print(tables())
