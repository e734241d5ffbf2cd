"""The audit log knows of calls to tools that are not there."""

from __future__ import annotations

import dataclasses
import json

import pytest

from app.logs import configure_logging
from app.settings import Settings
from tests.mcp.talking import Talk


async def test_a_call_of_an_unknown_tool_leaves_a_line(
    talk: Talk, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    session = await talk.begin()
    configure_logging(dataclasses.replace(settings, log_level="info"))
    try:
        await session.send("tools/call", {"name": "no.such_tool"})
        await talk.http.post("/v1/mcp/tools/call", json={"name": "x" * 5000})
    finally:
        configure_logging(settings)
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    audited = [line for line in lines if line["logger"] == "vitae.audit"]
    assert [(line["tool"], line["outcome"]) for line in audited] == [
        ("no.such_tool", "unknown_tool"),
        ("x" * 100, "unknown_tool"),
    ]
    assert all(line["principal"] for line in audited)
