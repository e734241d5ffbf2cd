"""The folder of one server: private, locked by its processes, with a log and a socket."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_LOCK_WAIT_SECONDS = 10.0
_LOCK_POLL_SECONDS = 0.01
_LOG_LIMIT_BYTES = 10_000_000
# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing zero included.
_SOCKET_PATH_LIMIT = 103


class ServerError(RuntimeError):
    """A server that can't be started; the message says why and what to do."""


def owner_of(path: Path) -> str:
    """Name of the user `path` belongs to."""
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def private_folder(folder: Path) -> Path:
    """Make `folder` with mode 0700 unless it exists; its absolute path.

    Raises ServerError when it can't be made or written.
    """
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ServerError(
            f"The folder {folder} can't be made: {error.strerror}. Name another with --data DIR."
        ) from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise ServerError(
            f"The folder {folder} belongs to {owner_of(folder)} and can't be written."
            " Run as that user, or name another folder with --data DIR."
        )
    return folder


@contextlib.contextmanager
def locked(folder: Path, server: str) -> Iterator[int]:
    """Hold the lock of `folder`; gives its descriptor, which the server inherits.

    The lock lives as long as one process of the server does, so the start after a kill -9
    waits for the stragglers. Raises ServerError when they don't end.
    """
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + _LOCK_WAIT_SECONDS
        while not _lock(descriptor):
            if time.monotonic() > deadline:
                raise ServerError(
                    f"{server} is already running on {folder}."
                    " Stop it there, or name another folder with --data DIR."
                )
            time.sleep(_LOCK_POLL_SECONDS)
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def log_of(folder: Path) -> Iterator[BinaryIO]:
    """The log of the server, to append to; one that has grown large is set aside."""
    path = folder / "log"
    if path.exists() and path.stat().st_size > _LOG_LIMIT_BYTES:
        path.replace(folder / "log.old")
    with path.open("ab") as log:
        path.chmod(0o600)
        yield log


def last_lines(log: bytes | str, count: int = 6) -> str:
    """The end of a log, indented, to close an error message with."""
    text = log if isinstance(log, str) else log[-4000:].decode(errors="replace")
    return "".join(f"\n  {line}" for line in text.splitlines()[-count:])


def socket_folder(folder: Path, socket_name: str) -> Path:
    """Where the socket goes: `folder`, or where its path is too long a private one under /tmp.

    The same for the same folder, so that clients find a restarted server. Raises ServerError
    when another user has taken the name under /tmp.
    """
    if len(os.fsencode(folder / socket_name)) <= _SOCKET_PATH_LIMIT:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    # Not TMPDIR: it differs between shells, and on macOS it is long itself.
    short = Path(f"/tmp/vitae-{os.geteuid()}-{digest}")  # noqa: S108
    with contextlib.suppress(FileExistsError):
        short.mkdir(mode=0o700)
    status = short.lstat()
    if status.st_uid != os.geteuid() or status.st_mode & 0o7777 != 0o700 or short.is_symlink():
        raise ServerError(
            f"{short} is not ours alone; remove it, or name a data folder nearer to /."
        )
    return short
