from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hmac
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from jwt.utils import base64url_encode

from app.auth import outside
from app.auth.outside import OutsideIssuer
from app.errors import DependencyUnavailable, ReauthenticationRequired, Unauthenticated
from app.services import Services
from app.settings import InvalidSetting, Settings
from schema.types.identity import ForgotPasswordInput, ResetPasswordInput, VerifyEmailInput
from tests.people import PASSWORD, Person, mailed_token, table

ISSUER, AUDIENCE = "https://issuer.example/auth/v1", "authenticated"

RSA = rsa.generate_private_key(65537, 2048)
SMALL_RSA = rsa.generate_private_key(65537, 1024)  # noqa: S505
EC = ec.generate_private_key(ec.SECP256R1())
EC384 = ec.generate_private_key(ec.SECP384R1())
ED = ed25519.Ed25519PrivateKey.generate()


def published(key: Any, kid: str, **more: Any) -> dict[str, Any]:
    algorithm: Any = OKPAlgorithm
    if isinstance(key, rsa.RSAPrivateKey):
        algorithm = RSAAlgorithm
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        algorithm = ECAlgorithm
    return {**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, **more}


class Issuer:
    """An issuer's JWKS address, on a real socket."""

    def __init__(self) -> None:
        self.url = ""
        self.body = b""
        self.status = 200
        self.asked = 0
        self.hangs = False
        self.hanging, self.released = asyncio.Event(), asyncio.Event()
        self.publish(published(RSA, "rsa"), published(EC, "ec"), published(ED, "ed"))

    def publish(self, *keys: dict[str, Any]) -> None:
        self.body = orjson.dumps({"keys": keys})

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        if self.hangs:
            self.hanging.set()
            await self.released.wait()
        head = f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(self.body)}\r\n"
        writer.write(head.encode() + b"Connection: close\r\n\r\n" + self.body)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    made = Issuer()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks.json"
    async with server:
        yield made


@pytest.fixture
async def accepting(
    issuer: Issuer, services: Services, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Services]:
    """Services that accept the issuer's tokens, however slowly a busy machine fetches its keys."""
    monkeypatch.setattr("app.auth.outside._FETCH_TIMEOUT_SECONDS", 60.0)
    settings = dataclasses.replace(
        services.settings, jwks_url=issuer.url, jwt_issuer=ISSUER, jwt_audience=AUDIENCE
    )
    outside = OutsideIssuer.from_settings(settings)
    assert outside is not None
    yield dataclasses.replace(services, settings=settings, outside=outside)
    await outside.close()


@pytest.fixture
def verifier(accepting: Services) -> OutsideIssuer:
    assert accepting.outside is not None
    return accepting.outside


def token(key: Any = RSA, kid: str | None = "rsa", algorithm: str = "RS256", **changes: Any) -> str:
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "subject-1",
        "exp": datetime.now(UTC) + timedelta(minutes=5),
        "email": "ann@example.com",
        "email_verified": True,
        "name": "Ann Lee",
        "sid": "session-1",
    } | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": kid} if kid else None)


@pytest.mark.parametrize(
    ("key", "kid", "algorithm"),
    [(RSA, "rsa", "RS256"), (EC, "ec", "ES256"), (ED, "ed", "EdDSA")],
    ids=["RS256", "ES256", "EdDSA"],
)
async def test_a_token_of_each_type_of_key_is_accepted(
    verifier: OutsideIssuer, key: Any, kid: str, algorithm: str
) -> None:
    claims = await verifier.verify(token(key, kid, algorithm))
    assert (claims.issuer, claims.subject) == (ISSUER, "subject-1")
    assert (claims.email, claims.email_verified) == ("ann@example.com", True)


@pytest.mark.parametrize(
    "changes",
    [
        *({name: None} for name in ("iss", "aud", "exp", "sub")),
        {"iss": "https://another.example"},
        {"aud": "another"},
        {"exp": datetime.now(UTC) - timedelta(minutes=1)},
        {"nbf": datetime.now(UTC) + timedelta(hours=1)},
        {"sub": ""},
        {"sub": "a\x00b"},
        {"sub": "x" * 256},
        {"key": EC, "algorithm": "ES256"},
        {"key": SMALL_RSA},
        {"algorithm": "RS512"},
        {"algorithm": "PS256"},
        {"kid": "unknown"},
        {"kid": None},
    ],
    ids=" ".join,
)
@pytest.mark.filterwarnings("ignore:The RSA key is 1024 bits long")
async def test_a_token_that_is_not_the_issuers_for_us_is_refused(
    verifier: OutsideIssuer, changes: dict[str, Any]
) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(token(**changes))


