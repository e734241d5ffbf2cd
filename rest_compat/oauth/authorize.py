"""The pages between a client and an owner: sign in, then allow or deny (RFC 6749, 4.1.1).

What is wrong with client_id or redirect_uri is said on a page and leads nowhere. So is any other
fault of a request that would lead to another computer: registering is open to all, and an address
of ours must not become a way to theirs. Only the owner's own click sends a browser there.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request as HTTPRequest
from starlette.responses import Response

from app import http
from app.auth.visits import Visit as SiteVisit
from app.auth.visits import Visits
from app.bodies import ClientGone
from app.call import Context
from app.errors import (
    DependencyUnavailable,
    DomainError,
    NotFound,
    RateLimited,
    SecondFactorRequired,
    Unauthenticated,
)
from app.oauth import browser, clients, devices, redirects, scopes
from app.oauth.browser import SignedIn
from app.oauth.devices import Asking, Devices
from app.oauth.documents import ClientDocuments
from app.oauth.errors import OAuthError, UnknownClient
from app.oauth.grants import Grants
from app.oauth.seals import VISIT_LIFE, Request, Seals, Visit
from app.services import Services
from rest_compat.errors import STATUS
from rest_compat.oauth import metadata, pages
from rest_compat.oauth.endpoints import Answering, see_resource
from rest_compat.oauth.forms import form_of, parameters

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST_STATE = 4000


class _Redirected(Exception):
    """A fault that the client is told of, by way of the browser."""

    def __init__(self, error: OAuthError, uri: str, state: str | None) -> None:
        self.error, self.uri, self.state = error, uri, state


class AuthorizePages:
    """The endpoints that a browser visits."""

    def __init__(
        self,
        services: Services,
        documents: ClientDocuments,
        seals: Seals,
        grants: Grants,
        devices: Devices,
    ) -> None:
        self._services = services
        self._documents = documents
        self._seals = seals
        self._grants = grants
        self._devices = devices
        self._site_visits = Visits(services.settings)
        self._secure = services.settings.public_url.startswith("https:")
        # Browsers take a cookie of this name by https, from this very host and for all of it only,
        # so that no neighbour under the same domain can have somebody signed in as themselves.
        self._cookie = f"__Host-{browser.COOKIE}" if self._secure else browser.COOKIE

    async def authorize(self, http_request: HTTPRequest) -> Response:
        """Ask whoever is signed in for consent, or have somebody sign in first."""
        context = self._context(http_request)
        asked = parameters(http_request.scope["query_string"])
        request = await self._checked(asked, context.address)
        return await self._asked(http_request, request)

    async def device(self, http_request: HTTPRequest) -> Response:
        """Ask for the code that a program shows, and then for consent (RFC 8628, 3.3)."""
        context = self._context(http_request)
        typed = parameters(http_request.scope["query_string"]).get("user_code")
        if typed is None:
            return pages.device()
        try:
            asking = await self._devices.find(typed, context.address)
        except RateLimited as error:
            return pages.device(typed, error)
        if asking is None:
            return pages.device(typed, NotFound("This code is wrong, or has expired."))
        request = Request(
            asking.client_id,
            asking.client_name,
            asking.client_host,
            "",
            asking.code_challenge,
            asking.scopes,
            None,
            asking.user_code,
        )
        return await self._asked(http_request, request, asking)

    async def _asked(
        self, http_request: HTTPRequest, request: Request, asking: Asking | None = None
    ) -> Response:
        context = self._context(http_request)
        visit = self._visit(http_request) or self._visit_of_site(http_request)
        owner = None if visit is None else await browser.signed_in(context, visit)
        if visit is None or (owner is None and visit.session_id is not None):
            visit = self._seals.new_visit()
        sealed = self._seals.sealed_request(request, visit)
        if owner is None:
            page = pages.sign_in(request, sealed, by_others=self._services.outside is not None)
        elif asking is not None:
            page = pages.device_consent(request, sealed, owner, asking)
        else:
            page = pages.consent(request, sealed, owner)
        return self._with_cookie(page, visit)

    async def sign_in(self, http_request: HTTPRequest) -> Response:
        """Take a name and a password, or a code after them, and go on to consent."""
        form = await form_of(http_request, self._services)
        visit, request = self._own(http_request, form)
        if "challenge" in form:
            return await self._second_step(http_request, form, visit, request)
        name, password = form.get("name", "").strip(), form.get("password", "")
        again = pages.SignInAgain(name)
        try:
            if not name or not password:
                raise Unauthenticated("Type your name and your password.")
            signed_in = await browser.sign_in(
                self._context(http_request), self._seals, name, password
            )
        except SecondFactorRequired as asked:
            sealed = self._seals.sealed_request(request, visit)
            return pages.second_step(request, sealed, asked.details["challenge"])
        except (Unauthenticated, RateLimited, DependencyUnavailable) as error:
            again.say(error)
            return pages.sign_in(
                request,
                self._seals.sealed_request(request, visit),
                by_others=self._services.outside is not None,
                again=again,
            )
        return self._with_cookie(self._to_authorize(request), signed_in)

    async def _second_step(
        self, http_request: HTTPRequest, form: dict[str, str], visit: Visit, request: Request
    ) -> Response:
        """Take a code of the second factor. Where the challenge is over, begin anew."""
        context, challenge = self._context(http_request), form["challenge"]
        again = pages.SignInAgain("")
        try:
            code = form.get("code", "").strip()
            signed_in = await browser.complete_sign_in(context, self._seals, challenge, code)
        except (SecondFactorRequired, RateLimited, DependencyUnavailable) as error:
            again.say(error)
            sealed = self._seals.sealed_request(request, visit)
            return pages.second_step(request, sealed, challenge, again)
        except Unauthenticated:
            return self._to_authorize(request)
        return self._with_cookie(self._to_authorize(request), signed_in)

    async def consent(self, http_request: HTTPRequest) -> Response:
        """Do what the owner decided: allow, deny, or sign in as somebody else."""
        form = await form_of(http_request, self._services)
        visit, request = self._own(http_request, form)
        context = self._context(http_request)
        owner = await browser.signed_in(context, visit)
        decision = form.get("decision")
        if request.user_code is not None and owner is not None and decision in ("allow", "deny"):
            return await self._decided(request, request.user_code, owner, context, decision)
        match decision:
            case "allow" if owner is not None:
                code = await self._grants.consent(request, owner, context)
                return self._to_client(request.redirect_uri, request.state, {"code": code})
            case "deny":
                denied = {"error": "access_denied", "error_description": "The owner said no."}
                return self._to_client(request.redirect_uri, request.state, denied)
            case "switch":
                on_site = self._site_visit(http_request)
                kept = None if on_site is None else on_site.session_id
                await browser.end_unless(context, visit, kept)
                return self._with_cookie(self._to_authorize(request), self._seals.new_visit())
        return self._to_authorize(request)

    async def _decided(
        self, request: Request, user_code: str, owner: SignedIn, context: Context, decision: str
    ) -> Response:
        """Have a program that waits be told; raises NotFound where it waits no more."""
        is_session = request.client_id == devices.COMMAND_LINE
        if decision == "deny":
            said: dict[str, Any] = {"denied": True}
        elif is_session:
            said = devices.allowed_session(owner)
        else:
            said = {"code": await self._grants.consent(request, owner, context, devices.LIFE)}
        await self._devices.decide(user_code, said)
        return pages.device_done(request, is_allowed=decision == "allow")

    async def _checked(self, asked: dict[str, str], address: str) -> Request:
        """What `asked` asks for; raises UnknownClient, OAuthError or _Redirected."""
        if "client_id" not in asked:
            raise UnknownClient("The application did not say which one it is.")
        client = await clients.find(self._services, self._documents, asked["client_id"], address)
        uri = asked.get("redirect_uri", "")
        if not redirects.is_declared(uri, client.redirect_uris):
            raise UnknownClient(
                f"{client.name} wants to return to an address that it has not declared."
            )
        state = asked.get("state")
        try:
            if asked.get("response_type") != "code":
                raise OAuthError("unsupported_response_type", "response_type must be code.")
            if asked.get("code_challenge_method") != "S256":
                raise OAuthError("invalid_request", "code_challenge_method must be S256.")
            challenge = asked.get("code_challenge", "")
            if not _CHALLENGE.fullmatch(challenge):
                raise OAuthError("invalid_request", "code_challenge has 43 letters (RFC 7636).")
            if state is not None and len(state) > _LONGEST_STATE:
                state = None
                raise OAuthError("invalid_request", f"state has over {_LONGEST_STATE} letters.")
            see_resource(asked, metadata.resource(self._services.settings))
            wanted = scopes.asked(asked.get("scope"))
        except OAuthError as error:
            raise _Redirected(error, uri, state) from None
        return Request(client.id, client.name, client.host, uri, challenge, wanted, state)

    def _own(self, http_request: HTTPRequest, form: dict[str, str]) -> tuple[Visit, Request]:
        """The visit and the request of a form; raises OAuthError unless both fit together."""
        visit = self._visit(http_request)
        request = None
        if visit is not None:
            request = self._seals.request(form.get("request", ""), visit)
        if visit is None or request is None:
            message = "This page was open for too long, or its form came from elsewhere."
            raise OAuthError("access_denied", message, status=403)
        return visit, request

    def _visit(self, http_request: HTTPRequest) -> Visit | None:
        text = http_request.cookies.get(self._cookie)
        return None if text is None else self._seals.visit(text)

    def _visit_of_site(self, http_request: HTTPRequest) -> Visit | None:
        """Who is signed in on our pages need not sign in here; only who has not been here before,
        for they may want to be somebody else."""
        on_site = self._site_visit(http_request)
        if on_site is None or on_site.session_id is None:
            return None
        return self._seals.new_visit(on_site.session_id, on_site.account_id)

    def _site_visit(self, http_request: HTTPRequest) -> SiteVisit | None:
        text = http_request.cookies.get("__Host-vitae" if self._secure else "vitae")
        return None if text is None else self._site_visits.opened(text)

    def _context(self, http_request: HTTPRequest) -> Context:
        return http.new_context(self._services, http_request.scope, public=True)

    def _with_cookie(self, response: Response, visit: Visit) -> Response:
        response.set_cookie(
            self._cookie,
            self._seals.sealed_visit(visit),
            max_age=int(VISIT_LIFE.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
        return response

    def _to_authorize(self, request: Request) -> Response:
        """Begin anew, with the same request."""
        if request.user_code is not None:
            asked = {"user_code": devices.shown(request.user_code)}
            return _see(f"{metadata.DEVICE}?{urlencode(asked)}")
        asked = {
            "response_type": "code",
            "client_id": request.client_id,
            "redirect_uri": request.redirect_uri,
            "code_challenge": request.code_challenge,
            "code_challenge_method": "S256",
            "scope": " ".join(request.scopes),
        }
        if request.state is not None:
            asked["state"] = request.state
        return _see(f"{metadata.AUTHORIZE}?{urlencode(asked)}")

    def _to_client(self, uri: str, state: str | None, answer: dict[str, str]) -> Response:
        return _see(self._answer_address(uri, state, answer))

    def _answer_address(self, uri: str, state: str | None, answer: dict[str, str]) -> str:
        """Where a browser goes with `answer`; `iss` says whose answer it is (RFC 9207)."""
        said = dict(answer)
        if state is not None:
            said["state"] = state
        return redirects.with_answer(uri, {**said, "iss": self._services.settings.public_url})

    def answering(self, endpoint: Answering) -> Answering:
        """`endpoint` with its failures on a page."""

        async def answer(request: HTTPRequest) -> Response:
            try:
                return await endpoint(request)
            except _Redirected as fault:
                return self._refused(fault)
            except UnknownClient as error:
                return pages.refused(str(error), 400)
            except OAuthError as error:
                return pages.refused(error.description, error.status)
            except DomainError as error:
                return pages.refused(error.message, STATUS[error.kind], error.retry_after)
            except ClientGone:
                return Response(status_code=400)

        return answer

    def _refused(self, fault: _Redirected) -> Response:
        said = {"error": fault.error.code, "error_description": fault.error.description}
        address = self._answer_address(fault.uri, fault.state, said)
        destination = redirects.destination(fault.uri)
        if destination.is_this_computer:
            return _see(address)
        return pages.refused(fault.error.description, 400, back=address, host=destination.host)


def _see(address: str) -> Response:
    """Have the browser GET `address`, which stays as it is, character by character."""
    return Response(status_code=303, headers={"location": address, "cache-control": "no-store"})
