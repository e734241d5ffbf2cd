"""A whole installation that can be broken: its own PostgreSQL, Valkey and worker processes.

A trigger writes down every change of a job's status, so that a test can say how often a job was
completed, and not only that it was.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from app import reconciliation
from app.db import raw_statement
from app.embedded import RunningServer, start_postgres, start_valkey
from app.errors import DependencyUnavailable
from app.migrate import migrate
from app.services import Services
from app.settings import Settings
from tests.owners import Owner
from tests.waiting import until

PROJECT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 2
LONG_LEASE = 15  # of who is not killed: a busy machine may keep it from its work for two seconds
PROCESSES = 2

_WORK = """
import os
from app.settings import Settings
from workers.settings import run_worker
run_worker(Settings.from_env(os.environ))
"""
_AUDIT = """
CREATE TABLE transitions (job_id uuid, status text, attempt int, artifact_key text);
CREATE FUNCTION note_transition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO transitions VALUES (NEW.id, NEW.status, NEW.attempt, NEW.artifact_key);
    RETURN NULL;
END $$;
CREATE TRIGGER note_transition AFTER UPDATE OF status ON resume_jobs
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION note_transition();
"""
_STATUSES = raw_statement("SELECT id, status FROM resume_jobs")
_COMPLETED = raw_statement(
    """SELECT j.status, j.attempt, j.artifact_key, j.sha256,
              array_agg(t.artifact_key) AS keys, array_agg(t.attempt) AS attempts
       FROM resume_jobs j JOIN transitions t ON t.job_id = j.id
       WHERE t.status IN ('succeeded', 'failed', 'canceled') AND j.id = $1
       GROUP BY j.id""",
    "job_id",
)
_FINAL = {"succeeded", "failed", "canceled"}


@dataclass
class Site:
    """The installation in `folder`. What was killed is started again by `start_…`."""

    folder: Path
    settings: Settings
    services: Services
    postgres: RunningServer
    valkey: RunningServer
    owner: Owner
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_postgres(self) -> None:
        self.postgres = start_postgres(self.folder, fsync=False)

    def start_valkey(self, *, empty: bool = False) -> None:
        if empty:
            shutil.rmtree(self.folder / "valkey" / "appendonlydir")
        self.valkey = start_valkey(self.folder)

    def start_worker(self, lease_seconds: int = LEASE_SECONDS) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.settings.database_url,
            "REDIS_URL": self.settings.redis_url,
            "JOB_LEASE_SECONDS": str(lease_seconds),
            "RENDER_PROCESSES": str(PROCESSES),
        }
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-c", _WORK], cwd=PROJECT, env=environment, stderr=log
            )
        self.workers.append(worker)
        return worker

    def stop_workers(self) -> None:
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            assert worker.wait(180) == 0
        self.workers.clear()

    async def statuses(self) -> dict[UUID, str]:
        """Where each job stands; empty while PostgreSQL is away."""
        try:
            async with self.services.database.connection() as db:
                return {row["id"]: row["status"] for row in await db.rows(_STATUSES)}
        except DependencyUnavailable:
            return {}

    async def until_any(self, status: str) -> None:
        async def any_there() -> bool:
            return status in (await self.statuses()).values()

        await until(any_there)

    async def until_final(self, job_ids: Iterable[UUID]) -> None:
        wanted = set(job_ids)

        async def all_final() -> bool:
            statuses = await self.statuses()
            return all(statuses.get(job_id) in _FINAL for job_id in wanted)

        await until(all_final)

    async def ledger_adds_up(self) -> None:
        """Assert that no account's credits have drifted and no job has left its hold behind."""
        async with self.services.database.connection() as db:
            done = await reconciliation.reconcile(db)
        assert (done.drifts, done.settled) == ((), 0)

    async def completed_once(self, job_id: UUID) -> int:
        """Assert that the job succeeded, once, and has its PDF; the attempts that took."""
        async with self.services.database.connection() as db:
            row = await db.row(_COMPLETED, job_id=job_id)
        assert row is not None
        assert row["status"] == "succeeded"
        assert row["keys"] == [row["artifact_key"]]
        assert row["attempts"] == [row["attempt"]]
        stream = await self.services.artifacts.stream(row["artifact_key"])
        pdf = b"".join([chunk async for chunk in stream])
        assert sha256(pdf).hexdigest() == row["sha256"]
        attempt: int = row["attempt"]
        return attempt


@contextlib.asynccontextmanager
async def new_site(folder: Path) -> AsyncIterator[Site]:
    """An installation with an owner and no worker yet; everything is stopped at the end."""
    postgres = start_postgres(folder, fsync=False)
    valkey = start_valkey(folder)
    await migrate(postgres.url)
    settings = Settings(
        data_dir=folder, database_url=postgres.url, redis_url=valkey.url, starter_credits=1000
    )
    services = Services.from_settings(settings)
    await services.open()
    async with services.database.raw().acquire() as connection:
        await connection.execute(_AUDIT)
    site = Site(folder, settings, services, postgres, valkey, await Owner.create(services))
    try:
        yield site
    finally:
        for worker in site.workers:
            worker.kill()
            worker.wait()
        await services.close()
        site.valkey.stop()
        site.postgres.stop()
