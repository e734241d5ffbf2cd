"""What a process gives up before it reads what strangers wrote.

All of it is a second wall: what runs there fetches nothing by itself. Where a system lacks one of
these, the others still hold. On systems other than Linux only the limits are set.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_DESCRIPTORS = 64
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38

# Landlock, since Linux 5.13: these numbers are the same on every architecture.
_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_ADD_RULE = 445
_LANDLOCK_RESTRICT_SELF = 446
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_EVERY_ACCESS = (1 << 13) - 1  # of the first version


def detach(parent: int) -> None:
    """Die with `parent`, reach no network, gain no privileges. Call it before any thread runs."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    # An own network namespace has no interface that is up. Root may make one; others need a
    # user namespace with it, which some systems refuse.
    if libc.unshare(_CLONE_NEWNET):
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # After unshare, which would clear it.
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("The parent died before this process was set up.")


def limit(megabytes: int) -> None:
    """Bound memory and descriptors; write no file and no core dump from now on."""
    limits = {
        # Writable private memory: files that are mapped, such as fonts, do not count.
        resource.RLIMIT_DATA: megabytes * 1024 * 1024,
        resource.RLIMIT_NOFILE: _DESCRIPTORS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in limits.items():
        _, hard = resource.getrlimit(kind)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (bound, bound))


def see_only(folders: Iterable[Path]) -> None:
    """Open no file but those beneath `folders` from now on, and those for reading alone.

    Needs Landlock in the kernel, and `detach` before.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    handled = struct.pack("=Q", _EVERY_ACCESS)
    rules = libc.syscall(_LANDLOCK_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    if rules < 0:
        return
    for folder in folders:
        if folder.is_dir():
            descriptor = os.open(folder, os.O_PATH)
            beneath = struct.pack("=Qi", _READ_FILE | _READ_DIR, descriptor)
            libc.syscall(_LANDLOCK_ADD_RULE, rules, _PATH_BENEATH, beneath, 0)
            os.close(descriptor)
    libc.syscall(_LANDLOCK_RESTRICT_SELF, rules, 0)
    os.close(rules)
