"""The page of each kind of failure."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response

from app.auth.visits import Visits
from app.errors import (
    Conflict,
    DependencyUnavailable,
    DomainError,
    InsufficientCredits,
    PlanRequired,
    PreconditionFailed,
    RateLimited,
)
from app.services import Services
from app.settings import Settings
from app.web.told import told
from rest_compat.edge import Edge
from rest_compat.site.area import Area
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor
from tests.conftest import serving
from tests.people import Person, table
from tests.site.visiting import Visit, cookie_of

area = Area("Trouble", "/trouble")

# Nobody listens there.
AWAY = "postgresql://postgres@127.0.0.1:1/vitae"

_ERRORS: dict[str, Exception] = {
    "plan": PlanRequired(required_plan="pro", effective_plan="free"),
    "plan-of-nobody": PlanRequired(required_plan="nobody's"),
    "rate": RateLimited(retry_after=130),
    "away": DependencyUnavailable(),
    "credits": InsufficientCredits(price=3, available=1),
    "conflict": Conflict("It is being rendered just now."),
    "changed": PreconditionFailed(),
    "fault": ZeroDivisionError("a secret of ours"),
}


@area.get("/trouble/{name}")
async def trouble(visitor: Visitor) -> Response:
    raise _ERRORS[visitor.params["name"]]


@area.post("/trouble/{name}")
async def more_trouble(visitor: Visitor, form: Form) -> Response:
    raise _ERRORS[visitor.params["name"]]


@area.get("/trouble")
async def home(visitor: Visitor) -> Response:
    return page(visitor, "stale.html.j2", back="/", keeps_cookies=True)


@pytest.fixture
async def troubled(services: Services, ann: Person) -> AsyncIterator[Visit]:
    """Ann's browser at pages where nothing works."""
    routes = area.routes(services, Visits(services.settings))
    app = Starlette(routes=routes, middleware=[Middleware(Edge, secure=False)])
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        http.cookies.set("vitae", cookie_of(ann), "127.0.0.1", "/")
        yield Visit(http)


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("plan", 403, "Premium themes"),
        ("plan-of-nobody", 403, "nobody&#39;s"),
        ("rate", 429, "Try again in 3 minutes."),
        ("away", 503, "Not available right now"),
        ("credits", 402, "There are not enough credits"),
        ("conflict", 409, "It is being rendered just now."),
        ("changed", 412, "It has changed meanwhile"),
    ],
)
async def test_a_failure_is_told_on_a_page(
    troubled: Visit, name: str, status: int, words: str
) -> None:
    for answer in (await troubled.open(f"/trouble/{name}"), await _posted(troubled, name)):
        assert answer.status_code == status
        assert words in answer.text
        assert answer.headers["content-type"].startswith("text/html")
        assert ("retry-after" in answer.headers) == (name == "rate")


async def test_a_fault_of_ours_tells_nothing_but_what_to_ask_about(
    troubled: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await troubled.open("/trouble/fault")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "secret" not in answer.text
    assert "unhandled error" in caplog.text


@pytest.mark.parametrize("name", ["plan", "rate", "conflict"])
async def test_to_a_part_of_a_page_the_words_alone_are_told(troubled: Visit, name: str) -> None:
    answer = await troubled.http.get(f"/trouble/{name}", headers={"x-by-script": "true"})
    error = _ERRORS[name]
    assert isinstance(error, DomainError)
    assert answer.text == error.message
    assert answer.headers["content-type"].startswith("text/plain")


async def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in(troubled: Visit) -> None:
    troubled.http.cookies.clear()
    answer = await troubled.http.get("/trouble/rate", headers={"x-by-script": "true"})
    assert (answer.status_code, answer.headers["x-go-to"][:8]) == (204, "/sign-in")


async def _posted(troubled: Visit, name: str) -> httpx.Response:
    await troubled.open("/trouble")
    token = troubled.forms()["/sign-out"]["form_token"]
    return await troubled.http.post(f"/trouble/{name}", headers={"x-form-token": token})


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RateLimited(retry_after=1), "Too many attempts. Try again in 1 minute."),
        (RateLimited(retry_after=60), "Too many attempts. Try again in 1 minute."),
        (RateLimited(retry_after=61), "Too many attempts. Try again in 2 minutes."),
        (RateLimited("Wait."), "Wait."),
        (Conflict("It is taken.", retry_after=9), "It is taken."),
    ],
    ids=["a second", "a minute", "more", "unknown", "no limit"],
)
def test_of_too_many_attempts_it_is_told_when_the_next_is_taken(
    error: DomainError, words: str
) -> None:
    assert told(error) == words


