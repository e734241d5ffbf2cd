"""Become a program that can't outlive its parent: `python -I -S leash.py PARENT SIGNAL IDENTITY …`.

A script of the standard library alone, run in a fresh process between fork and exec, because
changing identity needs a process with one thread and code after a fork must not allocate locks.

IDENTITY is one of
- `same`: run as whoever we are;
- `unshared`: root becomes `nobody` in a user namespace of its own, in which files stay root's
  outside; PostgreSQL refuses to run as uid 0;
- `nobody`: root becomes the user `nobody`, where the system refuses user namespaces.
With no program after it, the script only tries the identity and exits 0 when it can be had.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, death_signal: int) -> None:
    """Have the kernel send `death_signal` to this process when the thread that started it ends.

    `parent` is the pid the caller was started by: if that process is already gone, the kernel
    will never tell, so this exits at once. Does nothing where the kernel has no such call (macOS).
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")


def nobody() -> tuple[int, int]:
    """The uid and gid of the user `nobody`."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid


def _unshare() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"user namespaces are refused: {os.strerror(code)}")
    uid, gid = nobody()
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/gid_map").write_text(f"{gid} 0 1")
    Path("/proc/self/uid_map").write_text(f"{uid} 0 1")


def _become_nobody() -> None:
    uid, gid = nobody()
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def _main(parent: str, death_signal: str, identity: str, *program: str) -> None:
    if identity == "unshared":
        _unshare()
    elif identity == "nobody":
        _become_nobody()
    if not program:
        return
    # After the change of identity, which makes the kernel forget the signal.
    die_with_parent(int(parent), signal.Signals(int(death_signal)))
    os.execv(program[0], program)  # noqa: S606


if __name__ == "__main__":
    try:
        _main(*sys.argv[1:])
    except OSError as error:
        sys.exit(str(error))
