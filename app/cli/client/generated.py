"""The commands that are all made alike: values in, one operation, its answer out."""

from __future__ import annotations

import json
import mimetypes
import secrets
from pathlib import Path
from typing import Any

import click

from app.cli.client import asking, completing, files, parameters
from app.cli.client.api import decoded
from app.cli.client.failures import Exit, Failure
from app.cli.client.invocation import Invocation, command
from app.cli.client.operations import Request, entity, filled, identified, pages

_LONG = {"bullets", "description", "bio"}
_LONGEST_FILE = 50_000_000


def command_of(described: dict[str, Any]) -> click.Command:
    """The command of an operation."""
    found = parameters.click_parameters(described, complete=completing.numbers(described))
    if "items" in described and any(p["name"] == "cursor" for p in described["parameters"]):
        found.append(click.Option(["--all", "is_all"], is_flag=True, help="All pages."))
    if described.get("is_file"):
        found.append(files.OUTPUT)
    if _is_edited(described):
        text = "Write the fields in your editor ($EDITOR)."
        found.append(click.Option(["--edit", "is_edit"], is_flag=True, help=text))

    def run(invocation: Invocation, **values: Any) -> None:
        _run(described, invocation, values)

    return command(
        described["words"][-1],
        run,
        text=described["help"],
        parameters=found,
        asks=bool(described.get("is_destructive")),
    )


def _run(described: dict[str, Any], invocation: Invocation, values: dict[str, Any]) -> None:
    api = invocation.api
    path = parameters.given(described, ("path",), values)
    if described.get("is_destructive"):
        _ask(described, invocation, path)
    path = identified(api, described, {name: str(value) for name, value in path.items()})
    request = Request(
        described,
        path,
        parameters.given(described, ("query",), values),
        {k: str(v) for k, v in parameters.given(described, ("header",), values).items()},
    )
    if described.get("is_file"):
        files.save(api.request(*request.target(), **request.more()), values["output"], invocation)
    elif "items" in described and described["method"] == "GET":
        _list(request, invocation, is_all=values.get("is_all", False))
    elif described.get("takes_form") and values.get("p_file") is not None:
        show(described, _with_file(request, invocation, values), invocation)
    elif described.get("takes_form") and not parameters.given(described, ("body",), values):
        raise click.UsageError("Missing argument 'FILE'.")
    else:
        _with_body(request, invocation, values)


def _ask(described: dict[str, Any], invocation: Invocation, path: dict[str, Any]) -> None:
    of = "".join(f" {value}" for value in path.values())
    words = " ".join(described["words"])
    asking.meant(
        f"{words}{of}: {described['summary']}. Go on?", invocation.output, invocation.is_yes
    )


def _with_body(request: Request, invocation: Invocation, values: dict[str, Any]) -> None:
    described, headers = request.described, dict(request.headers)
    body = parameters.body_of(described, values)
    fields = [p for p in described["parameters"] if p["in"] == "body" and not p.get("is_secret")]
    is_edit = values.get("is_edit") or (
        not body and invocation.output.is_attended and _is_edited_unasked(described)
    )
    before: dict[str, Any] = {}
    is_changing = is_edit and described["method"] == "PATCH"
    if described.get("is_replacing") or is_changing:
        row, version = entity(invocation.api, filled(described["path"], request.path))
        before = {p["name"]: row[p["name"]] for p in fields if p["name"] in row}
        if version is not None:
            headers["If-Match"] = version
    missing = [p for p in fields if p.get("required") and p["name"] not in {**before, **body}]
    if missing and not is_edit and invocation.output.is_attended:
        body |= {p["name"]: asking.field(p) for p in missing if not parameters.is_structured(p)}
        missing = [p for p in missing if p["name"] not in body]
    secret = parameters.secrets_of(described, values)

    def submit(given: dict[str, Any]) -> bytes:
        if is_changing:  # what is not sent stays
            given = {n: one for n, one in given.items() if n not in before or one != before[n]}
        sent = {**given, **secret}
        return Request(
            described, request.path, request.query, headers, sent if fields else secret or None
        ).answered_by(invocation.api)

    if is_edit:
        answer = _edited(described, fields, {**before, **body}, submit, invocation)
    elif missing:
        raise click.UsageError(f"Missing {', '.join(_called(p) for p in missing)}.")
    elif described.get("is_replacing") and not body:
        raise click.UsageError("Name what is to change, or use --edit.")
    else:
        answer = submit({**before, **body})
    if answer is not None:
        show(described, answer, invocation)


