from __future__ import annotations

import asyncio

import pytest

from app.auth import password_reset, raw_keys
from app.auth.raw_keys import Prefix
from app.call import Call, Context, Credentials
from app.errors import RateLimited, Unauthenticated, ValidationFailed
from app.services import Services
from schema.types.identity import (
    Accepted,
    ForgotPasswordInput,
    RefreshInput,
    ResetPasswordInput,
    VerifyEmailInput,
)
from tests.people import PASSWORD, Person, mailed_token, table

NEW = "twelve green bottles"
RESET, VERIFY = "Choose a new password", "Confirm your e-mail address"


@pytest.fixture
async def ann(services: Services) -> Person:
    person = Person(services)
    await person.register()
    return person


async def forget(person: Person, email: str = "ann@example.com") -> Accepted:
    answer: Accepted = await person.run(
        "request_password_reset", input=ForgotPasswordInput(email=email)
    )
    await person.services.chores.finish()
    return answer


async def reset(person: Person, token: str, password: str = NEW) -> None:
    await person.run("reset_password", input=ResetPasswordInput(token=token, password=password))


async def verify(person: Person, token: str) -> None:
    await person.run("verify_email", input=VerifyEmailInput(token=token))


async def verified(person: Person) -> bool:
    (row,) = await table(person.services, "SELECT email_verified_at FROM accounts")
    return row["email_verified_at"] is not None


async def test_a_forgotten_password_is_replaced_by_the_mailed_link(ann: Person) -> None:
    await forget(ann, "ANN@example.com")
    await reset(ann, await mailed_token(ann.services, RESET))
    with pytest.raises(Unauthenticated):
        await ann.log_in(password=PASSWORD)
    assert await ann.log_in(password=NEW)


@pytest.mark.parametrize(
    "email", ["nobody@example.com", "no address", "", "ann@example.com\nbob@example.com"]
)
async def test_the_answer_does_not_tell_whether_there_is_an_account(
    ann: Person, email: str
) -> None:
    known = await forget(ann)
    assert await forget(ann, email) == known
    assert len(await table(ann.services, "SELECT 1 FROM mails WHERE subject = $1", RESET)) == 1


async def test_the_account_is_looked_up_after_the_answer_only(ann: Person) -> None:
    """Neither the answer's time nor what it does to the database can then tell of it."""
    links = "SELECT 1 FROM one_time_links WHERE purpose = 'reset_password'"
    async with ann.services.database.connection() as db:
        call = Call(Context(ann.services, "req_test", Credentials()), db)
        await password_reset.request(call, "ann@example.com")
    await ann.services.chores.finish()
    assert await table(ann.services, links) == []
    await call.committed()
    await ann.services.chores.finish()
    assert len(await table(ann.services, links)) == 1


async def test_a_reset_signs_every_session_out_and_tells_the_owner(ann: Person) -> None:
    tokens = await ann.log_in()
    session = ann.bearing(tokens.access_token)
    await forget(ann)
    await reset(ann, await mailed_token(ann.services, RESET))
    with pytest.raises(Unauthenticated):
        await session.account_id()
    with pytest.raises(Unauthenticated):
        await ann.run("refresh", input=RefreshInput(refresh_token=tokens.refresh_token))
    mails = await table(ann.services, "SELECT subject FROM mails ORDER BY id DESC")
    assert mails[0]["subject"] == "Your password was changed"


async def test_a_reset_leaves_keys_and_tokens_of_a_verified_account(ann: Person) -> None:
    await verify(ann, await mailed_token(ann.services, VERIFY))
    session = ann.bearing((await ann.log_in()).access_token)
    token = ann.bearing((await session.new_token()).token)
    key = ann.with_key((await session.new_key()).key)
    await forget(ann)
    await reset(ann, await mailed_token(ann.services, RESET))
    assert await token.account_id() == await key.account_id()


async def test_a_reset_that_first_proves_the_address_ends_keys_and_tokens(ann: Person) -> None:
    session = ann.bearing((await ann.log_in()).access_token)
    token = ann.bearing((await session.new_token()).token)
    key = ann.with_key((await session.new_key()).key)
    await forget(ann)
    await reset(ann, await mailed_token(ann.services, RESET))
    for planted in (token, key):
        with pytest.raises(Unauthenticated):
            await planted.account_id()
    assert await verified(ann)


async def test_a_link_works_once_and_takes_its_siblings_with_it(ann: Person) -> None:
    await forget(ann)
    sibling = await mailed_token(ann.services, RESET)
    await forget(ann)
    link = await mailed_token(ann.services, RESET)
    assert link != sibling
    await reset(ann, link)
    for dead in (link, sibling):
        with pytest.raises(ValidationFailed) as refused:
            await reset(ann, dead, "thirteen green bottles")
        assert [error.path for error in refused.value.fields] == ["token"]
    assert await ann.log_in(password=NEW)


async def test_of_two_uses_at_once_one_wins(ann: Person) -> None:
    await forget(ann)
    link = await mailed_token(ann.services, RESET)
    passwords = [f"bottle number {number}" for number in range(4)]
    results = await asyncio.gather(
        *(reset(ann, link, password) for password in passwords), return_exceptions=True
    )
    (winner,) = [index for index, result in enumerate(results) if result is None]
    assert sum(isinstance(result, ValidationFailed) for result in results) == 3
    assert await ann.log_in(password=passwords[winner])


async def test_a_login_under_way_does_not_outlive_a_reset(ann: Person) -> None:
    await forget(ann)
    link = await mailed_token(ann.services, RESET)
    logins = [asyncio.create_task(ann.log_in()) for _ in range(4)]
    await reset(ann, link)
    for result in await asyncio.gather(*logins, return_exceptions=True):
        if not isinstance(result, BaseException):
            with pytest.raises(Unauthenticated):
                await ann.bearing(result.access_token).account_id()