async def test_a_public_key_used_as_a_shared_secret_signs_nothing(
    verifier: OutsideIssuer, issuer: Issuer
) -> None:
    head, payload, _ = token().split(".")
    head = base64url_encode(b'{"alg":"HS256","kid":"rsa"}').decode()
    secret = orjson.dumps(published(RSA, "rsa"))
    mac = hmac.digest(secret, f"{head}.{payload}".encode(), "sha256")
    with pytest.raises(Unauthenticated):
        await verifier.verify(f"{head}.{payload}.{base64url_encode(mac).decode()}")
    with pytest.raises(Unauthenticated):
        await verifier.verify(token(None, algorithm="none"))
    assert issuer.asked == 0


@pytest.mark.filterwarnings("ignore:The RSA key is 1024 bits long")
@pytest.mark.parametrize(
    ("key", "entry", "algorithm"),
    [
        (SMALL_RSA, published(SMALL_RSA, "odd"), "RS256"),
        (RSA, published(RSA, "odd", use="enc"), "RS256"),
        (RSA, published(RSA, "odd", alg="RS512"), "RS256"),
        (EC384, published(EC384, "odd"), "ES384"),
        (b"secret " * 8, {"kty": "oct", "k": "c2VjcmV0", "kid": "odd"}, "HS256"),
        (RSA, {"kty": "RSA", "n": "!", "kid": "odd"}, "RS256"),
    ],
    ids=["1024 bits", "for encryption", "other algorithm", "P-384", "shared secret", "broken"],
)
async def test_a_key_that_is_not_fit_is_left_out_and_the_others_work(
    verifier: OutsideIssuer, issuer: Issuer, key: Any, entry: dict[str, Any], algorithm: str
) -> None:
    issuer.publish(entry, published(EC, "ec"))
    with pytest.raises(Unauthenticated):
        await verifier.verify(token(key, "odd", algorithm))
    assert (await verifier.verify(token(EC, "ec", "ES256"))).subject == "subject-1"


async def test_a_token_without_key_id_is_taken_when_there_is_only_one_key(
    verifier: OutsideIssuer, issuer: Issuer
) -> None:
    issuer.publish({key: part for key, part in published(RSA, "").items() if key != "kid"})
    assert (await verifier.verify(token(kid=None))).subject == "subject-1"


async def test_many_tokens_at_once_fetch_the_keys_once(
    verifier: OutsideIssuer, issuer: Issuer
) -> None:
    await asyncio.gather(*(verifier.verify(token()) for _ in range(20)))
    assert issuer.asked == 1


async def test_made_up_key_ids_do_not_make_us_ask_again_and_again(
    verifier: OutsideIssuer, issuer: Issuer
) -> None:
    await verifier.verify(token())
    for number in range(10):
        with pytest.raises(Unauthenticated):
            await verifier.verify(token(kid=f"made-up-{number}"))
    assert issuer.asked == 1


