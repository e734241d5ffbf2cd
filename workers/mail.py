"""Sends the mails of the outbox.

A mail is sent inside the transaction that marks it as sent, its row locked: several workers never
send the same one, and one killed between sending and committing sends it again with the same
Message-ID. That is the most that SMTP can promise.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import Interval, bindparam, func, select, update

from app import mail
from app.db import Connection, statement
from app.mail import Carrier, Letter, Undeliverable
from app.models import MailRow
from app.services import Services
from app.settings import Settings

_log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
_FIRST_PAUSE = timedelta(seconds=30)  # doubled each time: the last try is about an hour later

_NEXT_DUE = statement(
    select(
        MailRow.id,
        MailRow.recipient,
        MailRow.subject,
        MailRow.body,
        MailRow.created_at,
        MailRow.attempts,
    )
    .where(
        MailRow.sent_at.is_(None),
        MailRow.next_attempt_at <= func.now(),
        MailRow.attempts < MAX_ATTEMPTS,
    )
    .order_by(MailRow.created_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_SENT = statement(
    update(MailRow)
    .where(MailRow.id == bindparam("mail"))
    .values(sent_at=func.now(), attempts=MailRow.attempts + 1, body="")
)
_FAILED = statement(
    update(MailRow)
    .where(MailRow.id == bindparam("mail"))
    .values(
        attempts=MailRow.attempts + 1,
        next_attempt_at=func.now() + bindparam("pause", type_=Interval),
    )
)
_GIVEN_UP = statement(
    update(MailRow)
    .where(MailRow.id == bindparam("mail"))
    .values(attempts=MailRow.attempts + 1, body="")
)


async def send_mails(ctx: dict[str, Any]) -> None:
    """Send every mail that is due; one that can't be sent waits longer each time."""
    services: Services = ctx["services"]
    carrier = mail.carrier(services.settings)
    while True:
        async with services.database.transaction() as db:
            row = await db.row(_NEXT_DUE)
            if row is None:
                return
            await _send(db, carrier, services.settings, row)


async def _send(db: Connection, carrier: Carrier, settings: Settings, row: Any) -> None:
    letter = Letter(row["subject"], row["body"])
    try:
        await carrier.carry(
            mail.message(settings, row["id"], row["recipient"], letter, row["created_at"])
        )
    except Undeliverable as error:
        await _put_off(db, row, str(error))
    except Exception as error:  # one mail that breaks the library must not hold up the others
        await _put_off(db, row, type(error).__name__)
    else:
        await db.execute(_SENT, mail=row["id"])


async def _put_off(db: Connection, row: Any, error: str) -> None:
    attempt = row["attempts"] + 1
    fields = {"mail_id": str(row["id"]), "attempt": attempt, "error": error}
    if attempt >= MAX_ATTEMPTS:
        _log.error("mail given up", extra={"fields": fields})
        await db.execute(_GIVEN_UP, mail=row["id"])
    else:
        _log.warning("mail not sent yet", extra={"fields": fields})
        await db.execute(_FAILED, mail=row["id"], pause=_FIRST_PAUSE * 2 ** (attempt - 1))
