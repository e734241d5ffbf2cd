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

from app.embedded.leash import die_with_parent
from app.settings import Settings

# Requests still running this long after SIGTERM are cancelled.
DRAIN_SECONDS = 10


def _serve_api(settings: Settings, descriptor: int) -> None:
    import uvicorn

    from app.logs import configure_logging
    from app.main import create_app

    configure_logging(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            # By name, so that one that is missing is an error and not a slow server.
            loop="uvloop",
            http="httptools",
            ws="websockets-sansio",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.believed_proxies),
            forwarded_allow_ips=settings.believed_proxies,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
    )
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
