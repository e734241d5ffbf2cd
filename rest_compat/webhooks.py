"""Where Stripe says what has happened: kept at once, taken by a worker when there is time."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import http
from app.billing import inbox
from app.bodies import ClientGone
from app.errors import BillingNotConfigured
from app.payments import Forged
from app.services import Services
from rest_compat.components import ENVELOPE
from rest_compat.examples import EXAMPLES

log = logging.getLogger(__name__)

PATH = "/v1/billing/webhook"
_SIGNATURE = b"stripe-signature"
_MOST_BYTES = 1_000_000
# Events of more than some kilobytes count together, as if one account had sent them.
_STRIPE = UUID(int=0)


def webhook_routes(services: Services) -> list[Route]:
    """POST of it; the signature is the credential."""
    return [Route(PATH, partial(_receive, services), methods=["POST"])]


async def _receive(services: Services, request: Request) -> Response:
    request.state.route = PATH
    context = http.new_context(services, request.scope, public=True)
    payments = services.payments
    if payments is None:
        raise BillingNotConfigured("This server takes no payments.")
    signature = http.header(request.scope, _SIGNATURE)
    if signature is None:
        raise Forged(reason="signature")
    try:
        async with services.bodies.read(
            request.scope, request.receive, _MOST_BYTES, _admitted
        ) as body:
            notice = payments.verified(body, signature.decode("latin-1"))
            async with services.database.connection() as db:
                is_new = await inbox.receive(db, notice, body.decode())
    except ClientGone:
        return Response(status_code=400)  # to nobody
    if is_new and inbox.settles(notice.type) is not None:
        try:
            await services.queue.take_events()
        except (RedisError, OSError):
            log.warning("an event waits for the worker to look by itself")
    answer = {"ok": True, "request_id": context.request_id, "warnings": [], "received": True}
    return Response(orjson.dumps(answer), media_type="application/json")


async def _admitted() -> UUID:
    return _STRIPE


_RECEIVED = {
    "type": "object",
    "properties": {
        **ENVELOPE,
        "received": {"type": "boolean", "description": "Always true."},
    },
    "required": [*ENVELOPE, "received"],
}

OPENAPI_PATHS: dict[str, Any] = {
    PATH: {
        "post": {
            "operationId": "stripe_webhook",
            "tags": ["Billing"],
            "summary": "Receive an event of Stripe's",
            "description": "Receive an event of Stripe's. Its signature must be good and not older"
            " than five minutes. It is kept, once however often it comes, and takes effect soon.",
            "security": [],
            "parameters": [
                {"$ref": "#/components/parameters/RequestId"},
                {
                    "name": "stripe-signature",
                    "in": "header",
                    "required": True,
                    "description": "Stripe's signature of the body.",
                    "schema": {"type": "string"},
                },
            ],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "description": "An event, as Stripe's API describes it.",
                        },
                        "examples": {
                            "example": {
                                "summary": "An example.",
                                "value": EXAMPLES["stripe_webhook"],
                            }
                        },
                    }
                },
            },
            "responses": {
                "200": {
                    "description": "Kept.",
                    "headers": {"x-request-id": {"$ref": "#/components/headers/RequestId"}},
                    "content": {"application/json": {"schema": _RECEIVED}},
                },
                **{
                    str(status): {"$ref": f"#/components/responses/{status}"}
                    for status in (400, 401, 409, 413, 500, 503)
                },
            },
        }
    }
}
