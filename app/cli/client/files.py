"""Files out of the API: written whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import secrets
import urllib.parse
from email.message import Message
from pathlib import Path

import click

from app.cli.client import wire
from app.cli.client.failures import Exit, Failure, unreachable
from app.cli.client.invocation import Invocation
from app.cli.client.output import write_bytes
from app.cli.client.text import safe

OUTPUT = click.Option(
    ["-o", "--output"],
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="File to write; - for standard output. A text goes there anyway, unless told otherwise.",
)

_PLAIN = re.compile(r"[^\w.()-]+")
# RFC 8187; the library takes the ASCII form that stands before it.
_EXTENDED = re.compile(r"filename\*=UTF-8''([^;\s]+)", re.IGNORECASE)


def save(answer: wire.Answer, place: str | None, invocation: Invocation) -> None:
    """Write an answer to `place`, to a file of the server's name for it, or to standard output."""
    kind = answer.headers.get("Content-Type", "")
    is_text = kind.startswith("text/") or "json" in kind or "yaml" in kind
    if place is None and (is_text or not invocation.output.is_terminal):
        place = "-"
    try:
        if place == "-":
            _show(answer, is_screen=is_text and invocation.output.is_terminal)
            return
        target = Path(place if place is not None else free(named(answer.headers)))
        size = _write(answer, target)
    except wire.Broken as error:
        raise unreachable(invocation.api.url, f"the file broke off: {error}") from None
    invocation.output.note(f"{target}: {size / 1000:.0f} kB")


def _show(answer: wire.Answer, *, is_screen: bool) -> None:
    """To standard output as it is, but for what would steer a screen."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    while piece := answer.chunk():
        write_bytes(safe(decoder.decode(piece)).encode() if is_screen else piece)
    if is_screen:
        write_bytes(decoder.decode(b"", final=True).encode())


def named(headers: Message) -> str:
    """The server's name for a file, without any way out of this folder."""
    extended = _EXTENDED.search(headers.get("Content-Disposition", ""))
    name = urllib.parse.unquote(extended[1]) if extended else headers.get_filename() or "vitae"
    return _PLAIN.sub("-", Path(name).name).lstrip(".-") or "vitae"


def free(name: str) -> str:
    """`name`, if no file has it; raises Failure."""
    if Path(name).exists():
        raise Failure(f"{name} is there already. Name another file with -o.", Exit.USAGE)
    return name


def _write(answer: wire.Answer, target: Path) -> int:
    if target.exists() and not target.is_file():  # a device or a pipe takes what comes
        with target.open("wb") as file:
            return _copy(answer, file.fileno())
    new = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        file_number = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise Failure(f"{target} can't be written: {error.strerror}", Exit.USAGE) from None
    try:
        try:
            size = _copy(answer, file_number)
        finally:
            os.close(file_number)
        os.replace(new, target)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise
    return size


def _copy(answer: wire.Answer, file_number: int) -> int:
    size = 0
    while piece := answer.chunk():
        view = memoryview(piece)
        while view:
            view = view[os.write(file_number, view) :]
        size += len(piece)
    return size
