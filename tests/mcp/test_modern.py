"""Calls of tools in version 2026-07-28, which has no sessions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.mcp.talking import BOTH, Talk

VERSION = "2026-07-28"
CV_DATA = json.loads((Path(__file__).parents[2] / "app/cv/example.json").read_text())["cv_data"]


async def call(talk: Talk, name: str, arguments: Any, meta: Any = None) -> httpx.Response:
    headers = {"mcp-protocol-version": VERSION, "mcp-method": "tools/call", "mcp-name": name}
    envelope = {
        "io.modelcontextprotocol/protocolVersion": VERSION,
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    params = {"name": name, "arguments": arguments, "_meta": {**envelope, **(meta or {})}}
    return await talk.post(talk.request("tools/call", params), **headers, **BOTH)


async def test_a_call_that_tells_nothing_else_is_answered_in_one_piece(talk: Talk) -> None:
    answer = await call(talk, "resume.list_jobs", {})
    assert answer.headers["content-type"] == "application/json"
    result = answer.json()["result"]
    assert result["structuredContent"]["items"] == []
    assert result["resultType"] == "complete"
    assert result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "vitae"


async def test_a_call_that_is_to_tell_of_its_progress_is_answered_by_a_stream(talk: Talk) -> None:
    meta = {"progressToken": "mine"}
    answer = await call(talk, "resume.create_job", {"request_id": "one", "cv_data": CV_DATA}, meta)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert '"progressToken":"mine"' in answer.text.replace(" ", "")
    assert '"status":"queued"' in answer.text.replace("\\", "").replace(" ", "")


@pytest.mark.parametrize("arguments", [["job"], "job", 7], ids=["list", "text", "number"])
async def test_arguments_that_are_no_object_are_refused(talk: Talk, arguments: Any) -> None:
    answer = await call(talk, "resume.list_jobs", arguments)
    assert answer.json()["error"]["code"] == -32602


async def test_calls_are_counted_no_longer_once_they_are_answered(talk: Talk) -> None:
    for _ in range(60):  # three times as many as an account may have at once
        answer = await call(talk, "resume.list_jobs", {"limit": 1})
        assert answer.status_code == 200
