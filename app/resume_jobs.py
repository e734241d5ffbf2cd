"""The states of a résumé job, and the one statement for each step between them.

    queued → running → succeeded | failed | canceled        running → queued: its worker is gone

Every step is one conditional UPDATE that raises `version`. A claim raises `attempt` and takes a
lease; what a worker writes later names its attempt, so one that was given up changes nothing.

A job that is to be rendered just as another of its account was succeeds with the PDF of that one,
by the claim and at the price of any job (`REUSE`). Files are removed by `app/resume_pdfs.py`.

A job's price is held by the statement that makes it, and captured or released by the one that
makes it final or deletes it: there is no moment at which one is done and the other is not.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import (
    ColumnElement,
    Delete,
    Integer,
    Interval,
    Table,
    Text,
    Update,
    Uuid,
    bindparam,
    delete,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app import ledger, prices
from app.db import Statement, raw_statement, statement, stepwise
from app.models import ResumeJobRow

log = logging.getLogger(__name__)

FINAL = ("succeeded", "failed", "canceled")
MOST_ATTEMPTS = 3

_MOST_AT_ONCE = 1000  # rows that one sweep statement takes
_WAKE_AFTER = timedelta(seconds=2)
_ANNOUNCE_SECONDS = 1.0

_job = cast("Table", ResumeJobRow.__table__)
_c = _job.c

# What the API shows of a job; the CV itself stays where it is.
_shown = (
    _c.id,
    _c.request_id,
    _c.mode,
    _c.status,
    _c.template,
    _c.created_at,
    _c.updated_at,
    _c.started_at,
    _c.finished_at,
    _c.expires_at,
    _c.attempt,
    _c.pages,
    _c.size_bytes,
    _c.sha256,
    _c.error_code,
    _c.error_message,
    _c.warnings,
    _c.version,
    _c.price,
)
_paid = (_c.account_id, _c.free_use)  # what the ledger has to know beside


def _step(status: str | ColumnElement[str], **values: Any) -> Update:
    """An UPDATE to `status`; its WHERE makes it conditional."""
    return update(_job).values(
        status=status, updated_at=func.now(), version=_c.version + 1, **values
    )


def _finish(status: str, **values: Any) -> Update:
    return _step(status, lease_until=None, finished_at=func.now(), **values)


def _is(name: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column == bindparam(name, type_=column.type)


# Written out, since a parameter can't be matched with the condition of the partial index.
_queued = _c.status == literal_column("'queued'")
_running = _c.status == literal_column("'running'")

_own = (_is("job_id", _c.id), _is("account_id", _c.account_id))
_as_expected = or_(
    bindparam("expected_version", type_=Integer).is_(None),
    _is("expected_version", _c.version),
)
_mine = (_is("job_id", _c.id), _is("attempt", _c.attempt), _running)


def _settling(change: Update | Delete, steps: str) -> Statement:
    """A change of the job `job_id` with the steps that settle its price, as one statement."""
    own = statement(change.where(text(ledger.AFTER_WALLET)))
    job_id = f"${own.names.index('job_id') + 1}::UUID"
    account = f"(SELECT account_id FROM resume_jobs WHERE id = {job_id})"  # noqa: S608
    steps = f"{ledger.locked(account)}, own AS ({own.sql}), {steps}"
    return stepwise(steps, *own.names, defaults=own.defaults)


# What owners do

_FREE = prices.is_free_sql("$5::TEXT", "free_job_id IS NULL")
CREATE = stepwise(
    f"""{ledger.locked("$2::UUID")},
