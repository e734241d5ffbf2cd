"""The account area: what a person manages of the account itself."""

from rest_compat.site.account import (
    data,
    events,
    overview,
    password,
    plan,
    second_factor,
    sessions,
    tokens,
    usage,
)
from rest_compat.site.account.account import area

__all__ = [
    "area",
    "data",
    "events",
    "overview",
    "password",
    "plan",
    "second_factor",
    "sessions",
    "tokens",
    "usage",
]
