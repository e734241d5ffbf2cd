"""A fake of Stripe on a real socket, and its way of delivering events.

It answers as much of Stripe's API as is asked for here, each answer held to Stripe's own document.
Keys of idempotency work as Stripe's do. It can be away, or lose an answer after the deed is done.
Events it delivers signed, and as a test wishes: twice, in another order, late, or forged.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

import httpx
import stripe
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.stripe.bills import Object
from tests.stripe.objects import check
from tests.stripe.world import World

KEY = "sk_test_of_the_fake"
SECRET = "whsec_of_the_fake"
PRICES = "pro.monthly=price_month, pro.annual=price_year, small=price_small, medium=price_medium"
WEBHOOK = "/v1/billing/webhook"


class NoSuch(ValueError):
    """There is nothing by the id in this parameter."""


class FakeStripe:
    """A `World` behind HTTP. `calls` are the methods and paths that were asked for."""

    def __init__(self) -> None:
        self.url = ""
        self._again = asyncio.Event()
        self.reset()

    def reset(self) -> None:
        """Begin anew with an empty world."""
        self._again.set()  # nobody of before waits for ever
        self._again = asyncio.Event()
        self.world = World()
        self.is_away = False
        self.refuses = ""  # why nothing is done for customers, if it is not
        self.answers_to_lose = 0
        self.keeps_open = False  # sessions in which somebody is paying just now
        self.answers = asyncio.Event()  # while it is not set, whoever asks waits
        self.answers.set()
        self.slow_from = ""  # whose path has this waits too, with an answer of before
        self.waiting = 0
        self.calls: list[str] = []
        self._kept: dict[str, tuple[str, int, Object]] = {}

    def answers_again(self, slow_from: str = "") -> None:
        """Let all who wait have their answers, and others wait from now on."""
        self.slow_from, self.waiting = slow_from, 0
        self._again.set()
        self._again = asyncio.Event()

    # Delivering.

    def signed(self, event: Object, *, at: float | None = None, secret: str = SECRET) -> Any:
        """Body and headers of a delivery, signed at a time."""
        body = json.dumps(event)
        return {"content": body, "headers": self.signature(body, at=at, secret=secret)}

    def signature(
        self, body: str, *, at: float | None = None, secret: str = SECRET
    ) -> dict[str, str]:
        """The header that signs a body."""
        timestamp = int(time.time() if at is None else at)
        signature = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp)
        return {"stripe-signature": signature}

    async def deliver(
        self, client: httpx.AsyncClient, events: Sequence[Object] | None = None
    ) -> list[int]:
        """Deliver events, all there are unless said; the statuses of the answers."""
        found = self.world.events if events is None else events
        return [
            (await client.post(WEBHOOK, **self.signed(event))).status_code for event in list(found)
        ]

    # Answering.

    def app(self) -> Starlette:
        def route(path: str, endpoint: Callable[..., Object], method: str = "GET") -> Route:
            return Route(path, self._endpoint(endpoint), methods=[method])

        world = self._world
        return Starlette(
            routes=[
                route("/v1/customers", lambda form, **_: world().new_customer(form), "POST"),
                route("/v1/checkout/sessions", self._new_session, "POST"),
                route("/v1/checkout/sessions", self._sessions),
                route("/v1/checkout/sessions/{id}", self._one("sessions")),
                route("/v1/checkout/sessions/{id}/expire", self._expire, "POST"),
                route("/v1/billing_portal/sessions", self._new_portal, "POST"),
                route("/v1/subscriptions/{id}", self._one("subscriptions")),
                route("/v1/invoices/{id}", self._one("invoices")),
                route("/v1/invoices", self._invoices),
                route("/v1/invoice_payments", self._invoice_payments),
                route("/v1/charges/{id}", self._one("charges")),
                route("/v1/refunds", self._filtered("refunds", "charge")),
                route("/v1/disputes", self._filtered("disputes", "charge")),
                route("/v1/events", self._events),
            ]
        )

    def _world(self) -> World:
        return self.world

    def _endpoint(self, answer: Callable[..., Object]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            self.calls.append(f"{request.method} {request.url.path}")
            await self.answers.wait()
            if self.is_away:
                return _failure(503, "api_error", "Stripe is away.")
            if request.headers.get("authorization") != f"Bearer {KEY}":
                return _failure(401, "invalid_request_error", "Invalid API key.")
            body = (await request.body()).decode()
            status, found = self._answered(request, body, answer)
            if self.slow_from and self.slow_from in request.url.path:
                found = copy.deepcopy(found)
                self.waiting += 1
                await self._again.wait()
            if self.answers_to_lose and request.method == "POST":
                self.answers_to_lose -= 1
                return _failure(500, "api_error", "The answer was lost.")
            if status == 200:
                check_answer(found)
            return JSONResponse(found, status)

        return endpoint

    def _answered(
        self, request: Request, body: str, answer: Callable[..., Object]
    ) -> tuple[int, Object]:
        key = request.headers.get("idempotency-key", "")
        if request.method == "POST":
            assert key, "every write has a key"
            if key in self._kept:
                first, status, kept = self._kept[key]
                if first != body:
                    return 400, _error("idempotency_error", "Another body under the same key.")
                return status, kept
        form = _tree(parse_qsl(body) if body else parse_qsl(request.url.query))
        try:
            status, found = 200, answer(form=form, **request.path_params)
        except LookupError:
            status, found = 404, _error("invalid_request_error", "No such object.")
        except NoSuch as missing:
            status, found = 400, _error("invalid_request_error", "No such object.")
            found["error"].update(code="resource_missing", param=str(missing))
        except ValueError as refusal:
            status, found = 400, _error("invalid_request_error", str(refusal))
        if request.method == "POST" and status != 400:  # what is refused may be asked for again
            self._kept[key] = (body, status, json.loads(json.dumps(found)))
        return status, found

    def _new_session(self, form: Object) -> Object:
        self._of_customer(form)
        return self.world.new_session(form)

    def _new_portal(self, form: Object) -> Object:
        self._of_customer(form)
        return self.world.new_portal(form)

    def _invoices(self, form: Object) -> Object:
        self._of_customer(form)
        return self._filtered("invoices", "customer")(form)

    def _of_customer(self, form: Object) -> None:
        if self.refuses:
            raise ValueError(self.refuses)
        if form["customer"] not in self.world.customers:
            raise NoSuch("customer")

    def _expire(self, form: Object, **path: str) -> Object:
        if self.keeps_open or self.world.sessions[path["id"]]["status"] != "open":
            raise ValueError("Only open sessions can be expired.")
        return self.world.expire(path["id"])

    def _sessions(self, form: Object) -> Object:
        intent = form["payment_intent"]
        found = [s for s in self.world.sessions.values() if s["payment_intent"] == intent]
        return _list(found, "/v1/checkout/sessions")

    def _invoice_payments(self, form: Object) -> Object:
        intent = form["payment"]["payment_intent"]
        payments = self.world.invoice_payments.values()
        found = [p for p in payments if p["payment"]["payment_intent"] == intent]
        return _list(found, "/v1/invoice_payments")

    def _events(self, form: Object) -> Object:
        since = int(form["created"]["gte"])
        newest = [e for e in reversed(self.world.events) if e["created"] >= since]
        return _page(newest, form, "/v1/events")

    def _one(self, place: str) -> Callable[..., Object]:
        return lambda form, **path: getattr(self.world, place)[path["id"]]

    def _filtered(self, place: str, field: str) -> Callable[..., Object]:
        def answer(form: Object) -> Object:
            every = reversed(list(getattr(self.world, place).values()))
            found = [item for item in every if item[field] == form[field]]
            return _page(found, form, f"/v1/{place}")

        return answer


def check_answer(found: Object) -> None:
    """Assert that an answer is as Stripe's document says."""
    if found["object"] == "list":
        for item in found["data"]:
            check(item["object"], item)
    else:
        check(found["object"], found)


