"""What people are told of a failure where the form is shown again that they had sent."""

from __future__ import annotations

import math

from app.errors import DomainError, RateLimited


def told(error: DomainError) -> str:
    """The failure in words; of too many attempts, when the next is taken."""
    if isinstance(error, RateLimited) and error.retry_after is not None:
        return f"Too many attempts. Try again in {minutes(error.retry_after)}."
    return error.message


def minutes(seconds: int) -> str:
    """As many as that takes: `3 minutes`, `1 minute`."""
    whole = math.ceil(seconds / 60)
    return "1 minute" if whole == 1 else f"{whole} minutes"
