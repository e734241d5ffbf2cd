"""The pages of sign-in and consent: HTML without script, and what each lets a browser do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment
from starlette.responses import HTMLResponse, Response

from app.call import Scope
from app.errors import DependencyUnavailable, DomainError, RateLimited
from app.oauth import devices, redirects
from app.oauth.browser import SignedIn
from app.oauth.devices import Asking
from app.oauth.seals import Request
from app.web.templating import environment
from app.web.told import told
from rest_compat.errors import STATUS

# What each scope lets a client do, for its owner: short, and what it comes to.
_ALLOWS: dict[str, tuple[str, str]] = {
    Scope.MCP_CONNECT.value: (
        "Make résumés",
        "Turn what it sends into PDFs, which may cost credits, and follow their progress.",
    ),
    Scope.TOOLS_INVOKE.value: (
        "Read and change your profile",
        "Your name, contact details, positions, studies, projects, skills and certificates;"
        " also by importing a file.",
    ),
    Scope.RESUME_GENERATE.value: (
        "Handle your résumés",
        "List, check, download, cancel and delete them.",
    ),
    Scope.CHAT_RUN.value: (
        "See the language models of your plan",
        "Which ones you may use, and your plan’s name.",
    ),
}


@dataclass(slots=True)
class SignInAgain:
    """The sign-in page once more, because of a failure."""

    name: str
    message: str = ""
    status: int = 422
    retry_after: int | None = None

    def say(self, error: DomainError) -> None:
        self.message = told(error)
        if isinstance(error, RateLimited | DependencyUnavailable):
            self.status, self.retry_after = STATUS[error.kind], error.retry_after


def sign_in(
    request: Request, sealed: str, *, by_others: bool, again: SignInAgain | None = None
) -> Response:
    """`by_others`: there are accounts that come by another service and may have no password."""
    again = again or SignInAgain("", status=200)
    return _page(
        "sign_in.html.j2",
        again.status,
        form_action="'self'",
        retry_after=again.retry_after,
        request=request,
        sealed=sealed,
        by_others=by_others,
        again=again,
    )


def second_step(
    request: Request, sealed: str, challenge: str, again: SignInAgain | None = None
) -> Response:
    """The page that asks for a code, once the password was right."""
    again = again or SignInAgain("", status=200)
    return _page(
        "second_step.html.j2",
        again.status,
        form_action="'self'",
        retry_after=again.retry_after,
        request=request,
        sealed=sealed,
        challenge=challenge,
        again=again,
    )


def consent(request: Request, sealed: str, owner: SignedIn) -> Response:
    destination = redirects.destination(request.redirect_uri)
    return _page(
        "consent.html.j2",
        200,
        # Browsers hold the redirect that follows a form to the policy of the form's page.
        form_action=f"'self' {destination.policy_source}",
        request=request,
        sealed=sealed,
        owner=owner,
        destination=destination,
        allows=[_ALLOWS[scope] for scope in request.scopes],
    )


def device(typed: str = "", failure: DomainError | None = None) -> Response:
    """Where the code is typed that a program shows."""
    again = SignInAgain(typed, status=200 if failure is None else STATUS[failure.kind])
    if failure is not None:
        again.say(failure)
    return _page(
        "device.html.j2",
        again.status,
        form_action="'self'",
        retry_after=again.retry_after,
        again=again,
    )


def device_consent(request: Request, sealed: str, owner: SignedIn, asking: Asking) -> Response:
    return _page(
        "device_consent.html.j2",
        200,
        form_action="'self'",
        request=request,
        sealed=sealed,
        owner=owner,
        asking=asking,
        code=devices.shown(asking.user_code),
        allows=[_ALLOWS[scope] for scope in request.scopes],
    )


def device_done(request: Request, *, is_allowed: bool) -> Response:
    return _page(
        "device_done.html.j2", 200, form_action="'none'", request=request, is_allowed=is_allowed
    )


def refused(
    message: str,
    status: int,
    retry_after: int | None = None,
    *,
    back: str | None = None,
    host: str | None = None,
) -> Response:
    """Why it does not go on; with a way `back` to the application at `host` to tell it so."""
    return _page(
        "refused.html.j2",
        status,
        form_action="'none'",
        retry_after=retry_after,
        message=message,
        back=back,
        host=host,
    )


def _page(
    template: str,
    status: int,
    *,
    form_action: str,
    retry_after: int | None = None,
    **values: Any,
) -> Response:
    html = _templates().get_template(template).render(values)
    headers = {
        "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self';"
        " font-src 'self';"
        f" base-uri 'none'; form-action {form_action}; frame-ancestors 'none'",
        "cache-control": "no-store",
        # A client's page that opened this one in a window wants to hear from it afterwards.
        "cross-origin-opener-policy": "unsafe-none",
    }
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return HTMLResponse(html, status, headers)


@cache
def _templates() -> Environment:
    return environment("oauth")
