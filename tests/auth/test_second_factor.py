"""Codes of an authenticator app beside the password, and what stands in for them."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import time
from collections.abc import Awaitable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest
from redis.asyncio import Redis

from app.auth import recovery_codes
from app.errors import (
    Conflict,
    DependencyUnavailable,
    DomainError,
    NotFound,
    RateLimited,
    ReauthenticationRequired,
    SecondFactorRequired,
    Unauthenticated,
    ValidationFailed,
)
from app.security_events import Action, ActorKind
from app.services import Services
from schema.types.identity import (
    CompleteLoginInput,
    ForgotPasswordInput,
    LoginInput,
    ReauthenticateInput,
    ResetPasswordInput,
    SessionTokens,
)
from schema.types.second_factor import ConfirmSecondFactorInput
from tests.people import PASSWORD, Person, mailed_token, table

NOW = time.time()


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no half minute end between a code and its use."""
    monkeypatch.setattr("app.auth.second_factor.time", SimpleNamespace(time=lambda: NOW))


def code_of(secret: str, steps: int = 0) -> str:
    """The code of now, or so many half minutes from now."""
    return pyotp.TOTP(secret).generate_otp(int(NOW) // 30 + steps)


async def begun(person: Person) -> str:
    secret: str = (await person.run("begin_second_factor")).secret
    return secret


async def confirmed(person: Person, secret: str) -> list[str]:
    """The recovery codes, turned on by an early code, so that later ones are unused."""
    answer = await person.run(
        "confirm_second_factor", input=ConfirmSecondFactorInput(code=code_of(secret, -1))
    )
    codes: list[str] = answer.recovery_codes
    return codes


async def log_in(person: Person, code: str | None = None) -> SessionTokens:
    tokens: SessionTokens = await person.run(
        "login", input=LoginInput(username="ann", password=PASSWORD, code=code)
    )
    return tokens


async def forget_wrong_codes(services: Services) -> None:
    await services.redis.flushdb()


async def choose_password_by_mail(person: Person) -> None:
    asked = ForgotPasswordInput(email="ann@example.com")
    await person.run("request_password_reset", input=asked)
    token = await mailed_token(person.services, "Choose a new password")
    await person.run("reset_password", input=ResetPasswordInput(token=token, password=PASSWORD))


async def outcomes(*attempts: Awaitable[Any]) -> tuple[int, int]:
    """How many were done, and how many refused."""
    results = await asyncio.gather(*attempts, return_exceptions=True)
    refused = [result for result in results if isinstance(result, DomainError)]
    done = [result for result in results if not isinstance(result, BaseException)]
    assert len(done) + len(refused) == len(results), results
    return len(done), len(refused)


@pytest.fixture
async def ann(services: Services) -> Person:
    person = Person(services)
    await person.register()
    return person.bearing((await person.log_in()).access_token)


@pytest.fixture
async def secret(ann: Person) -> str:
    """Ann's, whose second factor is on."""
    secret = await begun(ann)
    await confirmed(ann, secret)
    return secret


# Turning it on and off


async def test_a_setup_can_be_scanned_and_typed(ann: Person) -> None:
    setup = await ann.run("begin_second_factor")
    uri = urlsplit(setup.uri)
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/Vitae:ann")
    assert parse_qs(uri.query)["secret"] == [setup.secret]
    assert setup.qr_svg.startswith("data:image/svg+xml")
    start, _, picture = setup.qr_png.partition("base64,")
    assert start == "data:image/png;"
    assert base64.b64decode(picture).startswith(b"\x89PNG")
    assert setup.secret not in repr(setup)


async def test_nothing_is_asked_for_before_a_code_was_confirmed(ann: Person) -> None:
    await begun(ann)
    assert (await log_in(ann)).access_token
    assert not (await ann.run("second_factor")).enabled


async def test_a_confirmed_code_turns_it_on_and_gives_recovery_codes(ann: Person) -> None:
    codes = await confirmed(ann, await begun(ann))
    assert len(set(codes)) == recovery_codes.COUNT
    found = await ann.run("second_factor")
    assert (found.enabled, found.recovery_codes_left) == (True, recovery_codes.COUNT)
    subjects = await table(ann.services, "SELECT subject FROM mails")
    assert "Two-step sign-in is on" in [row["subject"] for row in subjects]


@pytest.mark.parametrize("code", ["", "000000", "12345", "x" * 5000, "١٢٣٤٥٦", "-" * 40])
async def test_a_wrong_code_turns_nothing_on(ann: Person, code: str) -> None:
    await begun(ann)
    with pytest.raises(ValidationFailed):
        await ann.run("confirm_second_factor", input=ConfirmSecondFactorInput(code=code))
    assert not (await ann.run("second_factor")).enabled


async def test_a_beginning_is_good_for_an_hour(ann: Person) -> None:
    secret = await begun(ann)
    await table(ann.services, "UPDATE second_factors SET created_at = now() - interval '61 min'")
    with pytest.raises(Conflict):
        await confirmed(ann, secret)


async def test_who_begins_again_confirms_the_newer_secret(ann: Person) -> None:
    older, newer = await begun(ann), await begun(ann)
    with pytest.raises(ValidationFailed):
        await confirmed(ann, older)
    assert await confirmed(ann, newer)


async def test_of_two_confirmations_at_once_one_is_done(ann: Person) -> None:
    secret = await begun(ann)
    assert await outcomes(*(confirmed(ann, secret) for _ in range(4))) == (1, 3)
    rows = await table(ann.services, "SELECT 1 FROM recovery_codes")
    assert len(rows) == recovery_codes.COUNT


async def test_one_that_is_on_is_not_begun_again(ann: Person, secret: str) -> None:
    with pytest.raises(Conflict):
        await begun(ann)


async def test_it_can_be_turned_off_and_is_gone_then(ann: Person, secret: str) -> None:
    await ann.run("disable_second_factor")
    assert (await log_in(ann)).access_token
    assert await table(ann.services, "SELECT 1 FROM recovery_codes") == []
    with pytest.raises(NotFound):
        await ann.run("disable_second_factor")
    with pytest.raises(NotFound):
        await ann.run("renew_recovery_codes")


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("begin_second_factor", {}),
        ("confirm_second_factor", {"input": ConfirmSecondFactorInput(code="123456")}),
        ("renew_recovery_codes", {}),
        ("disable_second_factor", {}),
    ],
    ids=["begin", "confirm", "renew", "disable"],
)
async def test_an_old_session_has_to_be_proven_first(
    ann: Person, operation: str, arguments: dict[str, Any]
) -> None:
    await table(ann.services, "UPDATE sessions SET proven_at = now() - interval '11 minutes'")
    with pytest.raises(ReauthenticationRequired):
        await ann.run(operation, **arguments)
    assert await table(ann.services, "SELECT 1 FROM second_factors") == []


