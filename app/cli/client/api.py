"""The API from outside: credentials, retries, idempotency keys, and errors as exceptions."""

from __future__ import annotations

import ipaddress
import json
import os
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field
from typing import Any

from app.cli.client import wire
from app.cli.client.failures import Exit, Failure, Refused, unreachable
from app.cli.client.session import Session
from app.cli.client.stored import Store

DEFAULT_URL = "http://127.0.0.1:8000"

_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 2.0
_LONGEST_WAIT_SECONDS = 20.0
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request as often as it is sent."""

    method: str
    address: str
    headers: dict[str, str]
    data: bytes | None
    seconds: float

    def answer(self, credential: dict[str, str]) -> wire.Answer:
        headers = {**self.headers, **credential}
        return wire.send(self.method, self.address, headers, self.data, self.seconds)


@dataclass
class Api:
    """A server as its owner uses it. `token` is what VITAE_TOKEN says, which goes first."""

    url: str
    token: str | None = None
    store: Store = field(default_factory=Store)
    tries: int = 4

    def __post_init__(self) -> None:
        self.session = Session(self.url, self.store)
        self._was_there = False

    @classmethod
    def of_environment(cls, url: str | None) -> Api:
        """That of `--url`, else VITAE_URL, else where one is signed in; raises Failure."""
        store = Store()
        chosen = url or os.environ.get("VITAE_URL") or store.default_url() or DEFAULT_URL
        return cls(normal_url(chosen), os.environ.get("VITAE_TOKEN") or None, store)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        content: tuple[str, bytes] | None = None,
        headers: dict[str, str] | None = None,
        key: str | None = None,
        is_public: bool = False,
        seconds: float = wire.TIMEOUT_SECONDS,
    ) -> wire.Answer:
        """An answer that is no error; raises Failure.

        `body` goes as JSON, `content` as it is with its media type. With a `key`, which the server
        knows a repeat by, a POST is tried again too when its answer was lost.
        """
        sent = {"Accept": "*/*", **(headers or {})}
        if key is not None:
            sent["Idempotency-Key"] = key
        data = None
        if content is not None:
            sent["Content-Type"], data = content
        elif body is not None:
            sent["Content-Type"], data = _JSON, json.dumps(body).encode()
        elif method in ("POST", "PUT", "PATCH"):
            data = b""
        address = self.url + path
        if query:
            address += "?" + urllib.parse.urlencode(query)
        is_safe = method in ("GET", "HEAD") or key is not None
        request = _Sent(method, address, sent, data, seconds)
        return self._tried(request, is_safe, is_public)

    def json(self, method: str, path: str, **more: Any) -> Any:
        """The JSON of an answer, None for one without; raises Failure."""
        return decoded(self.content(method, path, **more))

    def content(self, method: str, path: str, **more: Any) -> bytes:
        """The bytes of an answer; raises Failure."""
        try:
            return self.request(method, path, **more).read()
        except wire.Broken as error:
            raise unreachable(self.url, error) from None

    def _tried(self, request: _Sent, is_safe: bool, is_public: bool) -> wire.Answer:
        deadline = time.monotonic() + _LONGEST_WAIT_SECONDS
        renewed = False
        attempt = 0
        while True:
            is_last = attempt >= self.tries - 1
            pause = min(_PAUSE_SECONDS * 2**attempt, _LONGEST_PAUSE_SECONDS)
            credential, used = self._credential(is_public)
            try:
                answer = request.answer(credential)
            except wire.NotSent as error:
                # One that was there a moment ago is about to come back.
                if is_last and not (self._was_there and time.monotonic() + pause < deadline):
                    raise unreachable(self.url, error) from None
            except wire.Broken as error:
                self._was_there = True
                if is_last or not is_safe:
                    raise unreachable(self.url, error) from None
            else:
                self._was_there = True
                if answer.status < 300:
                    return answer
                refused = _refused(answer)
                if refused.status == 401 and used is not None and not renewed:
                    renewed = self.session.renew(used)
                    if renewed:
                        continue
                if refused.status == 401 and self.token is not None:
                    refused.hint = "It was asked with what VITAE_TOKEN says: expired, or revoked?"
                if refused.status not in (429, 503) or is_last:
                    raise refused
                pause = max(pause, refused.retry_after or 0)
                if time.monotonic() + pause > deadline:
                    raise refused
            time.sleep(pause)
            attempt += 1

    def _credential(self, is_public: bool) -> tuple[dict[str, str], str | None]:
        """The header to send, and the access token in it that may be renewed."""
        if self.token is not None:
            if self.token.startswith("vk_"):
                return {"X-API-Key": self.token}, None
            return {"Authorization": f"Bearer {self.token}"}, None
        token = None if is_public else self.session.access_token()
        return ({}, None) if token is None else ({"Authorization": f"Bearer {token}"}, token)


def decoded(content: bytes) -> Any:
    """JSON; raises Failure for what is none."""
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError:
        raise Failure("The answer is not one of a Vitae server.") from None


def new_key() -> str:
    """An idempotency key for one command."""
    return f"vitae-cli-{uuid.uuid4()}"


def normal_url(text: str) -> str:
    """A server's address without slash at the end; raises Failure."""
    url = text.strip()
    try:
        if "://" not in url:
            url = ("http://" if is_this_computer("http://" + url) else "https://") + url
        url = url.rstrip("/")
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        raise Failure(f"{text} is not the address of a server.", Exit.USAGE) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise Failure(f"{text} is not the address of a server.", Exit.USAGE)
    if parts.username or parts.password:
        raise Failure("An address with a password in it is not taken.", Exit.USAGE)
    return url


def is_this_computer(url: str) -> bool:
    """Whether an address leads nowhere else, so that nobody can listen on the way."""
    host = urllib.parse.urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_overheard(url: str) -> bool:
    """Whether what is sent to an address can be read on its way."""
    return url.startswith("http:") and not is_this_computer(url)


def _refused(answer: wire.Answer) -> Refused:
    try:
        content = answer.read()
    except wire.Broken:
        content = b""
    after = answer.headers.get("Retry-After", "")
    seconds = float(after) if after.isdigit() else None
    challenge = answer.headers.get("WWW-Authenticate", "")
    return Refused(answer.status, content, challenge, seconds)
