"""What is tried again and what is not, on servers that fail as they are told.

The server here stands for a network and for machines that break; the real one is in the others.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.shell import Shell

OK = (
    b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n"
    b'{"id": "x1"}'
)
BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 0\r\ncontent-type: application/json\r\n"
    b"content-length: 2\r\n\r\n{}"
)
LATER = BUSY.replace(b"503 Service Unavailable", b"429 Too Many Requests").replace(
    b"retry-after: 0", b"retry-after: 3600"
)
LOST = b""


@dataclass
class Failing:
    """A server that gives its answers in turn; `heard` is what it was asked."""

    answers: Sequence[bytes]
    heard: list[bytes] = field(default_factory=list)
    url: str = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heard.append(head)
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n")
             if line.startswith(b"content-length:")), 0
        )  # fmt: skip
        await reader.readexactly(length)
        writer.write(self.answers[min(len(self.heard), len(self.answers)) - 1])
        await writer.drain()
        writer.close()

    def keys(self) -> list[bytes]:
        found = [
            line.partition(b": ")[2]
            for head in self.heard
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"idempotency-key:")
        ]
        assert len(found) == len(self.heard)
        return found


@contextlib.asynccontextmanager
async def failing(*answers: bytes) -> AsyncIterator[Failing]:
    server = Failing(answers)
    async with await asyncio.start_server(server.answer, "127.0.0.1", 0) as listener:
        server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        yield server


@pytest.fixture
def someone(tmp_path: Path) -> Shell:
    return Shell("", tmp_path, {"VITAE_TOKEN": "vt_x"})


@pytest.mark.parametrize("first", [BUSY, LOST], ids=["busy", "lost"])
async def test_a_write_is_tried_again_under_the_same_key(someone: Shell, first: bytes) -> None:
    async with failing(first, first, OK) as server:
        done = await someone.ok("skills", "add", "Python", "-q", "--url", server.url)
    assert done.out == "x1\n"
    assert len(server.heard) == 3
    assert len(set(server.keys())) == 1


async def test_a_write_without_key_whose_answer_was_lost_is_not_tried_again(
    someone: Shell,
) -> None:
    async with failing(LOST, OK) as server:
        done = await someone.run("profile", "set", "--headline", "x", "--url", server.url)
    assert done.code == 9
    assert len(server.heard) == 1


async def test_a_server_that_stays_busy_is_given_up(someone: Shell) -> None:
    async with failing(BUSY) as server:
        done = await someone.run("skills", "list", "--url", server.url)
    assert done.code == 9
    assert len(server.heard) == 4


async def test_what_may_be_asked_in_an_hour_only_is_told_at_once(someone: Shell) -> None:
    began = time.monotonic()
    async with failing(LATER) as server:
        done = await someone.run("skills", "list", "--url", server.url)
    assert done.code == 8
    assert "Try again in 3600 s" in done.err
    assert len(server.heard) == 1
    assert time.monotonic() - began < 3000


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]",
        b"HTTP/1.1 404 Not Found\r\ncontent-length: 6\r\n\r\n<html>",
        b"nonsense",
        b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{",
    ],
    ids=["text", "another shape", "a page", "no HTTP", "cut off"],
)
async def test_a_server_that_is_no_vitae_ends_in_one_line(someone: Shell, answer: bytes) -> None:
    async with failing(answer) as server:
        done = await someone.run("skills", "list", "--url", server.url)
    assert done.code in (1, 5, 9)
    assert done.err.startswith("vitae: ")
    assert "Traceback" not in done.err


async def test_a_download_that_breaks_off_leaves_no_file(someone: Shell) -> None:
    cut = b"HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\ncontent-length: 500\r\n\r\n%PDF-"
    async with failing(cut) as server:
        done = await someone.run("resume", "download", "x", "-o", "cv.pdf", "--url", server.url)
    assert done.code == 9
    assert someone.files() == []


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b'filename="../../.bashrc"', "bashrc"),
        (b"filename=\"x.pdf\"; filename*=UTF-8''..%2F..%2F.bashrc", "bashrc"),
        (b"filename=\"_v_ry.pdf\"; filename*=UTF-8''%C3%93v%C3%A1ry.pdf", "Óváry.pdf"),
    ],
    ids=["plain", "extended", "with accents"],
)
async def test_a_files_name_from_the_server_leads_nowhere_else(
    someone: Shell, disposition: bytes, name: str
) -> None:
    named = (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/pdf\r\ncontent-length: 5\r\n"
        b"content-disposition: attachment; " + disposition + b"\r\n\r\n%PDF-"
    )

    def at_terminal(url: str) -> tuple[int, str]:
        with someone.terminal("resume", "download", "x", "--url", url) as terminal:
            return terminal.end()

    async with failing(named) as server:
        code, seen = await asyncio.to_thread(at_terminal, server.url)
    assert code == 0, seen
    assert [place.name for place in someone.files()] == [name]


async def test_a_server_steers_no_terminal(someone: Shell) -> None:
    hostile = "\x1b]0;owned\x07\x9b2J\u202e"
    text = f"# Ann {hostile}".encode()
    asked = json.dumps(
        {"verification_uri": hostile, "verification_uri_complete": hostile, "user_code": hostile,
         "device_code": "x", "expires_in": 0}
    ).encode()  # fmt: skip
    refused = json.dumps(
        {"ok": False, "error": {"code": "conflict", "message": hostile}}, ensure_ascii=False
    ).encode()

    def seen(url: str, *arguments: str, **further: str) -> str:
        with someone.terminal(*arguments, "--url", url, **further) as terminal:
            return terminal.end()[1]

    for kind, body, arguments, token in (
        (b"200 OK\r\ncontent-type: text/markdown", text, ("export", "profile", "-o", "-"), "vt_x"),
        (b"200 OK\r\ncontent-type: application/json", asked, ("login", "--device"), ""),
        (b"409 Conflict\r\ncontent-type: application/json", refused, ("whoami", "--json"), "vt_x"),
    ):
        head = b"HTTP/1.1 " + kind + b"\r\ncontent-length: %d\r\n\r\n" % len(body)
        async with failing(head + body) as server:
            told = await asyncio.to_thread(
                seen, server.url, *arguments, NO_COLOR="1", VITAE_TOKEN=token
            )
        assert "owned" in told
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(told)