@pytest.mark.parametrize(
    "operation", ["begin_second_factor", "renew_recovery_codes", "disable_second_factor"]
)
async def test_no_key_and_no_token_changes_it(ann: Person, operation: str) -> None:
    key, token = await ann.new_key(), await ann.new_token()
    for other in (ann.with_key(key.key), ann.bearing(token.token)):
        with pytest.raises(Unauthenticated):
            await other.run(operation)


# Signing in


async def test_the_password_alone_gives_a_challenge(ann: Person, secret: str) -> None:
    with pytest.raises(SecondFactorRequired) as asked:
        await log_in(ann)
    assert asked.value.code == "second_factor_required"
    assert asked.value.details["reason"] == "missing"
    challenge = asked.value.details["challenge"]
    tokens = await ann.run(
        "complete_login", input=CompleteLoginInput(challenge=challenge, code=code_of(secret))
    )
    assert await ann.bearing(tokens.access_token).account_id()


async def test_a_wrong_password_does_not_tell_of_the_second_factor(
    ann: Person, secret: str
) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await ann.run(
            "login", input=LoginInput(username="ann", password="wrong one", code=code_of(secret))
        )
    assert refused.value.code == "unauthenticated"


@pytest.mark.parametrize("steps", [0, 1])
async def test_codes_of_now_and_of_the_half_minutes_beside_are_good(
    ann: Person, secret: str, steps: int
) -> None:
    assert (await log_in(ann, code_of(secret, steps))).access_token


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
async def test_codes_of_other_times_are_not(ann: Person, secret: str, steps: int) -> None:
    with pytest.raises(SecondFactorRequired) as refused:
        await log_in(ann, code_of(secret, steps))
    assert refused.value.details["reason"] == "wrong"