async def test_a_password_that_is_refused_leaves_the_link_good(ann: Person) -> None:
    await forget(ann)
    link = await mailed_token(ann.services, RESET)
    for password in ("short", "ann@example.com", "baseball"):
        with pytest.raises(ValidationFailed) as refused:
            await reset(ann, link, password)
        assert [error.path for error in refused.value.fields] == ["password"]
    assert await ann.log_in(password=PASSWORD)
    await reset(ann, link)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE one_time_links SET expires_at = now() - interval '1 second'",
        "UPDATE accounts SET email = 'moved@example.com'",
        "UPDATE one_time_links SET purpose = 'verify_email'",
    ],
    ids=["expired", "sent to a former address", "meant otherwise"],
)
async def test_a_link_that_is_good_no_more_changes_nothing(ann: Person, change: str) -> None:
    await forget(ann)
    link = await mailed_token(ann.services, RESET)
    await table(ann.services, change)
    before = await table(ann.services, "SELECT * FROM accounts")
    with pytest.raises(ValidationFailed):
        await reset(ann, link)
    assert await table(ann.services, "SELECT * FROM accounts") == before


@pytest.mark.parametrize(
    "token", ["", "x", raw_keys.mint(Prefix.LINK).text], ids=["empty", "malformed", "unknown"]
)
async def test_a_link_that_was_never_sent_is_refused(ann: Person, token: str) -> None:
    with pytest.raises(ValidationFailed):
        await reset(ann, token)
    with pytest.raises(ValidationFailed):
        await verify(ann, token)


async def test_reset_mails_to_one_address_are_limited_whether_or_not_it_is_known(
    ann: Person,
) -> None:
    for email in ("ann@example.com", "nobody@example.com"):
        for number in range(5):
            await forget(ann.at(f"192.0.2.{number}"), email)
        with pytest.raises(RateLimited) as refused:
            await forget(ann.at("192.0.2.99"), email.upper())
        assert refused.value.details["limit"] == "reset_mails_per_account"
    assert len(await table(ann.services, "SELECT 1 FROM mails WHERE subject = $1", RESET)) == 5


async def test_no_spelling_of_an_address_gets_past_the_limit_of_its_mails(ann: Person) -> None:
    spellings = [
        "ann@example.com",
        "ANN@example.com",
        "ann@ｅxample.com",
        "ann@example。com",
        " ann@ＥXAMPLE.com ",
    ]
    for number, email in enumerate(spellings):
        await forget(ann.at(f"192.0.2.{number}"), email)
    assert len(await table(ann.services, "SELECT 1 FROM mails WHERE subject = $1", RESET)) == 5
    for email in spellings:
        with pytest.raises(RateLimited) as refused:
            await forget(ann.at("192.0.2.99"), email)
        assert refused.value.details["limit"] == "reset_mails_per_account"


async def test_a_reset_lets_the_owner_in_whom_an_attacker_had_locked_out(ann: Person) -> None:
    most = ann.services.settings.login_attempts_per_account
    for _ in range(most):
        with pytest.raises(Unauthenticated):
            await ann.log_in(password="not the password")
    with pytest.raises(RateLimited):
        await ann.log_in()
    await forget(ann)
    await reset(ann, await mailed_token(ann.services, RESET))
    assert await ann.log_in(password=NEW)


async def test_an_address_is_verified_by_the_mailed_link(ann: Person) -> None:
    assert not await verified(ann)
    link = await mailed_token(ann.services, VERIFY)
    await verify(ann, link)
    assert await verified(ann)
    with pytest.raises(ValidationFailed):
        await verify(ann, link)


async def test_a_link_verifies_only_the_address_it_was_sent_to(ann: Person) -> None:
    link = await mailed_token(ann.services, VERIFY)
    await table(ann.services, "UPDATE accounts SET email = 'other@example.com'")
    with pytest.raises(ValidationFailed):
        await verify(ann, link)
    assert not await verified(ann)


async def test_a_link_to_verify_does_not_reset_a_password(ann: Person) -> None:
    link = await mailed_token(ann.services, VERIFY)
    with pytest.raises(ValidationFailed):
        await reset(ann, link)
    assert await ann.log_in(password=PASSWORD)


async def test_another_link_to_verify_may_be_asked_for_until_it_is_verified(ann: Person) -> None:
    session = ann.bearing((await ann.log_in()).access_token)
    first = await mailed_token(ann.services, VERIFY)
    await session.run("request_email_verification")
    second = await mailed_token(ann.services, VERIFY)
    assert second != first
    await verify(ann, second)
    with pytest.raises(ValidationFailed):
        await verify(ann, first)
    before = await table(ann.services, "SELECT id FROM mails")
    answer = await session.run("request_email_verification")
    assert "already" in answer.message
    assert await table(ann.services, "SELECT id FROM mails") == before


async def test_mails_to_verify_are_limited(ann: Person) -> None:
    session = ann.bearing((await ann.log_in()).access_token)
    for _ in range(5):
        await session.run("request_email_verification")
    with pytest.raises(RateLimited):
        await session.run("request_email_verification")
    assert len(await table(ann.services, "SELECT 1 FROM mails WHERE subject = $1", VERIFY)) == 6


async def test_no_raw_link_is_stored_beside_its_mail(ann: Person) -> None:
    link = await mailed_token(ann.services, VERIFY)
    assert link not in repr(await table(ann.services, "SELECT * FROM one_time_links"))
