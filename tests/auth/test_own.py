"""A statement about the caller's own rows admits the caller in the same round trip."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import DomainError, InsufficientScope, NotFound, Unauthenticated, ValidationFailed
from app.services import Services
from schema.types.access import Scope
from schema.types.cv_data import CVData
from schema.types.resume import CreateResumeJobInput
from tests.owners import EXAMPLE, request_of
from tests.people import Person, table


@pytest.fixture
def nobody(services: Services) -> Person:
    return Person(services)


async def jobs(services: Services) -> list[Any]:
    return await table(services, "SELECT account_id FROM resume_jobs")


async def test_a_good_token_creates_a_job_of_its_own_account(nobody: Person) -> None:
    ann, tom = await nobody.signed_in("ann"), await nobody.signed_in("tom")
    for person in (ann, tom):
        made = await person.new_token(Scope.RESUME_GENERATE)
        await person.bearing(made.token).run("create_resume_job", input=request_of("r", EXAMPLE))
    owners = {row["account_id"] for row in await jobs(nobody.services)}
    assert owners == {await ann.account_id(), await tom.account_id()}


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        ("UPDATE personal_tokens SET revoked_at = now()", Unauthenticated),
        ("UPDATE personal_tokens SET expires_at = now() - interval '1 s'", Unauthenticated),
        ("DELETE FROM personal_tokens", Unauthenticated),
        ("UPDATE personal_tokens SET scopes = '{chat:run}'", InsufficientScope),
    ],
)
async def test_a_token_that_is_not_good_for_it_writes_nothing(
    spoil: str, error: type[DomainError], large: bool, nobody: Person
) -> None:
    ann = await nobody.signed_in()
    bearer = ann.bearing((await ann.new_token(Scope.RESUME_GENERATE)).token)
    await nobody.services.database.raw().execute(spoil)
    cv_data = EXAMPLE | ({"notes": "x" * 40_000} if large else {})
    with pytest.raises(error):
        await bearer.run("create_resume_job", input=request_of("r", cv_data))
    assert await jobs(nobody.services) == []


async def test_an_ended_session_reads_and_writes_nothing(nobody: Person) -> None:
    ann = await nobody.signed_in()
    job = (await ann.run("create_resume_job", input=request_of("r", EXAMPLE))).job
    await ann.run("logout")
    with pytest.raises(Unauthenticated):
        await ann.run("resume_job", job_id=job.id)
    with pytest.raises(Unauthenticated):
        await ann.run("create_resume_job", input=request_of("r2", EXAMPLE))
    assert len(await jobs(nobody.services)) == 1


async def test_a_key_of_a_kind_not_taken_writes_nothing(nobody: Person) -> None:
    ann = await nobody.signed_in()
    key = await ann.new_key()
    with pytest.raises(Unauthenticated) as refused:
        await ann.with_key(key.key).run("create_resume_job", input=request_of("r", EXAMPLE))
    assert refused.value.details["reason"] == "wrong_kind"
    assert await jobs(nobody.services) == []


async def test_another_owners_row_is_missing(nobody: Person) -> None:
    ann, tom = await nobody.signed_in("ann"), await nobody.signed_in("tom")
    job = (await ann.run("create_resume_job", input=request_of("r", EXAMPLE))).job
    with pytest.raises(NotFound):
        await tom.run("resume_job", job_id=job.id)
    assert (await ann.run("resume_job", job_id=job.id)).job.id == job.id


async def test_of_what_is_wrong_with_a_request_a_stranger_learns_nothing(nobody: Person) -> None:
    bad = CreateResumeJobInput(request_id="", cv_data=CVData({}))
    for stranger in (nobody, nobody.bearing("vt_nonsense"), nobody.bearing("e.y.j")):
        with pytest.raises(Unauthenticated):
            await stranger.run("create_resume_job", input=bad)
    with pytest.raises(ValidationFailed):
        await (await nobody.signed_in()).run("create_resume_job", input=bad)
