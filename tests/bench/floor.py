"""The floor: what the same requests cost on bare Starlette with one hand-written statement.

It looks the token up by its digest in the same statement, as anyone would who wanted to be fast,
and does nothing else that Vitae does: no validation, log, metrics, request id or headers.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uuid_utils.compat import uuid7

_GET = """
SELECT j.id, j.request_id, j.mode, j.status, j.template, j.created_at, j.updated_at,
       j.started_at, j.finished_at, j.expires_at, j.attempt, j.pages, j.size_bytes, j.sha256,
       j.error_code, j.error_message, j.warnings, j.version
FROM personal_tokens t JOIN resume_jobs j ON j.account_id = t.account_id
WHERE t.digest = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
  AND j.id = $2
"""

_CREATE = """
INSERT INTO resume_jobs (id, account_id, request_id, body_digest, template, cv, warnings)
SELECT $2, t.account_id, $3, $4, 'original', $5, '[]'
FROM personal_tokens t
WHERE t.digest = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
RETURNING id, request_id, mode, status, template, created_at, updated_at, attempt, version
"""


def create_floor() -> Starlette:
    state: dict[str, Any] = {}

    async def get_job(request: Request) -> Response:
        digest = hashlib.sha256(request.headers["authorization"][7:].encode()).digest()
        row = await state["pool"].fetchrow(_GET, digest, request.path_params["job_id"])
        return _answer({"ok": True, "warnings": orjson.loads(row["warnings"]), "job": _job(row)})

    async def create_job(request: Request) -> Response:
        digest = hashlib.sha256(request.headers["authorization"][7:].encode()).digest()
        raw = await request.body()
        body = orjson.loads(raw)
        cv = orjson.dumps(body["cv_data"]).decode()
        body_digest = hashlib.sha256(raw).digest()
        row = await state["pool"].fetchrow(
            _CREATE, digest, uuid7(), body["request_id"], body_digest, cv
        )
        return _answer({"ok": True, "job_id": str(row["id"]), "job": _job(row)}, 202)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        state["pool"] = await asyncpg.create_pool(os.environ["DATABASE_URL"])
        yield
        await state["pool"].close()

    routes = [
        Route("/v1/resume/jobs/{job_id}", get_job),
        Route("/v1/resume/jobs", create_job, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _job(row: Any) -> dict[str, Any]:
    return {**row, "id": str(row["id"])}


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
