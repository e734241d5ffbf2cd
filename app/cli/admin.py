"""`vitae admin`: what operators do by hand, to an account with a reason that is kept."""

from __future__ import annotations

import asyncio
import getpass
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

T = TypeVar("T")

admin = typer.Typer(
    name="admin",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Give credits, plans and trials by hand, and help who can't sign in.\n\n"
    "What is done is kept, with who and why.",
)

Account = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="Username, e-mail address or id of the account.")
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder of everything kept on disk (DATA_DIR)."),
]


@admin.command("grant-credits", context_settings={"ignore_unknown_options": True})
def grant_credits(
    account: Account,
    credits: Annotated[
        int, typer.Argument(metavar="CREDITS", help="How many; negative takes some.")
    ],
    reason: Reason,
    data: Data = None,
) -> None:
    """Give an account credits, or take some."""
    from app.billing import by_hand

    _run(data, account, reason, lambda db, order: by_hand.grant_credits(db, order, credits))
    print(f"{account}: {credits:+} credits")


@admin.command("set-plan")
def set_plan(
    account: Account,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="pro, or free to take it back.")],
    reason: Reason,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Last day (UTC) of it, as 2026-12-31. Absent: no end."),
    ] = None,
    data: Data = None,
) -> None:
    """Give an account a plan, whatever it pays.

    A subscription of its own stays as it is.
    """
    from app.billing import by_hand

    end = None if until is None else _end_of(until)
    _run(data, account, reason, lambda db, order: by_hand.set_plan(db, order, plan, end))
    print(f"{account}: {plan}" + (f" through {until}" if until else ""))


@admin.command("start-trial")
def start_trial(account: Account, reason: Reason, data: Data = None) -> None:
    """Begin the one trial of an account.

    It lasts as long as TRIAL_DAYS says.
    """
    from app.billing import by_hand
    from app.cli.commands import settings_of

    days = settings_of(data).trial_days
    _run(data, account, reason, lambda db, order: by_hand.start_trial(db, order, days))
    print(f"{account}: a trial of {days} days")


@admin.command("remove-second-factor")
def remove_second_factor(account: Account, reason: Reason, data: Data = None) -> None:
    """Let the owner of an account sign in by the password alone.

    For who has lost both the authenticator app and the recovery codes. Make sure first that it is
    the owner who asks.
    """
    from app.billing import by_hand

    _run(data, account, reason, by_hand.remove_second_factor)
    print(f"{account}: no second factor any more")


@admin.command()
def reconcile(data: Data = None) -> None:
    """Prove that the ledger of every account adds up.

    Workers do so every hour. What jobs have left behind is settled; what can't be is named, and
    the exit code is then 1.
    """
    from app import reconciliation

    done = _with_database(data, reconciliation.reconcile)
    print(f"{done.accounts} accounts, {done.settled} settled, {len(done.drifts)} do not add up")
    for drift in done.drifts:
        print(", ".join(f"{name} {value}" for name, value in drift.fields().items() if value))
    if done.drifts:
        raise typer.Exit(1)


def _end_of(day: str) -> datetime:
    """When a day is over."""
    from app.cli.commands import fail

    try:
        end = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        fail(f"--until is a day such as 2026-12-31, not {day!r}.", code=2)
    if end <= datetime.now(UTC):
        fail(f"{day} is over.", code=2)
    return end


def _run(
    data: Path | None, account: str, reason: str, do: Callable[[Any, Any], Awaitable[None]]
) -> None:
    """Do it to an account, in the name of whoever is at the terminal."""
    from app.billing import by_hand
    from app.cli.commands import fail

    async def done(db: Any) -> None:
        await do(db, await by_hand.ordered(db, account, _operator(), reason))

    try:
        _with_database(data, done)
    except by_hand.NotDone as error:
        fail(str(error))


def _with_database(data: Path | None, work: Callable[[Any], Awaitable[T]]) -> T:
    """What `work` makes of the database of DATABASE_URL, or of a server that runs here."""
    from dataclasses import replace

    from app.cli.commands import fail, settings_of
    from app.embedded.postgres import url_of
    from app.errors import DependencyUnavailable
    from app.services import database_of

    settings = settings_of(data)
    url = settings.database_url or url_of(settings.data_dir)

    async def done() -> T:
        database = database_of(replace(settings, database_url=url))
        await database.open()
        try:
            async with database.connection() as db:
                return await work(db)
        finally:
            await database.close()

    try:
        return asyncio.run(done())
    except DependencyUnavailable:
        fail("The database can't be reached. Start the server with: ./vitae up")


def _operator() -> str:
    """Who is at the terminal, behind sudo too."""
    return os.environ.get("SUDO_USER") or getpass.getuser()
