"""An account that calls operations, as a transport would on its behalf."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, insert

from app.call import ALL_SCOPES, Call, Context, CredentialKind, Credentials, Principal
from app.db import statement, uuid7
from app.models import AccountRow
from app.profile.made import make_profile
from app.services import Services
from resolvers.resume_jobs import create_resume_job
from schema.types.cv_data import CVData
from schema.types.resume import CreateResumeJobInput, ResumeJob

T = TypeVar("T")

EXAMPLE = json.loads((Path(__file__).parents[1] / "app/cv/example.json").read_text())["cv_data"]

_NEW_ACCOUNT = statement(
    insert(AccountRow).values({name: bindparam(name) for name in ("id", "username", "email")})
)


def request_of(request_id: str, cv_data: object) -> CreateResumeJobInput:
    return CreateResumeJobInput(request_id=request_id, cv_data=CVData(cv_data))


@dataclass(frozen=True, slots=True)
class Owner:
    """An account and the services it calls."""

    services: Services
    id: UUID

    @classmethod
    async def create(cls, services: Services) -> Owner:
        account_id = uuid7()
        name = account_id.hex
        async with services.database.connection() as db:
            await db.execute(
                _NEW_ACCOUNT,
                id=account_id,
                username=name,
                email=f"{name}@example.com",
            )
            await make_profile(db, account_id, full_name="An Owner", email=f"{name}@example.com")
        return cls(services, account_id)

    def context(self) -> Context:
        session = Principal(self.id, CredentialKind.SESSION, uuid7(), ALL_SCOPES)
        return Context(self.services, "req_test", Credentials(), principal=session)

    async def run(self, resolver: Callable[..., Awaitable[T]], *args: Any, **named: Any) -> T:
        """What `resolver` answers, committed."""
        return (await self.call(resolver, *args, **named))[0]

    async def call(
        self, resolver: Callable[..., Awaitable[T]], *args: Any, **named: Any
    ) -> tuple[T, Call]:
        """What `resolver` answers, committed, and the call it was given."""
        async with self.services.database.transaction() as db:
            call = Call(self.context(), db)
            answer = await resolver(call, *args, **named)
        await call.committed()
        await self.services.queue.flush()
        return answer, call

    async def job(self, request_id: str = "job-1", cv_data: object = EXAMPLE) -> ResumeJob:
        """A new job, queued."""
        return (await self.run(create_resume_job, request_of(request_id, cv_data))).job
