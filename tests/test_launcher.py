"""`./vitae` on a project of its own: what it installs, when, and whose modules it runs."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.settings import PROJECT

_COMMAND = """
import sys, weasyprint
print("ran with weasyprint", weasyprint.__version__, *sys.argv[1:])
"""


class Project:
    """A checkout whose lock names one tiny package, built here, that poses as WeasyPrint."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.launcher = root / "vitae"
        self.stamp = root / ".venv" / "installed.lock"
        (root / "app" / "cli").mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / "vitae", self.launcher)
        shutil.copy(PROJECT / "app" / "install.py", root / "app")
        for package in ("app", "app/cli"):
            (root / package / "__init__.py").touch()
        (root / "app" / "cli" / "__main__.py").write_text(_COMMAND)
        self.lock("1.0")

    def lock(self, version: str, *, statement: str = "") -> None:
        """Write a lock on `version` of the package, whose module begins with `statement`."""
        wheel = self.root / "wheels" / f"weasyprint-{version}-py3-none-any.whl"
        wheel.parent.mkdir(exist_ok=True)
        _build_wheel(wheel, version, f"{statement}\n__version__ = {version!r}\n")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        line = f"weasyprint @ {wheel.as_uri()} --hash=sha256:{digest}\n"
        (self.root / "requirements.lock").write_text(line)

    def run(
        self,
        *arguments: str,
        launcher: Path | None = None,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [launcher or self.launcher, *arguments],
            cwd=cwd or self.root,
            env=_environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


def _environment(further: Mapping[str, str] | None = None) -> dict[str, str]:
    # The Python of the tests comes first, but not its virtual environment.
    base = str(Path(sys.base_prefix) / "bin")
    return {**os.environ, "PATH": f"{base}:{os.environ['PATH']}", **(further or {})}


def _build_wheel(wheel: Path, version: str, module: str) -> None:
    info = f"weasyprint-{version}.dist-info"
    files = {
        "weasyprint.py": module,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: weasyprint\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, content in files.items():
        digest = hashlib.sha256(content.encode()).digest()
        encoded = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        record += f"{name},sha256={encoded},{len(content.encode())}\n"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(name, content)


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """A project that was never started."""
    return Project(tmp_path / "bare")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose first start has been made; for tests that change nothing in it."""
    project = Project(tmp_path_factory.mktemp("installed"))
    done = project.run("first")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "ran with weasyprint 1.0 first\n"
    return project


@pytest.fixture
def project(installed: Project, tmp_path: Path) -> Project:
    """A project of the test's own whose first start has been made."""
    shutil.copytree(installed.root, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")


def test_a_second_start_installs_nothing_and_says_nothing(installed: Project) -> None:
    before = installed.stamp.stat().st_mtime_ns
    done = installed.run("second")
    assert (done.returncode, done.stdout) == (0, "ran with weasyprint 1.0 second\n")
    assert done.stderr == ""
    assert installed.stamp.stat().st_mtime_ns == before


def test_it_runs_from_anywhere_and_through_links(installed: Project, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "direct").symlink_to(installed.launcher)
    (tmp_path / "bin" / "vitae").symlink_to("../direct")
    done = installed.run("x", launcher=tmp_path / "bin" / "vitae", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "ran with weasyprint 1.0 x\n")
    on_path = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
    done = installed.run("y", launcher=Path("vitae"), cwd=tmp_path, environment=on_path)
    assert (done.returncode, done.stdout) == (0, "ran with weasyprint 1.0 y\n")


def test_modules_of_the_callers_folder_and_pythonpath_are_not_ours(
    installed: Project, tmp_path: Path
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('the wrong app')")
    (tmp_path / "weasyprint.py").write_text("raise SystemExit('the wrong weasyprint')")
    done = installed.run("z", cwd=tmp_path, environment={"PYTHONPATH": str(tmp_path)})
    assert (done.returncode, done.stdout) == (0, "ran with weasyprint 1.0 z\n")


def test_arguments_arrive_as_they_are(installed: Project) -> None:
    done = installed.run("two words", "*", "", "$HOME")
    assert done.stdout == "ran with weasyprint 1.0 two words *  $HOME\n"


def test_a_changed_lock_is_installed(project: Project) -> None:
    project.lock("2.0")
    done = project.run()
    assert (done.returncode, done.stdout) == (0, "ran with weasyprint 2.0\n")


def test_a_package_that_is_not_the_one_locked_is_refused(project: Project) -> None:
    project.lock("2.0")
    wheel = project.root / "wheels" / "weasyprint-2.0-py3-none-any.whl"
    _build_wheel(wheel, "2.0", "__version__ = 'tampered with'\n")
    for _ in range(2):
        done = project.run()
        assert done.returncode == 1
        assert "hash" in done.stderr.lower()
        assert done.stdout == ""


def test_a_weasyprint_that_does_not_load_stops_the_start_and_the_next_one_recovers(
    project: Project,
) -> None:
    project.lock("1.5", statement="raise OSError('cannot load library libpango-1.0-0')")
    done = project.run()
    assert done.returncode == 1
    assert "cannot load library libpango-1.0-0" in done.stderr
    assert "install" in done.stderr
    project.lock("1.6")
    assert project.run().stdout == "ran with weasyprint 1.6\n"


def test_an_installation_that_was_killed_is_made_anew(bare: Project) -> None:
    started = subprocess.Popen(
        [bare.launcher],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not (bare.root / ".venv" / "bin").exists():
        time.sleep(0.005)
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    assert not bare.stamp.exists()
    done = bare.run()
    assert (done.returncode, done.stdout) == (0, "ran with weasyprint 1.0\n")


def test_of_two_first_starts_one_installs_and_both_run(bare: Project) -> None:
    both = [
        subprocess.Popen(
            [bare.launcher, name],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [out for out, _ in said] == [f"ran with weasyprint 1.0 {name}\n" for name in ("a", "b")]
    assert "".join(err for _, err in said).count("installing the packages") == 1


def test_an_old_python_is_refused_with_what_to_do(bare: Project, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("dirname", "readlink", "cmp", "id"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    old = tools / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.8.10\nexit 1\n')
    old.chmod(0o755)
    done = bare.run(environment={"PATH": str(tools)})
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed; here is Python 3.8.10" in done.stderr
    assert not (bare.root / ".venv").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as another user")
def test_a_checkout_of_somebody_else_is_refused_with_what_to_do() -> None:
    if not _is_new_enough("/usr/bin/python3"):
        pytest.skip("no Python that the user nobody may run")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        project = Project(Path(folder) / "project")
        done = subprocess.run(
            [project.launcher], env={"PATH": "/usr/bin:/bin"}, user="nobody", cwd="/",
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"{project.root} can't be written (it belongs to root" in done.stderr


def _is_new_enough(python: str) -> bool:
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    return shutil.which(python) is not None and not subprocess.call([python, "-c", check])
