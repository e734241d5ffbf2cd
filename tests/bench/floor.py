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

_KEY = """
FROM api_keys k JOIN profiles p ON p.account_id = k.account_id
WHERE k.digest = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
"""

_PROFILE = f"""
SELECT p.*, (SELECT username FROM accounts WHERE id = p.account_id) AS username {_KEY}
"""

_CHANGE = f"""
WITH old AS MATERIALIZED (SELECT k.id AS key_id, p.* {_KEY} FOR UPDATE OF p),
new AS (
  UPDATE profiles p SET bio = $2, open_to_work = $3, version = p.version + 1, updated_at = now()
  FROM old WHERE p.account_id = old.account_id RETURNING p.*
),
revision AS (
  INSERT INTO revisions (id, account_id, credential_kind, credential_id, section, action, before,
                         after)
  SELECT $4, old.account_id, 'api_key', old.key_id, 'profile', 'update',
         to_jsonb(old) - 'account_id' - 'key_id', to_jsonb(new) - 'account_id' FROM old, new
)
SELECT new.*, (SELECT username FROM accounts WHERE id = new.account_id) AS username FROM new
"""

_SECTIONS = ("skills", "experience", "education", "projects", "certifications")
_OWNER = f"""
SELECT json_build_object('profile', to_jsonb(p) - 'account_id', {
    ", ".join(
        f"'{name}', (SELECT json_agg(to_jsonb(s) - 'account_id' ORDER BY s.position)"
        f" FROM {name} s WHERE s.account_id = p.account_id)"
        for name in _SECTIONS
    )
})::text {_KEY}
"""


_PAGE = f"""
SELECT json_build_object('profile', to_jsonb(p) - 'account_id', {
    ", ".join(
        f"'{name}', (SELECT json_agg(to_jsonb(s) - 'account_id' ORDER BY s.position)"
        f" FROM {name} s WHERE s.account_id = p.account_id)"
        for name in _SECTIONS
    )
})::text FROM accounts a JOIN profiles p ON p.account_id = a.id
WHERE lower(a.username) = $1 AND p.visibility <> 'private'
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

    def digest_of(request: Request) -> bytes:
        return hashlib.sha256(request.headers["x-api-key"].encode()).digest()

    async def get_profile(request: Request) -> Response:
        return _answer(_shown(await state["pool"].fetchrow(_PROFILE, digest_of(request))))

    async def change_profile(request: Request) -> Response:
        body = orjson.loads(await request.body())
        row = await state["pool"].fetchrow(
            _CHANGE, digest_of(request), body["bio"], body["open_to_work"], uuid7()
        )
        return _answer(_shown(row))

    async def get_owner(request: Request) -> Response:
        text = await state["pool"].fetchval(_OWNER, digest_of(request))
        return Response(text, media_type="application/json")

    async def get_page(request: Request) -> Response:
        text = await state["pool"].fetchval(_PAGE, request.path_params["username"])
        return Response(text, media_type="application/json")

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        state["pool"] = await asyncpg.create_pool(os.environ["DATABASE_URL"])
        yield
        await state["pool"].close()

    routes = [
        Route("/v1/resume/jobs/{job_id}", get_job),
        Route("/v1/resume/jobs", create_job, methods=["POST"]),
        Route("/v1/me", get_owner),
        Route("/u/{username}", get_page),
        Route("/v1/me/profile", get_profile),
        Route("/v1/me/profile", change_profile, methods=["PATCH"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _job(row: Any) -> dict[str, Any]:
    return {**row, "id": str(row["id"])}


def _shown(row: Any) -> dict[str, Any]:
    return {**row, "account_id": None, "languages": orjson.loads(row["languages"])}


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
