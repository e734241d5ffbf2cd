"""A command begins at once: what it does not need is not imported."""

from __future__ import annotations

import subprocess
import sys

from tests.programs import environment

_HEAVY = ("strawberry", "graphql", "httpx", "typer", "rich", "yaml", "sqlalchemy", "app.settings")


def _imported(*arguments: str) -> set[str]:
    script = (
        "import sys\nfrom app.cli.client import root\n"
        f"code = root.run({list(arguments)!r})\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment(VITAE_URL="http://127.0.0.1:1"),
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return set(done.stderr.splitlines())


def test_a_command_for_a_server_imports_nothing_of_the_server() -> None:
    imported = _imported("skills", "--help")
    assert "app.cli.client.generated" in imported
    assert imported & set(_HEAVY) == set()


def test_a_command_in_a_pipe_needs_no_tables() -> None:
    imported = _imported("skills", "list")
    assert "app.cli.client.api" in imported
    assert imported & set(_HEAVY) == set()
