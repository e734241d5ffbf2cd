"""A page for each kind of failure. None of them says more than the API does."""

from __future__ import annotations

import logging
from typing import Any

from starlette.responses import PlainTextResponse, Response

from app.errors import (
    DomainError,
    Internal,
    Kind,
    MethodNotAllowed,
    PlanRequired,
    Unauthenticated,
)
from rest_compat.edge import as_domain_error
from rest_compat.errors import STATUS
from rest_compat.site.forms import StaleForm
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor, own_path

log = logging.getLogger("vitae.http")

_TITLES = {
    Kind.NOT_FOUND: "There is nothing here",
    Kind.METHOD_NOT_ALLOWED: "There is nothing here",
    Kind.RATE_LIMITED: "That was a lot at once",
    Kind.UNAVAILABLE: "Not available right now",
    Kind.INTERNAL: "Something went wrong on our side",
    Kind.TOO_LARGE: "That is too large",
    Kind.CONFLICT: "That can’t be done now",
    Kind.PRECONDITION_FAILED: "It has changed meanwhile",
    Kind.PAYMENT_REQUIRED: "There are not enough credits",
}


async def answer(visitor: Visitor, error: Exception) -> Response:
    """What is answered to a request that ended with `error`."""
    if isinstance(error, StaleForm):
        return _stale(visitor)
    told = as_domain_error(error)
    if isinstance(told, Internal):
        fields = {
            "request_id": visitor.context.request_id,
            "route": visitor.request.scope["state"].get("route"),
        }
        log.error("unhandled error", exc_info=error, extra={"fields": fields})
    if isinstance(told, Unauthenticated):
        return _sign_in(visitor)
    if visitor.request.headers.get("x-by-script"):
        return _in_passing(told)
    if isinstance(told, PlanRequired):
        return await _plan(visitor, told)
    return _failure(visitor, told)


def _failure(visitor: Visitor, error: DomainError) -> Response:
    if isinstance(error, MethodNotAllowed):
        error = MethodNotAllowed("What was sent leads nowhere, and nothing was done with it.")
    return page(
        visitor,
        "failure.html.j2",
        fault=error,
        title=_TITLES.get(error.kind, "That did not work"),
        retry_after=error.retry_after,
        is_passing=error.kind is Kind.UNAVAILABLE,
        request_id=visitor.context.request_id if isinstance(error, Internal) else None,
        again=visitor.path if visitor.request.method == "GET" else None,
    )


def _sign_in(visitor: Visitor) -> Response:
    """Nobody is signed in (any more): have them sign in, and come back to the page they were on."""
    visitor.lapse()
    visitor.leave_nothing()
    if visitor.request.method == "GET":
        return visitor.to_sign_in(own_path(visitor.path, "/account"))
    return visitor.to_sign_in(visitor.page_before("/account"))


def _stale(visitor: Visitor) -> Response:
    if visitor.request.headers.get("x-by-script"):
        return PlainTextResponse("This page was open for too long. Load it again.", 403)
    keeps_cookies = visitor.cookie("vitae") is not None
    back = visitor.page_before("/")
    return page(visitor, "stale.html.j2", status=403, back=back, keeps_cookies=keeps_cookies)


def _in_passing(error: DomainError) -> Response:
    """To a part of a page that was asked for by script: the words alone."""
    words = " ".join([error.message, *(field.message for field in error.fields)])
    headers = {"cache-control": "no-store"}
    if error.retry_after is not None:
        headers["retry-after"] = str(error.retry_after)
    return PlainTextResponse(words, STATUS[error.kind], headers)


async def _plan(visitor: Visitor, error: PlanRequired) -> Response:
    """What the plan that is needed has, and the way to it."""
    wanted = error.details.get("required_plan")
    plans: list[dict[str, Any]] = (await visitor.call("billing_plans"))["items"]
    plan = next((each for each in plans if each["plan"] == wanted), None)
    return page(
        visitor,
        "plan_required.html.j2",
        status=403,
        message=error.message,
        wanted=wanted,
        plan=plan,
    )
