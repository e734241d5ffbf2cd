"""`vitae mcp`: MCP over standard input and output, for clients that speak nothing else.

Each line of JSON-RPC goes to the server's `/v1/mcp` as it is, and each message from there becomes a
line. The session of the handshake eras is kept here: one that the server has forgotten is begun
anew with the client's own `initialize`. Messages of 2026-07-28 say their version themselves and
need none. Standard output has nothing but the protocol.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import click

from app.cli.client import event_stream, wire
from app.cli.client.api import Api
from app.cli.client.failures import Exit, Failure, Refused
from app.cli.client.invocation import Invocation, command

PATH = "/v1/mcp"

_ACCEPT = "application/json, text/event-stream"
_VERSION = "io.modelcontextprotocol/protocolVersion"
_NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
_LISTENS = "subscriptions/listen"
_HEADER_SAFE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
# What is answered in silence: a model may think about a question for long.
_QUIET_SECONDS = 300.0
_FAREWELL_SECONDS = 5.0
_LAST_ANSWERS_SECONDS = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0
_SERVER_ERROR = -32000
_PARSE_ERROR = -32700


class Bridge:
    """One client's conversation. `write` takes a line for it, of any thread."""

    def __init__(self, api: Api, path: str, write: Callable[[bytes], None]) -> None:
        self._api, self._path, self._write = api, path, write
        self._session: dict[str, str] = {}
        self._greeting: list[dict[str, Any]] = []
        self._beginning = threading.Lock()
        self._open: dict[str, wire.Answer] = {}
        self._pending: set[threading.Thread] = set()
        self._listener: threading.Thread | None = None
        self._over = threading.Event()

    def take(self, line: bytes) -> None:
        """Pass a line of the client on; what is a request is answered meanwhile."""
        try:
            message = json.loads(line)
        except ValueError:
            self._tell_error(None, _PARSE_ERROR, "This line is not JSON.")
            return
        method = message.get("method") if isinstance(message, dict) else None
        if method == "initialize":
            self._greeting = [message]
            self._session = {}
            self._pass_on(message)
        elif method == "notifications/cancelled" and self._abandon(message):
            return
        elif method is not None and isinstance(message, dict) and "id" in message:
            thread = threading.Thread(target=self._pass_on, args=(message,), daemon=True)
            if method != _LISTENS:
                self._pending.add(thread)
            thread.start()
        else:
            if method == "notifications/initialized":
                self._greeting = [*self._greeting[:1], message]
            self._pass_on(message)
            if method == "notifications/initialized":
                self._listen()

    def finish(self) -> None:
        """Wait for what is on its way, after the client's last line."""
        deadline = time.monotonic() + _LAST_ANSWERS_SECONDS
        for thread in list(self._pending):
            thread.join(max(0.0, deadline - time.monotonic()))

    def close(self) -> None:
        """End the session at the server."""
        self._over.set()
        if session := dict(self._session):
            with contextlib.suppress(Failure):
                self._api.request("DELETE", PATH, headers=session, seconds=_FAREWELL_SECONDS)

    # To the server

    def _pass_on(self, message: Any) -> None:
        request_id = message.get("id") if isinstance(message, dict) else None
        is_request = request_id is not None and "method" in message
        try:
            self._post(message, request_id if is_request else None)
        except Failure as failure:
            if is_request:
                self._tell_failure(request_id, failure)
            else:
                print(f"vitae: {failure}", file=sys.stderr, flush=True)
        finally:
            self._pending.discard(threading.current_thread())

    def _post(self, message: Any, request_id: Any) -> None:
        used = dict(self._session)
        try:
            answer = self._sent(message, used)
        except Refused as refused:
            if refused.status != 404 or not used or _version_of(message):
                raise
            self._begin_anew(used)
            answer = self._sent(message, self._session)
        if isinstance(message, dict) and message.get("method") == "initialize":
            self._remember(answer, content := answer.read())
            self._tell(content)
        else:
            self._receive(answer, request_id, self._session if used else {})

    def _sent(self, message: Any, session: dict[str, str]) -> wire.Answer:
        headers = {"Accept": _ACCEPT, **(_headers_of(message) or session)}
        return self._api.request(
            "POST", self._path, body=message, headers=headers, seconds=_QUIET_SECONDS
        )

    def _remember(self, answer: wire.Answer, content: bytes) -> None:
        """The session that the server began, and the version that it speaks."""
        session_id = answer.headers.get("Mcp-Session-Id")
        with contextlib.suppress(ValueError, KeyError, TypeError):
            version = json.loads(content)["result"]["protocolVersion"]
            if session_id:
                self._session = {"Mcp-Session-Id": session_id, "MCP-Protocol-Version": version}

    def _begin_anew(self, used: dict[str, str]) -> None:
        """A session instead of the one that is gone; several requests may find it gone at once."""
        with self._beginning:
            if self._session != used or not self._greeting:
                return
            answer = self._sent(self._greeting[0], {})
            self._remember(answer, answer.read())
            for message in self._greeting[1:]:
                self._sent(message, self._session).read()
            self._listen()

    # From the server

    def _receive(self, answer: wire.Answer, request_id: Any, session: dict[str, str]) -> None:
        if "text/event-stream" not in answer.headers.get("Content-Type", ""):
            if content := answer.read():
                self._tell(content)
            return
        key = json.dumps(request_id)
        self._open[key] = answer
        try:
            self._follow(answer, request_id, session)
        finally:
            self._open.pop(key, None)

    def _follow(self, answer: wire.Answer, request_id: Any, session: dict[str, str]) -> None:
        """Tell what comes on a stream until the answer to the request is there."""
        last, pause = "", _FIRST_PAUSE
        while True:
            try:
                for event in event_stream.events(answer):
                    last = event.id or last
                    if event.data:
                        self._tell(event.data)
                        if _answers(event.data, request_id):
                            return
            except wire.Broken as error:
                if not last or not session or self._over.is_set():
                    message = f"The server's answer broke off: {error}"
                    raise Failure(message, Exit.UNAVAILABLE) from None
            if not last or not session:
                return  # it was taken back
            self._over.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            headers = {"Accept": "text/event-stream", "Last-Event-ID": last, **session}
            answer = self._api.request("GET", PATH, headers=headers, seconds=_QUIET_SECONDS)

    def _listen(self) -> None:
        """Hear what the server says by itself, for as long as the session lasts."""
        if self._session:
            arguments = (dict(self._session),)
            self._listener = threading.Thread(target=self._hear, args=arguments, daemon=True)
            self._listener.start()

    def _hear(self, session: dict[str, str]) -> None:
        last, pause = "", _FIRST_PAUSE
        while session == self._session and not self._over.is_set():
            headers = {"Accept": "text/event-stream", **session}
            if last:
                headers["Last-Event-ID"] = last
            try:
                answer = self._api.request("GET", PATH, headers=headers, seconds=_QUIET_SECONDS)
                for event in event_stream.events(answer):
                    last, pause = event.id or last, _FIRST_PAUSE
                    if event.data:
                        self._tell(event.data)
            except wire.Broken:
                pass
            except Failure as failure:
                if failure.exit is not Exit.UNAVAILABLE:
                    return  # the session is gone, or nothing is ever said
            self._over.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    # To the client

    def _abandon(self, message: dict[str, Any]) -> bool:
        """Leave a request that has no session: closing its stream is how it is taken back."""
        if self._session:
            return False
        request_id = (message.get("params") or {}).get("requestId")
        answer = self._open.pop(json.dumps(request_id), None)
        if answer is not None:
            answer.close()
        return True

    def _tell(self, content: bytes) -> None:
        """One message, or several, each as one line."""
        try:
            value = json.loads(content)
        except ValueError:
            raise Failure("The answer is not one of an MCP server.") from None
        self._write(json.dumps(value, ensure_ascii=False).encode() + b"\n")

    def _tell_failure(self, request_id: Any, failure: Failure) -> None:
        if isinstance(failure, Refused):
            with contextlib.suppress(ValueError, AttributeError):
                said = json.loads(failure.content)
                if said.get("jsonrpc") and said.get("id") == request_id:
                    self._tell(failure.content)
                    return
        self._tell_error(request_id, _SERVER_ERROR, " ".join(failure.lines()))

    def _tell_error(self, request_id: Any, code: int, message: str) -> None:
        error = {"code": code, "message": message}
        self._tell(json.dumps({"jsonrpc": "2.0", "id": request_id, "error": error}).encode())


