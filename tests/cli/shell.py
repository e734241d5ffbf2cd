"""The `vitae` command of somebody with a home of their own, in a pipe and in a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.cli.client.session import signed_in
from app.cli.client.stored import SignedIn, Store
from tests.programs import PATIENCE_SECONDS, command, environment

_PRESS_SECONDS = 5
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Done:
    """What a command has said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Shell:
    """`home` has the settings and is the folder one is in."""

    url: str
    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return Store(self.home / "vitae")

    def files(self) -> list[Path]:
        """What there is in the folder one is in, hidden files too."""
        return sorted(place for place in self.home.iterdir() if place.is_file())

    def environment(self, **further: str) -> dict[str, str]:
        own = {"XDG_CONFIG_HOME": str(self.home), "VITAE_URL": self.url, "TERM": "xterm"}
        # Nobody's own keyring is to be written to.
        own |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
        own |= {"HTTP_PROXY": "", "http_proxy": "", "NO_COLOR": "", "COLUMNS": "120"}
        found = environment(**{**own, **self.variables, **further})
        return {name: value for name, value in found.items() if value or name == "VITAE_TOKEN"}

    def start(self, *arguments: str | Path, **further: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command(*arguments), cwd=self.home, env=self.environment(**further),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def now(self, *arguments: str | Path, given: str = "", **further: str) -> Done:
        """A command in a pipe, which is given `given`."""
        process = self.start(*arguments, **further)
        try:
            out, err = process.communicate(given.encode(), timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return Done(process.returncode, out.decode(), err.decode())

    async def run(self, *arguments: str | Path, given: str = "", **further: str) -> Done:
        """The same beside a server of this process."""
        return await asyncio.to_thread(self.now, *arguments, given=given, **further)

    async def ok(self, *arguments: str | Path, given: str = "", **further: str) -> Done:
        """The same, and it has to succeed."""
        done = await self.run(*arguments, given=given, **further)
        assert done.code == 0, done.err
        return done

    def keep(self, username: str, tokens: Any, *, seconds: float = 900) -> None:
        """Be signed in, as `vitae login` leaves it; `seconds`: until its access token expires."""
        said = {
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "expires_in": seconds,
        }
        with self.store.locked():
            self.store.put(self.url, signed_in(username, said), is_default=True)

    def kept(self) -> SignedIn | None:
        return self.store.get(self.url)

    @contextlib.contextmanager
    def terminal(self, *arguments: str | Path, **further: str) -> Iterator[Terminal]:
        """A command in a terminal of its own."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            command(*arguments), cwd=self.home, env=self.environment(**further),
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=_take_terminal,
        )  # fmt: skip
        os.close(theirs)
        try:
            yield Terminal(process, ours)
        finally:
            process.kill()
            process.wait()
            os.close(ours)


def _take_terminal() -> None:
    """Have Ctrl-C reach the command."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@dataclass
class Terminal:
    """Somebody in front of a running command."""

    process: subprocess.Popen[bytes]
    screen: int
    written: bytes = b""
    seen: str = ""
    raw: str = ""
    read_so_far: int = 0

    def wait_for(self, text: str) -> str:
        """Read until `text` stands there; what came up to it, without colours."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (at := self.seen.find(text, self.read_so_far)) < 0:
            assert self._read(deadline), f"{text!r} is not in {self.seen[self.read_so_far :]!r}"
        found = self.seen[self.read_so_far : at + len(text)]
        self.read_so_far = at + len(text)
        return found

    def type(self, text: str) -> None:
        os.write(self.screen, text.encode())

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C, and again if nothing comes of it; the exit code as a shell has it.

        A signal that comes just before the command waits for a key is seen at the next one only,
        and one that comes at its very end kills it.
        """
        for _ in range(PATIENCE_SECONDS // _PRESS_SECONDS):
            self.type("\x03")
            try:
                self.process.wait(_PRESS_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        code, seen = self.end()
        return (128 - code if code < 0 else code), seen

    def end(self) -> tuple[int, str]:
        """The exit code, and all that was said."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._read(deadline):
            pass
        return self.process.wait(PATIENCE_SECONDS), self.seen

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self.screen], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            piece = os.read(self.screen, 65536)
        except OSError:  # the command has closed its side
            return False
        # All of it anew: a piece may end within a colour or a letter.
        self.written += piece
        self.raw = self.written.decode(errors="replace")
        self.seen = _COLOUR.sub("", self.raw)
        return bool(piece)


def terminate(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE_SECONDS)
