"""POST /u/{username}/ask: the question box of a page, for browsers with or without script.

It is the operation `ask`; what comes of it is shown on the page.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from urllib.parse import parse_qs
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app import http
from app.bodies import ClientGone
from app.call import Context
from app.errors import DomainError, FieldError, OriginNotAllowed, RateLimited, ValidationFailed
from app.publication import Published
from app.services import Services
from app.web.profile.asked import Asked, Source
from app.web.profile.page import render
from app.web.told import minutes
from rest_compat.codec import WireOperation, wire_operations
from rest_compat.errors import STATUS
from rest_compat.public.found import find, moved
from rest_compat.public.pages import PATH, not_here, page_headers
from schema.types.answers import LONGEST_QUESTION, ProfileAnswer

ASK = PATH + "/ask"

_OPERATION = "/v1/profiles/{username}/ask"
_MOST_BYTES = 8_000
_MOST_FIELDS = 10
_OWN = (b"same-origin", b"none")
_TOO_LONG = FieldError("question", "too_long", f"May have {LONGEST_QUESTION} characters.")


class Questions:
    """What visitors ask on pages."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def ask(self, request: Request) -> Response:
        # A page of somebody else shall not have its visitors ask.
        if http.header(request.scope, b"sec-fetch-site") not in (None, *_OWN):
            raise OriginNotAllowed
        found = await find(self._services, request)
        if found is None:
            return not_here()
        if (elsewhere := moved(found, request, "/ask")) is not None:
            return elsewhere
        try:
            form = await self._form(request)
        except ClientGone:
            return Response(status_code=400)  # to nobody
        question = form.get("question", "")
        context: Context = request.scope["state"]["context"]
        try:
            if len(question) > LONGEST_QUESTION:
                raise ValidationFailed([_TOO_LONG])
            answer = await _answer(context, found.username, question, form.get("conversation_id"))
        except DomainError as error:
            return self._page(found, Asked(question, problem=_problem(error)), error)
        return self._page(found, _asked(question, answer))

    def _page(self, found: Published, asked: Asked, error: DomainError | None = None) -> Response:
        settings = self._services.settings
        page = render(found, settings.public_url, datetime.now(UTC).date(), asked)
        headers = {**page_headers(found, page), "cache-control": "no-store"}
        if error is not None and error.retry_after is not None:
            headers["retry-after"] = str(error.retry_after)
        return HTMLResponse(page.html, STATUS[error.kind] if error else 200, headers)

    async def _form(self, request: Request) -> dict[str, str]:
        """The first value of each field; raises what `Bodies.read` does."""
        scope, receive = request.scope, request.receive
        async with self._services.bodies.read(scope, receive, _MOST_BYTES, _nobody) as body:
            try:
                found = parse_qs(body.decode(), max_num_fields=_MOST_FIELDS)
            except ValueError:  # no text, or too many fields
                return {}
        return {name: values[0] for name, values in found.items()}


async def _nobody() -> UUID:
    raise AssertionError("for a body of this size nobody is asked who sends it")


async def _answer(
    context: Context, username: str, question: str, conversation: str | None
) -> ProfileAnswer:
    """Raises DomainError."""
    wire = _ask()
    values = {
        "username": username,
        "input": {"question": question, "conversation_id": _id(conversation)},
    }
    answer: ProfileAnswer = await wire.operation.run(context, lambda: wire.decode(values))
    return answer


@cache
def _ask() -> WireOperation:
    return next(wire for wire in wire_operations() if wire.rest.path == _OPERATION)


def _id(text: str | None) -> str | None:
    """`text` if it is an id; a page that was tampered with begins a new conversation."""
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        return None


def _asked(question: str, answer: ProfileAnswer) -> Asked:
    return Asked(
        question=question,
        answer=answer.answer,
        status=answer.answer_status.value,
        sources=tuple(Source(each.section, each.title, each.text) for each in answer.sources),
        conversation_id=str(answer.conversation_id),
    )


def _problem(error: DomainError) -> str:
    if isinstance(error, RateLimited) and error.retry_after is not None:
        return f"That were many questions. Ask again in {minutes(error.retry_after)}."
    if error.fields:
        return " ".join(field.message for field in error.fields)
    return error.message