def _version_of(message: Any) -> str | None:
    """The version of a message that says its own."""
    params = message.get("params") if isinstance(message, dict) else None
    meta = params.get("_meta") if isinstance(params, dict) else None
    version = meta.get(_VERSION) if isinstance(meta, dict) else None
    return version if isinstance(version, str) else None


def _headers_of(message: Any) -> dict[str, str]:
    """Headers that repeat what a message without session says of itself."""
    version = _version_of(message)
    if version is None:
        return {}
    method = str(message.get("method", ""))
    found = {"MCP-Protocol-Version": version, "Mcp-Method": _header(method)}
    if (key := _NAMED_BY.get(method)) and isinstance(name := message["params"].get(key), str):
        found["Mcp-Name"] = _header(name)
    return found


def _header(text: str) -> str:
    is_safe = _HEADER_SAFE.fullmatch(text) and not text.startswith("=?base64?")
    return text if is_safe else f"=?base64?{base64.b64encode(text.encode()).decode()}?="


def _answers(data: bytes, request_id: Any) -> bool:
    message = json.loads(data)
    is_answer = isinstance(message, dict) and "method" not in message
    return is_answer and message.get("id") == request_id


def _run(invocation: Invocation, is_underscored: bool) -> None:
    lock = threading.Lock()

    def write(line: bytes) -> None:
        with lock:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()

    def leave(number: int, frame: object) -> None:
        raise SystemExit(Exit.OK)

    signal.signal(signal.SIGTERM, leave)
    path = f"{PATH}?tool_names=underscore" if is_underscored else PATH
    bridge = Bridge(invocation.api, path, write)
    try:
        for line in sys.stdin.buffer:
            if line.strip():
                bridge.take(line)
        bridge.finish()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a second one is meant
        bridge.close()


MCP = command(
    "mcp",
    _run,
    text="""Be an MCP server on standard input and output, in place of this one.

    For clients that start a program and can't call a URL. Their settings take the command `vitae`
    with the argument `mcp`; who you are comes from `vitae login`, or from VITAE_TOKEN.""",
    parameters=[
        click.Option(
            ["--underscores", "is_underscored"],
            is_flag=True,
            help="Tool names without dots, for clients that take none.",
        ),
    ],
)
