from __future__ import annotations

import asyncio
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from app.accounts import RESERVED_USERNAMES
from app.errors import Conflict, Unauthenticated, ValidationFailed
from app.services import Services
from schema.types.identity import LoginInput, RegisterInput, SessionTokens
from tests.people import PASSWORD, Person, mailed_token, table


@pytest.fixture
def ann(services: Services) -> Person:
    return Person(services)


async def nobody_registered(services: Services) -> bool:
    rows = await table(services, "SELECT id FROM accounts UNION ALL SELECT id FROM mails")
    return rows == []


async def test_a_registration_makes_an_account_and_a_mail_to_verify_its_address(
    ann: Person,
) -> None:
    account = await ann.register("Ann-Lee", email="Ann.Lee@EXAMPLE.com", full_name=" Ann  Lee ")
    assert (account.username, account.email) == ("ann-lee", "Ann.Lee@example.com")
    assert (account.full_name, account.email_verified) == ("Ann Lee", False)
    (mail,) = await table(ann.services, "SELECT * FROM mails")
    assert (mail["recipient"], mail["account_id"]) == ("Ann.Lee@example.com", account.id)
    assert await mailed_token(ann.services, "Confirm your e-mail address")


async def test_a_password_is_stored_as_an_argon2id_hash_only(ann: Person) -> None:
    await ann.register()
    rows = await table(ann.services, "SELECT * FROM accounts")
    assert rows[0]["password_hash"].startswith("$argon2id$")
    assert PASSWORD not in repr(rows)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("username", "ab", "invalid"),
        ("username", "x" * 33, "invalid"),
        ("username", "-ann", "invalid"),
        ("username", "_ann", "invalid"),
        ("username", "ann lee", "invalid"),
        ("username", "ann\n", "invalid"),
        ("username", "ann\x00", "invalid_text"),
        ("username", "аnn", "invalid"),
        ("username", "\u212aelvin", "invalid"),
        ("username", "ann\ud800", "invalid_text"),
        ("username", "Admin", "reserved"),
        ("username", "www", "reserved"),
        ("email", "ann", "invalid"),
        ("email", "ann@localhost", "invalid"),
        ("email", "ann@example.com\r\nBcc: all@example.com", "invalid"),
        ("email", "Ann <ann@example.com>", "invalid"),
        ("email", "ann\x00@example.com", "invalid_text"),
        ("email", "änn@example.com", "invalid"),
        ("email", "a@" + "x" * 250 + ".com", "invalid"),
        ("email", "x" * 65 + "@example.com", "invalid"),
        ("password", "short", "too_short"),
        ("password", "baseball", "too_easy"),
        ("password", "ann@example.com", "too_easy"),
        ("full_name", " \u200b\t", "empty"),
        ("full_name", "x" * 201, "too_long"),
        ("full_name", "Ann\x00", "invalid_text"),
        ("password", "eleven green\x00 bottles", "invalid_text"),
    ],
)
async def test_a_field_that_breaks_its_rule_is_named_and_nothing_is_made(
    ann: Person, field: str, value: str, code: str
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await ann.register(**{"email": "ann@example.com", field: value})
    assert [(error.path, error.code) for error in refused.value.fields] == [(field, code)]
    assert await nobody_registered(ann.services)


async def test_everything_wrong_with_a_registration_is_told_at_once(ann: Person) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await ann.register("-", email="-", password="-", full_name="")
    paths = [error.path for error in refused.value.fields]
    assert paths == ["username", "email", "full_name", "password"]


async def test_a_domain_in_any_script_is_written_as_mail_servers_do(ann: Person) -> None:
    account = await ann.register(email="ann@Bücher.example")
    assert account.email == "ann@xn--bcher-kva.example"
    assert await ann.run("login", input=LoginInput(email="Ann@BÜCHER.example", password=PASSWORD))


async def test_the_part_before_the_at_may_have_64_characters(ann: Person) -> None:
    assert (await ann.register(email="x" * 64 + "@example.com")).email.startswith("x" * 64 + "@")


def test_what_stands_in_addresses_of_ours_is_reserved() -> None:
    assert {"api", "admin", "www", "me", "login", "graphql", "v1", "vitae"} <= RESERVED_USERNAMES


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({"username": "ANN", "email": "b@example.com"}, ["username"]),
        ({"username": "bob", "email": "ANN@example.com"}, ["email"]),
        ({"username": "ann", "email": "ann@example.com"}, ["username", "email"]),
    ],
)
async def test_a_name_that_is_taken_is_a_conflict_which_names_it(
    ann: Person, changes: dict[str, Any], taken: list[str]
) -> None:
    await ann.register()
    with pytest.raises(Conflict) as refused:
        await ann.register(**changes)
    assert [error.path for error in refused.value.fields] == taken
    assert len(await table(ann.services, "SELECT 1 FROM accounts")) == 1
    assert len(await table(ann.services, "SELECT 1 FROM mails")) == 1


