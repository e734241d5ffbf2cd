"""What the processes run that `up` and `api` start:

python -m app.cli.processes api PARENT FD    serve the API on the listening socket FD
python -m app.cli.processes worker PARENT    work the queues

PARENT is the pid of the supervisor, and neither outlives it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

from app.embedded.leash import die_with_parent
from app.settings import Settings

if TYPE_CHECKING:
    import uvicorn  # a worker needs none of it

# Requests still running this long after SIGTERM are cancelled.
DRAIN_SECONDS = 10

# An idle connection is kept for longer than clients keep one (httpx 5 s, most proxies 60 s): who
# closes first then is the side that knows that it will send no more.
KEEP_ALIVE_SECONDS = 75


def server_config(settings: Settings) -> uvicorn.Config:
    """How the API is served."""
    import uvicorn

    from app.main import create_app
    from schema.transport import MAX_BODY

    return uvicorn.Config(
        create_app(settings),
        # By name, so that one that is missing is an error and not a slow server.
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        # What is too large as a request is too large as a message.
        ws_max_size=MAX_BODY,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.believed_proxies),
        forwarded_allow_ips=settings.believed_proxies,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )


def _serve_api(settings: Settings, descriptor: int) -> None:
    import uvicorn

    from app.logs import configure_logging

    configure_logging(settings)
    server = uvicorn.Server(server_config(settings))
    server.run(sockets=[socket.socket(fileno=descriptor)])


def _main(kind: str, parent: str, *descriptor: str) -> None:
    die_with_parent(int(parent), signal.SIGTERM)
    settings = Settings.from_env(os.environ)
    if kind == "api":
        _serve_api(settings, int(descriptor[0]))
    else:
        from workers.settings import run_worker

        run_worker(settings)


if __name__ == "__main__":
    _main(*sys.argv[1:])
