"""`vitae completion`: what makes a shell complete our commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from app.cli.client.invocation import HELP

VARIABLE = "_VITAE_COMPLETE"


def _print(shell: str) -> None:
    found = get_completion_class(shell)
    assert found is not None
    root = click.get_current_context().find_root().command
    click.echo(found(root, {}, "vitae", VARIABLE).source())


COMPLETION = click.Command(
    "completion",
    callback=_print,
    params=[click.Argument(["shell"], type=click.Choice(["bash", "zsh", "fish"]))],
    context_settings=HELP,
    help="""Print what makes your shell complete `vitae`.

    \b
    bash  eval "$(vitae completion bash)"       in ~/.bashrc
    zsh   eval "$(vitae completion zsh)"        in ~/.zshrc
    fish  vitae completion fish | source        in ~/.config/fish/config.fish
    """,
)