async def test_a_code_may_be_typed_with_blanks(ann: Person, secret: str) -> None:
    code = code_of(secret)
    assert (await log_in(ann, f" {code[:3]} {code[3:]} ")).access_token


async def test_a_code_is_good_once(ann: Person, secret: str) -> None:
    code = code_of(secret)
    await log_in(ann, code)
    with pytest.raises(SecondFactorRequired):
        await log_in(ann, code)


async def test_a_code_before_the_last_one_used_is_no_good(ann: Person, secret: str) -> None:
    await log_in(ann, code_of(secret, 1))
    with pytest.raises(SecondFactorRequired):
        await log_in(ann, code_of(secret))


async def test_a_code_sent_at_once_over_many_connections_is_good_once(
    ann: Person, secret: str
) -> None:
    code = code_of(secret)
    done, _ = await outcomes(*(log_in(ann, code) for _ in range(4)))
    assert done == 1


async def test_a_refused_code_is_told_to_the_owner(ann: Person, secret: str) -> None:
    with pytest.raises(SecondFactorRequired):
        await log_in(ann, "000000")
    await ann.services.chores.finish()
    (event,) = (await ann.run("security_events")).items[:1]
    assert (event.action.value, event.outcome.value) == ("sign_in", "failure")
    assert event.metadata == {"second_factor": "wrong"}


async def test_guessing_codes_comes_to_an_end(ann: Person, secret: str) -> None:
    stranger = Person(ann.services, address="203.0.113.9")
    for _ in range(5):
        with pytest.raises(SecondFactorRequired):
            await log_in(stranger, "000000")
    with pytest.raises(RateLimited):
        await log_in(stranger, code_of(secret))
    with pytest.raises(RateLimited):
        await log_in(stranger.at("198.51.100.9"), code_of(secret))


async def test_a_guesser_does_not_lock_the_owner_out_of_a_known_network(
    ann: Person, secret: str
) -> None:
    await log_in(ann, code_of(secret))
    for _ in range(5):
        with pytest.raises(SecondFactorRequired):
            await log_in(ann.at("203.0.113.9"), "000000")
    assert (await log_in(ann, code_of(secret, 1))).access_token


async def test_while_wrong_codes_can_not_be_counted_only_recovery_codes_are_taken(
    ann: Person,
) -> None:
    secret = await begun(ann)
    codes = await confirmed(ann, secret)
    away = Redis.from_url("unix:///nonexistent/valkey.sock")
    uncounted = Person(dataclasses.replace(ann.services, redis=away))
    for code in ("000000", code_of(secret)):
        with pytest.raises(DependencyUnavailable):
            await log_in(uncounted, code)
    assert (await log_in(uncounted, codes[0])).access_token
    assert (await log_in(ann, code_of(secret))).access_token
    await away.aclose()


async def test_a_challenge_ends_with_the_password_it_was_given_for(
    ann: Person, secret: str
) -> None:
    with pytest.raises(SecondFactorRequired) as asked:
        await log_in(ann)
    await table(ann.services, "UPDATE accounts SET password_hash = 'another'")
    attempt = CompleteLoginInput(challenge=asked.value.details["challenge"], code=code_of(secret))
    with pytest.raises(Unauthenticated) as refused:
        await ann.run("complete_login", input=attempt)
    assert refused.value.details["reason"] == "challenge"


@pytest.mark.parametrize("challenge", ["", "x", "a.b.c", "é"])
async def test_what_is_no_challenge_is_refused(ann: Person, secret: str, challenge: str) -> None:
    with pytest.raises(Unauthenticated):
        await ann.run(
            "complete_login", input=CompleteLoginInput(challenge=challenge, code=code_of(secret))
        )


