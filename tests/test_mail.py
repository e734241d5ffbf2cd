from __future__ import annotations

import asyncio
import base64
import dataclasses
import email
import email.policy
import logging
import shutil
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from app import mail
from app.mail import Letter, SmtpCarrier, Undeliverable
from app.queue import Queue
from app.services import Services
from app.settings import InvalidSetting
from tests.people import Person, table
from workers.mail import MAX_ATTEMPTS, send_mails

LINK = "http://127.0.0.1:8000/reset-password?token=vl_0123456789abcdefghijABCDEFGHIJ000000"
LETTER = Letter("Choose a new password", f"Hello ann,\n\n  {LINK}\n")


class Server:
    """A mail server on a real socket that keeps what it is given, or refuses it."""

    def __init__(self) -> None:
        self.port = 0
        self.refuses = self.hangs = False
        self.hanging = asyncio.Event()
        self.logins: list[str] = []
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO":
                writer.write(b"250-here\r\n250 AUTH PLAIN\r\n")
            elif verb == "AUTH":
                self.logins.append(base64.b64decode(line.split()[2]).decode())
                writer.write(b"235 ok\r\n")
            elif verb == "RCPT":
                self.recipients.append(line)
                writer.write(b"451 not now\r\n" if self.refuses else b"250 ok\r\n")
            elif verb == "DATA" and self.hangs:
                self.hanging.set()
                await reader.read()
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                self.mails.append(email.message_from_bytes(data[:-3], policy=email.policy.default))
                writer.write(b"250 taken\r\n")
            else:
                writer.write(b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n")
            if verb == "QUIT":
                break
        writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listener = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = listener.sockets[0].getsockname()[1]
    async with listener:
        yield made


def configured(services: Services, **changes: Any) -> Services:
    return dataclasses.replace(services, settings=dataclasses.replace(services.settings, **changes))


@pytest.fixture
def by_smtp(services: Services, server: Server) -> Services:
    return configured(
        services,
        smtp_url=f"smtp://127.0.0.1:{server.port}",
        mail_from="Vitae <no-reply@vitae.example>",
    )


@pytest.fixture
def outbox(services: Services) -> Path:
    folder = services.settings.data_dir / "outbox"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def files_of(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def bytes_of(file: Path) -> bytes:
    return file.read_bytes()


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def in_the_way(folder: Path) -> None:
    folder.write_text("not a folder")


def out_of_the_way(folder: Path) -> None:
    folder.unlink()


async def posted(services: Services, count: int = 1) -> None:
    """Mails in the outbox."""
    account_id = await (await Person(services).signed_in()).account_id()
    async with services.database.transaction() as db:
        for number in range(count):
            await mail.post(db, account_id, f"ann{number}@example.com", LETTER)


async def mails(services: Services) -> list[Any]:
    return await table(services, "SELECT * FROM mails ORDER BY id")


async def make_due(services: Services) -> None:
    await table(services, "UPDATE mails SET next_attempt_at = now()")


async def test_a_mail_goes_out_by_smtp_and_its_body_is_forgotten(
    by_smtp: Services, server: Server
) -> None:
    await posted(by_smtp)
    (before,) = await mails(by_smtp)
    await send_mails({"services": by_smtp})
    (sent,) = server.mails
    assert sent["To"] == "ann0@example.com"
    assert sent["From"] == "Vitae <no-reply@vitae.example>"
    assert sent["Subject"] == "Choose a new password"
    assert sent["Message-ID"] == f"<{before['id']}@vitae.example>"
    assert LINK in sent.get_content()
    (row,) = await mails(by_smtp)
    assert row["sent_at"] is not None
    assert row["body"] == ""


async def test_a_mail_is_sent_once_however_often_workers_look(
    by_smtp: Services, server: Server
) -> None:
    await posted(by_smtp, 6)
    await asyncio.gather(*(send_mails({"services": by_smtp}) for _ in range(4)))
    await send_mails({"services": by_smtp})
    assert sorted(mail["To"] for mail in server.mails) == [
        f"ann{number}@example.com" for number in range(6)
    ]


async def test_a_mail_that_is_refused_is_tried_again_later_and_later(
    by_smtp: Services, server: Server
) -> None:
    await posted(by_smtp)
    server.refuses = True
    pauses = []
    for attempt in range(1, 4):
        await send_mails({"services": by_smtp})
        (row,) = await table(by_smtp, "SELECT *, next_attempt_at - now() AS pause FROM mails")
        assert row["attempts"] == attempt
        assert row["body"] == LETTER.body
        pauses.append(row["pause"].total_seconds())
        await make_due(by_smtp)
    assert pauses[0] * 1.5 < pauses[1]
    assert pauses[1] * 1.5 < pauses[2]
    server.refuses = False
    await send_mails({"services": by_smtp})
    assert len(server.mails) == 1


async def test_a_mail_that_is_not_due_waits(by_smtp: Services, server: Server) -> None:
    await posted(by_smtp)
    await table(by_smtp, "UPDATE mails SET next_attempt_at = now() + interval '1 minute'")
    await send_mails({"services": by_smtp})
    assert server.recipients == []


async def test_a_mail_is_given_up_in_the_end_and_its_secret_forgotten(
    by_smtp: Services, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    await posted(by_smtp)
    server.refuses = True
    for _ in range(MAX_ATTEMPTS + 2):
        await send_mails({"services": by_smtp})
        await make_due(by_smtp)
    assert len(server.recipients) == MAX_ATTEMPTS
    (row,) = await mails(by_smtp)
    assert (row["sent_at"], row["body"]) == (None, "")
    assert "mail given up" in caplog.text


async def test_one_mail_that_can_not_be_sent_does_not_hold_up_the_others(
    by_smtp: Services, server: Server
) -> None:
    await posted(by_smtp, 2)
    await table(by_smtp, "UPDATE mails SET recipient = 'ünsendable@' WHERE recipient ~ 'ann0'")
    await send_mails({"services": by_smtp})
    assert [mail["To"] for mail in server.mails] == ["ann1@example.com"]


async def test_a_worker_that_ends_while_it_sends_leaves_the_mail_to_the_next(
    by_smtp: Services, server: Server
) -> None:
    await posted(by_smtp)
    server.hangs = True
    sending = asyncio.create_task(send_mails({"services": by_smtp}))
    await server.hanging.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    (row,) = await mails(by_smtp)
    assert (row["sent_at"], row["body"]) == (None, LETTER.body)
    server.hangs = False
    await send_mails({"services": by_smtp})
    assert len(server.mails) == 1


async def test_no_log_holds_what_a_mail_says(
    by_smtp: Services, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await posted(by_smtp)
    server.refuses = True
    await send_mails({"services": by_smtp})
    server.refuses = False
    await make_due(by_smtp)
    await send_mails({"services": by_smtp})
    shown = caplog.text + repr([record.__dict__ for record in caplog.records])
    assert "vl_0123456789" not in shown
    assert "vl_0123456789" not in repr(LETTER)


async def test_a_server_that_is_away_is_no_error_of_ours(services: Services) -> None:
    away = configured(services, smtp_url="smtp://127.0.0.1:1")
    await posted(away)
    await send_mails({"services": away})
    (row,) = await mails(away)
    assert (row["attempts"], row["sent_at"]) == (1, None)


async def test_a_password_is_never_sent_without_encryption(server: Server) -> None:
    carrier = SmtpCarrier(f"smtp://ann:s%40cret@127.0.0.1:{server.port}")
    message = EmailMessage()
    message["To"], message["From"] = "a@example.com", "b@example.com"
    with pytest.raises(Undeliverable):
        await carrier.carry(message)
    assert server.logins == []
    assert server.mails == []


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://h:x", "x://ann:s3cret@h"]
)
def test_an_odd_smtp_url_is_refused_without_showing_its_password(
    services: Services, url: str
) -> None:
    with pytest.raises(InvalidSetting) as refused:
        mail.carrier(configured(services, smtp_url=url).settings)
    assert "SMTP_URL" in str(refused.value)
    assert "s3cret" not in str(refused.value)


async def test_without_a_server_mails_are_readable_files(services: Services, outbox: Path) -> None:
    await posted(services, 2)
    await send_mails({"services": services})
    files = files_of(outbox)
    assert [file.suffix for file in files] == [".eml", ".eml"]
    raw = bytes_of(files[0])
    assert LINK.encode() in raw
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert read["To"] == "ann0@example.com"
    assert mode_of(outbox) == 0o700
    assert {mode_of(file) for file in files} == {0o600}


async def test_a_folder_that_can_not_be_written_is_tried_again(
    services: Services, outbox: Path
) -> None:
    in_the_way(outbox)
    await posted(services)
    await send_mails({"services": services})
    (row,) = await mails(services)
    assert (row["attempts"], row["body"]) == (1, LETTER.body)
    out_of_the_way(outbox)
    await make_due(services)
    await send_mails({"services": services})
    assert len(files_of(outbox)) == 1


async def test_a_mail_wakes_a_worker_after_the_commit_only(services: Services) -> None:
    ann = Person(services)
    await ann.register()
    assert await services.redis.zcard("vitae:background") == 1


async def test_a_mail_is_written_even_when_no_worker_can_be_woken(services: Services) -> None:
    away = Redis.from_url("unix:///nonexistent/valkey.sock")
    ann = Person(dataclasses.replace(services, redis=away, queue=Queue(away)))
    await ann.register()
    assert len(await mails(services)) == 1
    await away.aclose()
