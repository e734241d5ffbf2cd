"""`vitae test` and `vitae bench`: hand over to pytest and to tests/bench, from any folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from app.settings import PROJECT


def test(arguments: Sequence[str]) -> NoReturn:
    """Become pytest, in the project's folder; its exit code is ours."""
    _become(["pytest", *(from_project(argument) for argument in arguments)])


def bench(names: Sequence[str]) -> NoReturn:
    """Become tests/bench, in the project's folder."""
    _become(["tests.bench", *names])


def from_project(argument: str) -> str:
    """An argument that names a file here, or a test in one, as it is named from anywhere."""
    path, separator, test_id = argument.partition("::")
    if argument.startswith("-") or not Path(path).exists():
        return argument
    return str(Path(path).absolute()) + separator + test_id


def _become(module: list[str]) -> NoReturn:
    os.chdir(PROJECT)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    os.execve(sys.executable, [sys.executable, "-m", *module], environment)  # noqa: S606
