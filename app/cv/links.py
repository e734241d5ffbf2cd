"""Web and e-mail addresses that may become live links in a PDF."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

from app.cv import bounds
from app.cv.findings import Unusable

# "example.com:8080" is a host and its port, "javascript:x" is a scheme.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?![0-9])")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}\.?")
_LOCAL_PART = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}")
# What may stand in a path, a query or a fragment as it is (RFC 3986); "%" where it begins a byte.
_AS_IT_IS = "/:@!$&'()*+,;=?-._~%"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NEVER_IN_URL = re.compile(r"[\s<>\"\\^`{}|]")


def web_url(text: str) -> str:
    """`text` as an http or https address; one without a scheme gets `https://`.

    Raises Unusable, with code `scheme` for any other scheme and `url` for what is no address,
    names no host with a dot, or holds a user name (with which a link shows one site's name
    and leads to another's).
    """
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise Unusable("scheme", "Only http and https addresses may be linked.")
    url = text if scheme else "https://" + text.removeprefix("//")
    wrong = Unusable("url", "This is not a web address such as https://example.com/me.")
    if len(url) > bounds.URL:
        raise Unusable("too_long", f"An address may have {bounds.URL:,} characters.")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    if _NEVER_IN_URL.search(url) or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise wrong
    return url


def ascii_url(url: str) -> str:
    """An address as `web_url` made it, written as a URI, for what takes no other letters."""
    scheme, host, *rest = urlsplit(url)
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:  # a label that is too long in ASCII
        host = quote(host, safe=":")
    return urlunsplit(
        (scheme, host, *(quote(_STRAY_PERCENT.sub("%25", part), safe=_AS_IT_IS) for part in rest))
    )


def email(text: str) -> str:
    """`text`, if it reads as an e-mail address, international ones too; raises Unusable."""
    local, _, host = text.rpartition("@")
    if len(text) > bounds.EMAIL or not (_LOCAL_PART.fullmatch(local) and _HOST.fullmatch(host)):
        raise Unusable("email", "This is not an e-mail address such as name@example.com.")
    return text
