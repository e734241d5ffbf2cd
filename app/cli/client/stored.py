"""What `vitae login` leaves behind: who is signed in where, in one file that is its owner's alone.

Secrets are in the keyring of the system where one is installed (`pip install 'vitae[keyring]'`) and
works, else in that file. Whoever changes it holds its lock, so that two commands at once never use
one refresh token twice, which would end the session.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import importlib.util
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.cli.client.failures import Exit, Failure

_SERVICE = "vitae"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session at one server; its access token expires at `expires_at`, seconds since 1970."""

    username: str
    access_token: str
    refresh_token: str
    expires_at: float

    def __repr__(self) -> str:
        return f"SignedIn({self.username!r}, …)"


def folder() -> Path:
    """Where settings of this user are."""
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "vitae"


class Store:
    """The file of sessions."""

    def __init__(self, place: Path | None = None) -> None:
        self._folder = place or folder()
        self.path = self._folder / "sessions.json"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other commands from changing it."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            message = f"The folder {self._folder} can't be used: {error.strerror}"
            raise Failure(message) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def default_url(self) -> str | None:
        """The server that was signed in to last."""
        url = self._read().get("default")
        return url if isinstance(url, str) else None

    def get(self, url: str) -> SignedIn | None:
        """The session at a server."""
        kept = self._read().get("servers", {}).get(url)
        if not isinstance(kept, dict):
            return None
        if kept.get("in") == "keyring":
            kept = {"username": kept.get("username"), **_from_keyring(url)}
        try:
            return SignedIn(
                str(kept["username"]),
                str(kept["access_token"]),
                str(kept["refresh_token"]),
                float(kept["expires_at"]),
            )
        except (KeyError, TypeError, ValueError):
            return None

    def put(self, url: str, session: SignedIn, *, is_default: bool = False) -> None:
        """Keep a session; hold the lock."""
        kept: dict[str, Any] = asdict(session)
        if _to_keyring(url, kept):
            kept = {"username": session.username, "in": "keyring"}
        all_of_it = self._read()
        all_of_it.setdefault("servers", {})[url] = kept
        if is_default:
            all_of_it["default"] = url
        self._write(all_of_it)

    def forget(self, url: str) -> None:
        """Drop a session; hold the lock."""
        all_of_it = self._read()
        kept = all_of_it.get("servers", {}).pop(url, None)
        if isinstance(kept, dict) and kept.get("in") == "keyring":
            _drop_from_keyring(url)
        self._write(all_of_it)

    def _read(self) -> dict[str, Any]:
        try:
            read = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            message = f"{self.path} can't be read ({error}). Remove it and sign in again."
            raise Failure(message, Exit.NOT_AUTHENTICATED) from None
        return read if isinstance(read, dict) else {}

    def _write(self, all_of_it: dict[str, Any]) -> None:
        new = self.path.with_name(f".{secrets.token_hex(6)}")
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(file, "w") as text:
                json.dump(all_of_it, text, indent=1)
                text.flush()
                os.fsync(text.fileno())
            os.replace(new, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                new.unlink()
            raise


def _keyring() -> Any:
    """The library, if it is installed and has somewhere to put a secret."""
    if importlib.util.find_spec("keyring") is None:
        return None
    keyring = importlib.import_module("keyring")
    return keyring if keyring.get_keyring().priority > 0 else None


def _to_keyring(url: str, kept: dict[str, Any]) -> bool:
    with contextlib.suppress(Exception):  # each backend fails in ways of its own
        if (keyring := _keyring()) is not None:
            keyring.set_password(_SERVICE, url, json.dumps(kept))
            return True
    return False


def _from_keyring(url: str) -> dict[str, Any]:
    try:
        found = _keyring().get_password(_SERVICE, url)
        return dict(json.loads(found)) if found else {}
    except Exception as error:
        message = f"The keyring of this system does not open: {error}"
        raise Failure(message, Exit.NOT_AUTHENTICATED) from None


def _drop_from_keyring(url: str) -> None:
    with contextlib.suppress(Exception):
        _keyring().delete_password(_SERVICE, url)
