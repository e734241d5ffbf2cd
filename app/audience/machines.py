"""Which fetches are no person's: crawlers, previews of links, monitors, scripts, and browsers that
fetch what might be looked at."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache, lru_cache

from crawleruseragents import CRAWLER_USER_AGENTS_DATA


class Machine(Enum):
    """What sort of machine it is, as far as an owner might care."""

    SEARCH_ENGINE = "search_engine"
    AI = "ai"
    LINK_PREVIEW = "link_preview"
    MONITOR = "monitor"
    TOOL = "tool"
    OTHER = "other"
    PREFETCH = "prefetch"


# What the list says of an entry; the first sort here that an agent is of is what it is.
_TAGS = {
    Machine.AI: {"ai-crawler"},
    Machine.LINK_PREVIEW: {"social-preview"},
    Machine.SEARCH_ENGINE: {"search-engine"},
    Machine.MONITOR: {"monitoring", "scanner"},
    Machine.TOOL: {"http-library", "browser-automation"},
}
# Every browser that people use says so, whatever it is; hardly any script does.
_BROWSER = re.compile(r"(?:Mozilla|Opera)/\d")


@lru_cache(maxsize=4096)
def machine_of(user_agent: str) -> Machine | None:
    """What sort of machine calls itself so; None for a person's browser."""
    for machine, pattern in _patterns():
        if pattern.search(user_agent):
            return machine
    return None if _BROWSER.match(user_agent) else Machine.TOOL


@cache
def _patterns() -> list[tuple[Machine, re.Pattern[str]]]:
    """One pattern a sort; made at the first use, for it takes some milliseconds."""
    sorted_out: dict[Machine, list[str]] = {machine: [] for machine in (*_TAGS, Machine.OTHER)}
    for entry in CRAWLER_USER_AGENTS_DATA:
        tags = set(entry.get("tags", ()))
        found = next((machine for machine, wanted in _TAGS.items() if tags & wanted), Machine.OTHER)
        sorted_out[found].append(f"(?:{entry['pattern']})")
    return [(machine, re.compile("|".join(each))) for machine, each in sorted_out.items()]
