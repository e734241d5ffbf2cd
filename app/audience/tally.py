"""What was counted since the last write, within bounds of memory."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from app.audience.visitors import Visitors, visitor_digest

log = logging.getLogger(__name__)

MOST_LINES = 50_000
MOST_VISITORS = 50_000
OTHERS = ""  # names that a day keeps apart no more
_LONGEST_NAME = 600  # characters; an index entry of PostgreSQL takes 2,700 bytes
_AT_A_TIME = 500


class Metric(Enum):
    """What is counted. PRIVATE_VIEW: a view by who asks not to be recognised."""

    VIEW = "view"
    PRIVATE_VIEW = "private_view"
    VISITOR = "visitor"
    REFERRER = "referrer"
    DOWNLOAD = "download"
    CLICK = "click"
    SECTION = "section"
    MACHINE = "machine"


Line = tuple[UUID, int, str, str]
"""An account, a day, a metric and a name."""


@dataclass(slots=True)
class Tally:
    """Counts, and visitors: as digests, or as they came until their digests are made."""

    counts: Counter[Line] = field(default_factory=Counter)
    digests: set[tuple[UUID, int, bytes]] = field(default_factory=set)
    arrivals: set[tuple[UUID, int, str, str]] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.counts or self.digests or self.arrivals)

    def add(self, account_id: UUID, day: int, metric: Metric, name: str = OTHERS) -> None:
        """Count one; where there are too many names, as one of the others."""
        line = account_id, day, metric._value_, name[:_LONGEST_NAME]
        if line not in self.counts and len(self.counts) >= MOST_LINES:
            line = account_id, day, metric._value_, OTHERS
            if line not in self.counts and len(self.counts) >= 2 * MOST_LINES:
                log.error("visits lost: the database is away for too long")
                return
        self.counts[line] += 1

    def arrived(self, account_id: UUID, day: int, address: str, user_agent: str) -> None:
        """Remember a visitor; too many are visitors of whom only the views are counted."""
        if len(self.arrivals) + len(self.digests) < MOST_VISITORS:
            self.arrivals.add((account_id, day, address, user_agent))

    async def digest(self, visitors: Visitors) -> None:
        """Make digests of all who have arrived; of a day that is over there can be none.

        Gives way to requests in between. Raises RedisError and OSError, and then has made none.
        """
        days = {day for _, day, _, _ in self.arrivals}
        salts = {day: await visitors.salt(day) for day in days}
        for done, (account_id, day, address, user_agent) in enumerate(_emptied(self.arrivals)):
            salt = salts.get(day)
            if salt is not None:
                who = visitor_digest(salt, account_id, address, user_agent)
                self.digests.add((account_id, day, who))
            if done % _AT_A_TIME == _AT_A_TIME - 1:
                await asyncio.sleep(0)


def _emptied(arrivals: set[tuple[UUID, int, str, str]]) -> Iterator[tuple[UUID, int, str, str]]:
    while arrivals:
        yield arrivals.pop()
