"""Where the links in mails lead, and how to get one for a forgotten password.

A link does something only when its button is clicked: programs that read mail follow links, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from app.errors import DomainError, RateLimited, ValidationFailed
from rest_compat.site.area import Area
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.visitor import SIGN_IN, Visitor

FORGOTTEN = "/forgot-password"
RESET = "/reset-password"
_ACCOUNT = "/account"

area = Area("", FORGOTTEN, public=True)


@dataclass(frozen=True, slots=True)
class _Link:
    """What a link is for: the operation, what the page says, and what is told afterwards."""

    operation: str
    title: str
    text: str
    button: str
    done: str


_LINKS = {
    "/verify-email": _Link(
        "verify_email",
        "Confirm your address",
        "Is this e-mail address yours? Then nobody else can use it for an account.",
        "Yes, it is mine",
        "Your address is confirmed.",
    ),
    "/confirm-email": _Link(
        "confirm_email_change",
        "Use this address",
        "From then on it is the address of your account, and mails go here.",
        "Use this address",
        "This is the address of your account now.",
    ),
    "/undo-email-change": _Link(
        "undo_email_change",
        "Keep your address",
        "The change is undone, and everybody who is signed in to your account is signed out. Choose"
        " a new password next.",
        "Undo the change",
        "Your address is as it was, and all sessions have ended. Choose a new password now.",
    ),
}


@area.get(FORGOTTEN)
async def forgotten_page(visitor: Visitor) -> Response:
    return page(visitor, "sign_in/forgotten.html.j2", form=Form(), sent=False)


@area.post(FORGOTTEN)
async def forgotten(visitor: Visitor, form: Form) -> Response:
    """Have a link sent; what is answered is the same for an address of nobody's."""
    try:
        await visitor.call("request_password_reset", {"input": {"email": form.text("email")}})
    except (ValidationFailed, RateLimited) as error:
        return page(visitor, "sign_in/forgotten.html.j2", fault=error, form=form, sent=False)
    return page(visitor, "sign_in/forgotten.html.j2", form=form, sent=True)


@area.get(RESET)
async def reset_page(visitor: Visitor) -> Response:
    return _reset(visitor, visitor.query.get("token", ""))


@area.post(RESET)
async def reset(visitor: Visitor, form: Form) -> Response:
    """Set a new password, which ends all sessions; sign in by it next."""
    token = form.get("token")
    given = {"token": token, "password": form.get("password")}
    try:
        await visitor.call("reset_password", {"input": given})
    except ValidationFailed as error:
        return _reset(visitor, token, error)
    visitor.forget()
    return visitor.to(SIGN_IN, "You have a new password. Sign in with it.")


def _reset(visitor: Visitor, token: str, fault: DomainError | None = None) -> Response:
    return page(visitor, "sign_in/reset.html.j2", fault=fault, token=token)


def _add(path: str, link: _Link) -> None:
    def shown(visitor: Visitor, token: str, fault: DomainError | None = None) -> Response:
        return page(visitor, "sign_in/link.html.j2", fault=fault, link=link, token=token)

    @area.get(path)
    async def ask(visitor: Visitor) -> Response:
        return shown(visitor, visitor.query.get("token", ""))

    @area.post(path)
    async def follow(visitor: Visitor, form: Form) -> Response:
        token = form.get("token")
        try:
            await visitor.call(link.operation, {"input": {"token": token}})
        except ValidationFailed as error:
            return shown(visitor, token, error)
        if link.operation == "undo_email_change":
            visitor.forget()
            return visitor.to(FORGOTTEN, link.done)
        return visitor.to(_ACCOUNT if visitor.account else SIGN_IN, link.done)


for _path, _link in _LINKS.items():
    _add(_path, _link)