priced AS (
    SELECT account_id, posted - held AS available, {_FREE} AS free_use,
           {prices.price_sql("$5::TEXT", _FREE)} AS price
    FROM wallet
),
own AS (
    INSERT INTO resume_jobs
        (id, account_id, request_id, body_digest, template, cv, warnings, price, free_use)
    SELECT $1::UUID, account_id, $3::TEXT, $4::BYTEA, $5::TEXT, $6::JSONB, $7::JSONB,
           price, free_use
    FROM priced WHERE available >= price
    ON CONFLICT (account_id, request_id) DO NOTHING
    RETURNING {", ".join(column.name for column in (*_shown, *_paid))}
),
{ledger.HELD}""",  # noqa: S608 - of constants
    "id",
    "account_id",
    "request_id",
    "body_digest",
    "template",
    "cv",
    "warnings",
)
REPEATED = statement(
    select(*_shown, _c.body_digest).where(
        _is("account_id", _c.account_id), _is("request_id", _c.request_id)
    )
)
GET = statement(select(*_shown).where(*_own))
LIST = statement(
    select(*_shown)
    .where(
        _is("account_id", _c.account_id),
        _c.id < bindparam("before", type_=Uuid),
        _c.status == func.any(bindparam("statuses", type_=ARRAY(Text))),
    )
    .order_by(_c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
PDF = statement(
    select(
        _c.status,
        _c.artifact_key,
        _c.expires_at,
        (_c.expires_at <= func.now()).label("expired"),
        _c.size_bytes,
        _c.sha256,
        _c.cv["identity"]["first_name"].astext.label("first_name"),
        _c.cv["identity"]["last_name"].astext.label("last_name"),
    ).where(*_own)
)
CONTENT = statement(
    select(
        _c.status,
        _c.cv,
        _c.created_at,
        (_c.expires_at <= func.now()).label("expired"),
        _c.sha256,
    ).where(*_own)
)
CANCEL = _settling(
    _finish("canceled")
    .where(*_own, or_(_queued, _running), _as_expected)
    .returning(*_shown, *_paid),
    ledger.released(),
)
DELETE = _settling(
    delete(_job)
    .where(*_own, _as_expected)
    .returning(_c.id, _c.status, _c.artifact_key, _c.price, *_paid),
    ledger.released("own.status IN ('queued', 'running')"),
)


# What the worker of an attempt does

CLAIM = statement(
    _step(
        "running",
        attempt=_c.attempt + 1,
        started_at=func.now(),
        lease_until=func.now() + bindparam("lease", type_=Interval),
    )
    .where(_is("job_id", _c.id), _queued)
    .returning(_c.attempt, _c.cv, _c.account_id)
)
EXTEND = statement(
    update(_job).values(lease_until=func.now() + bindparam("lease", type_=Interval)).where(*_mine)
)
SUCCEED = _settling(
    _finish(
        "succeeded",
        pages=bindparam("pages", type_=Integer),
        size_bytes=bindparam("size_bytes", type_=Integer),
        sha256=bindparam("sha256", type_=Text),
        artifact_key=bindparam("artifact_key", type_=Text),
        render_digest=bindparam("render_digest", None, type_=_c.render_digest.type),
        text_digest=bindparam("text_digest", None, type_=Text),
        data_digest=bindparam("data_digest", None, type_=Text),
        expires_at=func.now() + bindparam("kept", type_=Interval),
    )
    .where(*_mine)
    .returning(_c.id, _c.price, *_paid),
    ledger.CAPTURED,
)
# A PDF that expires sooner is not taken again: the sweeper may be about to remove it.
_STAYS = "status = 'succeeded' AND expires_at > now() + interval '1 hour'"
MADE_BEFORE = raw_statement(
    f"""SELECT artifact_key FROM resume_jobs
        WHERE account_id = $1 AND render_digest = $2 AND {_STAYS}
        ORDER BY expires_at DESC LIMIT 1""",  # noqa: S608 - of constants
    "account_id",
    "render_digest",
)
# The row that is taken from is locked, and once more looked at if it had to be waited for: its
# file is removed by who finds, after the row's deletion, that no other names it.
REUSE = stepwise(
    f"""{ledger.locked("(SELECT account_id FROM resume_jobs WHERE id = $1::UUID)")},
