"""`vitae api METHOD PATH`: any request, with your credentials."""

from __future__ import annotations

import json
import string
import urllib.parse
from typing import Any

import click

from app.cli.client import files, parameters
from app.cli.client.api import new_key
from app.cli.client.failures import Exit, Failure
from app.cli.client.invocation import Invocation, command

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def _request(
    invocation: Invocation,
    method: str,
    path: str,
    field: tuple[str, ...],
    query: tuple[str, ...],
    header: tuple[str, ...],
    source: str | None,
    output: str | None,
) -> None:
    if not path.startswith("/"):
        raise click.UsageError("PATH begins with a slash, such as /v1/me/profile.")
    path = urllib.parse.quote(path, safe=string.printable.strip())
    headers = dict(_pair(one, ":") for one in header)
    body: Any = {name: _value(text) for name, text in (_pair(one, "=") for one in field)} or None
    content = None
    if source is not None:
        if body is not None:
            raise click.UsageError("Give either --input or --field.")
        content = ("application/json", parameters.read_bytes(source))
    key = new_key() if method == "POST" else None
    answer = invocation.api.request(
        method,
        path,
        query=dict(_pair(one, "=") for one in query),
        body=body,
        content=content,
        headers=headers,
        key=key,
    )
    is_json = "json" in answer.headers.get("Content-Type", "")
    if output is None and is_json:
        if got := answer.read():
            invocation.output.body(got)
        return
    files.save(answer, output, invocation)


def _pair(text: str, mark: str) -> tuple[str, str]:
    name, found, value = text.partition(mark)
    if not found or not name:
        raise Failure(f"{text} is not NAME{mark}VALUE.", Exit.USAGE)
    return name.strip(), value.strip() if mark == ":" else value


def _value(text: str) -> Any:
    """JSON where it is such, and else the text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


API = command(
    "api",
    _request,
    text="""Send any request, with your credentials and tries: vitae api GET /v1/me/profile

    Without METHOD it runs the API of this machine instead; see `vitae api --help`.""",
    parameters=[
        click.Argument(["method"], type=click.Choice(METHODS, case_sensitive=False)),
        click.Argument(["path"]),
        click.Option(
            ["-f", "--field"], multiple=True, metavar="NAME=VALUE",
            help="Field of a JSON body; JSON where it is such. Can be repeated.",
        ),
        click.Option(
            ["-Q", "--query"], multiple=True, metavar="NAME=VALUE",
            help="Parameter of the query. Can be repeated.",
        ),
        click.Option(
            ["-H", "--header"], multiple=True, metavar="NAME:VALUE", help="Can be repeated."
        ),
        click.Option(
            ["--input", "source"], metavar="FILE", type=click.Path(allow_dash=True),
            help="JSON to send; - for stdin.",
        ),
        files.OUTPUT,
    ],
)  # fmt: skip
