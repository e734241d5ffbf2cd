"""Who looks at a page: a browser, signed in or not, on whose behalf operations are run.

The cookie names a session (app/auth/visits.py). A page's operations run in this process as if the
access token of that session had been sent: the same validation, scopes, metering and failures. The
cookie itself is no credential anywhere else.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from functools import cache
from typing import Any, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.types import get_object_definition
from strawberry.types.field import StrawberryField

from app import http
from app.auth import sessions
from app.auth.visits import Notice, Visit, Visits
from app.call import Call, Context, Credentials
from app.errors import NotFound, Unauthenticated, ValidationFailed
from app.services import Services
from rest_compat.codec import WireOperation, wire_operations
from rest_compat.routes import Answer, download, respond
from schema.operation import events_of
from schema.root import Subscription
from schema.types.download import Stream

SIGN_IN = "/sign-in"

_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}")


@cache
def _operations() -> dict[str, WireOperation]:
    return {wire.name: wire for wire in wire_operations()}


@cache
def _subscriptions() -> dict[str, StrawberryField]:
    fields = get_object_definition(Subscription, strict=True).fields
    return {field.python_name: field for field in fields}


def own_path(text: str | None, default: str) -> str:
    """`text` if it leads to a page of ours and nowhere else, or `default`."""
    return text if text and _OWN_PATH.fullmatch(text) else default


class Visitor:
    """One request of a browser. `account` is who is signed in, as `auth_me` says it; or None."""

    def __init__(self, services: Services, visits: Visits, request: Request) -> None:
        self.services = services
        self.request = request
        self.account: dict[str, Any] | None = None
        self.visits = visits
        self._is_secure = services.settings.public_url.startswith("https:")
        self._context: Context = http.new_context(services, request.scope, public=True)
        given = self.cookie("vitae")
        visit = None if given is None else visits.opened(given)
        self.visit: Visit = visit or visits.new()
        self._visit_is_new = visit is None
        self._notice: Notice | None = None
        self._notice_is_told = False
        self._is_forgotten = False
        self._show_session()

    @property
    def context(self) -> Context:
        """The request as operations see it, signed in as the session of the cookie."""
        return self._context

    @property
    def path(self) -> str:
        """The path that was asked for, with its query."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    def page_before(self, default: str) -> str:
        """The path of the page where the browser says that it comes from, or `default`."""
        try:
            before = urlsplit(self.request.headers.get("referer", ""))
        except ValueError:  # of no browser
            return default
        return own_path(before.path, default)

    @property
    def query(self) -> QueryParams:
        return self.request.query_params

    @property
    def params(self) -> dict[str, str]:
        """What stood in the path, by the names in braces."""
        return self.request.path_params

    @property
    def form_token(self) -> str:
        return self.visits.form_token(self.visit)

    @property
    def notice(self) -> Notice | None:
        """What the page before wanted to be told on this one; it is told once."""
        text = self.cookie("vitae-notice")
        if self._notice is None and text is not None:
            self._notice = self.visits.notice(self.visit, text)
            self._notice_is_told = True
        return self._notice

    async def call(self, name: str, arguments: dict[str, Any] | None = None) -> Any:
        """What the operation of `schema/root.py` of this name answers over REST, without envelope.

        `arguments` are those of the wire: `{"limit": 20}`, `{"token_id": …, "input": {…}}`; an
        `Upload` is given as one. Raises DomainError.
        """
        wire, result = await self._run(name, arguments)
        return None if result is None else wire.encode(result)

    async def download(self, name: str, arguments: dict[str, Any] | None = None) -> Response:
        """The file that the operation of this name answers, to be sent as it is."""
        _, result = await self._run(name, arguments)
        if not isinstance(result, Stream):
            raise TypeError(f"{name} answers no file")
        return _Sent(await download(result, self.request.scope))

    async def content(self, name: str, arguments: dict[str, Any] | None = None) -> bytes:
        """The bytes of such a file, for a page that shows what is in it."""
        _, result = await self._run(name, arguments)
        if not isinstance(result, Stream):
            raise TypeError(f"{name} answers no file")
        opened = await result.open()
        if isinstance(opened, bytes):
            return opened
        async with contextlib.aclosing(cast("AsyncGenerator[bytes]", opened)) as chunks:
            return b"".join([chunk async for chunk in chunks])

    async def watch(self, name: str, arguments: dict[str, Any]) -> AsyncIterator[Any]:
        """What the subscription of this name tells, for as long as somebody is signed in."""
        events = events_of(_subscriptions()[name])
        async with contextlib.aclosing(events(self._context, **arguments)) as told:
            async for event in told:
                await self.call("auth_me")
                yield event

    async def _run(self, name: str, arguments: dict[str, Any] | None) -> tuple[WireOperation, Any]:
        wire = _operations()[name]
        context = self._context
        if not wire.operation.requires.credentials:
            context = replace(context.anew(), credentials=Credentials())
        try:
            result = await wire.operation.run(context, lambda: wire.decode(arguments or {}))
        except ValidationFailed as error:
            # As over REST: a malformed id names nothing that exists.
            if any(field.path in wire.path_arguments for field in error.fields):
                raise NotFound from None
            raise
        return wire, result

    async def enter(self) -> None:
        """See who is signed in; raises Unauthenticated if nobody is (any more)."""
        if self.visit.session_id is None:
            raise Unauthenticated(reason="missing")
        self.account = (await self.call("auth_me"))["principal"]
        if self.visit.is_to_be_renewed:
            async with self.services.database.transaction() as db:
                await sessions.extend(Call(self._context, db), self.visit.session_id)
            self._visit_is_new = True

    async def enter_if_signed_in(self) -> None:
        """The same, for a page that is for everybody: whose session has ended is nobody then."""
        try:
            await self.enter()
        except Unauthenticated:
            self.lapse()

    def lapse(self) -> None:
        """The session of this request stands no more; it is nobody's.

        The cookie is left: another tab may have got a newer one since this was asked for, and would
        be signed out by an answer that takes it away.
        """
        self.visit = replace(self.visit, session_id=None, account_id=None)
        self.account = None
        self._show_session()

    async def signed_in(self, access_token: str) -> None:
        """Take the session of a token that was just made; the one that was here before ends, since
        no page leads to it any more.

        The visit gets another name: what the browser was known by is known to whoever planted it.
        """
        if self.account:
            await self.call("logout")
        claims = self.services.sessions.verify(access_token)
        self._become(claims.session_id, claims.account_id)

    async def go_on_anew(self) -> None:
        """Stay signed in by another session, so that a copy of the cookie is good for nothing."""
        async with self.services.database.transaction() as db:
            grant = await sessions.replace(Call(self._context, db))
        claims = self.services.sessions.verify(grant.access_token)
        self._become(claims.session_id, claims.account_id)

    def forget(self) -> None:
        """Nobody is signed in here from now on. The session itself is ended by `logout`."""
        self._become(None, None)
        self.leave_nothing()

    def leave_nothing(self) -> None:
        """Have the browser keep no page of who was signed in."""
        self._is_forgotten = True

    def _become(self, session_id: UUID | None, account_id: UUID | None) -> None:
        self.visit = self.visits.new(session_id, account_id)
        self.account = None
        self._visit_is_new = True
        self._show_session()

    def _show_session(self) -> None:
        context, visit = self._context, self.visit
        context.principal = context.presented = context.metered = None
        context.credentials = Credentials()
        if visit.session_id is not None and visit.account_id is not None:
            token = self.services.sessions.access_token(visit.account_id, visit.session_id)
            context.credentials = Credentials(bearer=token)

    def to(self, path: str, notice: str | None = None, kind: str = "done") -> Response:
        """Go to another page of ours, which tells `notice`; `kind` is `done` or `caution`."""
        if self.request.headers.get("x-by-script"):
            answer = Response(status_code=204, headers={"x-go-to": path})
        else:
            answer = Response(status_code=303, headers={"location": path})
        answer.headers["cache-control"] = "no-store"
        if notice is not None:
            sealed = self.visits.sealed_notice(self.visit, Notice(notice, kind))
            self.set_cookie(answer, "vitae-notice", sealed, 120)
        return answer

    def to_sign_in(self, back: str) -> Response:
        """Have somebody sign in, and go on to `back`, a path of ours."""
        return self.to(f"{SIGN_IN}?{urlencode({'next': back})}")

    def leave(self, answer: Response) -> Response:
        """`answer` with what the browser is to keep."""
        if self._visit_is_new:
            life = int(self.visits.life(self.visit).total_seconds())
            self.set_cookie(answer, "vitae", self.visits.sealed(self.visit), life)
        if self._notice_is_told:
            self.set_cookie(answer, "vitae-notice", "", 0)
        if self._is_forgotten and self._is_secure:  # elsewhere browsers complain of it
            answer.headers["clear-site-data"] = '"cache"'
        return answer

    def cookie(self, name: str) -> str | None:
        """What the browser keeps under a name that `set_cookie` gave it."""
        return self.request.cookies.get(self._cookie(name))

    def _cookie(self, name: str) -> str:
        """Browsers take a cookie of this name by https, from this very host and for all of it only,
        so that no neighbour under the same domain can have somebody signed in as themselves."""
        return f"__Host-{name}" if self._is_secure else name

    def set_cookie(self, answer: Response, name: str, value: str, seconds: int) -> None:
        """Have the browser keep `value` for so many seconds, out of reach of scripts."""
        answer.set_cookie(
            self._cookie(name),
            value,
            max_age=seconds,
            secure=self._is_secure,
            httponly=True,
            samesite="lax",
        )


class _Sent(Response):
    """An `Answer` of the REST routes, as a response of a page's."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(status_code=answer.status)
        self._answer = answer
        self.raw_headers = list(answer.headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._answer.headers = self.raw_headers
        await respond(self._answer, scope, receive, send)
