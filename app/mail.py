"""Mails: written with their cause, sent later.

A mail is a row, written in the transaction of what it tells about, so it exists exactly when that
happened. `workers/mail.py` sends it. Mails hold secret links: no body is ever logged, and it is
emptied once it was sent.
"""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
from redis.exceptions import RedisError
from sqlalchemy import bindparam, insert

from app.db import statement, uuid7
from app.models import MailRow
from app.settings import InvalidSetting

if TYPE_CHECKING:
    from app.call import Call
    from app.db import Connection
    from app.services import Services
    from app.settings import Settings

_log = logging.getLogger(__name__)

_SEND_TIMEOUT_SECONDS = 20
_AWAY = (aiosmtplib.SMTPException, OSError, TimeoutError)

_INSERT = statement(
    insert(MailRow).values(
        id=bindparam("id"),
        account_id=bindparam("account_id"),
        recipient=bindparam("recipient"),
        subject=bindparam("subject"),
        body=bindparam("body"),
    )
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, in plain text."""

    subject: str
    body: str

    def __repr__(self) -> str:
        return f"Letter({self.subject!r}, …)"


async def post(db: Connection, account_id: UUID, recipient: str, letter: Letter) -> None:
    """Put a mail into the outbox, in the transaction of `db`; then call `wake` once committed."""
    await db.execute(
        _INSERT,
        id=uuid7(),
        account_id=account_id,
        recipient=recipient,
        subject=letter.subject,
        body=letter.body,
    )


async def wake(services: Services) -> None:
    """Have the outbox looked at now; if that fails, it is at the worker's next round."""
    try:
        await services.queue.send_mails()
    except (RedisError, OSError):
        _log.warning("mails wait for the next round: redis is away")


def wake_after_commit(call: Call) -> None:
    """`wake` once the operation is committed."""
    services = call.services

    async def after() -> None:
        await wake(services)

    call.after_commit(after)


class Undeliverable(Exception):
    """A mail could not be handed over now; the message holds nothing secret."""


class Carrier(Protocol):
    """Takes mails away; raises Undeliverable."""

    async def carry(self, message: EmailMessage) -> None: ...


def carrier(settings: Settings) -> Carrier:
    """SMTP when it is configured, else a folder; raises InvalidSetting for an odd SMTP_URL."""
    if settings.smtp_url:
        return SmtpCarrier(settings.smtp_url)
    return FolderCarrier(settings.data_dir / "outbox")


def message(
    settings: Settings, mail_id: UUID, recipient: str, letter: Letter, written_at: datetime
) -> EmailMessage:
    """The mail as RFC 5322 has it.

    The Message-ID comes of the row, so that a mail sent twice after a crash shows as one.
    """
    made = EmailMessage()
    sender = settings.mail_from
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    made["From"] = sender
    made["To"] = recipient
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(written_at)
    made["Message-ID"] = f"<{mail_id}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    # Left as it is where it can be: quoted-printable would break links in the outbox folder.
    made.set_content(letter.body, cte="7bit" if letter.body.isascii() else "base64")
    return made


class FolderCarrier:
    """Writes each mail as a readable file; for machines without a mail server.

    The folder and its files can be read by the owner of the process only: mails hold links that
    reset passwords.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def carry(self, message: EmailMessage) -> None:
        try:
            await asyncio.to_thread(self._write, message)
        except OSError as error:
            raise Undeliverable(f"outbox folder: {error.strerror}") from None

    def _write(self, message: EmailMessage) -> None:
        name = f"{str(message['Message-ID'])[1:].partition('@')[0]}.eml"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f".{name}"
        with open(draft, "wb", opener=_private) as file:
            file.write(message.as_bytes())
        draft.replace(self._folder / name)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class SmtpCarrier:
    """Hands mails to a server: smtp:// (STARTTLS, a must with a password) or smtps://."""

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise InvalidSetting("SMTP_URL has no valid port.") from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise InvalidSetting("SMTP_URL is smtp://[user:password@]host[:port] or smtps://….")
        self._host = parts.hostname
        self._tls = parts.scheme == "smtps"
        self._port = port or (465 if self._tls else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def carry(self, message: EmailMessage) -> None:
        must_encrypt = self._user is not None and not self._tls
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            start_tls=True if must_encrypt else None,
        )
        try:
            # In all, not for each command: a server that dawdles must not stop the outbox.
            async with asyncio.timeout(_SEND_TIMEOUT_SECONDS):
                await client.connect()
                await client.send_message(message)
        except _AWAY as error:
            raise Undeliverable(f"SMTP: {type(error).__name__}") from None
        finally:
            client.close()
