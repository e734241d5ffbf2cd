"""A model that calls tools with a personal token, without a transport between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.call import Context, Credentials
from app.services import Services
from rest_compat.mcp.caller import Caller
from rest_compat.mcp.gate import CONNECT
from rest_compat.mcp.tools import Tools
from rest_compat.mcp.waiting import Progress
from schema.types.access import Scope
from tests.people import Person

CONNECTED = Scope.MCP_CONNECT
RESUMES = (CONNECTED, Scope.RESUME_GENERATE)
ALL = (*RESUMES, Scope.TOOLS_INVOKE)


@dataclass
class Model:
    """`person` is whose token it is, and signs in by a session."""

    services: Services
    person: Person
    token: str
    tools: Tools = field(default_factory=Tools)

    @classmethod
    async def of(cls, services: Services, *scopes: Scope, username: str = "ann") -> Model:
        person = await Person(services).signed_in(username)
        created = await person.new_token(*scopes)
        return cls(services, person, created.token)

    async def caller(self, *, underscores: bool = False) -> Caller:
        """A new message of this model, admitted as the transport does."""
        context = Context(self.services, "req_test", Credentials(bearer=self.token))
        await CONNECT.run_uncounted(context, dict)
        return Caller(context, underscores)

    async def call(
        self, tool: str, /, *, progress: Progress | None = None, **arguments: Any
    ) -> Any:
        """The whole answer, a failure too."""
        return await self.tools.call(await self.caller(), tool, arguments, progress)

    async def do(self, tool: str, /, **arguments: Any) -> Any:
        """The structured content of an answer that is no failure."""
        answer = await self.call(tool, **arguments)
        assert not answer["isError"], answer["content"][0]["text"]
        return answer["structuredContent"]

    async def fail(self, tool: str, /, **arguments: Any) -> tuple[dict[str, Any], str]:
        """The error of an answer that is a failure, and its text."""
        answer = await self.call(tool, **arguments)
        assert answer["isError"], answer["structuredContent"]
        return answer["structuredContent"]["error"], answer["content"][0]["text"]
