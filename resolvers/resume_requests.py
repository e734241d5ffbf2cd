"""What a request for a résumé asks for, and what a repeat of it is known by."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import orjson

from app.call import Call
from app.cv.from_profile import cv_data_of
from app.cv.normalise import Normalised, normalise
from app.errors import FieldError, ValidationFailed
from resolvers.profile import get_record
from schema.types.resume import CreateResumeJobInput

_LONGEST_REQUEST_ID = 200
_LOOK = ("template", "theme_color", "font_size", "font_family")
_SMALL_CV = 32_000  # bytes; reading it takes less than a hop to a thread and back


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `body` is what a repeat must ask for too: cv_data, or a look of the profile."""

    input: CreateResumeJobInput
    request_id: str
    look: dict[str, str]
    body: bytes
    digest: bytes

    @classmethod
    def of(cls, input: CreateResumeJobInput) -> Asked:
        """Raises ValidationFailed for what contradicts itself, or asks for nothing."""
        request_id = _checked_request_id(input.request_id)
        look = {name: value for name in _LOOK if (value := getattr(input, name)) is not None}
        body = _canonical(_wish(input, look))
        return cls(input, request_id, look, body, hashlib.sha256(body).digest())

    @property
    def is_large(self) -> bool:
        """Whether reading it is work."""
        return len(self.body) > _SMALL_CV

    async def cv_data(self, call: Call) -> Any:
        """What was given, or what the caller's profile says now."""
        return await _of_profile(call, self.look) if self.input.from_profile else self.input.cv_data

    async def read(self, cv_data: Any) -> Normalised:
        """Read it, off the event loop when there is much of it or a picture to decode."""
        if self.is_large or self.input.from_profile or b'"picture"' in self.body:
            return await asyncio.to_thread(normalise, cv_data)
        return normalise(cv_data)


def _checked_request_id(value: str) -> str:
    if not (1 <= len(value) <= _LONGEST_REQUEST_ID and value.isprintable() and value.strip()):
        message = f"Must be 1 to {_LONGEST_REQUEST_ID} visible characters."
        raise ValidationFailed([FieldError("request_id", "invalid", message)])
    return value


def _wish(input: CreateResumeJobInput, look: dict[str, str]) -> Any:
    if input.from_profile:
        if input.cv_data is not None:
            message = "Give cv_data or from_profile, not both."
            raise ValidationFailed([FieldError("cv_data", "contradiction", message)])
        return {"from_profile": True, "look": look}
    if input.cv_data is None:
        message = "Is required, unless from_profile is true."
        raise ValidationFailed([FieldError("cv_data", "required", message)])
    if look:
        message = "Belongs into cv_data; here it goes with from_profile only."
        raise ValidationFailed([FieldError(name, "contradiction", message) for name in look])
    return input.cv_data


async def _of_profile(call: Call, look: dict[str, str]) -> dict[str, Any]:
    """cv_data of the caller's profile, with its portrait where the template has a place for one."""
    record = await get_record(call)
    cv_data = cv_data_of(record) | look
    if look.get("template") == "picture" and (key := record["profile"]["avatar_key"]):
        stream = await call.services.artifacts.stream(key)
        portrait = base64.b64encode(b"".join([chunk async for chunk in stream])).decode()
        cv_data["identity"]["picture"] = f"data:image/jpeg;base64,{portrait}"
    return cv_data


def _canonical(cv_data: Any) -> bytes:
    """cv_data as JSON, the same for the same content."""
    try:
        return orjson.dumps(cv_data, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # numbers of any size and half surrogates must reach the normaliser's checks
        return json.dumps(cv_data, sort_keys=True, separators=(",", ":")).encode()
