"""`vitae import`: what was found in a résumé, the doubtful first, and then into the profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app.cli.client import asking, parameters, review
from app.cli.client.api import Api, decoded, new_key
from app.cli.client.generated import form
from app.cli.client.invocation import Invocation, command
from app.cli.client.output import Output
from app.cli.client.text import cell

_COLUMNS = ("sure", "section", "entry", "field", "value", "where")
_SHOWN_UNPLACED = 10
_COLUMNS = ("sure", "section", "entry", "field", "value", "where")


def _import(
    invocation: Invocation, file: str, mode: str, sections: tuple[str, ...], is_password: bool
) -> None:
    api, output = invocation.api, invocation.output
    content = parameters.read_bytes(file)
    fields = {"password": asking.secret("Password of the file")} if is_password else {}
    sent = form(Path(file).name if file != "-" else "file", content, fields)
    preview = api.json("POST", "/v1/me/import/parse", content=sent, key=new_key())
    if not output.is_json:
        show(preview, output)
    parse_id = preview["parse_id"]
    if not (output.is_attended or invocation.is_yes):
        if output.is_json:
            output.value(preview)
        output.note("Nothing was changed. Take it with --yes, or with:")
        output.note(f"  vitae imports commit --parse-id {parse_id} --mode {mode}")
        return
    body: dict[str, Any] = {"parse_id": parse_id, "mode": mode}
    if sections:
        body["sections"] = list(sections)
    if not invocation.is_yes:
        asking.meant(_question(api, body), output, is_yes=False)
    answer = api.content("POST", "/v1/me/import/commit", body=body, key=new_key())
    if output.is_json:
        output.body(answer)
    else:
        output.result(_counted(decoded(answer)))


def _question(api: Api, body: dict[str, Any]) -> str:
    """What a commit would do, which the server works out."""
    would = _counted(api.json("POST", "/v1/me/import/plan", body=body, key=new_key()))
    if body["mode"] == "replace":
        return f"REPLACE your sections by this: {would} What is not in it goes. Go on?"
    return f"Take this into your profile: {would} Go on?"


def _counted(done: dict[str, Any]) -> str:
    counts = [
        f"{done[name]} {name}" for name in ("created", "changed", "deleted") if done.get(name)
    ]
    return ", ".join([*counts, f"{done['left']} left as they were."])


def show(preview: dict[str, Any], output: Output) -> None:
    """The preview as a table, with what is to be looked at before it."""
    if preview.get("tampered"):
        output.note("CAUTION: what this PDF encloses is not what stands on its pages.")
        for one in preview.get("differences") or ():
            output.note(f"  {cell(one)}")
    for warning in preview.get("warnings") or ():
        output.note(
            f"warning: {cell(warning.get('message') if isinstance(warning, dict) else warning)}"
        )
    found = review.values_of(preview)
    if output.is_terminal and not output.is_quiet:
        for line in review.lines(found, output.width):
            click.echo(line)
    else:
        output.rows([one.row() for one in found], _COLUMNS, is_numbered=False)
    unplaced = preview.get("unplaced") or ()
    if unplaced:
        output.note(f"Not understood, and so left out ({len(unplaced)}):")
        for one in unplaced[:_SHOWN_UNPLACED]:
            output.note(f"  {cell(one.get('text') if isinstance(one, dict) else one, 90)}")


IMPORT = command(
    "import",
    _import,
    text="""Read a résumé and take it into the profile.

    PDF, DOCX, JSON Resume, cv_data, LinkedIn's archive or an export of ours; - for standard input.
    What was found is shown first, the doubtful at the top, and nothing is changed until you say
    so. In a pipe nothing is changed without --yes.""",
    parameters=[
        click.Argument(["file"], metavar="FILE", type=click.Path(allow_dash=True)),
        click.Option(
            ["--mode"],
            type=click.Choice(["merge", "replace"]),
            default="merge",
            help="merge (the default) adds and fills blanks; replace removes what is not in it.",
        ),
        click.Option(
            ["--section", "sections"],
            multiple=True,
            metavar="NAME",
            help="Take only this section. Repeat it for several.",
        ),
        click.Option(
            ["--ask-password", "is_password"], is_flag=True, help="Ask for the PDF's password."
        ),
    ],
    asks=True,
)
