"""What a `User-Agent` says, as far as it helps somebody to know their own browser again."""

from __future__ import annotations

import re

# In this order: most of them say that they are some of those below, too.
_BROWSERS = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
_SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
]
_PROGRAM = re.compile(r"[\w.-]{1,40}(/[\w.]{1,20})?")


def named(user_agent: str | None) -> str:
    """Such as `Firefox on Windows`; of what is no browser, what it calls itself first."""
    text = user_agent or ""
    browser = next((name for mark, name in _BROWSERS if mark in text), None)
    system = next((name for mark, name in _SYSTEMS if mark in text), None)
    if browser is not None:
        return f"{browser} on {system}" if system else browser
    program = _PROGRAM.match(text)
    return program[0] if program else "Unknown program"
