"""An area: routes of pages that belong together, one file of this package.

    area = Area("Account", "/account")

    @area.get("/account/tokens")
    async def tokens(visitor: Visitor) -> Response: …

    @area.post("/account/tokens/{token_id}/revoke")
    async def revoke(visitor: Visitor, form: Form) -> Response: …

A page is for who is signed in, unless its area or route says `public`. What a route raises becomes
a page (failures.py). A POST that needs a proof of who is there (403 reauthentication_required) asks
for it and then goes on, by itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.auth.visits import Visits
from app.bodies import SMALL_BYTES, ClientGone
from app.errors import NotFound, ReauthenticationRequired
from app.services import Services
from rest_compat.site import failures, proof
from rest_compat.site.compressing import compressed
from rest_compat.site.forms import Form, form_of
from rest_compat.site.visitor import Visitor

Page = Callable[[Visitor], Awaitable[Response]]
Action = Callable[[Visitor, Form], Awaitable[Response]]


@dataclass(slots=True)
class Area:
    """`name` and `home` are what the navigation shows; an area without a name is not in it.

    `pages` are the paths of what can be looked at.
    """

    name: str
    home: str
    public: bool = False
    pages: list[str] = field(default_factory=list)
    _routes: list[Callable[[Services, Visits], Route]] = field(default_factory=list)

    def get(self, path: str, *, public: bool | None = None) -> Callable[[Page], Page]:
        """A page at `path`."""
        is_public = self.public if public is None else public

        def add(page: Page) -> Page:
            self.pages.append(path)
            self._add("GET", path, lambda visitor: _shown(visitor, page, is_public))
            return page

        return add

    def file(self, path: str) -> Callable[[Page], Page]:
        """What is no page at `path`, as a file."""

        def add(page: Page) -> Page:
            self._add("GET", path, lambda visitor: _shown(visitor, page, self.public))
            return page

        return add

    def post(
        self, path: str, *, public: bool | None = None, largest: int = SMALL_BYTES
    ) -> Callable[[Action], Action]:
        """What is done with a form that is sent to `path`, of at most `largest` bytes."""
        is_public = self.public if public is None else public

        def add(action: Action) -> Action:
            self._add("POST", path, lambda visitor: _done(visitor, action, is_public, largest))
            return action

        return add

    def routes(self, services: Services, visits: Visits) -> list[Route]:
        """All of them, and below `home` a page for every address that is none.

        A path stands before one with a name in braces that would take it for its own.
        """
        made = [make(services, visits) for make in self._routes]
        found = sorted(made, key=lambda route: "{" in route.path)
        if self.name:
            found.append(_route("GET", f"{self.home}/{{rest:path}}", services, visits, _absent))
        return found

    def _add(self, method: str, path: str, answer: Page) -> None:
        def make(services: Services, visits: Visits) -> Route:
            return _route(method, path, services, visits, answer)

        self._routes.append(make)


def _route(method: str, path: str, services: Services, visits: Visits, answer: Page) -> Route:
    async def endpoint(request: Request) -> Response:
        request.state.route = path
        visitor = Visitor(services, visits, request)
        try:
            response = await answer(visitor)
        except ClientGone:
            return Response(status_code=400)  # to nobody
        except Exception as error:
            response = await failures.answer(visitor, error)
        return visitor.leave(compressed(visitor, response))

    return Route(path, endpoint, methods=[method])


async def _shown(visitor: Visitor, page: Page, is_public: bool) -> Response:
    await _enter(visitor, is_public)
    try:
        return await page(visitor)
    except ReauthenticationRequired:
        return await proof.ask(visitor, Form(), visitor.path)


async def _done(visitor: Visitor, action: Action, is_public: bool, largest: int) -> Response:
    await _enter(visitor, is_public)
    form = await form_of(visitor, largest)
    if not is_public and proof.is_given(form):
        refused = await proof.take(visitor, form)
        if refused is not None:
            return refused
        form = proof.without(form)
    try:
        return await action(visitor, form)
    except ReauthenticationRequired:
        if is_public:
            raise
        return await proof.ask(visitor, form)


async def _enter(visitor: Visitor, is_public: bool) -> None:
    await (visitor.enter_if_signed_in() if is_public else visitor.enter())


async def _absent(visitor: Visitor) -> Response:
    await visitor.enter_if_signed_in()
    raise NotFound
