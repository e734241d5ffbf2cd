"""Where sessions are kept: the real keyring library with a backend of a file, and without one."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.services import Services
from app.settings import PROJECT
from tests.cli.shell import Shell
from tests.people import PASSWORD, Person

# What a keyring of a desktop is to the library, with its secrets in a file beside it.
BACKEND = """
import json, pathlib
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

class Ring(KeyringBackend):
    priority = 5
    file = pathlib.Path(__file__).with_name("ring.json")

    def _all(self):
        if self.file.with_name("locked").exists():
            raise KeyringLocked("the ring is locked")
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def set_password(self, service, username, password):
        self.file.write_text(json.dumps({**self._all(), f"{service} {username}": password}))

    def get_password(self, service, username):
        return self._all().get(f"{service} {username}")

    def delete_password(self, service, username):
        kept = self._all()
        if kept.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError("not there")
        self.file.write_text(json.dumps(kept))
"""


@dataclass
class Ring:
    """What a keyring holds, in a file."""

    file: Path

    @property
    def text(self) -> str:
        return self.file.read_text() if self.file.exists() else "nothing"

    def lock(self) -> None:
        self.file.with_name("locked").touch()


@pytest.fixture
async def ring(shell: Shell, services: Services, tmp_path: Path) -> Ring:
    """A keyring that `shell` has, whose owner has an account."""
    await Person(services).register()
    library = tmp_path / "library"
    library.mkdir()
    (library / "desktop.py").write_text(BACKEND)
    shell.variables["PYTHONPATH"] = f"{library}:{PROJECT}"
    shell.variables["PYTHON_KEYRING_BACKEND"] = "desktop.Ring"
    return Ring(library / "ring.json")


async def _sign_in(shell: Shell) -> None:
    await shell.ok("login", "--username", "ann", given=f"{PASSWORD}\n")


def _kept(shell: Shell) -> object:
    return json.loads(shell.store.path.read_text())["servers"][shell.url]


async def test_where_there_is_a_keyring_secrets_are_in_it_alone(shell: Shell, ring: Ring) -> None:
    await _sign_in(shell)
    assert _kept(shell) == {"username": "ann", "in": "keyring"}
    await shell.ok("skills", "list")
    assert "refresh_token" in ring.text
    await shell.ok("logout")
    assert ring.text == "{}"


async def test_without_a_keyring_the_library_leaves_them_to_the_file(
    shell: Shell, ring: Ring
) -> None:
    shell.variables["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    await _sign_in(shell)
    assert ring.text == "nothing"
    assert "refresh_token" in shell.store.path.read_text()
    assert stat.S_IMODE(shell.store.path.stat().st_mode) == 0o600
    await shell.ok("skills", "list")


async def test_a_keyring_that_takes_nothing_leaves_them_to_the_file(
    shell: Shell, ring: Ring
) -> None:
    ring.lock()
    await _sign_in(shell)
    assert "refresh_token" in shell.store.path.read_text()
    await shell.ok("skills", "list")


async def test_a_keyring_that_is_locked_later_is_named(shell: Shell, ring: Ring) -> None:
    await _sign_in(shell)
    ring.lock()
    done = await shell.run("skills", "list")
    assert done.code == 3
    assert "the ring is locked" in done.err
    assert "Traceback" not in done.err
