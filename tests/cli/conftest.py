"""People with a `vitae` command."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services import Services
from tests.cli.shell import Shell
from tests.people import Person


@pytest.fixture
def shell(base_url: str, services: Services, tmp_path: Path) -> Shell:
    """The command of somebody who has not signed in."""
    return Shell(base_url, tmp_path)


@pytest.fixture
async def ann(shell: Shell, services: Services) -> Shell:
    """The command of Ann, by a session in VITAE_TOKEN."""
    person = await Person(services).signed_in()
    assert person.credentials.bearer is not None
    shell.variables["VITAE_TOKEN"] = person.credentials.bearer
    return shell