async def test_a_session_is_no_challenge(ann: Person, secret: str) -> None:
    token = ann.credentials.bearer or ""
    with pytest.raises(Unauthenticated):
        await ann.run(
            "complete_login", input=CompleteLoginInput(challenge=token, code=code_of(secret))
        )


async def test_a_new_password_by_mail_leaves_the_second_factor_on(ann: Person, secret: str) -> None:
    await table(ann.services, "UPDATE accounts SET email_verified_at = now()")
    await choose_password_by_mail(ann)
    with pytest.raises(SecondFactorRequired):
        await log_in(ann)


async def test_one_that_was_set_up_on_an_address_never_proven_ends_with_the_proof(
    ann: Person, secret: str
) -> None:
    await choose_password_by_mail(ann)
    owner = ann.bearing((await log_in(ann)).access_token)
    assert not (await owner.run("second_factor")).enabled
    assert await table(ann.services, "SELECT 1 FROM recovery_codes") == []
    events = (await owner.run("security_events")).items
    (told,) = [one for one in events if one.action is Action.SECOND_FACTOR_DISABLED]
    assert told.actor.kind is ActorKind.MAILED_LINK


async def test_the_steps_are_the_same_over_http(
    client: httpx.AsyncClient, ann: Person, secret: str
) -> None:
    typed = {"username": "ann", "password": PASSWORD}
    asked = await client.post("/v1/auth/login", json=typed)
    assert asked.status_code == 401
    error = asked.json()["error"]
    assert error["code"] == "second_factor_required"
    step = {"challenge": error["details"]["challenge"], "code": code_of(secret)}
    done = await client.post("/v1/auth/login/code", json=step)
    assert done.json()["token_type"] == "bearer"
    document = "mutation ($input: LoginInput!) { login(input: $input) { accessToken } }"
    answer = await client.post("/graphql", json={"query": document, "variables": {"input": typed}})
    assert answer.json()["errors"][0]["extensions"]["code"] == "second_factor_required"


# Recovery codes


async def test_a_recovery_code_signs_in_once(ann: Person) -> None:
    codes = await confirmed(ann, await begun(ann))
    assert (await log_in(ann, codes[3])).access_token
    with pytest.raises(SecondFactorRequired):
        await log_in(ann, codes[3])
    assert (await ann.run("second_factor")).recovery_codes_left == recovery_codes.COUNT - 1
    used = (await ann.run("security_events")).items
    assert "recovery_code_used" in [event.action.value for event in used]
    subjects = await table(ann.services, "SELECT subject FROM mails")
    assert "A recovery code was used" in [row["subject"] for row in subjects]


async def test_a_recovery_code_sent_at_once_is_good_once(ann: Person) -> None:
    codes = await confirmed(ann, await begun(ann))
    done, _ = await outcomes(*(log_in(ann, codes[0]) for _ in range(4)))
    assert done == 1


async def test_a_recovery_code_may_be_typed_carelessly(ann: Person) -> None:
    codes = await confirmed(ann, await begun(ann))
    careless = codes[0].replace("-", " ").upper().replace("0", "O").replace("1", "l")
    assert (await log_in(ann, careless)).access_token


async def test_new_recovery_codes_end_the_old_ones(ann: Person) -> None:
    old = await confirmed(ann, await begun(ann))
    new = (await ann.run("renew_recovery_codes")).recovery_codes
    with pytest.raises(SecondFactorRequired):
        await log_in(ann, old[0])
    assert (await log_in(ann, new[0])).access_token


async def test_a_recovery_code_of_another_account_is_no_good(ann: Person, secret: str) -> None:
    eve = await Person(ann.services).signed_in("eve")
    codes = await confirmed(eve, await begun(eve))
    with pytest.raises(SecondFactorRequired):
        await log_in(ann, codes[0])


# What is stored


async def test_neither_secret_nor_codes_can_be_read_in_the_database(ann: Person) -> None:
    secret = await begun(ann)
    codes = await confirmed(ann, secret)
    stored = await table(
        ann.services, "SELECT f.secret, r.digest FROM second_factors f, recovery_codes r"
    )
    everything = b"".join(row["secret"] + row["digest"] for row in stored)
    for readable in (secret, *codes):
        assert readable.encode() not in everything


