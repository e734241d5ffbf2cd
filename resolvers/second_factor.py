"""The second factor of signing in: `/v1/auth/second-factor`."""

from __future__ import annotations

from app.auth import proof, second_factor
from app.call import Call
from schema.types.second_factor import (
    ConfirmSecondFactorInput,
    RecoveryCodes,
    SecondFactor,
    SecondFactorSetup,
)


async def get_second_factor(call: Call) -> SecondFactor:
    """Whether your account has a second factor."""
    found = await second_factor.state(call.db, call.principal.account_id)
    return SecondFactor(
        enabled=found.enabled_at is not None,
        enabled_at=found.enabled_at,
        recovery_codes_left=found.recovery_codes_left,
    )


async def begin_second_factor(call: Call) -> SecondFactorSetup:
    """Begin with a second factor: scan the QR code with an authenticator app.

    Nothing changes until a code of the app is confirmed, within an hour. It must be shortly after
    you have signed in; else the answer is 403 `reauthentication_required`. An outside issuer by
    which you sign in asks for second factors of its own, not for this one.
    """
    await proof.require(call)
    setup = await second_factor.begin(call)
    return SecondFactorSetup(
        secret=setup.secret, uri=setup.uri, qr_svg=setup.svg(), qr_png=setup.png()
    )


async def confirm_second_factor(call: Call, input: ConfirmSecondFactorInput) -> RecoveryCodes:
    """Turn the second factor on by a code of your app.

    From then on signing in takes such a code, each of which works once. Keep the recovery codes
    where you find them without the app: they are shown this once.
    """
    await proof.require(call)
    return RecoveryCodes(recovery_codes=await second_factor.confirm(call, input.code))


async def renew_recovery_codes(call: Call) -> RecoveryCodes:
    """Make ten new recovery codes; those before are not good any more.

    It must be shortly after you have signed in.
    """
    await proof.require(call)
    return RecoveryCodes(recovery_codes=await second_factor.renew_recovery_codes(call))


async def disable_second_factor(call: Call) -> None:
    """Do without a second factor. It must be shortly after you have signed in."""
    await proof.require(call)
    await second_factor.disable(call)
