"""Forgotten passwords and verification of e-mail addresses, both by mailed links."""

from __future__ import annotations

from app.auth import password_reset, registration
from app.call import Call
from schema.types.identity import (
    Accepted,
    ForgotPasswordInput,
    ResetPasswordInput,
    VerifyEmailInput,
)


async def request_password_reset(call: Call, input: ForgotPasswordInput) -> Accepted:
    """Ask for a link that resets a forgotten password; it works once, within one hour.

    The answer is the same whether or not the address belongs to an account.
    """
    await password_reset.request(call, input.email)
    return Accepted(message="If the address belongs to an account, a link is on its way to it.")


async def reset_password(call: Call, input: ResetPasswordInput) -> None:
    """Set a new password by the link that was mailed.

    All sessions of the account are signed out, and the address counts as verified. API keys and
    personal tokens stay, unless the address had never been verified before.
    """
    await password_reset.reset(call, input.token, input.password)


async def request_email_verification(call: Call) -> Accepted:
    """Ask for a link that verifies your e-mail address; it works once, within 48 hours."""
    if await registration.request_verification(call, call.principal.account_id):
        return Accepted(message="A link is on its way to your address.")
    return Accepted(message="Your address is verified already.")


async def verify_email(call: Call, input: VerifyEmailInput) -> None:
    """Verify an e-mail address by the link that was mailed to it."""
    await registration.verify(call, input.token)
