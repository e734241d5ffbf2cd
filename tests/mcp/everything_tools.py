"""The tools that the outside judge of MCP calls: one for each thing that a tool can do.

What they are named and answer is the judge's to say (`@modelcontextprotocol/conformance`).
"""

from __future__ import annotations

import asyncio
import base64
import io
import struct
import wave
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.subscriptions import (
    PromptsListChanged,
    ServerEvent,
    SubscriptionBus,
    ToolsListChanged,
)
from mcp.shared.exceptions import MCPError

Context = ServerRequestContext[Any, Any]
Answer = types.CallToolResult | types.InputRequiredResult

_NOTHING: dict[str, Any] = {"type": "object", "properties": {}}
_A_MOMENT = 0.05  # seconds; the judge wants to see that messages come while the tool runs


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of a tool; `bus` tells those who listen what has changed."""

    context: Context
    params: types.CallToolRequestParams
    bus: SubscriptionBus

    def argument(self, name: str) -> Any:
        return (self.params.arguments or {}).get(name)


Run = Callable[[Asked], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class TestTool:
    """What is listed, and what answers."""

    __test__ = False

    shown: types.Tool
    run: Run


TOOLS: dict[str, TestTool] = {}


def tool(name: str, description: str, schema: dict[str, Any] = _NOTHING) -> Callable[[Run], Run]:
    """Make a function the tool `name`."""

    def register(run: Run) -> Run:
        shown = types.Tool(name=name, description=description, input_schema=schema)
        TOOLS[name] = TestTool(shown, run)
        return run

    return register


def texts(**properties: Any) -> dict[str, Any]:
    """A schema of texts that are all required."""
    return {
        "type": "object",
        "properties": {
            name: {"type": "string", "description": told} for name, told in properties.items()
        },
        "required": list(properties),
    }


def text(value: str) -> types.TextContent:
    return types.TextContent(text=value)


def say(*content: types.ContentBlock | str) -> types.CallToolResult:
    return types.CallToolResult(content=[text(c) if isinstance(c, str) else c for c in content])


def red_dot() -> str:
    """A PNG of one red pixel, in base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00\xff\x00\x00")
    parts = (b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")
    data = b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)
    return base64.b64encode(data).decode()


def silence() -> str:
    """A WAV of a few samples, in base64."""
    with io.BytesIO() as file:
        with wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(1)
            sound.setframerate(8000)
            sound.writeframes(b"\x80" * 8)
        return base64.b64encode(file.getvalue()).decode()


IMAGE = types.ImageContent(data=red_dot(), mime_type="image/png")


def embedded(uri: str, media_type: str, content: str) -> types.EmbeddedResource:
    return types.EmbeddedResource(
        resource=types.TextResourceContents(uri=uri, mime_type=media_type, text=content)
    )


# Kinds of content.


@tool("test_simple_text", "Answers a text.")
async def simple_text(asked: Asked) -> Answer:
    return say("This is a simple text response for testing.")


@tool("test_image_content", "Answers an image.")
async def image_content(asked: Asked) -> Answer:
    return say(IMAGE)


@tool("test_audio_content", "Answers a sound.")
async def audio_content(asked: Asked) -> Answer:
    return say(types.AudioContent(data=silence(), mime_type="audio/wav"))


@tool("test_embedded_resource", "Answers a resource.")
async def embedded_resource(asked: Asked) -> Answer:
    content = "This is an embedded resource content."
    return say(embedded("test://embedded-resource", "text/plain", content))


@tool("test_multiple_content_types", "Answers a text, an image and a resource.")
async def multiple_content_types(asked: Asked) -> Answer:
    resource = embedded(
        "test://mixed-content-resource", "application/json", '{"test":"data","value":123}'
    )
    return say("Multiple content types test:", IMAGE, resource)


@tool("test_error_handling", "Always fails.")
async def error_handling(asked: Asked) -> Answer:
    told = "This tool intentionally returns an error for testing"
    return types.CallToolResult(content=[text(told)], is_error=True)


@tool(
    "json_schema_2020_12_tool",
    "Has an input schema with the vocabulary of JSON Schema 2020-12.",
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {
            "address": {
                "$anchor": "addressDef",
                "type": "object",
                "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
            }
        },
        "properties": {
            "name": {"type": "string"},
            "address": {"$ref": "#/$defs/address"},
            "contactMethod": {"type": "string", "enum": ["phone", "email"]},
            "phone": {"type": "string"},
            "email": {"type": "string"},
        },
        "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
        "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
        "then": {"required": ["phone"]},
        "else": {"required": ["email"]},
        "additionalProperties": False,
    },
)
async def schema_2020_12(asked: Asked) -> Answer:
    return say("Taken.")


@tool(
    "test_header_argument",
    "Has an argument that is mirrored in a header of the request.",
    {
        "type": "object",
        "properties": {"region": {"type": "string", "x-mcp-header": "Region"}},
        "required": ["region"],
    },
)
async def header_argument(asked: Asked) -> Answer:
    return say(f"Region: {asked.argument('region')}")


# What is sent while a tool runs.


async def log(asked: Asked, message: str) -> None:
    await asked.context.session.send_log_message(
        "info", message, related_request_id=asked.context.request_id
    )


@tool("test_tool_with_logging", "Logs thrice while it runs.")
async def with_logging(asked: Asked) -> Answer:
    await log(asked, "Tool execution started")
    await asyncio.sleep(_A_MOMENT)
    await log(asked, "Tool processing data")
    await asyncio.sleep(_A_MOMENT)
    await log(asked, "Tool execution completed")
    return say("Logged three messages.")


@tool("test_logging_tool", "Logs where the caller wants it.")
async def logging_tool(asked: Asked) -> Answer:
    await log(asked, "Wanted")
    return say("Logged what was wanted.")


@tool("test_tool_with_progress", "Reports progress thrice while it runs.")
async def with_progress(asked: Asked) -> Answer:
    for done in (0, 50, 100):
        await asked.context.session.report_progress(done, 100)
        await asyncio.sleep(_A_MOMENT)
    return say("Reported all progress.")


@tool("test_reconnection", "Lets go of the response's stream before it answers.")
async def reconnection(asked: Asked) -> Answer:
    if asked.context.close_sse_stream is not None:
        await asked.context.close_sse_stream()
    await asyncio.sleep(_A_MOMENT * 2)
    return say("Answered on another stream.")


async def changed(asked: Asked, event: ServerEvent) -> Answer:
    await asked.bus.publish(event)
    return say("Everybody was told.")


@tool("test_trigger_tool_change", "Tells those who listen that the tools have changed.")
async def tool_change(asked: Asked) -> Answer:
    return await changed(asked, ToolsListChanged())


@tool("test_trigger_prompt_change", "Tells those who listen that the prompts have changed.")
async def prompt_change(asked: Asked) -> Answer:
    return await changed(asked, PromptsListChanged())


# What a client must be able to do.


@tool("test_missing_capability", "Works only for clients that sample.")
async def missing_capability(asked: Asked) -> Answer:
    needed = types.ClientCapabilities(sampling=types.SamplingCapability())
    if not asked.context.session.check_client_capability(needed):
        data = types.MissingRequiredClientCapabilityErrorData(required_capabilities=needed)
        raise MCPError(
            types.MISSING_REQUIRED_CLIENT_CAPABILITY,
            "This tool needs a client that samples.",
            data.model_dump(mode="json", by_alias=True, exclude_none=True),
        )
    return say("The client samples.")
