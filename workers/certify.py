"""Certificates for jobs that have succeeded, made beside the renders and not in their way.

Which are wanted stands in the rows (`app/certificates.py`); a wake-up that is lost is given again
within seconds. The process that reads lives as long as there is something to read.
"""

from __future__ import annotations

import logging
from typing import Any

import msgspec

from app import certificates
from app.cv.model import CV
from app.errors import NotFound
from app.processes import NoAnswer, ProcessPool
from app.services import Services
from workers.certify_process import Asked

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 500
_RECYCLE_AFTER = 100
_NICENESS = 10  # a tenth of a core beside a render, which somebody waits for


async def certify_jobs(ctx: dict[str, Any]) -> None:
    """The arq task."""
    await certify(ctx["services"])


async def certify(services: Services) -> int:
    """Make the certificates that are wanted; how many. What fails is tried again later."""
    claimed = await _claim(services)
    if claimed is None:
        return 0
    pool = ProcessPool(
        "certify",
        1,
        module="workers.certify_process",
        timeout_seconds=services.settings.render_timeout_seconds,
        memory_limit_mb=services.settings.read_memory_mb,
        recycle_after=_RECYCLE_AFTER,
        niceness=_NICENESS,
    )
    pool.start()
    made = 0
    try:
        for _ in range(_MOST_AT_ONCE):
            made += await _make(services, pool, claimed)
            claimed = await _claim(services)
            if claimed is None:
                break
    finally:
        await pool.close()
    return made


async def _claim(services: Services) -> Any | None:
    async with services.database.connection() as db:
        return await db.row(certificates.CLAIM, lease=certificates.LEASE)


async def _make(services: Services, pool: ProcessPool, claimed: Any) -> int:
    try:
        stream = await services.artifacts.stream(claimed["artifact_key"])
        pdf = b"".join([chunk async for chunk in stream])
        asked = Asked(msgspec.convert(claimed["cv"], CV), pdf)
        made = await pool.ask(msgspec.msgpack.encode(asked))
    except (NoAnswer, NotFound, msgspec.ValidationError) as error:
        fields = {"job_id": str(claimed["id"]), "error": type(error).__name__}
        log.warning("a certificate can't be made", extra={"fields": fields})
        return 0
    async with services.database.connection() as db:
        return await db.execute(
            certificates.KEEP,
            certificate=msgspec.json.decode(made),
            job_id=claimed["id"],
            attempt=claimed["certificate_attempts"],
        )