source AS (
    SELECT pages, size_bytes, sha256, artifact_key, render_digest, text_digest, data_digest,
           certificate
    FROM resume_jobs
    WHERE account_id = (SELECT account_id FROM resume_jobs WHERE id = $1) AND artifact_key = $3
      AND render_digest = $4 AND {_STAYS} AND {ledger.AFTER_WALLET}
    LIMIT 1 FOR KEY SHARE
),
own AS (
    UPDATE resume_jobs AS j
    SET status = 'succeeded', updated_at = now(), finished_at = now(), lease_until = NULL,
        version = j.version + 1, expires_at = now() + $5::INTERVAL, pages = source.pages,
        size_bytes = source.size_bytes, sha256 = source.sha256,
        artifact_key = source.artifact_key, render_digest = source.render_digest,
        text_digest = source.text_digest, data_digest = source.data_digest,
        certificate = source.certificate
    FROM source WHERE j.id = $1 AND j.attempt = $2 AND j.status = 'running'
    RETURNING j.id, j.price, j.account_id, j.free_use
),
{ledger.CAPTURED}""",  # noqa: S608 - of constants
    "job_id",
    "attempt",
    "artifact_key",
    "render_digest",
    "kept",
)
FAIL = _settling(
    _finish(
        "failed",
        error_code=bindparam("error_code", type_=Text),
        error_message=bindparam("error_message", type_=Text),
    )
    .where(*_mine)
    .returning(_c.id, _c.price, *_paid),
    ledger.released(),
)
ARTIFACT = statement(select(_c.artifact_key).where(_is("job_id", _c.id)))


# What the sweeper does

_left_alone = (_running, _c.lease_until < func.now())

RETURN_ABANDONED = statement(
    _step("queued", lease_until=None, started_at=null())
    .where(
        _c.id.in_(
            select(_c.id)
            .where(*_left_alone, _c.attempt < MOST_ATTEMPTS)
            .limit(_MOST_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
    )
    .returning(_c.id, _c.attempt)
)
HOPELESS = statement(
    select(_c.id).where(*_left_alone, _c.attempt >= MOST_ATTEMPTS).limit(_MOST_AT_ONCE)
)
GIVE_UP = _settling(
    _finish(
        "failed",
        error_code="worker_lost",
        error_message=f"The worker was lost {MOST_ATTEMPTS} times while rendering this.",
    )
    .where(_is("job_id", _c.id), *_left_alone, _c.attempt >= MOST_ATTEMPTS)
    .returning(_c.id, _c.attempt, _c.price, *_paid),
    ledger.released(),
)
# Oldest change first, which is the order of the partial index, and a page follows another.
WAITING = statement(
    select(_c.id, _c.attempt, _c.updated_at)
    .where(
        _queued,
        _c.updated_at < func.now() - _WAKE_AFTER,
        tuple_(_c.updated_at, _c.id)
        > tuple_(
            bindparam("after_time", type_=_c.updated_at.type), bindparam("after_id", type_=Uuid)
        ),
    )
    .order_by(_c.updated_at, _c.id)
    .limit(_MOST_AT_ONCE)
)
EMPTY_EXPIRED = statement(
    update(_job).values(cv={}, certificate=null()).where(_c.expires_at < func.now(), _c.cv != {})
)


def channel(job_id: UUID) -> str:
    """Where changes of a job are announced. The message says nothing: read the job again."""
    return f"vitae:resume-job:{job_id}"


async def announce(redis: Redis, job_id: UUID) -> None:
    """Say that the job has changed, once that is committed. Who misses it polls."""
    try:
        async with asyncio.timeout(_ANNOUNCE_SECONDS):
            await redis.publish(channel(job_id), b"")
    except (RedisError, OSError) as error:  # TimeoutError is an OSError
        fields = {"job_id": str(job_id), "error": type(error).__name__}
        log.warning("a job changed unannounced", extra={"fields": fields})
