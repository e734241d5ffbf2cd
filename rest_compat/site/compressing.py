"""Pages as few bytes. What is the same for everybody is kept compressed (rest_compat/stored.py)."""

from __future__ import annotations

import gzip

from starlette.responses import HTMLResponse, Response

from rest_compat.site.visitor import Visitor
from rest_compat.stored import takes_gzip

_LEAST_BYTES = 1_000
# A third of the time of the highest level, for a fifteenth more bytes.
_LEVEL = 4


def compressed(visitor: Visitor, answer: Response) -> Response:
    """`answer` as the browser takes it; files and streams as they are.

    The size of a compressed page tells what is on it to who can have a browser ask for it again and
    again, with guesses in the address, and see how much goes over the line (BREACH). So a page of
    somebody who is signed in is compressed only for requests that no other site has brought about;
    and the one secret on every page, the token of its forms, is masked anew each time.
    """
    if not isinstance(answer, HTMLResponse):
        return answer
    answer.headers["vary"] = "accept-encoding"
    body = bytes(answer.body)
    if len(body) < _LEAST_BYTES or not _may_be(visitor):
        return answer
    answer.body = gzip.compress(body, _LEVEL, mtime=0)
    answer.headers["content-encoding"] = "gzip"
    answer.headers["content-length"] = str(len(answer.body))
    return answer


def _may_be(visitor: Visitor) -> bool:
    headers = visitor.request.headers
    if not takes_gzip(headers.get("accept-encoding", "")):
        return False
    # Browsers that are too old to say it get their own pages as they are.
    return visitor.account is None or headers.get("sec-fetch-site") in ("same-origin", "none")
