"""Bytes that are always answered alike, compressed once, and not sent to whoever has them."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from app import http

AGAIN_EACH_TIME = "public, no-cache"
FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Stored:
    """What one address answers. `compressed` is None where gzip would make it no smaller."""

    plain: bytes
    compressed: bytes | None
    media_type: str
    cache_control: str
    digest: str

    @classmethod
    def of(
        cls,
        body: bytes,
        media_type: str,
        *,
        cache_control: str = AGAIN_EACH_TIME,
        digest: str | None = None,
    ) -> Stored:
        """`digest` is what changes with the body, if not one of the body itself."""
        # Without a time in it, every process and every start makes the same bytes.
        compressed = gzip.compress(body, mtime=0)
        return cls(
            plain=body,
            compressed=compressed if len(compressed) < len(body) else None,
            media_type=media_type,
            cache_control=cache_control,
            digest=digest or hashlib.sha256(body).hexdigest()[:24],
        )

    def answer(self, request: Request, headers: dict[str, str] | None = None) -> Response:
        """The bytes as the client takes them, or 304 if it has these."""
        body, etag = self.plain, f'"{self.digest}"'
        all_headers = {"cache-control": self.cache_control, **(headers or {})}
        if self.compressed is not None:
            all_headers["vary"] = "accept-encoding"
            if takes_gzip(request.headers.get("accept-encoding", "")):
                # Other bytes are another representation, so its strong tag is another, too.
                body, etag = self.compressed, f'"{self.digest}-gzip"'
                all_headers["content-encoding"] = "gzip"
        all_headers["etag"] = etag
        if http.is_known(request.scope, etag.encode()):
            all_headers.pop("content-encoding", None)
            return Response(status_code=304, headers=all_headers)
        return Response(body, headers=all_headers, media_type=self.media_type)


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a value of `Accept-Encoding` allows gzip, by name or by `*` (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        weights[coding.strip()] = _weight(parameter)
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _weight(parameter: str) -> float:
    """The value of `q=…`; 1 where there is none, and 0 where it is not a number."""
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
