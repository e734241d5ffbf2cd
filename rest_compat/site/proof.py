"""Asking who is signed in to show once more that it is them, and then going on where they were.

What they had sent goes along in the form of the proof, so that nothing is typed twice.
"""

from __future__ import annotations

from starlette.responses import Response

from app.errors import DomainError, RateLimited, ReauthenticationRequired, ValidationFailed
from rest_compat.site.forms import Form
from rest_compat.site.pages import page
from rest_compat.site.visitor import Visitor

PROVE = "/account/prove"

_PASSWORD, _CODE = "proof_password", "proof_code"


def is_given(form: Form) -> bool:
    return _PASSWORD in form


def without(form: Form) -> Form:
    """What was sent at first."""
    return form.without(_PASSWORD, _CODE)


async def ask(
    visitor: Visitor, form: Form, back: str | None = None, fault: DomainError | None = None
) -> Response:
    """The form of the proof, sent to where `form` was; of a page, to `PROVE` with `back`."""
    second_factor = await visitor.call("second_factor")
    return page(
        visitor,
        "proof.html.j2",
        status=None if fault is not None else 403,
        fault=fault,
        action=PROVE if back is not None else visitor.path,
        carried=[*without(form)] + ([("next", back)] if back is not None else []),
        takes_code=second_factor["enabled"],
    )


async def take(visitor: Visitor, form: Form) -> Response | None:
    """See whether the proof is good: None then, or the page that says why it is not."""
    given = {"password": form.get(_PASSWORD), "code": form.maybe(_CODE)}
    try:
        await visitor.call("reauthenticate", {"input": given})
    except (ValidationFailed, RateLimited) as error:
        return await ask(visitor, form, fault=error)
    except ReauthenticationRequired:
        return page(visitor, "no_password.html.j2", status=403)
    return None