async def test_a_secret_moved_to_another_account_opens_nothing(ann: Person, secret: str) -> None:
    eve = Person(ann.services)
    await eve.register("eve")
    await table(
        ann.services,
        "INSERT INTO second_factors (account_id, secret, confirmed_at)"
        " SELECT e.id, f.secret, now() FROM second_factors f, accounts e WHERE e.username = 'eve'",
    )
    with pytest.raises(SecondFactorRequired):
        await eve.run(
            "login", input=LoginInput(username="eve", password=PASSWORD, code=code_of(secret))
        )


async def test_without_the_key_recovery_codes_are_still_good(ann: Person) -> None:
    secret = await begun(ann)
    codes = await confirmed(ann, secret)
    settings = dataclasses.replace(ann.services.settings, encryption_key="x" * 32)
    other = dataclasses.replace(ann, services=dataclasses.replace(ann.services, settings=settings))
    with pytest.raises(SecondFactorRequired):
        await log_in(other, code_of(secret))
    assert (await log_in(other, codes[0])).access_token


# Showing again that it is you


async def stale(person: Person) -> None:
    await table(person.services, "UPDATE sessions SET proven_at = now() - interval '11 minutes'")


async def reauthenticate(person: Person, password: str = PASSWORD, code: str | None = None) -> None:
    await person.run("reauthenticate", input=ReauthenticateInput(password=password, code=code))


async def test_the_password_proves_a_session_anew(ann: Person) -> None:
    await stale(ann)
    with pytest.raises(ValidationFailed):
        await reauthenticate(ann, "not my password")
    with pytest.raises(ReauthenticationRequired):
        await begun(ann)
    await reauthenticate(ann)
    assert await begun(ann)


async def test_with_a_second_factor_it_takes_a_code_too(ann: Person, secret: str) -> None:
    await stale(ann)
    for code in (None, "000000"):
        with pytest.raises(ValidationFailed) as refused:
            await reauthenticate(ann, code=code)
        assert refused.value.fields[0].path == "code"
    await reauthenticate(ann, code=code_of(secret))
    await ann.run("disable_second_factor")


async def test_guessing_the_password_of_a_session_comes_to_an_end(ann: Person) -> None:
    for _ in range(10):
        with pytest.raises(ValidationFailed):
            await reauthenticate(ann, "not my password")
    with pytest.raises(RateLimited):
        await reauthenticate(ann)


async def test_an_account_without_a_password_signs_in_again_instead(services: Services) -> None:
    person = await Person(services).signed_in("zoe")
    with pytest.raises(ReauthenticationRequired):
        await reauthenticate(person)


# Sessions


async def test_sessions_are_listed_with_the_one_that_asks(ann: Person) -> None:
    other = Person(ann.services, address="203.0.113.9")
    await other.log_in()
    items = (await ann.run("sessions")).items
    assert [(item.current, item.ip) for item in items] == [
        (False, "203.0.113.9"),
        (True, "192.0.2.1"),
    ]


async def test_a_session_is_ended_by_its_id_and_felt_at_once(ann: Person) -> None:
    other = ann.bearing((await ann.log_in()).access_token)
    (item,) = [item for item in (await ann.run("sessions")).items if not item.current]
    await ann.run("end_session", session_id=item.id)
    with pytest.raises(Unauthenticated):
        await other.account_id()
    with pytest.raises(NotFound):
        await ann.run("end_session", session_id=item.id)


async def test_a_session_of_another_account_is_not_found(ann: Person, services: Services) -> None:
    eve = await Person(services).signed_in("eve")
    (hers,) = (await eve.run("sessions")).items
    with pytest.raises(NotFound):
        await ann.run("end_session", session_id=hers.id)
    assert await eve.account_id()


async def test_all_other_sessions_end_and_this_one_stays(ann: Person) -> None:
    others = [ann.bearing((await ann.log_in()).access_token) for _ in range(2)]
    assert (await ann.run("end_other_sessions")).ended == 2
    for other in others:
        with pytest.raises(Unauthenticated):
            await other.account_id()
    assert len((await ann.run("sessions")).items) == 1
