"""GET /u/{username}.{json,md,vcf,pdf} and its portrait: what is published, as files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app import avatars, http, profile_pdfs
from app.artifacts import Artifact
from app.auth import throttle
from app.auth.throttle import Limit
from app.errors import NotFound
from app.exporting.formats import FORMATS
from app.publication import Published
from app.services import Services
from app.web.profile.page import path_of
from rest_compat.public.found import Endpoint, find, moved, robot_headers
from rest_compat.routes import disposition
from rest_compat.stored import AGAIN_EACH_TIME, Stored

_WINDOW_SECONDS = 900


class _File(NamedTuple):
    """One of `app/exporting/formats.py`; a browser shows what is `inline`."""

    format: str
    inline: bool


_WRITTEN = {
    "json": _File("jsonresume", inline=True),
    "md": _File("markdown", inline=True),
    "vcf": _File("vcard", inline=False),
}


class ProfileFiles:
    """The files of all that is published."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._making = profile_pdfs.Making(services.queue, services.artifacts)

    def written(self, suffix: str) -> Endpoint:
        """The endpoint of a format that is written at once."""
        kind = _WRITTEN[suffix]
        writer = FORMATS[kind.format]

        async def answer(request: Request) -> Response:
            found = await self._found(request)
            if (elsewhere := moved(found, request, writer.suffix)) is not None:
                return elsewhere
            body = writer.write(found.record, found.presentation.layout.section_order)
            stored = Stored.of(body, writer.media_type, cache_control=AGAIN_EACH_TIME)
            how = "inline" if kind.inline else "attachment"
            name = found.username + writer.suffix
            self._services.audience.downloaded(found, request.scope, suffix)
            headers = {"content-disposition": disposition(name, how), **_headers(found)}
            return stored.answer(request, headers)

        return answer

    async def pdf(self, request: Request) -> Response:
        found = await self._found(request)
        if (elsewhere := moved(found, request, ".pdf")) is not None:
            return elsewhere
        cv = await profile_pdfs.cv_of(found)
        key = profile_pdfs.key_of(found.account_id, cv)
        headers = {
            "content-disposition": disposition(f"{found.username}.pdf"),
            "etag": f'"{profile_pdfs.etag_of(key)}"',
            **_headers(found),
        }
        stored = await profile_pdfs.stored(self._services.artifacts, key)
        if stored is None:
            if key not in self._making:
                await self._limit(request)
            stored = await self._making.file(key, cv)
        self._services.audience.downloaded(found, request.scope, "pdf")
        return await self._sent(request, stored, "application/pdf", headers)

    async def portrait(self, request: Request) -> Response:
        found = await self._found(request)
        if (elsewhere := moved(found, request, "/avatar")) is not None:
            return elsewhere
        if found.avatar_key is None:
            raise NotFound("There is no portrait.")
        headers = {"etag": f'"{avatars.etag_of(found.avatar_key)}"', **_headers(found)}
        stored = await self._services.artifacts.describe(found.avatar_key)
        return await self._sent(request, stored, "image/jpeg", headers)

    async def _found(self, request: Request) -> Published:
        found = await find(self._services, request)
        if found is None:
            raise NotFound
        return found

    async def _limit(self, request: Request) -> None:
        """Count a render against the address; raises RateLimited."""
        address = request.client.host if request.client else ""
        most = self._services.settings.profile_pdfs_per_address
        limit = Limit("profile_pdf", throttle.network(address), most, _WINDOW_SECONDS)
        await throttle.take(self._services.redis, limit)

    async def _sent(
        self, request: Request, stored: Artifact, media_type: str, headers: dict[str, str]
    ) -> Response:
        headers["cache-control"] = AGAIN_EACH_TIME
        if http.is_known(request.scope, headers["etag"].encode()):
            return Response(status_code=304, headers=headers)
        headers["content-length"] = str(stored.size)
        if request.method == "HEAD":
            return Response(headers=headers, media_type=media_type)
        stream: AsyncIterator[bytes] = await self._services.artifacts.stream(stored.key)
        return StreamingResponse(stream, headers=headers, media_type=media_type)


def _headers(found: Published) -> dict[str, str]:
    canonical = f'<{path_of(found.username)}>; rel="canonical"'
    return {"link": canonical, **robot_headers(found)}
