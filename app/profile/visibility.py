"""Who may see a profile."""

from __future__ import annotations

from enum import Enum


class Visibility(Enum):
    """`unlisted`: whoever knows the address may; search engines are asked not to list it."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
