"""Certificates of PDFs in the row of their job, and whose a PDF is.

A certificate is made when its job has succeeded: whoever makes it takes a lease by a conditional
UPDATE, which does not change the job's version. One that is lost is taken up again when the lease
has run out, three times in all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from sqlalchemy import (
    Interval,
    Table,
    Text,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.db import statement
from app.models import ResumeJobRow

MOST_ATTEMPTS = 3
LEASE = timedelta(seconds=120)

_job = cast("Table", ResumeJobRow.__table__)
_c = _job.c

# Written out, since a parameter can't be matched with the condition of the partial index.
_waiting = (
    _c.status == literal_column("'succeeded'"),
    _c.certificate.is_(None),
    _c.certificate_attempts < literal_column(str(MOST_ATTEMPTS)),
)
_own = (
    _c.id == bindparam("job_id", type_=_c.id.type),
    _c.account_id == bindparam("account_id", type_=_c.account_id.type),
)

CLAIM = statement(
    update(_job)
    .values(
        certificate_attempts=_c.certificate_attempts + 1,
        certificate_lease=func.now() + bindparam("lease", type_=Interval),
    )
    .where(
        _c.id.in_(
            select(_c.id)
            .where(
                *_waiting,
                or_(_c.certificate_lease.is_(None), _c.certificate_lease < func.now()),
                _c.expires_at > func.now(),
            )
            .order_by(_c.finished_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
    )
    .returning(_c.id, _c.certificate_attempts, _c.cv, _c.artifact_key, _c.pages, _c.sha256)
)
KEEP = statement(
    update(_job)
    .values(certificate=bindparam("certificate", type_=JSONB), certificate_lease=null())
    .where(
        _c.id == bindparam("job_id", type_=_c.id.type),
        _c.certificate_attempts == bindparam("attempt", type_=_c.certificate_attempts.type),
        _c.certificate.is_(None),
        _c.expires_at > func.now(),
    )
)
GET = statement(
    select(
        _c.status,
        _c.certificate,
        _c.sha256,
        (_c.expires_at <= func.now()).label("expired"),
        _c.certificate_attempts,
        (_c.certificate_lease > func.now()).label("leased"),
    ).where(*_own)
)
BY_DIGEST = statement(
    select(
        func.bool_or(_c.status == literal_column("'succeeded'")).label("ours"),
        func.max(_c.id.cast(Text))
        .filter(_c.account_id == bindparam("account_id", type_=_c.account_id.type))
        .label("job_id"),
    ).where(_c.sha256 == bindparam("sha256", type_=Text))
)
# What `data_unaltered` means for all jobs of one text: that one of them has enclosed this data.
BY_TEXT = statement(
    select(
        func.count().label("count"),
        func.bool_or(_c.data_digest == bindparam("data_digest", type_=Text)).label("data"),
        func.max(_c.id.cast(Text))
        .filter(_c.account_id == bindparam("account_id", type_=_c.account_id.type))
        .label("job_id"),
    ).where(
        _c.text_digest == bindparam("text_digest", type_=Text),
        _c.status == literal_column("'succeeded'"),
    )
)
