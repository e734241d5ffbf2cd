"""The session of this user at one server, renewed where it has run out."""

from __future__ import annotations

import contextlib
import json
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

from app.cli.client import wire
from app.cli.client.failures import Exit, Failure, Refused, unreachable
from app.cli.client.stored import SignedIn, Store

# A token that runs out on its way is refused there.
_EARLY_SECONDS = 20.0


class Session:
    """What `vitae login` kept for a server."""

    def __init__(self, url: str, store: Store) -> None:
        self._url = url
        self._store = store

    def access_token(self) -> str | None:
        """A token that is good just now; None for who is not signed in. Raises Failure."""
        kept = self._store.get(self._url)
        if kept is not None and kept.expires_at - _EARLY_SECONDS < time.time():
            self.renew(kept.access_token)
            kept = self._store.get(self._url)
        return None if kept is None else kept.access_token

    def renew(self, used: str) -> bool:
        """Have another access token than `used`; False for who is not signed in.

        One command at a time asks for it, and the others take what it got: a refresh token that is
        used twice ends its session. Ctrl-C waits until the answer is kept. Raises Failure.
        """
        with _uninterrupted(), self._store.locked():
            kept = self._store.get(self._url)
            if kept is None:
                return False
            if kept.access_token != used:
                return True
            self._store.put(self._url, self._refreshed(kept))
        return True

    def _refreshed(self, kept: SignedIn) -> SignedIn:
        body = json.dumps({"refresh_token": kept.refresh_token}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        try:
            answer = wire.send("POST", f"{self._url}/v1/auth/refresh", headers, body)
            content = answer.read()
        except (wire.NotSent, wire.Broken) as error:
            raise unreachable(self._url, error) from None
        if answer.status == 401:
            self._store.forget(self._url)
            message = "Your session has ended. Sign in again with: vitae login"
            raise Failure(message, Exit.NOT_AUTHENTICATED)
        if answer.status != 200:
            raise Refused(answer.status, content)
        return signed_in(kept.username, json.loads(content))


def signed_in(username: str, tokens: dict[str, Any]) -> SignedIn:
    """What to keep of the answer to a sign-in or a refresh."""
    return SignedIn(
        username,
        tokens["access_token"],
        tokens["refresh_token"],
        time.time() + float(tokens["expires_in"]),
    )


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back until the block is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda n, _: held.append(n)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for late in held:
            signal.raise_signal(late)
