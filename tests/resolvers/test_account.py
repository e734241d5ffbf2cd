"""Changing the password and the address of an account, and its end."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest

from app import mcp_sessions
from app.account_removal import remove_due
from app.db import uuid7
from app.errors import (
    Conflict,
    DomainError,
    NotFound,
    RateLimited,
    ReauthenticationRequired,
    Unauthenticated,
    ValidationFailed,
)
from app.models import Base
from app.publication import published
from app.security_events import Action
from app.services import Services
from schema.types.account import ChangeEmailInput, ChangePasswordInput, LinkInput
from schema.types.identity import ForgotPasswordInput, ReauthenticateInput, ResetPasswordInput
from tests.people import PASSWORD, Person, mailed_token, table
from workers.sweep import clear

NEW = "a dozen brown bottles"
CONFIRM, CHANGING = "Confirm your new e-mail address", "Your e-mail address is about to change"


@pytest.fixture
async def ann(services: Services) -> Person:
    """Registered with a verified address, and signed in just now."""
    person = Person(services)
    await person.register()
    await table(services, "UPDATE accounts SET email_verified_at = now()")
    return person.bearing((await person.log_in()).access_token)


async def test_an_account_tells_how_its_owner_gets_into_it(services: Services) -> None:
    person = await Person(services).signed_in()
    found = await person.run("account")
    assert (found.username, found.email, found.full_name) == ("ann", "ann@example.com", "Ann Lee")
    assert not found.email_verified
    assert not found.has_password
    assert found.delete_after is None


async def test_an_account_that_is_to_be_deleted_says_when(ann: Person) -> None:
    assert (await ann.run("account")).has_password
    deletion = await ann.run("delete_account")
    ann = ann.bearing((await ann.log_in()).access_token)
    assert (await ann.run("account")).delete_after == deletion.delete_after


async def stale(person: Person) -> None:
    await table(person.services, "UPDATE sessions SET proven_at = now() - interval '11 minutes'")


async def told(person: Person) -> list[str]:
    await person.services.chores.finish()
    items = (await person.run("security_events", limit=100)).items
    return [f"{event.action.value} {event.outcome.value}" for event in items][::-1]


async def mails(services: Services) -> list[tuple[str, str]]:
    rows = await table(services, "SELECT recipient, subject FROM mails ORDER BY id")
    return [(row["recipient"], row["subject"]) for row in rows]


# The password


async def change_password(person: Person, present: str | None, password: str = NEW) -> None:
    wanted = ChangePasswordInput(password=password, current_password=present)
    await person.run("change_password", input=wanted)


async def test_a_changed_password_ends_all_other_sessions(ann: Person) -> None:
    other = ann.bearing((await ann.log_in()).access_token)
    await change_password(ann, PASSWORD)
    assert await ann.account_id()
    with pytest.raises(Unauthenticated):
        await other.account_id()
    with pytest.raises(Unauthenticated):
        await ann.log_in()
    assert (await ann.log_in(password=NEW)).access_token
    assert "password_changed success" in await told(ann)
    assert (await mails(ann.services))[-1] == ("ann@example.com", "Your password was changed")


async def test_a_wrong_present_password_changes_nothing_and_is_told(ann: Person) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await change_password(ann, "not my password")
    assert refused.value.fields[0].path == "current_password"
    assert (await ann.log_in()).access_token
    assert "password_changed failure" in await told(ann)
    assert "password_changed success" not in await told(ann)


@pytest.mark.parametrize("password", ["short", "ann@example.com", "password1", "x" * 2000])
async def test_a_new_password_keeps_to_the_rules(ann: Person, password: str) -> None:
    with pytest.raises(ValidationFailed):
        await change_password(ann, PASSWORD, password)
    assert (await ann.log_in()).access_token


async def test_the_present_password_has_to_be_sent(ann: Person) -> None:
    with pytest.raises(ValidationFailed):
        await change_password(ann, None)


async def test_guessing_the_present_password_comes_to_an_end(ann: Person) -> None:
    for _ in range(10):
        with pytest.raises(ValidationFailed):
            await change_password(ann, "not my password")
    with pytest.raises(RateLimited):
        await change_password(ann, PASSWORD)


async def test_an_account_without_password_gets_one_shortly_after_signing_in(
    services: Services,
) -> None:
    zoe = await Person(services).signed_in("zoe")
    await change_password(zoe, None)
    assert (await zoe.log_in("zoe", NEW)).access_token


async def test_an_old_session_gives_no_first_password(services: Services) -> None:
    zoe = await Person(services).signed_in("zoe")
    await stale(zoe)
    with pytest.raises(ReauthenticationRequired):
        await change_password(zoe, None)


async def test_links_to_a_new_password_end_with_the_old_one(ann: Person) -> None:
    await ann.run("request_password_reset", input=ForgotPasswordInput(email="ann@example.com"))
    token = await mailed_token(ann.services, "Choose a new password")
    await change_password(ann, PASSWORD)
    with pytest.raises(ValidationFailed):
        await ann.run("reset_password", input=ResetPasswordInput(token=token, password=PASSWORD))


# The address


async def change_email(person: Person, email: str = "ann@new.example") -> str:
    answer = await person.run("change_email", input=ChangeEmailInput(email=email))
    message: str = answer.message
    return message


async def follow(person: Person, operation: str, token: str) -> None:
    await person.run(operation, input=LinkInput(token=token))


async def address(services: Services) -> str:
    (row,) = await table(services, "SELECT email FROM accounts WHERE username IN ('ann', 'zoe')")
    found: str = row["email"]
    return found


async def test_an_address_changes_once_it_is_confirmed(ann: Person) -> None:
    await change_email(ann)
    assert await address(ann.services) == "ann@example.com"
    token = await mailed_token(ann.services, CONFIRM)
    await follow(Person(ann.services), "confirm_email_change", token)
    assert await address(ann.services) == "ann@new.example"
    assert (await ann.run("auth_me")).principal.email_verified
    assert (await told(ann))[-2:] == ["email_change_requested success", "email_changed success"]
    with pytest.raises(ValidationFailed):
        await follow(ann, "confirm_email_change", token)


async def test_the_address_before_is_told_and_can_undo_it(ann: Person) -> None:
    await change_email(ann)
    await follow(ann, "confirm_email_change", await mailed_token(ann.services, CONFIRM))
    assert ("ann@example.com", CHANGING) in await mails(ann.services)
    undo = await mailed_token(ann.services, CHANGING)
    await follow(Person(ann.services), "undo_email_change", undo)
    assert await address(ann.services) == "ann@example.com"
    with pytest.raises(Unauthenticated):
        await ann.account_id()
    again = ann.bearing((await ann.log_in()).access_token)
    assert "email_change_undone success" in await told(again)


async def test_an_undone_change_can_not_be_confirmed_any_more(ann: Person) -> None:
    await change_email(ann)
    await follow(ann, "undo_email_change", await mailed_token(ann.services, CHANGING))
    with pytest.raises(ValidationFailed):
        await follow(ann, "confirm_email_change", await mailed_token(ann.services, CONFIRM))


async def undo_token_of(services: Services, recipient: str) -> str:
    """The token that the address before was sent, when it was about to be no more."""
    (row,) = await table(
        services,
        "SELECT body FROM mails WHERE recipient = $1 AND subject = $2",
        recipient,
        CHANGING,
    )
    found = re.search(r"\?token=(\w+)", row["body"])
    assert found is not None
    return found[1]


async def test_a_change_that_was_undone_has_left_nothing_that_brings_it_back(ann: Person) -> None:
    for thief_at in ("thief@one.example", "thief@two.example"):
        await change_email(ann, thief_at)
        await follow(ann, "confirm_email_change", await mailed_token(ann.services, CONFIRM))
    await follow(ann, "undo_email_change", await undo_token_of(ann.services, "ann@example.com"))
    thiefs = await undo_token_of(ann.services, "thief@one.example")
    with pytest.raises(ValidationFailed):
        await follow(ann, "undo_email_change", thiefs)
    assert await address(ann.services) == "ann@example.com"


@pytest.mark.parametrize("by", ["mail", "session"])
async def test_a_new_password_ends_a_change_of_address_that_waits(ann: Person, by: str) -> None:
    await change_email(ann, "thief@one.example")
    if by == "session":
        await change_password(ann, PASSWORD)
    else:
        await ann.run("request_password_reset", input=ForgotPasswordInput(email="ann@example.com"))
        link = await mailed_token(ann.services, "Choose a new password")
        await ann.run("reset_password", input=ResetPasswordInput(token=link, password=NEW))
    waiting = await mailed_token(ann.services, CONFIRM)
    with pytest.raises(ValidationFailed):
        await follow(ann, "confirm_email_change", waiting)
    assert await address(ann.services) == "ann@example.com"


async def test_undoing_a_later_change_leaves_the_earlier_one_to_be_undone(ann: Person) -> None:
    for thief_at in ("thief@one.example", "thief@two.example"):
        await change_email(ann, thief_at)
        await follow(ann, "confirm_email_change", await mailed_token(ann.services, CONFIRM))
    for before in ("thief@one.example", "ann@example.com"):
        undo = await undo_token_of(ann.services, before)
        await follow(ann, "undo_email_change", undo)
        assert await address(ann.services) == before


async def test_an_address_that_was_never_verified_can_undo_nothing(ann: Person) -> None:
    await table(ann.services, "UPDATE accounts SET email_verified_at = NULL")
    await change_email(ann)
    (row,) = await table(ann.services, "SELECT body FROM mails WHERE subject = $1", CHANGING)
    assert "token=" not in row["body"]


async def test_an_address_of_another_account_answers_alike_and_changes_nothing(
    ann: Person,
) -> None:
    bob = Person(ann.services)
    await bob.register("bob", email="bob@other.example")
    assert await change_email(ann, "BOB@other.example") == await change_email(ann, "free@x.example")
    sent = dict(await mails(ann.services))
    assert sent["BOB@other.example"] == "Your e-mail address is in use already"
    rows = await table(
        ann.services, "SELECT email FROM one_time_links WHERE purpose = 'change_email'"
    )
    assert [row["email"] for row in rows] == ["free@x.example"]


async def test_an_address_that_is_taken_meanwhile_is_not_given(ann: Person) -> None:
    await change_email(ann)
    await Person(ann.services).register("bob", email="ann@new.example")
    token = await mailed_token(ann.services, CONFIRM)
    with pytest.raises(ValidationFailed):
        await follow(ann, "confirm_email_change", token)
    assert await address(ann.services) == "ann@example.com"


async def test_of_two_confirmations_of_one_address_at_once_one_is_done(ann: Person) -> None:
    zoe = await Person(ann.services).signed_in("bea")
    await change_email(ann)
    await change_email(zoe)
    rows = await table(ann.services, "SELECT body FROM mails WHERE subject = $1", CONFIRM)
    tokens = [re.findall(r"\?token=(\w+)", row["body"])[0] for row in rows]
    results = await asyncio.gather(
        *(follow(ann, "confirm_email_change", token) for token in tokens), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == [
        "NoneType",
        "ValidationFailed",
    ]


async def test_one_link_followed_twice_at_once_is_followed_once(ann: Person) -> None:
    await change_email(ann)
    token = await mailed_token(ann.services, CONFIRM)
    results = await asyncio.gather(
        *(follow(ann, "confirm_email_change", token) for _ in range(4)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, ValidationFailed)]
    assert len(refused) == 3
    assert (await told(ann)).count("email_changed success") == 1


@pytest.mark.parametrize("email", ["", "no address", "ann@example.com", "ANN@example.com"])
async def test_what_can_be_no_new_address_is_refused(ann: Person, email: str) -> None:
    with pytest.raises(ValidationFailed):
        await change_email(ann, email)


async def test_an_old_session_changes_no_address(ann: Person) -> None:
    await stale(ann)
    with pytest.raises(ReauthenticationRequired):
        await change_email(ann)
    await ann.run("reauthenticate", input=ReauthenticateInput(password=PASSWORD))
    assert await change_email(ann)


async def test_mails_to_one_address_come_to_an_end(ann: Person) -> None:
    for _ in range(5):
        await change_email(ann)
    with pytest.raises(RateLimited):
        await change_email(ann)


async def test_links_for_something_else_are_refused(ann: Person) -> None:
    await change_email(ann)
    confirm = await mailed_token(ann.services, CONFIRM)
    undo = await mailed_token(ann.services, CHANGING)
    for operation, token in (("confirm_email_change", undo), ("undo_email_change", confirm)):
        with pytest.raises(ValidationFailed):
            await follow(ann, operation, token)


# The end


async def due(services: Services) -> None:
    await table(services, "UPDATE accounts SET delete_after = now() - interval '1 second'")


async def subscribe(person: Person, *, ends: bool = False) -> None:
    await table(
        person.services,
        "INSERT INTO subscriptions (id, account_id, status, plan, cadence, anchor,"
        " current_period_start, current_period_end, cancel_at_period_end)"
        " VALUES ('sub_1', $1, 'active', 'pro', 'monthly', now(), now(),"
        " now() + interval '30 days', $2)",
        await person.account_id(),
        ends,
    )


async def test_from_the_moment_it_is_asked_for_everything_has_ended(ann: Person) -> None:
    services, account_id = ann.services, await ann.account_id()
    key, token = await ann.new_key(), await ann.new_token()
    await services.redis.sadd(f"{mcp_sessions.OF_ACCOUNT}{account_id}", "key")  # type: ignore[misc]
    await services.redis.set(f"{mcp_sessions.BEGUN}key", "a session")
    asked = await ann.run("delete_account")
    assert (asked.delete_after - asked.asked_at).days == 14
    for person in (ann, ann.with_key(key.key), ann.bearing(token.token)):
        with pytest.raises(Unauthenticated):
            await person.run("auth_me")
    assert await services.redis.keys("mcp:*") == []
    async with services.database.connection() as db:
        assert await published(db, "ann", services.plans) is None
    assert (await mails(services))[-1] == ("ann@example.com", "Your account will be deleted")
    (mail,) = await table(services, "SELECT body FROM mails WHERE subject LIKE '%deleted'")
    assert f"{asked.delete_after:%d %B %Y}" in mail["body"]


async def test_the_owner_can_sign_in_and_keep_the_account(ann: Person) -> None:
    await ann.run("delete_account")
    back = ann.bearing((await ann.log_in()).access_token)
    assert (await back.run("account_deletion")).export == "/v1/me/exports/account"
    await back.run("cancel_account_deletion")
    for operation in ("account_deletion", "cancel_account_deletion"):
        with pytest.raises(NotFound):
            await back.run(operation)
    await due_if_asked(ann.services)
    await remove_due(ann.services)
    assert await back.account_id()
    assert [event for event in await told(back) if "deletion" in event] == [
        "account_deletion_asked success",
        "account_deletion_canceled success",
    ]
    async with ann.services.database.connection() as db:
        assert await published(db, "ann", ann.services.plans) is not None


async def due_if_asked(services: Services) -> None:
    await table(
        services,
        "UPDATE accounts SET delete_after = now() - interval '1 s' WHERE delete_after IS NOT NULL",
    )


async def test_asking_again_puts_nothing_off(ann: Person) -> None:
    first = await ann.run("delete_account")
    back = ann.bearing((await ann.log_in()).access_token)
    assert (await back.run("delete_account")).delete_after == first.delete_after
    assert await back.account_id()


async def test_an_old_session_deletes_nothing(ann: Person) -> None:
    await stale(ann)
    with pytest.raises(ReauthenticationRequired):
        await ann.run("delete_account")
    with pytest.raises(NotFound):
        await ann.run("account_deletion")


async def test_no_key_deletes_an_account(ann: Person) -> None:
    key = await ann.new_key()
    with pytest.raises(Unauthenticated):
        await ann.with_key(key.key).run("delete_account")


async def test_a_subscription_that_goes_on_is_a_conflict(ann: Person) -> None:
    await subscribe(ann)
    with pytest.raises(Conflict) as refused:
        await ann.run("delete_account")
    assert refused.value.details["reason"] == "live_subscription"
    assert await ann.account_id()
    assert not [event for event in await told(ann) if "deletion" in event]


async def test_a_subscription_that_ends_by_itself_is_none(ann: Person) -> None:
    await subscribe(ann, ends=True)
    assert await ann.run("delete_account")


async def test_before_its_time_nothing_is_removed(ann: Person) -> None:
    await ann.run("delete_account")
    await remove_due(ann.services)
    assert len(await table(ann.services, "SELECT 1 FROM accounts")) == 1


async def test_after_its_time_nothing_of_it_is_left_and_others_stay(ann: Person) -> None:
    services, account_id = ann.services, await ann.account_id()
    bob = await Person(services).signed_in("bob")
    await ann.new_key()
    await ann.run("begin_second_factor")
    picture, pdf = f"avatars/{account_id}/{uuid7()}.jpg", f"profiles/{account_id}/made.pdf"
    await table(
        services, "UPDATE profiles SET avatar_key = $1 WHERE account_id = $2", picture, account_id
    )
    for file in (picture, pdf):
        await services.artifacts.put(file, b"bytes")
    await ann.run("delete_account")
    await due(services)
    await table(services, "UPDATE accounts SET delete_after = NULL WHERE username = 'bob'")
    await clear(services)
    for name, found in Base.metadata.tables.items():
        if "account_id" in found.columns:
            left = await table(services, f"SELECT 1 FROM {name} WHERE account_id = $1", account_id)
            assert left == [], name
    assert await table(services, "SELECT 1 FROM accounts WHERE id = $1", account_id) == []
    for file in (picture, pdf):
        with pytest.raises(NotFound):
            await services.artifacts.describe(file)
    assert await bob.account_id()
    assert (await Person(services).register()).username == "ann"


async def test_of_who_has_paid_the_books_keep_the_customer(ann: Person) -> None:
    account_id = await ann.account_id()
    await table(
        ann.services,
        "INSERT INTO stripe_customers (account_id, customer_id) VALUES ($1, 'cus_1')",
        account_id,
    )
    await ann.run("delete_account")
    await due(ann.services)
    await remove_due(ann.services)
    (kept,) = await table(ann.services, "SELECT id, customer_id FROM closed_accounts")
    assert (kept["id"], kept["customer_id"]) == (account_id, "cus_1")


async def test_who_began_to_pay_meanwhile_is_not_removed(ann: Person) -> None:
    await ann.run("delete_account")
    back = ann.bearing((await ann.log_in()).access_token)
    await subscribe(back)
    await due(ann.services)
    await remove_due(ann.services)
    assert await back.account_id()


async def test_one_that_can_not_be_removed_does_not_keep_the_others(
    ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    bob = await Person(ann.services).signed_in("bob")
    for person in (ann, bob):
        await person.run("delete_account")
    account = "(SELECT id FROM accounts WHERE username = 'ann')"
    await table(
        ann.services,
        "UPDATE accounts SET delete_after = now() - CASE username WHEN 'ann'"
        " THEN interval '2 days' ELSE interval '1 day' END",
    )
    # That it was closed is written down already, which nothing but a fault can have done.
    await table(ann.services, f"INSERT INTO closed_accounts VALUES ({account}, 'cus_1')")
    await table(ann.services, f"INSERT INTO stripe_customers VALUES ({account}, 'cus_1')")
    await remove_due(ann.services)
    assert [row["username"] for row in await table(ann.services, "TABLE accounts")] == ["ann"]
    assert "an account is not removed" in caplog.text


async def test_two_sweeps_at_once_remove_an_account_once(ann: Person) -> None:
    await ann.run("delete_account")
    await due(ann.services)
    await asyncio.gather(*(remove_due(ann.services) for _ in range(3)))
    assert await table(ann.services, "SELECT 1 FROM accounts") == []


async def test_a_cancellation_and_a_sweep_at_once_agree(ann: Person) -> None:
    await ann.run("delete_account")
    back = ann.bearing((await ann.log_in()).access_token)
    await due(ann.services)
    results = await asyncio.gather(
        back.run("cancel_account_deletion"), remove_due(ann.services), return_exceptions=True
    )
    kept = await table(ann.services, "SELECT delete_after FROM accounts")
    if isinstance(results[0], DomainError):
        assert kept == []
    else:
        assert results[0] is None
        assert [row["delete_after"] for row in kept] == [None]


async def test_old_events_are_cleared_by_the_sweep_and_young_ones_stay(ann: Person) -> None:
    await table(
        ann.services,
        "INSERT INTO security_events (account_id, occurred_at, action, actor_kind)"
        " SELECT id, now() - interval '401 days', 'sign_in', 'session' FROM accounts",
    )
    before = len(await told(ann))
    await clear(ann.services)
    assert len(await told(ann)) == before - 1
    assert Action.SIGN_IN.value + " success" in await told(ann)


async def test_it_is_all_the_same_over_http(session: httpx.AsyncClient) -> None:
    asked = await session.delete("/v1/me")
    assert asked.status_code == 202
    assert set(asked.json()) == {"asked_at", "delete_after", "export", "cancel"}
    assert (await session.get("/v1/me")).status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("password/change", {"password": "a\0b and then some more", "current_password": "x"}),
        ("password/change", {"current_password": "x"}),
        ("email/change", {"email": "a\0@example.com"}),
        ("email/confirm", {"token": "vl_nothing"}),
        ("email/undo", {"token": "\u0000"}),
        ("second-factor/confirm", {"code": 123456}),
        ("reauthenticate", {"password": None}),
    ],
)
async def test_odd_input_is_refused(
    session: httpx.AsyncClient, path: str, body: dict[str, Any]
) -> None:
    answer = await session.post(f"/v1/auth/{path}", json=body)
    assert answer.status_code == 422
