"""All commands and groups; each is made, and its module imported, only when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import click

from app.cli.client.invocation import HELP, Suggesting
from app.cli.client.operations import by_words

Words = tuple[str, ...]
_HERE = "app.cli.client."

# Written by hand: the module, what of it, and what that is given if it makes the command.
_BY_HAND: dict[Words, tuple[str, str, tuple[Any, ...]]] = {
    ("login",): ("sign_in", "LOGIN", ()),
    ("logout",): ("sign_in", "LOGOUT", ()),
    ("whoami",): ("sign_in", "WHOAMI", ()),
    ("import",): ("importing", "IMPORT", ()),
    ("open",): ("browsing", "OPEN", ()),
    ("mcp",): ("mcp_bridge", "MCP", ()),
    ("completion",): ("completion", "COMPLETION", ()),
    ("profile", "edit"): ("profile", "EDIT", ()),
    ("resume", "create"): ("resume", "create", ()),
    ("resume", "download"): ("resume", "download", ()),
    ("resume", "preview"): ("resume", "preview", ()),
    ("resume", "wait"): ("resume", "wait", ()),
    **{
        (section, "move"): ("sections", "move", (section,))
        for section in ("skills", "experience", "education", "projects", "certifications")
    },
}

_GROUPS = {
    "account": "Password, e-mail address, and the end of the account.",
    "avatar": "Your portrait.",
    "billing": "Plan, credits, and what they were used for.",
    "certifications": "What others have certified of you.",
    "check": "What your credential may do.",
    "education": "Where you learned what.",
    "experience": "The positions you have held.",
    "export": "All that you have here, to take along.",
    "history": "Every change of the profile, and the way back.",
    "imports": "The two steps of an import, for scripts; people use `vitae import`.",
    "keys": "API keys.",
    "layout": "The order of sections, what is hidden, and the typeface.",
    "profile": "Who you are.",
    "projects": "What you have made.",
    "resume": "From your profile, or a JSON file, to a PDF.",
    "second-factor": "Codes of an authenticator app.",
    "sessions": "Where you are signed in.",
    "skills": "What you can do, and how well.",
    "theme": "How the public page looks.",
    "tokens": "Personal tokens.",
    "transcripts": "What visitors asked, and what was answered.",
}


def all_words() -> set[Words]:
    """The words of every command."""
    return {*by_words(), *_BY_HAND}


def names() -> list[str]:
    """What may come after `vitae`."""
    return sorted({words[0] for words in all_words()})


def top(name: str) -> click.Command | None:
    """The command or group of that name."""
    if not any(words[0] == name for words in all_words()):
        return None
    return _made((name,)) or Group(name)


def _made(words: Words) -> click.Command | None:
    if words in _BY_HAND:
        module, attribute, arguments = _BY_HAND[words]
        found = getattr(importlib.import_module(_HERE + module), attribute)
        if isinstance(found, click.Command):
            return found
        make: Callable[..., click.Command] = found
        return make(*arguments)
    if (described := by_words().get(words)) is not None:
        from app.cli.client.generated import command_of

        return command_of(described)
    return None


class Group(Suggesting):
    """The commands that begin with one word."""

    def __init__(self, name: str) -> None:
        text = _GROUPS.get(name, f"All of {name}.")
        super().__init__(name, help=text, no_args_is_help=True, context_settings=HELP)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(words[1] for words in all_words() if words[0] == self.name and words[1:])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _made((str(self.name), cmd_name))
