"""Become a program that can't outlive its parent: `python -I -S leash.py PARENT SIGNAL IDENTITY …`.

A script of the standard library alone, run in a fresh process between fork and exec, because
changing identity needs a process with one thread and code after a fork must not allocate locks.

IDENTITY is one of
- `same`: run as whoever we are;
- `unshared`: root becomes `nobody` in a user namespace of its own, in which files stay root's
  outside; PostgreSQL refuses to run as uid 0;
- `nobody`: root becomes the user `nobody` and keeps the one right to reach every file, where the
  system refuses user namespaces, as in a chroot and in most containers.
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
_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP = 28, 4
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
_CAPABILITY_VERSION = 0x20080522
_CAP_DAC_OVERRIDE = 1


def die_with_parent(parent: int, death_signal: int) -> None:
    """Have the kernel send `death_signal` to this process when the thread that started it ends.

    `parent` is the pid the caller was started by: if that process is already gone, the kernel
    will never tell, so this exits at once. Does nothing where the kernel has no such call (macOS).
    """
    if not sys.platform.startswith("linux"):
        return
    _prctl(_PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")


def nobody() -> tuple[int, int]:
    """The uid and gid of the user `nobody`."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid


def _prctl(option: int, *arguments: int) -> None:
    _check(_libc().prctl(option, *arguments, *[0] * (4 - len(arguments))), "prctl")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, call: str) -> None:
    if result != 0:
        raise OSError(f"{call} was refused: {os.strerror(ctypes.get_errno())}")


def _unshare() -> None:
    _check(_libc().unshare(_CLONE_NEWUSER), "a user namespace")
    uid, gid = nobody()
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/gid_map").write_text(f"{gid} 0 1")
    Path("/proc/self/uid_map").write_text(f"{uid} 0 1")


def _become_nobody() -> None:
    """Change user but go on reaching files as root does: the project may lie in root's home."""
    uid, gid = nobody()
    # Without it the kernel takes the right away at setuid, and access(2) answers as if it had.
    _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    kept = 1 << _CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    # Effective, permitted and inheritable, of capabilities 0 to 31 and then 32 to 63.
    sets = (ctypes.c_uint32 * 6)(kept, kept, kept, 0, 0, 0)
    _check(_libc().capset(header, sets), "capset")
    # Ambient, so that it outlives the exec.
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE)


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