@pytest.mark.parametrize("path", ["/account/nothing", "/nothing", "/profile", "/developers"])
async def test_a_form_that_leads_nowhere_shows_a_page(visit: Visit, path: str) -> None:
    headers = {"accept": "text/html,*/*"}
    answer = await visit.http.post(path, headers=headers, data={"x": "y"})
    assert answer.status_code in (404, 405)
    assert "There is nothing here" in answer.text
    assert (answer.status_code == 405) == ("allow" in answer.headers)
    assert "Sign out" in answer.text


async def test_an_address_where_nothing_is_shows_a_page_to_people_only(stranger: Visit) -> None:
    shown = await stranger.http.get("/nothing", headers={"accept": "text/html"})
    assert (shown.status_code, "There is nothing here" in shown.text) == (404, True)
    for path, accept in (("/nothing", "*/*"), ("/v1/nothing", "text/html")):
        told = await stranger.http.get(path, headers={"accept": accept})
        assert told.json()["error"]["code"] == "not_found"


@pytest.fixture
async def without_database(ann: Person, settings: Settings) -> AsyncIterator[Visit]:
    """Ann's browser, who has signed in, at a server whose database is away."""
    async with _served(ann, replace(settings, database_url=AWAY)) as visit:
        yield visit


@contextlib.asynccontextmanager
async def _served(person: Person, settings: Settings) -> AsyncIterator[Visit]:
    async with serving(settings) as url, httpx.AsyncClient(base_url=url, timeout=60) as http:
        http.cookies.set("vitae", cookie_of(person), "127.0.0.1", "/")
        yield Visit(http)


@pytest.mark.parametrize("path", ["/", "/profile", "/resumes?cursor=x", "/account/plan"])
async def test_without_a_database_a_page_says_so_and_can_be_tried_again(
    without_database: Visit, path: str
) -> None:
    page = await without_database.open(path)
    assert page.status_code == 503
    assert "<h1>Not available right now</h1>" in page.text
    assert f'href="{path}">Try again</a>' in page.text


async def test_without_a_database_nobody_is_taken_for_signed_out(
    without_database: Visit, ann: Person, settings: Settings
) -> None:
    page = await without_database.open("/account")
    assert page.status_code == 503
    assert "Sign in" not in page.text
    assert "set-cookie" not in page.headers
    async with _served(ann, settings) as visit:  # the database is back
        visit.http.cookies = without_database.http.cookies
        assert (await visit.open("/account")).status_code == 200


async def test_a_form_that_comes_while_the_database_is_away_is_told_so(
    visit: Visit, without_database: Visit, services: Services
) -> None:
    await visit.open("/account/tokens/new")
    form = {**visit.forms()["/account/tokens/new"], "name": "laptop", "scopes": "chat:run"}
    page = await without_database.http.post("/account/tokens/new", data=form)
    assert (page.status_code, "Not available right now" in page.text) == (503, True)
    by_script = {"x-by-script": "true"}
    page = await without_database.http.post("/account/tokens/new", data=form, headers=by_script)
    assert page.status_code == 503
    assert page.text == DependencyUnavailable.default_message
    assert await table(services, "SELECT id FROM personal_tokens") == []


async def test_without_valkey_pages_go_on(ann: Person, settings: Settings) -> None:
    async with _served(ann, replace(settings, redis_url="redis://127.0.0.1:1")) as visit:
        for path in ("/account", "/profile", "/appearance", "/resumes", "/audience"):
            assert (await visit.open(path)).status_code == 200
