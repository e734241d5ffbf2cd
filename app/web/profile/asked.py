"""A visitor's question on the page, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Source(NamedTuple):
    """Where in the profile an answer stands: `section` is a part of the page."""

    section: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """`problem` says why there is no answer: the question was refused, or nobody could answer."""

    question: str
    answer: str = ""
    status: str = ""
    sources: tuple[Source, ...] = ()
    conversation_id: str = ""
    problem: str = ""
