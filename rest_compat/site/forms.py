"""What the forms of pages bring: texts, and files. Each carries the token of its visit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from app import http, multipart
from app.errors import OriginNotAllowed, Unauthenticated
from rest_compat.site.visitor import Visitor
from schema.types.upload import Upload

TOKEN = "form_token"  # noqa: S105 - a name
_TOKEN_HEADER = b"x-form-token"  # of requests by script
_MOST_FIELDS = 8000  # the review of the longest import there can be


class StaleForm(Exception):
    """A form of another visit: from before a sign-in, too old, or of another site."""


class Form:
    """The fields in the order they came. A field that was left empty is one with an empty text."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._pairs = list(pairs)
        self._files: dict[str, Upload] = {}

    def __contains__(self, name: str) -> bool:
        return any(each == name for each, _ in self._pairs)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def __repr__(self) -> str:
        return "Form(…)"  # it may hold a password

    def get(self, name: str, default: str = "") -> str:
        """The last text of this name."""
        return next((text for each, text in reversed(self._pairs) if each == name), default)

    def text(self, name: str) -> str:
        """The same without blanks around it."""
        return self.get(name).strip()

    def maybe(self, name: str) -> str | None:
        """The same, and None for an empty one."""
        return self.text(name) or None

    def all(self, name: str) -> list[str]:
        """Every text of this name, as of check boxes."""
        return [text for each, text in self._pairs if each == name]

    def file(self, name: str) -> Upload | None:
        """The file of this name; None if none was chosen."""
        return self._files.get(name)

    def without(self, *names: str) -> Form:
        """The same without some fields."""
        form = Form((name, text) for name, text in self._pairs if name not in names)
        form._files = self._files
        return form

    @classmethod
    def read(cls, content_type: bytes | None, body: bytes) -> Form:
        """Raises ValidationFailed and UnsupportedMediaType for a broken multipart body."""
        if not multipart.is_multipart(content_type):
            text = body.decode("utf-8", "replace")
            try:
                pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
            except ValueError:
                raise StaleForm from None  # no form of ours has so many
            return cls(pairs)
        form = cls()
        for part in multipart.read_parts(content_type, body):
            if part.filename is None:
                form._pairs.append((part.name, part.data.decode("utf-8", "replace")))
            elif part.filename or part.data:
                form._files[part.name] = Upload(part.data, part.filename, part.media_type)
        return form


async def form_of(visitor: Visitor, largest: int) -> Form:
    """The form of a POST, of at most `largest` bytes.

    Raises OriginNotAllowed and StaleForm for what does not come from a page of this visit, and what
    `Bodies.read` does.
    """
    scope = visitor.request.scope
    _refuse_other_sites(visitor)

    async def admit() -> UUID:
        if visitor.visit.account_id is None:
            raise Unauthenticated(reason="missing")
        return visitor.visit.account_id

    receive = visitor.request.receive
    async with visitor.services.bodies.read(scope, receive, largest, admit) as body:
        form = Form.read(http.header(scope, b"content-type"), body)
    shown = (http.header(scope, _TOKEN_HEADER) or b"").decode("latin-1") or form.get(TOKEN)
    if not visitor.visits.is_form_token(visitor.visit, shown):
        raise StaleForm
    return form.without(TOKEN)


def _refuse_other_sites(visitor: Visitor) -> None:
    """What a browser says of where a request comes from; the token is asked for as well."""
    scope = visitor.request.scope
    if http.header(scope, b"sec-fetch-site") not in (None, b"same-origin", b"none"):
        raise OriginNotAllowed
    origin = http.header(scope, b"origin")
    if origin is None:
        return
    try:
        host = urlsplit(origin.decode("latin-1")).netloc
    except ValueError:  # of no browser
        raise OriginNotAllowed from None
    ours = urlsplit(visitor.services.settings.public_url).netloc
    asked = (http.header(scope, b"host") or b"").decode("latin-1")
    if host not in (ours, asked):
        raise OriginNotAllowed
