"""Links in running text, with and without a scheme, and whose they are."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from app.importing import lexicon

UrlKind = Literal["github", "linkedin", "website", "other"]

_HOSTED = r"(?:[\w-]{1,30}\.)?(?:github|linkedin|gitlab)\.com"
_END = r"[^\s<>()\[\]{}|,;\"'“”«»、。（），；]"
_SLUG = r"[\w%~.+-]*[\w%~+-]"
_URL = re.compile(
    rf"(?P<full>https?:\s?//\s?{_END}+)"
    # A line that broke after a slash leaves a space in the middle of a profile's address.
    rf"|(?P<profile>(?<![\w.@-]){_HOSTED}/(?:(?:in|pub|company)/)?(?: ?{_SLUG}(?:/{_END}*)?)?)"
    rf"|(?P<www>(?<![\w.@-])www\.{_END}+)"
    rf"|(?P<bare>(?<![\w.@/-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,4}}(?P<tld>[a-z]{{2,12}})"
    rf"(?![\w@-]|\.\w)(?:[/?#]{_END}*)?)",
    re.I,
)
_HANDLE = re.compile(
    r"(?P<host>github|linkedin|gitlab)\s*[:：]\s*@?(?P<path>(?:/?in/)?[A-Za-z0-9][\w-]{1,38})/?\s*"
    r"(?=$|[|,;·•)\t]| {2,}|\s[–-]\s)",
    re.I,
)
_TRAILING = ".,;:!?'\"*_"


class Url(msgspec.Struct, frozen=True, kw_only=True):
    """An absolute URL, its kind, and the text and offsets at which it stood."""

    url: str
    kind: UrlKind
    text: str
    at: tuple[int, int]


def find_urls(text: str) -> list[Url]:
    """Links in a line, absolute; an address for mail is none, nor is a name such as Node.js."""
    if "." not in text and ":" not in text and "：" not in text:
        return []
    found = []
    text = text[:2_000]
    for match in _URL.finditer(text):
        written = match.group().rstrip(_TRAILING)
        if match["bare"] and not _is_site(written, match["tld"], text, match.end()):
            continue
        if match["profile"] and written.endswith("/") and written.count("/") < 3:
            written = written.rstrip("/")
        url = "".join(written.split())
        if not match["full"]:
            url = "https://" + url
        host = urlsplit_or_none(url)
        if host is None:
            continue
        at = (match.start(), match.start() + len(written))
        found.append(Url(url=url, kind=classify_url(url), text=written, at=at))
    return found or _handles(text)


def _handles(text: str) -> list[Url]:
    """`GitHub: jane` and `LinkedIn: in/jane` say the address without writing it."""
    found = []
    for match in _HANDLE.finditer(text):
        host, path = match["host"].lower(), match["path"].lstrip("/")
        if path.lower() in ("profile", "com", "link", "yes", "in", "actions", "url", "and"):
            continue
        if host == "linkedin" and not path.startswith("in/"):
            path = "in/" + path
        url = f"https://{host}.com/{path}"
        at = (match.start(), match.end("path"))
        found.append(Url(url=url, kind=classify_url(url), text=text[at[0] : at[1]], at=at))
    return found


@cache
def _endings() -> frozenset[str]:
    return frozenset(lexicon.table("urls")["endings"].split())


@cache
def _products() -> frozenset[str]:
    return frozenset(lexicon.table("urls")["products"].split())


@cache
def _services() -> tuple[str, ...]:
    return tuple(lexicon.table("urls")["services"].split())


def _is_site(written: str, ending: str, text: str, end: int) -> bool:
    """Whether a bare `name.ending` is an address: written small, or with a path, and no product."""
    if ending.lower() not in _endings() or text[end : end + 1] == "@":
        return False
    host, slash, path = written.partition("/")
    if host.lower() in _products():
        return False
    if slash and path:
        return True
    return host.islower() and not host.split(".")[0].isdigit() and len(host.split(".")[0]) > 1


def urlsplit_or_none(url: str) -> str | None:
    """The host of an absolute URL without `www.`, or None if it has none."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    if not host or "." not in host:
        return None
    return host.removeprefix("www.")


def _parts(url: str) -> tuple[str, list[str]] | None:
    if "://" not in url:
        url = "https://" + url
    host = urlsplit_or_none(url)
    if host is None:
        return None
    return host, [part for part in urlsplit(url).path.split("/") if part]


def classify_url(url: str) -> UrlKind:
    """Whose page a URL is: a person's at GitHub or LinkedIn, a site of their own, or another."""
    parts = _parts(url) if not url.startswith(("mailto:", "tel:")) else None
    if parts is None:
        return "other"
    host, path = parts
    if host == "github.com":
        return "github" if len(path) == 1 and path[0] not in ("features", "about") else "other"
    if host == "linkedin.com" or host.endswith(".linkedin.com"):
        return "linkedin" if len(path) >= 2 and path[0] in ("in", "pub", "profile") else "other"
    if any(host == service or host.endswith("." + service) for service in _services()):
        return "other"
    return "website" if len(path) <= 1 else "other"


def is_repository(url: str) -> bool:
    """Whether a URL leads to a repository of code."""
    parts = _parts(url)
    if parts is None:
        return False
    host, path = parts
    return len(path) >= 2 and host in (
        "github.com",
        "gitlab.com",
        "bitbucket.org",
        "codeberg.org",
        "gitee.com",
        "sr.ht",
        "git.sr.ht",
    )
