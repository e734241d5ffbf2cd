"""What every command has: a server, somewhere to write, and the options for both."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from app.cli.client.api import Api, is_overheard
from app.cli.client.output import Output


@dataclass
class Invocation:
    """One run of a command. `is_yes`: nobody is to be asked."""

    api: Api
    output: Output
    is_yes: bool = False


Run = Callable[..., None]


def command(
    name: str,
    run: Run,
    *,
    text: str,
    parameters: Sequence[click.Parameter] = (),
    asks: bool = False,
) -> click.Command:
    """A command that calls `run(invocation, **values)`; `asks`: unless --yes says not to."""
    options: list[click.Parameter] = list(parameters)
    if asks:
        options.append(click.Option(["-y", "--yes"], is_flag=True, help="Ask nothing."))
    options += [
        click.Option(["--json", "is_json"], is_flag=True, help="The API's own answer."),
        click.Option(["-q", "--quiet", "is_quiet"], is_flag=True, help="Ids only, no remarks."),
        click.Option(
            ["--url"], metavar="URL", help="The server; else VITAE_URL, else where you signed in."
        ),
    ]

    def called(**values: Any) -> None:
        output = Output(values.pop("is_json"), values.pop("is_quiet"))
        context = click.get_current_context()
        context.find_root().obj = output  # so that a failure is told the same way
        url, is_yes = values.pop("url"), values.pop("yes", False)
        api = Api.of_environment(url)
        if api.token is not None and is_overheard(api.url):
            output.note(f"{api.url} is not encrypted: whoever is on the way can read VITAE_TOKEN.")
        run(Invocation(api, output, is_yes), **values)

    return click.Command(
        name,
        callback=called,
        params=options,
        help=text,
        short_help=first_sentence(text),
        context_settings=HELP,
        no_args_is_help=False,
    )


class Suggesting(click.Group):
    """A group that knows what was meant by a name that nearly is one of its commands'."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if ctx.resilient_parsing or name.startswith("-") or self.get_command(ctx, name):
            return super().resolve_command(ctx, args)
        alike = difflib.get_close_matches(name, self.list_commands(ctx))
        meant = f" Did you mean {' or '.join(alike)}?" if alike else ""
        raise click.UsageError(f"No such command {name!r}.{meant}", ctx)


def first_sentence(text: str) -> str:
    """What a list of commands says of one: all of it, where click would cut it off."""
    paragraph = " ".join(inspect.cleandoc(text).partition("\n\n")[0].split())
    sentence, _, _ = paragraph.partition(". ")
    return sentence if sentence.endswith(".") else sentence + "."


HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
