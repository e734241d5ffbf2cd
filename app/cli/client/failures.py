"""What goes wrong, by kind: each has an exit code that scripts can rely on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """How a command ends. Documented in the README; numbers never change their meaning."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    NOT_AUTHENTICATED = 3
    FORBIDDEN = 4
    NOT_FOUND = 5
    CONFLICT = 6
    INVALID = 7
    RATE_LIMITED = 8
    UNAVAILABLE = 9
    INTERRUPTED = 130
    BROKEN_PIPE = 141


_BY_STATUS = {
    400: Exit.INVALID,
    401: Exit.NOT_AUTHENTICATED,
    402: Exit.FORBIDDEN,
    403: Exit.FORBIDDEN,
    404: Exit.NOT_FOUND,
    409: Exit.CONFLICT,
    410: Exit.NOT_FOUND,
    412: Exit.CONFLICT,
    413: Exit.INVALID,
    415: Exit.INVALID,
    422: Exit.INVALID,
    429: Exit.RATE_LIMITED,
    502: Exit.UNAVAILABLE,
    503: Exit.UNAVAILABLE,
    504: Exit.UNAVAILABLE,
}


class Failure(Exception):
    """Something that ends the command, in words for the person at the terminal."""

    def __init__(self, message: str, code: Exit = Exit.UNEXPECTED, hint: str = "") -> None:
        super().__init__(message)
        self.exit, self.hint = code, hint

    def lines(self) -> list[str]:
        """What is said of it on standard error."""
        return [str(self), f"  {self.hint}"] if self.hint else [str(self)]

    def body(self) -> dict[str, Any]:
        """The same for `--json`, in the form of the API's errors."""
        kind = self.exit.name.lower()
        return {"ok": False, "error": {"code": f"cli_{kind}", "message": str(self)}}


@dataclass
class Refused(Failure):
    """An answer of the server that is an error."""

    status: int
    content: bytes
    challenge: str = ""
    retry_after: float | None = None
    error: dict[str, Any] = field(init=False)
    answer: dict[str, Any] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        try:
            read = json.loads(self.content)
        except ValueError:
            read = None
        error = read.get("error") if isinstance(read, dict) else None
        if isinstance(error, dict):
            self.error, self.answer = error, read
        else:
            said = "The answer is not one of a Vitae server"
            self.error = {"message": f"{said} (status {self.status})."}
        code = _BY_STATUS.get(self.status, Exit.UNEXPECTED)
        super().__init__(str(self.error.get("message", "")), code)

    @property
    def code(self) -> str:
        """The API's stable name of the error."""
        return str(self.error.get("code", ""))

    def lines(self) -> list[str]:
        code = f" ({self.code})" if self.code else ""
        found = [f"{self}{code}"]
        for one in self.error.get("fields") or ():
            found.append(f"  {one.get('path')}: {one.get('message')}")
        plan = (self.error.get("details") or {}).get("required_plan")
        if plan:
            found.append(f"  This takes the plan {plan}.")
        if self.status == 401 and not self.hint:
            found.append("  Sign in with: vitae login")
        if self.retry_after is not None:
            found.append(f"  Try again in {self.retry_after:.0f} s.")
        if self.status >= 500 and self.answer:
            found.append(f"  request {self.answer.get('request_id')}")
        if self.hint:
            found.append(f"  {self.hint}")
        return found

    def body(self) -> dict[str, Any]:
        return self.answer or super().body()


def unreachable(url: str, reason: object) -> Failure:
    """No answer at all."""
    hint = "Start one here with `vitae up`, or name another by --url or VITAE_URL."
    return Failure(f"No server answers at {url} ({reason}).", Exit.UNAVAILABLE, hint)
