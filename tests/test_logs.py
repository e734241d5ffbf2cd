"""Log lines, as a process of its own writes them."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

from tests.programs import environment

REQUEST = """
import sys
from app.logs import configure_logging, write
from app.settings import Settings

level, status = sys.argv[1:]
configure_logging(Settings(log_level=level))
write("vitae.http", "request", {
    "request_id": "req_1", "method": "GET", "route": "/v1/resume/jobs", "status": int(status),
    "ms": 0.4, "principal": None, "credential": "c1"})
"""


def at_a_terminal(*arguments: str) -> str:
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-c", REQUEST, *arguments], stderr=theirs, env=environment(), check=True
    )
    os.close(theirs)
    written = os.read(ours, 4096).decode()
    os.close(ours)
    return re.sub(r"^\d\d:\d\d:\d\d ", "", written.rstrip())


@pytest.mark.parametrize(
    ("level", "status", "ids"),
    [
        ("info", "200", ""),
        ("info", "401", "  request_id=req_1 credential=c1"),
        ("debug", "200", "  request_id=req_1 credential=c1"),
    ],
)
def test_at_a_terminal_a_request_is_said_first_and_ids_only_where_they_help(
    level: str, status: str, ids: str
) -> None:
    said = at_a_terminal(level, status)
    assert said == f"info    GET /v1/resume/jobs {status} 0.4 ms{ids}"
