"""`vitae open`: pages of the server in the browser of this computer."""

from __future__ import annotations

import webbrowser

import click

from app.cli.client.invocation import Invocation, command
from app.cli.client.operations import entity

_PAGES = {"docs": "/docs", "developers": "/developers", "account": "/account"}


def _open(invocation: Invocation, page: str, is_print: bool) -> None:
    if page == "page":
        profile, _ = entity(invocation.api, "/v1/me/profile")
        path = f"/u/{profile['username']}"
    else:
        path = _PAGES[page]
    url = invocation.api.url + path
    if is_print or not invocation.output.is_terminal or not webbrowser.open(url):
        click.echo(url)


OPEN = command(
    "open",
    _open,
    text="Open your public page, or another page of the server, in the browser.",
    parameters=[
        click.Argument(["page"], type=click.Choice(["page", *_PAGES]), default="page"),
        click.Option(["--print", "is_print"], is_flag=True, help="Print its address instead."),
    ],
)
