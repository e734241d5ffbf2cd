"""What is asked at a terminal: secrets, and whether something is meant."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from app.cli.client.failures import Exit, Failure
from app.cli.client.output import Output
from app.cli.client.text import safe


def secret(label: str, *, is_new: bool = False, is_optional: bool = False) -> str:
    """A secret, which is never shown and never an argument: others can read those.

    Where nobody can be asked it is the next line of standard input.
    """
    if not sys.stdin.isatty():
        line = _line()
        if not line and not is_optional:
            raise Failure(f"{label} is read from standard input, which is at its end.", Exit.USAGE)
        return line.rstrip("\r\n")
    default = "" if is_optional else None
    answer: str = click.prompt(
        label,
        hide_input=True,
        err=True,
        default=default,
        show_default=False,
        confirmation_prompt=is_new,
    )
    return answer


def field(parameter: dict[str, Any]) -> Any:
    """A field that a command can't do without, typed at the terminal."""
    label = parameter["name"].replace("_", " ").capitalize()
    choices = parameter.get("choices")
    if parameter.get("type") != "array":
        kind = click.Choice(choices) if choices else None
        return click.prompt(label, type=kind, err=True)
    known = f" ({', '.join(choices)})" if choices else ""

    def split(text: str) -> list[str]:
        found = text.replace(",", " ").split() if choices else text.split(",")
        found = [one.strip() for one in found if one.strip()]
        if wrong := [one for one in found if choices and one not in choices]:
            raise click.UsageError(f"There is no {wrong[0]}.")
        return found

    return click.prompt(f"{label}{known}, with commas between", value_proc=split, err=True)


def _line() -> str:
    """The next line and no more: the ones after it are for the next command of a script."""
    found = bytearray()
    while piece := os.read(sys.stdin.fileno(), 1):
        found += piece
        if piece == b"\n":
            break
    return found.decode(errors="replace")


def meant(question: str, output: Output, is_yes: bool) -> None:
    """Go on only if somebody means it; raises Failure where nobody can be asked, and Abort."""
    if is_yes:
        return
    if not output.is_attended:
        raise Failure("This needs --yes, since nobody can be asked here.", Exit.USAGE)
    click.confirm(safe(question), abort=True, err=True)