def _edited(
    described: dict[str, Any],
    fields: list[dict[str, Any]],
    values: dict[str, Any],
    submit: Any,
    invocation: Invocation,
) -> bytes | None:
    from app.cli.client import editing

    shown = [p for p in fields if p["name"] != "grounded_in"]
    answer = editing.edit(values, shown, submit, invocation.output, described["summary"])
    if answer is None:
        invocation.output.note("Nothing was changed.")
    return answer


def _called(parameter: dict[str, Any]) -> str:
    name = parameter["name"]
    return name.upper() if parameter.get("is_positional") else f"--{parameters.click_name(name)}"


def _is_edited(described: dict[str, Any]) -> bool:
    """Whether there is so much to say that an editor may help."""
    fields = [p for p in described["parameters"] if p["in"] == "body" and not p.get("is_secret")]
    is_written = described["method"] in ("POST", "PUT", "PATCH")
    return is_written and sum(not p.get("required") for p in fields) > 1


def _is_edited_unasked(described: dict[str, Any]) -> bool:
    """Whether a command that is told nothing opens the editor, instead of asking for what it needs.

    An entry that stands already does, and a new one in which text is to be written.
    """
    names = {p["name"] for p in described["parameters"] if p["in"] == "body"}
    return _is_edited(described) and bool(described.get("is_replacing") or names & _LONG)


def _list(request: Request, invocation: Invocation, *, is_all: bool) -> None:
    described, output = request.described, invocation.output
    path = request.target()[1]
    if not is_all:
        content = request.answered_by(invocation.api)
        if output.is_json:
            output.body(content)
            return
        page = decoded(content)
        output.rows(page[described["items"]], described["columns"])
        if page.get("next_cursor"):
            output.note(f"There are more: --all, or --cursor {page['next_cursor']}")
        return
    found: list[dict[str, Any]] = []
    query = request.more()["query"]
    for page in pages(invocation.api, path, query):
        if output.is_json:
            found += page["items"]
        else:
            output.rows(page["items"], described["columns"], first=len(found) + 1)
            found += page["items"]
    if output.is_json:
        output.value({"items": found, "next_cursor": None})


def _with_file(request: Request, invocation: Invocation, values: dict[str, Any]) -> bytes:
    source = values["p_file"]
    content = parameters.read_bytes(source)
    if len(content) > _LONGEST_FILE:
        raise Failure(f"{source} is too large.", Exit.INVALID)
    secret = parameters.secrets_of(request.described, values)
    fields = {**parameters.body_of(request.described, values), **secret}
    headers = dict(request.headers)
    sent = form(Path(source).name if source != "-" else "file", content, fields)
    return Request(
        request.described, request.path, request.query, headers, content=sent
    ).answered_by(invocation.api)


def form(name: str, content: bytes, fields: dict[str, Any]) -> tuple[str, bytes]:
    """multipart/form-data with one `file`: its media type and its bytes."""
    boundary = secrets.token_hex(16)
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    quoted = name.encode(errors="replace").replace(b'"', b"%22")
    quoted = quoted.replace(b"\r", b"%0D").replace(b"\n", b"%0A")
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="'.encode()
        + quoted
        + f'"\r\nContent-Type: {media}\r\n\r\n'.encode()
        + content
        + f"\r\n--{boundary}--\r\n".encode()
    )
    return f"multipart/form-data; boundary={boundary}", b"".join(parts)


def show(described: dict[str, Any], content: bytes, invocation: Invocation) -> None:
    """Tell of an answer."""
    output = invocation.output
    if not content:
        output.result("Done.")
    elif output.is_json:
        output.body(content)
    else:
        value = decoded(content)
        if "items" in described and described["items"] in value:
            output.rows(value[described["items"]], described["columns"])
        elif isinstance(value, dict):
            output.object(value)
        else:
            output.body(json.dumps(value).encode())
