"""Make .venv and install what is missing; run by `./vitae` when the lock is not the one installed.

Runs before anything is installed: the standard library alone, and no import of ours. Safe to
interrupt at any moment, to run twice at once, and to run again.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

# WeasyPrint opens these by name; the packages bring what they need themselves.
_REQUIRED = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
}
# Older systems have no package of this; WeasyPrint then embeds fonts more slowly.
_WELCOME = {"libharfbuzz-subset.so.0": "libharfbuzz-subset0"}


class Stop(Exception):
    """What keeps the installation from going on, and what to do about it."""


def main(root: Path) -> None:
    """Bring `root`/.venv to the state that `root`/requirements.lock asks for; raises Stop."""
    _check_writable(root)
    with _alone(root):
        if not _is_installed(root):
            _install_system_packages()
            python = _environment(root)
            _install_lock(root, python)
            _check_weasyprint(python)
            _stamp(root)


def _say(text: str) -> None:
    print(f"vitae: {text}", file=sys.stderr, flush=True)


def _check_writable(root: Path) -> None:
    for folder in (root, root / ".venv"):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            uid = folder.stat().st_uid
            with contextlib.suppress(KeyError):
                uid = pwd.getpwuid(uid).pw_name  # type: ignore[assignment]
            raise Stop(
                f"{folder} can't be written (it belongs to {uid}, or the disk is read-only), and"
                " the first start installs there.\nRun it once as that user, or copy the project"
                " to a folder of your own."
            )


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold a lock on the project's folder, which also ends with a killed process."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another start is installing; waiting for it")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_installed(root: Path) -> bool:
    stamp = root / ".venv" / "installed.lock"
    return (
        os.access(root / ".venv" / "bin" / "python", os.X_OK)
        and stamp.exists()
        and stamp.read_bytes() == (root / "requirements.lock").read_bytes()
    )


def _stamp(root: Path) -> None:
    """Say that all is installed, last and in one step."""
    venv = root / ".venv"
    draft = venv / "installed.lock.new"
    shutil.copyfile(root / "requirements.lock", draft)
    draft.replace(venv / "installed.lock")
    (venv / "installing").unlink()


# --- system packages -------------------------------------------------------------------------


def _install_system_packages() -> None:
    required = [package for library, package in _REQUIRED.items() if not _opens(library)]
    welcome = [package for library, package in _WELCOME.items() if not _opens(library)]
    if find_spec("ensurepip") is None and shutil.which("uv") is None:
        required.insert(0, f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    if shutil.which("apt-get") is None:
        return  # Importing WeasyPrint says what is missing.
    if os.geteuid() != 0:
        if required:
            wanted = " ".join(required + welcome)
            raise Stop(
                f"some system packages are missing. Type:\n  sudo apt-get install -y {wanted}"
            )
        return
    if required and not _apt_install(required):
        raise Stop(f"apt-get could not install {' '.join(required)}; what it says is above.")
    if welcome and not _apt_install(welcome):
        _say(f"goes on without {' '.join(welcome)}")


def _opens(library: str) -> bool:
    if sys.platform == "darwin":
        return True  # Named otherwise there, and brought by Homebrew.
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _apt_install(packages: list[str]) -> bool:
    _say(f"installing {' '.join(packages)}")
    install = ["install", "-y", "--no-install-recommends", *packages]
    return _apt(install, quiet=True) or (_apt(["update"]) and _apt(install))


def _apt(arguments: list[str], *, quiet: bool = False) -> bool:
    done = subprocess.run(
        ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if quiet else sys.stderr,
        check=False,
    )
    return done.returncode == 0


# --- the virtual environment -----------------------------------------------------------------


def _environment(root: Path) -> Path:
    """The Python of a sound .venv, made anew when it is broken or was left half-way."""
    venv = root / ".venv"
    python = venv / "bin" / "python"
    left_half_way = venv / "installing"
    if left_half_way.exists() or not _runs(python):
        _say(f"making {venv} with Python {'.'.join(map(str, sys.version_info[:3]))}")
        if venv.is_symlink():
            venv.unlink()
        elif venv.exists():
            shutil.rmtree(venv)
        venv.mkdir()
        left_half_way.touch()
        # The versioned name: when the system's python3 moves on, this breaks visibly and is remade.
        base = os.path.realpath(sys.executable)
        if uv := shutil.which("uv"):
            _run([uv, "venv", "-q", "--allow-existing", "--python", base, str(venv)])
        else:
            _run([base, "-m", "venv", str(venv)])
    left_half_way.touch()
    return python


def _runs(python: Path) -> bool:
    """Whether `python` starts, is new enough and finds its own packages folder."""
    check = "import sys, sysconfig, os; sys.exit(sys.version_info < (3, 11)"
    check += " or not os.path.isdir(sysconfig.get_path('purelib')))"
    return os.access(python, os.X_OK) and not subprocess.call(
        [python, "-I", "-c", check],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _install_lock(root: Path, python: Path) -> None:
    lock = ["--require-hashes", "-r", str(root / "requirements.lock")]
    _say("installing the packages of requirements.lock (about a minute, only this once)")
    if uv := shutil.which("uv"):
        _run(
            [
                uv,
                "pip",
                "install",
                "-q",
                "--compile-bytecode",
                "--python",
                str(python),
                *lock,
            ]
        )
        return
    pip = [str(python), "-I", "-m", "pip"]
    if subprocess.call([*pip, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        _run([str(python), "-I", "-m", "ensurepip", "--upgrade"])
    _run([*pip, "install", "-q", "--disable-pip-version-check", "--no-input", *lock])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise Stop(f"this failed, and what it says is above:\n  {' '.join(command)}")


def _check_weasyprint(python: Path) -> None:
    done = subprocess.run(
        [python, "-I", "-W", "ignore", "-c", "import weasyprint"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return
    lines = {
        "brew": "brew install pango",
        "apt-get": f"sudo apt-get install -y {' '.join([*_REQUIRED.values(), *_WELCOME.values()])}",
        "dnf": "sudo dnf install -y pango",
        "pacman": "sudo pacman -S pango",
    }
    line = next((line for tool, line in lines.items() if shutil.which(tool)), "")
    reason = (done.stderr.strip().splitlines() or ["it was killed"])[-1]
    raise Stop(
        f"WeasyPrint can't be loaded: {reason}\nIt needs the library Pango"
        + (f". Type:\n  {line}" if line else "; install it with your system's package manager.")
    )


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Stop as stop:
        sys.exit(f"vitae: {stop}")
    except KeyboardInterrupt:
        sys.exit(130)
