"""Questions that no professional profile is asked: of the private person, of money, or of us."""

from __future__ import annotations

import re
from functools import cache

from app.answering.questions import Question
from app.answering.words import table


def is_outside(question: Question) -> bool:
    """Whether it is refused, whatever the profile says."""
    return any(pattern.search(question.folded) for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in table("outside")["asks"])
