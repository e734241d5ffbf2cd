"""Fields as YAML in the editor of the user, again and again until they are right."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from app.cli.client.failures import Exit, Failure
from app.cli.client.output import Output
from app.cli.client.text import safe

_WIDTH = 88


class _Loader(yaml.SafeLoader):
    """YAML in which a date stays the text that it is."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Dumper(yaml.SafeDumper):
    """YAML in which paragraphs stand as they are."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def read(text: str) -> Any:
    """YAML, which JSON is too; raises Failure."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise Failure(f"This is not YAML: {' '.join(str(error).split())}", Exit.INVALID) from None


def edit(
    values: dict[str, Any],
    parameters: Sequence[dict[str, Any]],
    submit: Callable[[dict[str, Any]], bytes],
    output: Output,
    title: str,
) -> bytes | None:
    """What `submit` answers to the edited values; None if nothing was changed.

    What is refused comes back into the editor with the reasons above it. Raises Failure for what
    could not be sent at all; the text is kept then, and named. An emptied file is given up.
    """
    text = _document(values, parameters, title)
    place = Path(tempfile.mkdtemp(prefix="vitae-")) / "edit.yaml"
    place.touch(mode=0o600)
    complaints: list[str] = []
    while True:
        place.write_text("".join(f"# ! {line}\n" for line in complaints) + text, "utf-8")
        _open(place)
        text = _without_complaints(_read(place))
        if _is_blank(text):
            _remove(place)
            return None
        try:
            found = _fields(read(text), parameters)
            if found == values and not complaints:
                _remove(place)
                return None
            answer = submit(found)
        except Failure as failure:
            is_mendable = failure.exit is Exit.INVALID
            complaints = [safe(line) for line in failure.lines()]
            if not is_mendable or not _again(complaints, output):
                output.note(f"What you wrote is kept in {place}")
                raise
            continue
        _remove(place)
        return answer


def _again(complaints: list[str], output: Output) -> bool:
    click.echo("\n".join(complaints), err=True)
    return output.is_attended and click.confirm("Edit again?", default=True, err=True)


def _open(place: Path) -> None:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        done = subprocess.run([*shlex.split(editor), str(place)], check=False)
    except (OSError, ValueError) as error:
        _remove(place)
        raise Failure(f"The editor {editor!r} can't be run: {error}", Exit.USAGE) from None
    if done.returncode:
        message = f"The editor ended with status {done.returncode}; nothing was changed."
        raise Failure(f"{message} What you wrote is kept in {place}")


def _read(place: Path) -> str:
    try:
        return place.read_text("utf-8")
    except UnicodeDecodeError:
        message = f"What you wrote is not saved as UTF-8. It is kept in {place}"
        raise Failure(message, Exit.INVALID) from None
    except OSError as error:
        message = f"What the editor left can't be read: {error.strerror}"
        raise Failure(message, Exit.INVALID) from None


def _document(values: dict[str, Any], parameters: Sequence[dict[str, Any]], title: str) -> str:
    how = "Empty a field to clear it; leave without a change, or empty it all, to change nothing."
    parts = [f"# {title}\n# {how}\n"]
    for parameter in parameters:
        name = parameter["name"]
        about = textwrap.wrap(_about(parameter), _WIDTH)
        value = values.get(name)
        if value is None:
            line = f"{name}:\n"
        else:
            line = yaml.dump(
                {name: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH
            )
        parts.append("\n" + "".join(f"# {one}\n" for one in about) + line)
    return "".join(parts)


def _about(parameter: dict[str, Any]) -> str:
    choices = parameter.get("choices")
    return str(parameter["text"]) + (f" One of: {', '.join(map(str, choices))}." if choices else "")


def _fields(read_value: Any, parameters: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if read_value is None:
        read_value = {}
    if not isinstance(read_value, dict):
        raise Failure("Keep the form: a name, a colon, a value.", Exit.INVALID)
    known = {parameter["name"]: parameter for parameter in parameters}
    if unknown := [str(name) for name in read_value if name not in known]:
        raise Failure(f"There is no field {', '.join(unknown)}.", Exit.INVALID)
    found = {name: _typed(value, known[name]) for name, value in read_value.items()}
    # What can't be empty and is, was left alone.
    return {n: v for n, v in found.items() if v is not None or known[n].get("is_nullable")}


def _typed(value: Any, parameter: dict[str, Any]) -> Any:
    """A year or a `yes` where a text is meant is that text."""
    if isinstance(value, bool) or value is None:
        is_text = value is not None and "type" not in parameter
        return str(value).lower() if is_text else value
    if isinstance(value, (int, float)) and "type" not in parameter:
        return str(value)
    return value.rstrip("\n") if isinstance(value, str) else value


def _without_complaints(text: str) -> str:
    return "".join(line for line in text.splitlines(True) if not line.startswith("# ! "))


def _is_blank(text: str) -> bool:
    """Whether nothing is left but comments: that gives it up, and clears nothing."""
    return not any(line.strip() and not line.startswith("#") for line in text.splitlines())


def _remove(place: Path) -> None:
    place.unlink(missing_ok=True)
    place.parent.rmdir()
