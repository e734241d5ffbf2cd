"""Signing up, in and out."""

from __future__ import annotations

from starlette.responses import Response

from app.errors import (
    Conflict,
    DependencyUnavailable,
    DomainError,
    RateLimited,
    SecondFactorRequired,
    Unauthenticated,
    ValidationFailed,
)
from app.oauth import browser
from app.oauth.browser import COOKIE as CONSENT
from app.oauth.seals import Seals
from rest_compat.site.area import Area
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.proof import PROVE
from rest_compat.site.visitor import SIGN_IN, Visitor, own_path

HOME = "/profile"  # what people come for
_ACCOUNT = "/account"
SIGN_UP = "/sign-up"

area = Area("", SIGN_IN, public=True)


@area.get(SIGN_IN)
async def sign_in_page(visitor: Visitor) -> Response:
    back = own_path(visitor.query.get("next"), HOME)
    return visitor.to(back) if visitor.account else _sign_in(visitor, Form(), back)


@area.post(SIGN_IN)
async def sign_in(visitor: Visitor, form: Form) -> Response:
    """Take a name, which is a username or an e-mail address, and a password."""
    back, name, password = own_path(form.get("next"), HOME), form.text("name"), form.get("password")
    field = "email" if "@" in name else "username"
    try:
        if not name or not password:
            raise Unauthenticated("Type your name and your password.")
        tokens = await visitor.call("login", {"input": {field: name, "password": password}})
    except SecondFactorRequired as asked:
        return _second_step(visitor, asked.details["challenge"], back)
    except (Unauthenticated, ValidationFailed, RateLimited, DependencyUnavailable) as error:
        return _sign_in(visitor, form, back, error)
    return await let_in(visitor, tokens["access_token"], back)


@area.post(SIGN_IN + "/code")
async def second_step(visitor: Visitor, form: Form) -> Response:
    """Take a code of the second factor. Where the challenge is over, begin anew."""
    back, challenge = own_path(form.get("next"), HOME), form.get("challenge")
    given = {"challenge": challenge, "code": form.text("code")}
    try:
        tokens = await visitor.call("complete_login", {"input": given})
    except (SecondFactorRequired, RateLimited, DependencyUnavailable) as error:
        return _second_step(visitor, challenge, back, error)
    except Unauthenticated as error:
        return _sign_in(visitor, Form(), back, error)
    return await let_in(visitor, tokens["access_token"], back)


@area.get(SIGN_UP)
async def sign_up_page(visitor: Visitor) -> Response:
    back = own_path(visitor.query.get("next"), HOME)
    return visitor.to(back) if visitor.account else _sign_up(visitor, Form(), back)


@area.post(SIGN_UP)
async def sign_up(visitor: Visitor, form: Form) -> Response:
    """Make an account, and sign in to it."""
    back = own_path(form.get("next"), HOME)
    names = ("username", "email", "full_name")
    given = {name: form.text(name) for name in names} | {"password": form.get("password")}
    try:
        account = await visitor.call("register", {"input": given})
    except (ValidationFailed, Conflict, RateLimited) as error:
        return _sign_up(visitor, form, back, error)
    who = {"username": account["username"], "password": given["password"]}
    try:
        tokens = await visitor.call("login", {"input": who})
    except (RateLimited, DependencyUnavailable):
        return visitor.to(SIGN_IN, "Your account is made. Sign in to it in a moment.", "caution")
    await visitor.signed_in(tokens["access_token"])
    return visitor.to(back, "Welcome. Confirm your address by the link in the mail that we sent.")


@area.post("/sign-out")
async def sign_out(visitor: Visitor, form: Form) -> Response:
    """End the session of this browser, and that of the pages of consent (app/oauth/browser.py)."""
    if visitor.account:
        await visitor.call("logout")
    kept = visitor.cookie(CONSENT)
    at_consent = None if kept is None else Seals(visitor.services.settings).visit(kept)
    if at_consent is not None:
        await browser.sign_out(visitor.context, at_consent)
    visitor.forget()
    answer = visitor.to(SIGN_IN, "You have signed out.")
    if kept is not None:
        visitor.set_cookie(answer, CONSENT, "", 0)
    return answer


@area.post(PROVE, public=False)
async def prove(visitor: Visitor, form: Form) -> Response:
    """Go back to the page that asked for a proof, which has been taken by now."""
    return visitor.to(own_path(form.get("next"), HOME))


async def let_in(visitor: Visitor, access_token: str, back: str) -> Response:
    """Go on to `back` as who has just signed in; those whose account is to be deleted, and who may
    have come back to keep it, to where that is done."""
    await visitor.signed_in(access_token)
    own = await visitor.call("account")
    return visitor.to(_ACCOUNT if own["delete_after"] and back == HOME else back)


def refused(visitor: Visitor, back: str, fault: DomainError) -> Response:
    """The page to sign in by, with why it was not done by another service."""
    return _sign_in(visitor, Form(), back, fault)


def _sign_in(visitor: Visitor, form: Form, back: str, fault: DomainError | None = None) -> Response:
    status = 422 if isinstance(fault, Unauthenticated) else None
    return page(
        visitor, "sign_in/sign_in.html.j2", status=status, fault=fault, form=form, back=back
    )


def _second_step(
    visitor: Visitor, challenge: str, back: str, fault: DomainError | None = None
) -> Response:
    status = 422 if isinstance(fault, Unauthenticated) else None
    return page(
        visitor,
        "sign_in/second_step.html.j2",
        status=status,
        fault=fault,
        challenge=challenge,
        back=back,
    )


def _sign_up(visitor: Visitor, form: Form, back: str, fault: DomainError | None = None) -> Response:
    return page(visitor, "sign_in/sign_up.html.j2", fault=fault, form=form, back=back)
