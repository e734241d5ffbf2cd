"""One HTTP request, with the standard library alone: a command begins sooner than httpx."""

from __future__ import annotations

import contextlib
import http.client
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import IO, Any

from app import __version__
from app.cli.client.failures import Exit, Failure

TIMEOUT_SECONDS = 60.0


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere is an answer: credentials never follow it."""

    def redirect_request(self, *ignored: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


class NotSent(Exception):
    """No connection was made, so that nothing has happened."""


class Broken(Exception):
    """The connection broke after the request; it may have been done or not."""


@dataclass(slots=True)
class Answer:
    """What came back. `content` can be read once."""

    status: int
    headers: Message
    stream: IO[bytes]

    def read(self) -> bytes:
        """All of it; raises Broken."""
        try:
            with self.stream:
                return self.stream.read()
        except (OSError, http.client.HTTPException) as error:
            raise Broken(_said(error)) from None

    def close(self) -> None:
        """Leave it, from any thread: who reads it finds it Broken."""
        with contextlib.suppress(OSError, AttributeError):
            # Closing would wait for the reader.
            self.stream.fp.raw._sock.shutdown(socket.SHUT_RDWR)  # type: ignore[attr-defined]

    def chunk(self, size: int = 65536) -> bytes:
        """Some of it, and nothing at its end; raises Broken."""
        try:
            piece = self.stream.read(size)
        except (OSError, http.client.HTTPException) as error:
            raise Broken(_said(error)) from None
        # Of an answer that is read in pieces the library does not tell that the rest never came.
        if not piece and getattr(self.stream, "length", None):
            raise Broken("the connection was closed")
        return piece


def send(
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes | None = None,
    seconds: float = TIMEOUT_SECONDS,
) -> Answer:
    """The answer, whatever its status; raises NotSent and Broken."""
    sent = {"User-Agent": f"vitae-cli/{__version__}", **headers}
    if not all(_is_line(text) for text in (url, *sent, *sent.values())):
        # The library would repeat it in its complaint, and it may be a secret.
        raise Failure("An address or header holds what can't be sent.", Exit.USAGE)
    request = urllib.request.Request(url, data=body, headers=sent, method=method)  # noqa: S310
    try:
        got = _OPENER.open(request, timeout=seconds)
        return Answer(got.status, got.headers, got)
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error)
    except urllib.error.URLError as error:
        reason = error.reason
        if isinstance(reason, ConnectionRefusedError) or "resolution" in str(reason):
            raise NotSent(_said(reason)) from None
        is_early = isinstance(reason, OSError) and not isinstance(
            reason, (TimeoutError, ConnectionError)
        )
        raise (NotSent if is_early else Broken)(_said(reason)) from None
    except (OSError, http.client.HTTPException) as error:
        raise Broken(_said(error)) from None


def _is_line(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _said(reason: object) -> str:
    text = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return str(text)
