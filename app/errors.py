"""Everything that can go wrong on purpose.

Code raises a `DomainError`; each transport maps its `kind` once: HTTP status in
`rest_compat/errors.py`, `extensions.code` in `schema/graphql.py`. The codes are the contract
with clients and never change their meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar


class Kind(Enum):
    """What sort of failure it is, told apart as far as any transport needs."""

    MALFORMED = "malformed"
    UNAUTHENTICATED = "unauthenticated"
    PAYMENT_REQUIRED = "payment_required"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    CONFLICT = "conflict"
    GONE = "gone"
    PRECONDITION_FAILED = "precondition_failed"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    INVALID = "invalid"
    RATE_LIMITED = "rate_limited"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong at one place: `path` as in `cv_data.sections.work.items[0].start`."""

    path: str
    code: str
    message: str


ERROR_PAGE = "/developers/errors"


def docs_url(code: str) -> str:
    """Where a code is explained: an address of this server, without the server."""
    return f"{ERROR_PAGE}#{code}"


class DomainError(Exception):
    """A failure that the client is told about, in one body on every surface."""

    kind: ClassVar[Kind]
    code: ClassVar[str]
    default_message: ClassVar[str]
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str | None = None,
        *,
        fields: Sequence[FieldError] = (),
        retry_after: int | None = None,
        **details: Any,
    ) -> None:
        self.message = message or self.default_message
        self.fields = tuple(fields)
        self.retry_after = retry_after  # seconds
        self.details = details
        super().__init__(self.message)


class MalformedJSON(DomainError):
    kind = Kind.MALFORMED
    code = "malformed_json"
    default_message = "The body is not valid JSON."


class AmbiguousCredentials(DomainError):
    kind = Kind.MALFORMED
    code = "ambiguous_credentials"
    default_message = "Send either Authorization or X-API-Key, not both."


class Unauthenticated(DomainError):
    """`reason` tells a transport whether credentials were missing or refused."""

    kind = Kind.UNAUTHENTICATED
    code = "unauthenticated"
    default_message = "Valid credentials are needed."


class SecondFactorRequired(Unauthenticated):
    """The password is right, and the account has a second factor beside it.

    Details: `reason`, `missing` or `wrong`, and a `challenge` that a code completes within
    `expires_in` seconds, without the password.
    """

    code = "second_factor_required"
    default_message = "Send a code of your authenticator app, or a recovery code."


class InsufficientCredits(DomainError):
    """Details: the `price` of what was asked for and what is `available`, both in credits."""

    kind = Kind.PAYMENT_REQUIRED
    code = "insufficient_credits"
    default_message = "There are not enough credits for this."


class InsufficientScope(DomainError):
    kind = Kind.FORBIDDEN
    code = "insufficient_scope"
    default_message = "The credential lacks the scope for this operation."


class PlanRequired(DomainError):
    """Details: `required_plan`, the least that has it, and the caller's `effective_plan`."""

    kind = Kind.FORBIDDEN
    code = "plan_required"
    default_message = "This needs another plan."


class ServiceOnly(DomainError):
    """The operation is for another service of this installation, not for people."""

    kind = Kind.FORBIDDEN
    code = "service_only"
    default_message = "Only services of this installation may call this."


class ReauthenticationRequired(DomainError):
    """What was asked for is done only shortly after the owner has signed in."""

    kind = Kind.FORBIDDEN
    code = "reauthentication_required"
    default_message = "Show that it is you with POST /v1/auth/reauthenticate, then ask again."


class OriginNotAllowed(DomainError):
    """A page of another origin makes a browser call what pages may not (DNS rebinding)."""

    kind = Kind.FORBIDDEN
    code = "origin_not_allowed"
    default_message = "Pages of this origin may not call here."


class NotFound(DomainError):
    kind = Kind.NOT_FOUND
    code = "not_found"
    default_message = "There is nothing here."


class MethodNotAllowed(DomainError):
    kind = Kind.METHOD_NOT_ALLOWED
    code = "method_not_allowed"
    default_message = "This path does not take this method."


class NotAcceptable(DomainError):
    kind = Kind.NOT_ACCEPTABLE
    code = "not_acceptable"
    default_message = "None of the accepted media types can be served."


class Conflict(DomainError):
    kind = Kind.CONFLICT
    code = "conflict"
    default_message = "The request does not fit the present state."


class BillingNotConfigured(DomainError):
    """Nothing is sold on this server, or not this."""

    kind = Kind.CONFLICT
    code = "billing_not_configured"
    default_message = "This is not on sale here."


class IdempotencyConflict(DomainError):
    kind = Kind.CONFLICT
    code = "idempotency_conflict"
    default_message = "This key was used before with another body."


class ManagedChatRemoved(DomainError):
    """Public chats that this server ran are retired for good."""

    kind = Kind.GONE
    code = "managed_chat_removed"
    default_message = "Managed chat is retired; use the résumé APIs and the MCP tools."


class PreconditionFailed(DomainError):
    kind = Kind.PRECONDITION_FAILED
    code = "precondition_failed"
    default_message = "The resource has changed since the version you named."


class PayloadTooLarge(DomainError):
    kind = Kind.TOO_LARGE
    code = "payload_too_large"
    default_message = "The body is too large."


class UnsupportedMediaType(DomainError):
    kind = Kind.UNSUPPORTED_MEDIA_TYPE
    code = "unsupported_media_type"
    default_message = "Send the body as application/json."


class ValidationFailed(DomainError):
    kind = Kind.INVALID
    code = "validation_failed"
    default_message = "Some fields are not valid."

    def __init__(self, fields: Sequence[FieldError], message: str | None = None) -> None:
        super().__init__(message, fields=fields)


class RateLimited(DomainError):
    kind = Kind.RATE_LIMITED
    code = "rate_limited"
    default_message = "Too many requests; try again later."
    retryable = True


class QuotaExceeded(DomainError):
    """Not retryable: nothing changes before the quota is reset, unless the plan does."""

    kind = Kind.RATE_LIMITED
    code = "quota_exceeded"
    default_message = "The quota of this month is used up."


class Internal(DomainError):
    """A fault of ours. What happened is in the log under the request id, never in the answer."""

    kind = Kind.INTERNAL
    code = "internal"
    default_message = "Something went wrong on our side."
    retryable = True


class DependencyUnavailable(DomainError):
    kind = Kind.UNAVAILABLE
    code = "dependency_unavailable"
    default_message = "A service this needs is not available right now; try again shortly."
    retryable = True
