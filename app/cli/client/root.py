"""`vitae` itself: the commands for any server, beside those that run one on this machine."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from app import __version__
from app.cli.client import tree
from app.cli.client.completion import VARIABLE
from app.cli.client.failures import Exit, Failure
from app.cli.client.invocation import HELP, Suggesting, first_sentence
from app.cli.client.output import Output
from app.cli.client.raw import API, METHODS

# Those of `app.cli.commands`, which takes long to import.
OF_THIS_MACHINE = (
    "admin",
    "api",
    "bench",
    "compile",
    "doctor",
    "migrate",
    "parse",
    "quickstart",
    "render",
    "test",
    "up",
    "worker",
)


class _Root(Suggesting):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*tree.names(), *OF_THIS_MACHINE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _OfThisMachine(cmd_name) if cmd_name in OF_THIS_MACHINE else tree.top(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # `vitae api` runs a server; with a method it asks one.
        if args[0] == "api" and len(args) > 1 and args[1].upper() in METHODS:
            return "api", API, args[1:]
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        here = _texts_of_this_machine()
        there = {}
        for name in tree.names():
            command = tree.top(name)
            there[name] = first_sentence((command and command.help) or "")
        there["api METHOD PATH"] = "Send any request, with your credentials and tries."
        for title, found in (
            ("Your account, on any server", there),
            ("A server of your own", here),
        ):
            with formatter.section(title):
                formatter.write_dl(sorted(found.items()))


class _OfThisMachine(click.Command):
    """A command that runs a server; it reads its options by itself, `--` too."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.args = args
        return args

    def invoke(self, ctx: click.Context) -> None:
        from app.cli.commands import cli

        cli(args=[str(self.name), *ctx.args], prog_name="vitae")


def _texts_of_this_machine() -> dict[str, str]:
    import typer.main

    from app.cli.commands import cli

    group: Any = typer.main.get_command(cli)
    return {name: first_sentence(one.help or "") for name, one in group.commands.items()}


ROOT = _Root(
    "vitae",
    no_args_is_help=True,
    context_settings=HELP,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            help="Version.",
            callback=lambda ctx, param, asked: _show_version(ctx, asked),
        )
    ],
    help="""One professional profile that becomes résumés.

    Every command takes --json, -q and --url. VITAE_TOKEN and VITAE_URL say who and where in
    scripts. `vitae COMMAND --help` says more.""",
)


def _show_version(ctx: click.Context, asked: bool) -> None:
    if asked:
        click.echo(f"vitae {__version__}")
        ctx.exit()


def run(arguments: list[str] | None = None) -> int:
    """Run a command; its exit code."""
    output = Output()
    try:
        with ROOT.make_context(
            "vitae", list(sys.argv[1:] if arguments is None else arguments), obj=output
        ) as context:
            try:
                ROOT.invoke(context)
            finally:
                output = context.obj
        return Exit.OK
    except Failure as failure:
        if failure.exit is not Exit.OK:
            output.failure(failure)
        return failure.exit
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return Exit.USAGE
    except (click.Abort, KeyboardInterrupt, EOFError):
        print(file=sys.stderr)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Nobody reads any more, and the interpreter is not to try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.BROKEN_PIPE
    except OSError as error:
        output.failure(Failure(f"{error.filename or 'This'} can't be used: {error.strerror}"))
        return Exit.UNEXPECTED
    except Exception as error:
        if "VITAE_DEBUG" in os.environ:
            raise
        # Of a fault of ours or of a server that is none, a person needs the one line to pass on.
        said = f"{type(error).__name__}: {error}"
        output.failure(Failure(f"This was not foreseen: {said}. VITAE_DEBUG=1 shows where."))
        return Exit.UNEXPECTED


def main() -> None:
    """Run the command line; ends the process."""
    if VARIABLE in os.environ:
        ROOT.main(prog_name="vitae", complete_var=VARIABLE)
    code = int(run())
    sys.exit(code)
