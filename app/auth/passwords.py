"""Passwords: what is accepted, and hashing by argon2id off the event loop.

A hash made with other parameters than COST is replaced at the next login.
"""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from app.accounts import Refused
from app.errors import DependencyUnavailable

# The second recommended option of RFC 9106: 3 passes over 64 MiB with 4 lanes.
COST = RFC_9106_LOW_MEMORY

MIN_LENGTH = 8
MAX_LENGTH = 1024

# What guessers try first; the list's licence comes before its first empty line.
_COMMON = frozenset(
    (Path(__file__).parent / "common_passwords.txt").read_text().partition("\n\n")[2].split()
)

T = TypeVar("T")


def password_rule(*, unlike: Sequence[str]) -> Callable[[str], str]:
    """A rule that gives a new password in NFKC, or raises Refused.

    In NFKC the same password typed on another keyboard is the same bytes. Lengths are counted in
    characters. `unlike` are names of the account that its password must not be; nor may it be one
    of the most common passwords, blank, or one character again and again.
    """

    def rule(raw: str) -> str:
        if len(raw) > MAX_LENGTH:
            raise Refused("too_long", f"Must be at most {MAX_LENGTH} characters.")
        password = unicodedata.normalize("NFKC", raw)
        if len(password) < MIN_LENGTH:
            raise Refused("too_short", f"Must be at least {MIN_LENGTH} characters.")
        if password.casefold() in {name.casefold() for name in unlike}:
            raise Refused("too_easy", "Must not be the username or e-mail address.")
        if not password.strip() or len(set(password.casefold())) == 1:
            raise Refused("too_easy", "Must not be blank or one character again and again.")
        if password.casefold() in _COMMON:
            raise Refused("too_easy", "Is one of the passwords that are guessed first.")
        return password

    return rule


class Passwords:
    """Hashes in a few threads (argon2 releases the interpreter lock).

    `places` bounds how many may hash or wait at once. Who calls holds a database connection, so
    without it a flood of logins would take the whole pool and stop everything else.
    """

    def __init__(self, *, places: int) -> None:
        self._hasher = PasswordHasher.from_parameters(COST)
        self._threads = ThreadPoolExecutor(min(4, os.cpu_count() or 1), "argon2")
        self._places = places
        self._unmatched = _unmatched_hash()

    async def hash(self, password: str) -> str:
        """The hash to store of a password; raises DependencyUnavailable when flooded."""
        normal = _normal(password)
        return await self._run(lambda: self._hasher.hash(normal))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the one `stored` was made of.

        Without a stored hash it takes as long and is False, so that time does not tell which
        accounts exist. Raises DependencyUnavailable when flooded.
        """
        normal = _normal(password)
        return await self._run(lambda: self._matches(stored or self._unmatched, normal))

    def is_outdated(self, stored: str) -> bool:
        """Whether `stored` was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except VerificationError:
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._places == 0:
            raise DependencyUnavailable(
                "Too many people are signing in just now; try again shortly.", retry_after=1
            )
        self._places -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._places += 1


def _normal(password: str) -> bytes:
    # Cut before normalising: the password of a login may be as long as a body may be.
    return unicodedata.normalize("NFKC", password[:MAX_LENGTH]).encode("utf-8", "replace")


def _unmatched_hash() -> str:
    """A hash of today's parameters that no known password has."""
    part = COST
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (part.salt_len, part.hash_len)
    )
    cost = f"m={part.memory_cost},t={part.time_cost},p={part.parallelism}"
    return f"$argon2id$v={part.version}${cost}${salt}${digest}"