async def test_one_name_is_taken_and_the_other_is_not_by_two_accounts(ann: Person) -> None:
    await ann.register("ann")
    await ann.register("bob")
    with pytest.raises(Conflict) as refused:
        await ann.register("ann", email="bob@example.com")
    assert [error.path for error in refused.value.fields] == ["username", "email"]


async def test_of_two_registrations_at_once_one_wins_and_the_other_is_told(ann: Person) -> None:
    results = await asyncio.gather(
        ann.register("ann", email="one@example.com"),
        ann.register("ann", email="two@example.com"),
        return_exceptions=True,
    )
    (lost,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(lost, Conflict)
    assert [error.path for error in lost.fields] == ["username"]
    assert len(await table(ann.services, "SELECT 1 FROM accounts")) == 1
    assert len(await table(ann.services, "SELECT 1 FROM mails")) == 1


@pytest.mark.parametrize(
    "login",
    [
        {"username": "ann"},
        {"username": "ANN"},
        {"email": "ann@example.com"},
        {"email": "Ann@Example.COM"},
    ],
)
async def test_a_login_takes_the_username_or_the_address(
    ann: Person, login: dict[str, str]
) -> None:
    await ann.register()
    tokens = await ann.run("login", input=LoginInput(password=PASSWORD, **login))
    assert isinstance(tokens, SessionTokens)
    (session,) = await table(ann.services, "SELECT address, user_agent FROM sessions")
    assert tuple(session) == ("192.0.2.1", "pytest")


@pytest.mark.parametrize("login", [{}, {"username": "ann", "email": "ann@example.com"}])
async def test_a_login_takes_just_one_of_them(ann: Person, login: dict[str, str]) -> None:
    with pytest.raises(ValidationFailed):
        await ann.run("login", input=LoginInput(password=PASSWORD, **login))


@pytest.mark.parametrize("name", ["nobody", "", "ann@example.com", "аnn", "ann%"])
async def test_an_unknown_account_is_answered_just_as_a_wrong_password(
    ann: Person, name: str
) -> None:
    await ann.register()
    errors = []
    for username, password in (("ann", "not the password"), (name, PASSWORD)):
        with pytest.raises(Unauthenticated) as refused:
            await ann.log_in(username, password)
        errors.append((refused.value.message, refused.value.details, refused.value.fields))
    assert errors[0] == errors[1]
    assert await table(ann.services, "SELECT 1 FROM sessions") == []


async def test_an_account_without_a_password_can_not_be_signed_in_to_by_one(ann: Person) -> None:
    await ann.register()
    await table(ann.services, "UPDATE accounts SET password_hash = NULL")
    for password in (PASSWORD, "", "None"):
        with pytest.raises(Unauthenticated):
            await ann.log_in("ann", password)


async def test_a_login_renews_a_hash_of_former_parameters(ann: Person) -> None:
    await ann.register()
    weak = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
    await table(ann.services, "UPDATE accounts SET password_hash = $1", weak)
    await ann.log_in()
    (row,) = await table(ann.services, "SELECT password_hash FROM accounts")
    assert not ann.services.passwords.is_outdated(row["password_hash"])
    assert await ann.log_in()


def test_inputs_and_answers_show_no_secret() -> None:
    shown = repr(
        [
            RegisterInput(username="ann", email="a@b.example", password=PASSWORD, full_name="A"),
            LoginInput(username="ann", password=PASSWORD),
            SessionTokens(
                access_token=PASSWORD, token_type="", expires_in=1, refresh_token=PASSWORD
            ),
        ]
    )
    assert PASSWORD not in shown
