"""Routes about the server itself: healthz, readyz, version, metrics."""

from __future__ import annotations

import asyncio
import platform
import time
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    generate_latest,
    multiprocess,
)
from prometheus_client import REGISTRY as PROCESS_REGISTRY
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import __version__, reconciliation
from app.db import raw_statement
from app.services import Services
from app.settings import Settings
from rest_compat.components import ENVELOPE

_CHECK_SECONDS = 2.0
_ALIVE = raw_statement("SELECT 1")
_OF_LEDGER = {
    "accounts": "Accounts whose credits were reconciled last.",
    "drifting": "Those of them whose entries, wallet and open jobs do not add up.",
    "settled": "Holds without an open job that were settled then.",
    "at": "When that was, in seconds since 1970.",
}


def system_routes(services: Services) -> list[Route]:
    """GET (and HEAD) of each; they need no credentials and tell no secrets."""

    async def healthz(request: Request) -> Response:
        return _json({"ok": True, "request_id": request.state.request_id, "warnings": []})

    async def readyz(request: Request) -> Response:
        checks = await readiness(services)
        ok = all(check["ok"] for check in checks.values())
        body = {
            "ok": ok,
            "request_id": request.state.request_id,
            "warnings": [],
            "checks": checks,
        }
        return _json(body, 200 if ok else 503)

    async def version(request: Request) -> Response:
        body = {
            "ok": True,
            "request_id": request.state.request_id,
            "warnings": [],
            "name": "vitae",
            "version": __version__,
            "python": platform.python_version(),
            "environment": services.settings.environment,
        }
        return _json(body)

    async def metrics(request: Request) -> Response:
        told = generate_latest(_registry(services.settings)) + await _ledger(services)
        return Response(told, media_type=CONTENT_TYPE_LATEST)

    found = {"/healthz": healthz, "/readyz": readyz, "/version": version, "/metrics": metrics}
    return [
        Route(path, _named(path, endpoint), methods=["GET"]) for path, endpoint in found.items()
    ]


async def readiness(services: Services) -> dict[str, dict[str, Any]]:
    """Each part this server needs: whether it answers, and in how many milliseconds."""

    async def database() -> None:
        async with services.database.connection() as db:
            await db.value(_ALIVE)

    async def redis() -> None:
        await services.redis.ping()

    async def worker() -> None:
        if not await services.queue.workers_alive():
            raise RuntimeError("no worker has given a sign of life")

    names = ("database", "redis", "worker")
    results = await asyncio.gather(*(_timed(check) for check in (database, redis, worker)))
    return dict(zip(names, results, strict=True))


async def _timed(check: Callable[[], Awaitable[None]]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            await check()
        ok = True
    except Exception:  # whatever it is, the part is not ready
        ok = False
    return {"ok": ok, "ms": round((time.perf_counter() - started) * 1000, 2)}


def _registry(settings: Settings) -> CollectorRegistry:
    """All API processes' numbers where they share a folder, else this one's."""
    if not settings.prometheus_multiproc_dir:
        return PROCESS_REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


async def _ledger(services: Services) -> bytes:
    """What a worker has found of the ledger; nothing before it has looked."""
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            figures = await reconciliation.noted(services.redis)
    except (RedisError, OSError):  # TimeoutError is an OSError
        return b""
    registry = CollectorRegistry()
    for name, meaning in _OF_LEDGER.items():
        if name in figures:
            Gauge(f"vitae_ledger_{name}", meaning, registry=registry).set(figures[name])
    return generate_latest(registry)


def _named(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Any:
    async def named(request: Request) -> Response:
        request.state.route = path
        return await endpoint(request)

    return named


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(
        orjson.dumps(body), status, {"cache-control": "no-store"}, media_type="application/json"
    )


def _described(name: str, summary: str, properties: dict[str, Any], *, fails: bool) -> Any:
    ok = {"type": "boolean", "description": "Whether all is well."} if fails else ENVELOPE["ok"]
    schema = {
        "type": "object",
        "properties": {**ENVELOPE, "ok": ok, **properties},
        "required": [*ENVELOPE, *properties],
    }
    content = {"application/json": {"schema": schema}}
    responses: dict[str, Any] = {"200": {"description": "Yes.", "content": content}}
    if fails:
        responses["503"] = {"description": "Some part is not ready.", "content": content}
    return {"get": _operation(name, summary, responses)}


def _operation(name: str, summary: str, responses: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": name,
        "tags": ["System"],
        "summary": summary,
        "description": f"{summary}. Needs no credentials.",
        "security": [],
        "parameters": [{"$ref": "#/components/parameters/RequestId"}],
        "responses": {**responses, "500": {"$ref": "#/components/responses/500"}},
    }


def _check(part: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": f"Whether {part} answers.",
        "properties": {
            "ok": {"type": "boolean", "description": "Whether it does."},
            "ms": {"type": "number", "description": "Milliseconds that took."},
        },
        "required": ["ok", "ms"],
    }


_CHECKS = {
    "type": "object",
    "description": "Each part that this server needs.",
    "properties": {
        "database": _check("PostgreSQL"),
        "redis": _check("Redis or Valkey"),
        "worker": _check("a worker"),
    },
    "required": ["database", "redis", "worker"],
}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


OPENAPI_PATHS: dict[str, Any] = {
    "/healthz": _described("healthz", "Tell whether this process is alive", {}, fails=False),
    "/readyz": _described(
        "readyz",
        "Tell whether database, Redis and a worker are ready",
        {"checks": _CHECKS},
        fails=True,
    ),
    "/version": _described(
        "version",
        "Tell which version is running",
        {
            "name": _text("Always vitae."),
            "version": _text("Version of Vitae."),
            "python": _text("Version of Python that runs it."),
            "environment": _text("development or production."),
        },
        fails=False,
    ),
    "/metrics": {
        "get": _operation(
            "metrics",
            "Give the metrics of this machine's API processes to Prometheus",
            {
                "200": {
                    "description": "Metrics.",
                    "content": {"text/plain": {"schema": {"type": "string"}}},
                }
            },
        )
    },
}
