"""The second factor of signing in: types and inputs of `/v1/auth/second-factor`."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.types.sealed import sealed


@strawberry.type(description="Whether signing in takes more than the password.")
class SecondFactor:
    enabled: bool = strawberry.field(description="Whether a code is asked for.")
    enabled_at: datetime | None = strawberry.field(description="Since when.")
    recovery_codes_left: int = strawberry.field(
        description="Of the ten codes that stand in for the app, how many have not been used."
    )


@strawberry.type(description="What an authenticator app is set up by; shown this once.")
class SecondFactorSetup:
    secret: str = strawberry.field(description="To be typed into an app, in base32.")
    uri: str = strawberry.field(description="The same as an `otpauth:` address.")
    qr_svg: str = strawberry.field(description="The address as a QR code, a data URL of SVG.")
    qr_png: str = strawberry.field(description="The same as PNG.")

    __repr__ = sealed


@strawberry.input(description="A code of the authenticator app.")
class ConfirmSecondFactorInput:
    code: str = strawberry.field(description="Six digits, as the app shows them now.")

    __repr__ = sealed


@strawberry.type(description="Codes for a day without the app; shown this once.")
class RecoveryCodes:
    recovery_codes: list[str] = strawberry.field(
        description="Ten, each of which signs in once. Those before are not good any more."
    )

    __repr__ = sealed