async def test_a_new_key_is_found_once_it_is_time_to_ask_again(
    verifier: OutsideIssuer, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await verifier.verify(token())
    issuer.publish(published(EC, "new"))
    monkeypatch.setattr(outside, "_REFETCH_SECONDS", 0.0)
    assert (await verifier.verify(token(EC, "new", "ES256"))).subject == "subject-1"
    with pytest.raises(Unauthenticated):
        await verifier.verify(token())


@pytest.mark.parametrize(
    "broken", [{"status": 500}, {"body": b"<html>"}, {"body": b"{}"}, {"body": b'{"keys":[]}'}]
)
async def test_the_last_good_keys_serve_while_the_issuer_is_broken(
    verifier: OutsideIssuer, issuer: Issuer, monkeypatch: pytest.MonkeyPatch, broken: Any
) -> None:
    await verifier.verify(token())
    monkeypatch.setattr(outside, "_FRESH_SECONDS", 0.0)
    monkeypatch.setattr(outside, "_REFETCH_SECONDS", 0.0)
    for name, value in broken.items():
        setattr(issuer, name, value)
    assert (await verifier.verify(token())).subject == "subject-1"
    assert issuer.asked == 2


async def test_who_holds_a_known_key_does_not_wait_for_a_hanging_issuer(
    verifier: OutsideIssuer, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await verifier.verify(token())
    monkeypatch.setattr(outside, "_FRESH_SECONDS", 0.0)
    monkeypatch.setattr(outside, "_REFETCH_SECONDS", 0.0)
    issuer.hangs = True
    slow = asyncio.create_task(verifier.verify(token()))
    await issuer.hanging.wait()
    assert (await verifier.verify(token())).subject == "subject-1"
    assert not slow.done()
    issuer.released.set()
    assert (await slow).subject == "subject-1"


async def test_without_any_key_it_is_our_dependency_that_is_missing(
    verifier: OutsideIssuer, issuer: Issuer
) -> None:
    issuer.status = 503
    with pytest.raises(DependencyUnavailable):
        await verifier.verify(token())


@pytest.mark.parametrize(
    "changes",
    [
        {"jwt_issuer": ""},
        {"jwt_audience": ""},
        {"jwt_issuer": "http://127.0.0.1:8000"},
    ],
)
def test_half_a_configuration_is_refused_at_start(
    settings: Settings, changes: dict[str, Any]
) -> None:
    whole: dict[str, Any] = {
        "jwks_url": "https://x.example/",
        "jwt_issuer": ISSUER,
        "jwt_audience": AUDIENCE,
    }
    with pytest.raises(InvalidSetting):
        OutsideIssuer.from_settings(dataclasses.replace(settings, **whole | changes))


async def test_a_token_of_nobodys_issuer_is_refused_where_none_is_configured(
    services: Services,
) -> None:
    with pytest.raises(Unauthenticated):
        await Person(services).bearing(token()).run("auth_me")


# Whose account it is


async def test_the_first_use_makes_an_account_and_the_second_finds_it(
    accepting: Services,
) -> None:
    person = Person(accepting).bearing(token(preferred_username="Ann.Lee!"))
    first = await person.account_id()
    assert await person.account_id() == first
    (row,) = await table(
        accepting, "SELECT * FROM accounts JOIN profiles p ON p.account_id = accounts.id"
    )
    assert (row["id"], row["username"], row["email"]) == (first, "ann-lee", "ann@example.com")
    assert (row["full_name"], row["password_hash"]) == ("Ann Lee", None)
    assert row["email_verified_at"] is not None


async def test_many_first_uses_at_once_make_one_account(accepting: Services) -> None:
    for verified in (True, False):
        bearer = token(
            sub=f"verified {verified}", email=f"x{verified}@example.com", email_verified=verified
        )
        ids = await asyncio.gather(
            *(Person(accepting).bearing(bearer).account_id() for _ in range(6))
        )
        assert len(set(ids)) == 1
    assert len(await table(accepting, "SELECT 1 FROM accounts")) == 2


async def test_a_taken_or_reserved_username_gets_an_ending(accepting: Services) -> None:
    await Person(accepting).register("ann", email="other@example.com")
    for number, wanted in enumerate(("ann", "admin", "日本", "a")):
        bearer = token(sub=f"s{number}", email=f"n{number}@example.com", preferred_username=wanted)
        await Person(accepting).bearing(bearer).account_id()
    names = {row["username"] for row in await table(accepting, "SELECT username FROM accounts")}
    assert len(names) == 5
    assert {name.rpartition("-")[0] for name in names} == {"", "ann", "admin", "owner", "a"}


async def test_an_account_is_linked_when_both_sides_have_verified_the_address(
    accepting: Services,
) -> None:
    ann = Person(accepting)
    account = await ann.register()
    link = await mailed_token(accepting, "Confirm your e-mail address")
    await ann.run("verify_email", input=VerifyEmailInput(token=link))
    assert await ann.bearing(token(email="ANN@Example.com")).account_id() == account.id


@pytest.mark.parametrize(("ours", "theirs"), [(False, True), (True, False), (False, False)])
async def test_an_account_is_not_linked_when_one_side_has_not_verified_the_address(
    accepting: Services, ours: bool, theirs: bool
) -> None:
    ann = Person(accepting)
    await ann.register()
    if ours:
        await table(accepting, "UPDATE accounts SET email_verified_at = now()")
    with pytest.raises(Unauthenticated) as refused:
        await ann.bearing(token(email_verified=theirs)).account_id()
    assert refused.value.details["reason"] == "unlinked"
    assert await table(accepting, "SELECT 1 FROM outside_identities") == []
    assert len(await table(accepting, "SELECT 1 FROM accounts")) == 1


@pytest.mark.parametrize("claim", ["true", 1, None])
async def test_only_the_issuers_own_word_verifies_an_address(
    verifier: OutsideIssuer, claim: Any
) -> None:
    by_user = {"email_verified": True}
    claims = await verifier.verify(token(email_verified=claim, user_metadata=by_user))
    assert not claims.email_verified


@pytest.mark.parametrize("email", [None, "", "nobody", 7, "a\x00@example.com"])
async def test_a_token_without_an_address_makes_no_account(
    accepting: Services, email: object
) -> None:
    with pytest.raises(Unauthenticated):
        await Person(accepting).bearing(token(email=email)).account_id()
    assert await table(accepting, "SELECT 1 FROM accounts") == []


async def test_an_outside_session_can_be_logged_out_and_others_go_on(
    accepting: Services,
) -> None:
    person = Person(accepting).bearing(token())
    other = Person(accepting).bearing(token(sid="session-2"))
    account_id = await person.account_id()
    await person.run("logout")
    with pytest.raises(Unauthenticated):
        await person.account_id()
    with pytest.raises(Unauthenticated):
        await Person(accepting).bearing(token(exp=int(time.time()) + 900)).account_id()
    assert await other.account_id() == account_id


async def test_our_own_sessions_go_on_beside_the_outside_issuer(accepting: Services) -> None:
    ann = await Person(accepting).signed_in()
    assert await ann.account_id()


async def test_a_link_planted_before_the_owner_came_ends_with_the_owners_reset(
    accepting: Services,
) -> None:
    intruder = Person(accepting).bearing(token(email_verified=False))
    account_id = await intruder.account_id()
    planted = intruder.bearing((await intruder.new_token()).token)
    owner = Person(accepting)
    await owner.run("request_password_reset", input=ForgotPasswordInput(email="ann@example.com"))
    reset = ResetPasswordInput(
        token=await mailed_token(accepting, "Choose a new password"), password=PASSWORD
    )
    await owner.run("reset_password", input=reset)
    for refused in (intruder, planted):
        with pytest.raises(Unauthenticated):
            await refused.account_id()
    (row,) = await table(accepting, "SELECT id, username FROM accounts")
    assert row["id"] == account_id
    session = await owner.log_in(row["username"])
    assert await owner.bearing(session.access_token).account_id() == account_id


async def test_a_first_use_is_told_and_those_after_it_are_not(accepting: Services) -> None:
    person = Person(accepting).bearing(token())
    for _ in range(2):
        await person.account_id()
    (event,) = (await person.run("security_events")).items
    assert (event.action.value, event.actor.id) == ("identity_linked", ISSUER)


@pytest.mark.parametrize("kind", ["OIDC", "Supabase"])
async def test_a_sign_in_that_the_issuer_dates_is_proof_of_the_owner(
    accepting: Services, kind: str
) -> None:
    now = int(time.time())
    dated: dict[str, Any] = {
        "OIDC": {"auth_time": now},
        "Supabase": {"amr": [{"method": "password", "timestamp": now}]},
    }
    person = Person(accepting).bearing(token(**dated[kind]))
    assert (await person.run("begin_second_factor")).secret


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"auth_time": int(time.time()) - 700},
        {"auth_time": "now"},
        {"auth_time": 10**30},
        {"amr": ["pwd"]},
        {"amr": [{"method": "token_refresh", "timestamp": int(time.time())}]},
    ],
    ids=["none", "old", "text", "huge", "names", "refreshed"],
)
async def test_any_other_session_of_the_issuer_is_no_such_proof(
    accepting: Services, changes: dict[str, Any]
) -> None:
    person = Person(accepting).bearing(token(**changes))
    with pytest.raises(ReauthenticationRequired):
        await person.run("begin_second_factor")


async def test_a_deleted_account_denies_the_session_that_asked_for_it(accepting: Services) -> None:
    person = Person(accepting).bearing(token(auth_time=int(time.time())))
    await person.run("delete_account")
    with pytest.raises(Unauthenticated):
        await person.account_id()
    assert (await Person(accepting).bearing(token(sid="another")).run("account_deletion")).asked_at