@contextlib.asynccontextmanager
async def serving_fake() -> AsyncIterator[FakeStripe]:
    """A fake on a socket of this process, for as long as the block lasts."""
    fake = FakeStripe()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(fake.app(), log_config=None, timeout_keep_alive=60))
        serve = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        fake.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            yield fake
        finally:
            server.should_exit = True
            await serve


def _page(found: list[Object], form: Object, url: str) -> Object:
    after = form.get("starting_after")
    if after is not None:
        ids = [item["id"] for item in found]
        if after not in ids:
            raise ValueError(f"No such object: {after}")
        found = found[ids.index(after) + 1 :]
    limit = int(form.get("limit", 10))
    return _list(found[:limit], url, has_more=len(found) > limit)


def _list(items: list[Object], url: str, *, has_more: bool = False) -> Object:
    return {"object": "list", "data": items, "has_more": has_more, "url": url}


def _error(type_: str, message: str) -> Object:
    return {"error": {"type": type_, "message": message}}


def _failure(status: int, type_: str, message: str) -> Response:
    # As Stripe says of what it would rather not hear again at once; it keeps tests from waiting.
    return JSONResponse(_error(type_, message), status, {"stripe-should-retry": "false"})


def _tree(pairs: list[tuple[str, str]]) -> Object:
    """`a[b][0][c]=1` as nested objects and lists."""
    root: Object = {}
    for name, value in pairs:
        keys = name.replace("]", "").split("[")
        place = root
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    found: Object = _with_lists(root)
    return found


def _with_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    inner = {key: _with_lists(value) for key, value in node.items()}
    return list(inner.values()) if inner and all(map(str.isdecimal, inner)) else inner
