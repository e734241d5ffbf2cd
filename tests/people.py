"""People who use the API: each with an address and, once signed in, a credential."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from strawberry.types import get_object_definition

from app.auth import sessions
from app.call import Call, Context, Credentials
from app.db import uuid7
from app.services import Services
from schema.operation import Operation, operation_of
from schema.root import Mutation, Query
from schema.types.access import Scope
from schema.types.credentials import CreateApiKeyInput, CreatedToken, CreateTokenInput
from schema.types.identity import Account, LoginInput, RegisterInput, SessionTokens
from tests.waiting import until

PASSWORD = "eleven green bottles"

_OPERATIONS: dict[str, Operation] = {
    declared.python_name: operation_of(declared)
    for root in (Query, Mutation)
    for declared in get_object_definition(root, strict=True).fields
}


@dataclass(frozen=True)
class Person:
    """Somebody who calls operations just as a transport would for them."""

    services: Services
    credentials: Credentials = field(default_factory=Credentials)
    address: str = "192.0.2.1"

    async def run(self, operation: str, **arguments: Any) -> Any:
        """What the operation of `schema/root.py` of this name answers."""
        context = Context(self.services, "req_test", self.credentials, self.address, "pytest")
        return await _OPERATIONS[operation].run(context, lambda: arguments)

    def bearing(self, token: str) -> Person:
        return replace(self, credentials=Credentials(bearer=token))

    def with_key(self, key: str) -> Person:
        return replace(self, credentials=Credentials(api_key=key))

    def at(self, address: str) -> Person:
        return replace(self, address=address)

    async def register(self, username: str = "ann", **changes: str) -> Account:
        fields = {
            "username": username,
            "email": f"{username}@example.com",
            "password": PASSWORD,
            "full_name": "Ann Lee",
        }
        account: Account = await self.run("register", input=RegisterInput(**fields | changes))
        return account

    async def log_in(self, username: str = "ann", password: str = PASSWORD) -> SessionTokens:
        tokens: SessionTokens = await self.run(
            "login", input=LoginInput(username=username, password=password)
        )
        return tokens

    async def signed_in(self, username: str = "ann") -> Person:
        """The person with a session of a new account, which has no password: hashing is slow."""
        account_id = uuid7()
        await table(
            self.services,
            "WITH made AS (INSERT INTO accounts (id, username, email) VALUES ($1, $2, $3)"
            " RETURNING id, email) INSERT INTO profiles (account_id, full_name, email)"
            " SELECT id, 'Ann Lee', email FROM made",
            account_id,
            username,
            f"{username}@example.com",
        )
        async with self.services.database.transaction() as db:
            context = Context(self.services, "req_test", self.credentials, self.address)
            grant = await sessions.start(Call(context, db), account_id)
        return self.bearing(grant.access_token)

    async def new_token(self, *scopes: Scope, **more: Any) -> CreatedToken:
        wanted = CreateTokenInput(
            name=more.pop("name", "cli"), scopes=list(scopes or Scope), **more
        )
        created: CreatedToken = await self.run("create_token", input=wanted)
        return created

    async def new_key(self, name: str = "script", **more: Any) -> Any:
        return await self.run("create_api_key", input=CreateApiKeyInput(name=name, **more))

    async def account_id(self) -> UUID:
        """Whom the credential is good for; raises Unauthenticated."""
        me = await self.run("auth_me")
        assert me.principal is not None
        account_id: UUID = me.principal.account_id
        return account_id


async def table(services: Services, query: str, *values: Any) -> list[Any]:
    """Rows, straight from the database."""
    found: list[Any] = await services.database.raw().fetch(query, *values)
    return found


async def mailed_token(services: Services, subject: str) -> str:
    """The token of the link in the newest mail of this subject, once there is one.

    Another API may have been asked for it, which writes its mails when it has answered.
    """
    await services.chores.finish()
    rows = await until(
        lambda: table(
            services, "SELECT body FROM mails WHERE subject = $1 ORDER BY id DESC", subject
        )
    )
    found = re.search(r"\?token=(\w+)", rows[0]["body"])
    assert found is not None
    return found[1]
