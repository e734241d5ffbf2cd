"""The months of a subscription, which begin on the day of its anchor. Pure."""

from __future__ import annotations

import calendar
from datetime import datetime


def month_start(anchor: datetime, number: int) -> datetime:
    """When the month `number` after the anchor begins; a day that it lacks is its last one."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + number, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return anchor.replace(year=year, month=month + 1, day=min(anchor.day, last_day))


def months_between(anchor: datetime, first: datetime, end: datetime) -> list[datetime]:
    """The beginnings of months from `first` on and before `end`, however old the anchor is."""
    number = (first.year - anchor.year) * 12 + first.month - anchor.month - 1
    found = []
    while (start := month_start(anchor, number)) < end:
        if start >= first:
            found.append(start)
        number += 1
    return found


def label(start: datetime) -> str:
    """The name of the month that begins then, such as 2026-11."""
    return f"{start:%Y-%m}"
