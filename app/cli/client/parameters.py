"""Options and arguments of a command, from what `commands.json` says of its operation."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from app.cli.client import asking, completing
from app.cli.client.failures import Exit, Failure

Described = dict[str, Any]

_TYPES: dict[str, click.ParamType[Any]] = {
    "integer": click.INT,
    "number": click.FLOAT,
    "boolean": click.BOOL,
}
Complete = completing.Complete
_FILE = "FILE"
_PATH = click.Path(allow_dash=True)
_NEW = ("register", "change_password", "reset_password")
# Kept by the server for those who must prove something, and asked for without being needed.
_ALWAYS_ASKED = ("current_password",)


def is_structured(parameter: Described) -> bool:
    """Whether a value is more than a line or several."""
    kind = parameter.get("type")
    return kind == "object" or (kind == "array" and parameter.get("item") == "object")


def click_parameters(
    described: Described, *, complete: Complete | None = None
) -> list[click.Parameter]:
    """Those of an operation; what is secret is asked for and has none."""
    found: list[click.Parameter] = []
    for parameter in described["parameters"]:
        if parameter.get("is_secret"):
            if not _is_asked_for(parameter):
                found.append(_asking(parameter))
        elif parameter["in"] == "path" or parameter.get("is_positional"):
            found.append(_argument(parameter, complete))
        else:
            found.append(_option(parameter))
    if _clearable(described):
        names = [click_name(p["name"]) for p in _clearable(described)]
        choice = click.Choice(names)
        text = "Field to empty; can be repeated."
        found.append(click.Option(["--clear"], multiple=True, type=choice, help=text))
    if any(p["in"] == "body" and not p.get("is_secret") for p in described["parameters"]):
        text = "The whole body as JSON or YAML; - for standard input."
        found.append(click.Option(["--data"], metavar=_FILE, type=_PATH, help=text))
    return found


def _clearable(described: Described) -> list[Described]:
    if described["method"] != "PATCH" and not described.get("is_replacing"):
        return []
    return [p for p in described["parameters"] if p.get("is_nullable")]


def click_name(name: str) -> str:
    return name.lower().replace("_", "-")


def variable(name: str) -> str:
    """What Python calls the value of a parameter of that name."""
    return "p_" + name.lower().replace("-", "_")


def _argument(parameter: Described, complete: Complete | None) -> click.Argument:
    name = parameter["name"]
    is_file = parameter["in"] == "file" or is_structured(parameter)
    is_id = parameter["in"] == "path" and name.endswith("_id")
    metavar = _FILE if is_file else "ID" if is_id else name.upper()
    choices = parameter.get("choices")
    return click.Argument(
        [variable(name)],
        metavar=metavar,
        # What a body needs may also come by --data, or out of an editor.
        required=parameter["in"] != "body" and bool(parameter.get("required")),
        type=click.Choice(choices) if choices else _PATH if is_file else None,
        shell_complete=complete if is_id else None,
    )


def _asking(parameter: Described) -> click.Option:
    name = parameter["name"]
    text = f"Ask for it. {parameter['text']}"
    return click.Option([f"--ask-{click_name(name)}", variable(name)], is_flag=True, help=text)


def _option(parameter: Described) -> click.Option:
    name, kind = parameter["name"], parameter.get("type", "string")
    flag, choices, help_text = f"--{click_name(name)}", parameter.get("choices"), parameter["text"]
    if kind == "boolean":
        names = [f"{flag}/--no-{click_name(name)}", variable(name)]
        return click.Option(names, default=None, help=help_text)
    names = [flag, variable(name)]
    if is_structured(parameter):
        return click.Option(names, metavar="JSON|@FILE", help=help_text)
    if kind == "array":
        inner: click.ParamType[Any] = _TYPES.get(parameter["item"], click.STRING)
        inner = click.Choice(choices) if choices else inner
        help_text += " Repeat it for several."
        metavar = None if choices else _metavar(name.removesuffix("s"))
        return click.Option(names, multiple=True, type=inner, metavar=metavar, help=help_text)
    if choices:
        return click.Option(names, type=click.Choice(choices), help=help_text)
    if kind in _TYPES:
        return click.Option(names, type=_TYPES[kind], metavar="N", help=help_text)
    return click.Option(
        names, metavar=_metavar(name), help=help_text, shell_complete=completing.listed(name)
    )


def _metavar(name: str) -> str:
    last = name.rpartition("_")[2]
    return {"on": "DATE", "at": "TIME"}.get(last, last.upper())


def given(described: Described, places: Sequence[str], values: dict[str, Any]) -> dict[str, Any]:
    """The values of parameters in these places, under the API's names; raises Failure."""
    found: dict[str, Any] = {}
    for parameter in described["parameters"]:
        value = values.get(variable(parameter["name"]))
        if parameter["in"] not in places or parameter.get("is_secret"):
            continue
        if value is None or value == ():
            continue
        name = parameter["name"]
        if is_structured(parameter):
            found[name] = _structured(value, parameter)
        else:
            found[name] = list(value) if isinstance(value, tuple) else value
    return found


def body_of(described: Described, values: dict[str, Any]) -> dict[str, Any]:
    """What a body is given, by --data, options and --clear; raises Failure."""
    found: dict[str, Any] = {}
    if values.get("data") is not None:
        read = read_document(values["data"])
        if not isinstance(read, dict):
            raise Failure("--data takes an object.", Exit.USAGE)
        found.update(read)
    found.update(given(described, ("body",), values))
    names = {click_name(p["name"]): p["name"] for p in described["parameters"]}
    found.update({names[name]: None for name in values.get("clear") or ()})
    return found


def secrets_of(described: Described, values: dict[str, Any]) -> dict[str, str]:
    """What is asked for at the terminal."""
    found = {}
    for parameter in described["parameters"]:
        if not parameter.get("is_secret"):
            continue
        name = parameter["name"]
        if not _is_asked_for(parameter) and not values.get(variable(name)):
            continue
        label = name.replace("_", " ").capitalize()
        is_new = name == "password" and described["operation"] in _NEW
        label = f"New {label.lower()}" if is_new else label
        is_optional = not parameter.get("required")
        if text := asking.secret(label, is_new=is_new, is_optional=is_optional):
            found[name] = text
    return found


def _is_asked_for(parameter: Described) -> bool:
    return bool(parameter.get("required")) or parameter["name"] in _ALWAYS_ASKED


def _structured(value: str, parameter: Described) -> Any:
    if parameter.get("is_positional"):
        read = read_document(value)
    elif value.startswith("@"):
        read = read_document(value[1:])
    else:
        try:
            read = json.loads(value)
        except ValueError:
            message = f"--{click_name(parameter['name'])} takes JSON, or @FILE."
            raise Failure(message, Exit.USAGE) from None
    name = parameter["name"]
    if isinstance(read, dict) and name in read:
        return read[name]
    return read


def read_bytes(source: str) -> bytes:
    """A file, or standard input for `-`; raises Failure."""
    try:
        return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise Failure(f"{source} can't be read: {error.strerror}", Exit.USAGE) from None


def read_document(source: str) -> Any:
    """The JSON or YAML of a file; raises Failure."""
    content = read_bytes(source)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Failure(f"{source} is not text.", Exit.INVALID) from None
    try:
        return json.loads(text)
    except ValueError as error:
        if text.lstrip()[:1] in ("{", "["):
            raise Failure(f"{source} is not JSON: {error}", Exit.INVALID) from None
    from app.cli.client import editing

    return editing.read(text)
