"""What operators do by hand, as they do it: at the command line, and written down."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest

from app import ledger
from app.billing import by_hand
from app.services import Services
from schema.types.second_factor import ConfirmSecondFactorInput
from tests.conftest import Servers
from tests.people import Person, table
from tests.programs import vitae


@pytest.fixture
def admin(servers: Servers) -> Any:
    """Runs `vitae admin`; what it said, and whether it was done."""

    def run(*arguments: str) -> tuple[int, str]:
        done = vitae("admin", *arguments, DATABASE_URL=servers.database_url)
        return done.returncode, done.stdout + done.stderr

    return run


async def _actions(services: Services) -> list[dict[str, Any]]:
    return [
        {**row, "details": json.loads(json.dumps(row["details"]))}
        for row in await table(
            services, "SELECT operator, action, details, reason FROM admin_actions ORDER BY id"
        )
    ]


async def test_credits_are_given_to_an_account_by_name_and_taken_by_address(
    services: Services, admin: Any
) -> None:
    ann = await Person(services).signed_in()
    before = (await ann.run("billing")).wallet.posted
    code, said = admin("grant-credits", "Ann", "25", "--reason", "a kind reviewer")
    assert (code, said) == (0, "Ann: +25 credits\n")
    billing = await ann.run("billing")
    assert (billing.wallet.posted, billing.effective_plan) == (before + 25, "flex")
    assert admin("grant-credits", "ann@example.com", "-5", "--reason", "a mistake")[0] == 0
    assert (await ann.run("billing")).wallet.posted == before + 20
    actions = await _actions(services)
    assert [(a["action"], a["details"], a["reason"]) for a in actions] == [
        ("grant-credits", {"credits": 25}, "a kind reviewer"),
        ("grant-credits", {"credits": -5}, "a mistake"),
    ]
    assert all(action["operator"] for action in actions)


async def test_a_plan_is_given_until_a_day_and_taken_back(services: Services, admin: Any) -> None:
    ann = await Person(services).signed_in()
    day = datetime.now(UTC).date() + timedelta(days=30)
    code, _ = admin("set-plan", "ann", "pro", "--until", f"{day}", "--reason", "a partner")
    assert code == 0
    billing = await ann.run("billing")
    assert (billing.effective_plan, billing.entitlement_source.value) == ("pro", "manual")
    assert billing.granted_until.date() == day + timedelta(days=1)
    await table(services, "UPDATE plan_grants SET until = now()")
    assert (await ann.run("billing")).effective_plan == "free"
    assert admin("set-plan", "ann", "pro", "--reason", "without an end")[0] == 0
    billing = await ann.run("billing")
    assert (billing.effective_plan, billing.granted_until) == ("pro", None)
    assert admin("set-plan", "ann", "free", "--reason", "over")[0] == 0
    assert (await ann.run("billing")).effective_plan == "free"
    assert [action["details"]["plan"] for action in await _actions(services)] == [
        "pro", "pro", "free",
    ]  # fmt: skip


async def test_a_trial_is_begun_once(services: Services, admin: Any) -> None:
    ann = await Person(services).signed_in()
    assert admin("start-trial", "ann", "--reason", "asked for one")[0] == 0
    billing = await ann.run("billing")
    assert (billing.effective_plan, billing.entitlement_source.value) == ("pro", "trial")
    code, said = admin("start-trial", "ann", "--reason", "asked again")
    assert (code, said) == (1, "vitae: This account has had its trial.\n")
    assert len(await _actions(services)) == 1
    await table(services, "UPDATE trials SET ends_at = now()")
    assert (await ann.run("billing")).effective_plan == "free"


async def test_operators_who_give_a_plan_at_once_do_so_in_turn(services: Services) -> None:
    await Person(services).signed_in()

    async def give() -> None:
        async with services.database.connection() as db:
            order = await by_hand.ordered(db, "ann", "operator", "at once")
            await by_hand.set_plan(db, order, "pro", None)

    await asyncio.gather(*(give() for _ in range(5)))
    current = "SELECT * FROM plan_grants WHERE ended_at IS NULL"
    assert len(await table(services, current)) == 1
    assert len(await _actions(services)) == 5


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("grant-credits", "nobody", "5", "--reason", "x"), 1, "no account 'nobody'"),
        (("grant-credits", "ann", "5", "--reason", " "), 1, "A reason is needed"),
        (("grant-credits", "ann", "0", "--reason", "x"), 1, "nothing to give"),
        (("grant-credits", "ann", "10000001", "--reason", "x"), 1, "At most 10000000 credits"),
        (("grant-credits", "ann", "-3000000000", "--reason", "x"), 1, "At most 10000000 credits"),
        (("set-plan", "ann", "gold", "--reason", "x"), 1, "'gold' is not a plan"),
        (("set-plan", "ann", "pro", "--until", "soon", "--reason", "x"), 2, "--until is a day"),
        (("set-plan", "ann", "pro", "--until", "2020-01-01", "--reason", "x"), 2, "is over"),
        (("set-plan", "ann", "pro", "--until", "9999-12-31", "--reason", "x"), 2, "is a day"),
    ],
    ids=[
        "nobody",
        "no-reason",
        "nothing",
        "too-many",
        "too-few",
        "no-plan",
        "no-day",
        "past-day",
        "last-day",
    ],
)
async def test_what_can_not_be_done_is_said_and_changes_nothing(
    services: Services, admin: Any, arguments: tuple[str, ...], code: int, said: str
) -> None:
    await Person(services).signed_in()
    found, output = admin(*arguments)
    assert (found, said in output) == (code, True)
    assert await _actions(services) == []
    for place in ("ledger_entries", "plan_grants"):
        assert await table(services, f"SELECT * FROM {place}") == []


async def test_a_wallet_is_not_overfilled_by_hand(services: Services, admin: Any) -> None:
    ann = await Person(services).signed_in()
    async with services.database.connection() as db:
        held = (await ledger.wallet_of(db, await ann.account_id())).posted
        await ledger.adjust(db, await ann.account_id(), ledger.MOST_CREDITS - held, "much")
    code, said = admin("grant-credits", "ann", "1", "--reason", "one too many")
    assert code == 1
    assert "holds 2000000000 credits at most" in " ".join(said.split())
    assert await _actions(services) == []


async def test_owners_are_told_of_a_plan_that_an_operator_gives_and_takes(
    services: Services, admin: Any
) -> None:
    ann = await Person(services).signed_in()
    for plan in ("pro", "pro", "free"):
        assert admin("set-plan", "ann", plan, "--reason", "a test")[0] == 0
    found = (await ann.run("security_events")).items
    assert [(event.action.value, event.metadata) for event in found] == [
        ("plan_changed", {"from": "pro", "to": "free"}),
        ("plan_changed", {"from": "free", "to": "pro"}),
    ]
    assert {event.actor.kind.value for event in found} == {"operator"}
    assert all(event.actor.id for event in found)


async def test_who_has_lost_app_and_codes_is_let_in_by_an_operator(
    services: Services, admin: Any
) -> None:
    ann = await Person(services).signed_in()
    assert admin("remove-second-factor", "ann", "--reason", "lost")[0] == 1
    secret = (await ann.run("begin_second_factor")).secret
    typed = ConfirmSecondFactorInput(code=pyotp.TOTP(secret).now())
    await ann.run("confirm_second_factor", input=typed)
    assert admin("remove-second-factor", "ann", "--reason", "showed a passport")[0] == 0
    assert not (await ann.run("second_factor")).enabled
    assert await table(services, "SELECT 1 FROM recovery_codes") == []
    (event,) = (await ann.run("security_events", limit=1)).items
    assert (event.action.value, event.actor.kind.value) == ("second_factor_disabled", "operator")
