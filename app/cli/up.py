"""`vitae up` and `vitae api`: the processes of one machine under one supervisor."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import http.client
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.cli.processes import DRAIN_SECONDS
from app.cli.supervisor import Part, StartFailed, Supervisor, say
from app.embedded import Child, RunningServer, start_postgres, start_valkey
from app.embedded.child import spawn
from app.embedded.folder import private_folder
from app.migrate import migrate
from app.settings import PROJECT, Settings

# In the order of stopping, last to first: PostgreSQL serves until all others are gone.
_POSTGRES, _VALKEY, _WORKER, _API = range(4)
_SAVE_SECONDS = 60.0
_PORT_WAIT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where the API listens."""

    host: str
    port: int

    @property
    def local_host(self) -> str:
        """The host under which this machine reaches it."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    @property
    def url(self) -> str:
        host = f"[{self.local_host}]" if ":" in self.local_host else self.local_host
        return f"http://{host}:{self.port}"


def run(settings: Settings, environ: Mapping[str, str], address: Address, processes: int) -> None:
    """Run everything until SIGTERM or Ctrl-C. Raises ServerError and StartFailed."""
    begun = time.monotonic()
    data = private_folder(settings.data_dir)
    with _only_one(data), _listening(address) as listener, Supervisor() as supervisor:
        urls = _start_servers(supervisor, settings, data)
        asyncio.run(migrate(urls["DATABASE_URL"]))
        site = _Site(supervisor, listener, environ, urls, data)
        supervisor.start(site.worker(settings.render_timeout_seconds))
        site.serve(processes, begun)
    elsewhere = settings.database_url or settings.artifacts_url
    say("Stopped." if elsewhere else f"Stopped. Everything is kept in {data}.")


def run_api(
    settings: Settings, environ: Mapping[str, str], address: Address, processes: int
) -> None:
    """Run API processes alone until SIGTERM or Ctrl-C. Raises ServerError and StartFailed."""
    begun = time.monotonic()
    data = private_folder(settings.data_dir)
    with _listening(address) as listener, Supervisor() as supervisor:
        _Site(supervisor, listener, environ, {}, data).serve(processes, begun)
    say("Stopped.")


class _Site:
    """The processes of ours that serve one address, and what they are told."""

    def __init__(
        self,
        supervisor: Supervisor,
        listener: socket.socket,
        environ: Mapping[str, str],
        urls: Mapping[str, str],
        data: Path,
    ) -> None:
        host, port = listener.getsockname()[:2]
        self._address = Address(host, port)
        self._supervisor = supervisor
        self._listener = listener
        # The port is ours, so this folder is: what the last run left in it is void.
        self._metrics = data / f"metrics-{port}"
        shutil.rmtree(self._metrics, ignore_errors=True)
        private_folder(self._metrics)
        self._environment = {
            "PUBLIC_URL": self._address.url,
            **environ,
            **urls,
            "DATA_DIR": str(data),
            "PYTHONPATH": str(PROJECT),
        }

    def worker(self, render_seconds: float) -> Part:
        return Part("worker", partial(self._launch, "worker"), _WORKER, grace=render_seconds + 15)

    def serve(self, processes: int, begun: float) -> None:
        """Start the API and watch over everything until asked to stop."""
        self._supervisor.start(self._api(1))

        def when_ready() -> None:
            self._introduce(time.monotonic() - begun)
            # Only now: starting takes a second of a core, and the first should have it.
            for number in range(2, processes + 1):
                self._supervisor.start(self._api(number))

        self._supervisor.watch(self._answers, when_ready)
        say("Stopping…")
        # Nobody is to wait in the queue of a socket that nobody will read.
        self._listener.close()

    def _api(self, number: int) -> Part:
        name = f"API process {number}"
        return Part(name, self._launch_api, _API, DRAIN_SECONDS + 5, self._forget_metrics)

    def _launch_api(self) -> Child:
        descriptor = self._listener.fileno()
        metrics = {"PROMETHEUS_MULTIPROC_DIR": str(self._metrics)}
        return self._launch("api", str(descriptor), keep=(descriptor,), further=metrics)

    def _launch(
        self,
        kind: str,
        *arguments: str,
        keep: tuple[int, ...] = (),
        further: Mapping[str, str] | None = None,
    ) -> Child:
        module = [sys.executable, "-P", "-m", "app.cli.processes"]
        process = spawn(
            [*module, kind, str(os.getpid()), *arguments],
            folder=PROJECT,
            environment={**self._environment, **(further or {})},
            keep=keep,
            output=None,
        )
        return Child(process, signal.SIGTERM)

    def _forget_metrics(self, pid: int) -> None:
        """What a gauge of a process shows ends with it."""
        for path in self._metrics.glob(f"gauge_live*_{pid}.db"):
            path.unlink(missing_ok=True)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(
            self._address.local_host, self._address.port, timeout=1
        )
        with (
            contextlib.closing(connection),
            contextlib.suppress(OSError, http.client.HTTPException),
        ):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False

    def _introduce(self, seconds: float) -> None:
        url = self._address.url
        say(
            f"Vitae is ready after {seconds:.1f} s. Ctrl-C stops it.\n"
            f"  Pages     {url}\n"
            f"  GraphQL   {url}/graphql\n"
            f"  API       {url}/developers   ({url}/openapi.json)\n"
            f"  Health    {url}/readyz\n"
            f"  Try it    ./vitae quickstart --url {url}"
        )


def _start_servers(supervisor: Supervisor, settings: Settings, data: Path) -> dict[str, str]:
    """Start the servers that are not given by URL; the URLs of both."""
    return {
        "DATABASE_URL": settings.database_url
        or _keep(supervisor, "PostgreSQL", partial(start_postgres, data), _POSTGRES),
        "REDIS_URL": settings.redis_url
        or _keep(supervisor, "Valkey", partial(start_valkey, data), _VALKEY),
    }


def _keep(supervisor: Supervisor, name: str, start: Callable[[], RunningServer], stage: int) -> str:
    """Keep a server running from now on; its URL, which no restart changes."""
    urls: list[str] = []

    def launch() -> Child:
        server = start()
        urls.append(server.url)
        return server

    supervisor.start(Part(name, launch, stage, grace=_SAVE_SECONDS))
    return urls[0]


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """Hold `data` for one supervisor; raises StartFailed when another does."""
    with (data / "supervisor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StartFailed(
                f"Vitae is already running on {data} (process {lock.read().strip()})."
                " Stop that one, or name another folder with --data DIR."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextlib.contextmanager
def _listening(address: Address) -> Iterator[socket.socket]:
    """The socket that all API processes share; raises StartFailed."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    deadline = time.monotonic() + _PORT_WAIT_SECONDS
    while True:
        try:
            listener = socket.create_server(
                (address.host, address.port), family=family, backlog=2048
            )
            break
        except OSError as error:
            # After a kill -9 the processes of the run before need a moment to end.
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            raise StartFailed(_why_not(address, error)) from None
    with contextlib.closing(listener):
        yield listener


def _why_not(address: Address, error: OSError) -> str:
    where = f"{address.host}:{address.port}"
    if error.errno == errno.EADDRINUSE:
        return f"Port {address.port} is in use by another program. Name another with --port."
    if error.errno == errno.EACCES:
        return f"Only root may listen on {where}. Name a port from 1024 up with --port."
    return f"Can't listen on {where}: {error.strerror}."
