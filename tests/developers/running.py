"""Runs examples as a reader would, in each language: what went wrong, if anything did."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import certifi
import httpx
import pytest

Run = Callable[[str, dict[str, str]], str | None]
"""Runs code with variables set; None, or the code of the failure that the server told of."""


PAGE = "a page for people"


def code_of(told: str) -> str:
    """The stable code in what a failing example says, or all of it if there is none."""
    if told.lstrip().startswith("<!DOCTYPE html>"):
        return PAGE
    start = told.find("{")
    try:
        failure = json.JSONDecoder().raw_decode(told[max(start, 0) :])[0]["error"]
    except (ValueError, KeyError, TypeError):
        return told
    return str(failure["code"] if isinstance(failure, dict) else failure)


@contextlib.contextmanager
def without_authorities(folder: Path) -> Iterator[None]:
    """Have httpx load one certificate authority instead of all, which takes longer than a request.

    The installation is spoken to without TLS.
    """
    end = "-----END CERTIFICATE-----\n"
    authorities = Path(certifi.where()).read_text("utf-8")
    one = folder / "authority.pem"
    one.write_text("-----BEGIN" + authorities.partition("-----BEGIN")[2].partition(end)[0] + end)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(one))
        yield


def curl(code: str, variables: dict[str, str]) -> str | None:
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True, text=True, errors="replace", timeout=180, check=False,
    )  # fmt: skip
    return None if ran.returncode == 0 else code_of(ran.stdout or ran.stderr)


def python(code: str, variables: dict[str, str]) -> str | None:
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        for name, value in variables.items():
            patch.setenv(name, value)
        try:
            exec(compile(code, "example", "exec"), {"__name__": "__main__"})  # noqa: S102
        except httpx.HTTPStatusError as failure:
            return code_of(failure.response.text)
    return None


@contextlib.contextmanager
def node(folder: Path) -> Iterator[Run]:
    """Runs modules in one process of Node; skips the test where there is none."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("the JavaScript examples need Node")
    runner = Path(__file__).with_name("runner.mjs")
    process = subprocess.Popen(
        [program, runner], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout
    number = 0

    def run(code: str, variables: dict[str, str]) -> str | None:
        nonlocal number
        number += 1  # a module is loaded once
        file = folder / f"example-{number}.mjs"
        file.write_text(code)
        stdin.write(json.dumps({"file": str(file), "env": variables}) + "\n")
        stdin.flush()
        error = json.loads(stdout.readline())["error"]
        return None if error is None else code_of(error)

    try:
        yield run
    finally:
        stdin.close()
        process.wait(60)
        stdout.close()


def graphql(
    url: str, document: str, variables: dict[str, Any], headers: dict[str, str]
) -> str | None:
    """Runs a document with its variables."""
    body = {"query": document, "variables": variables}
    answer = httpx.post(f"{url}/graphql", json=body, headers=headers, timeout=60)
    errors = answer.json().get("errors")
    if not errors:
        return None
    told: str = errors[0]["extensions"]["code"]
    return told if told != "validation_failed" else f"{told}: {errors[0]['message']}"
