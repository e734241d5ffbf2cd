"""How the two names of a person stand together."""

from __future__ import annotations

import re

_EAST_ASIAN = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")


def name_parts(first: str, last: str) -> list[str]:
    """First name, then last; both as one, the last name first, where they are East Asian."""
    if first and last and _EAST_ASIAN.fullmatch(first + last):
        return [last + first]
    return [part for part in (first, last) if part]
