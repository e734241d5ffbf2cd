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
from app.exporting.json_resume import carried
from app.plans import tier_of
from app.presentation import chosen
from app.presentation.effective import layout_of
from app.presentation.layout import Layout, doubled
from app.standing import facts
from resolvers.profile import get_record
from schema.types.resume import CreateResumeJobInput

_LONGEST_REQUEST_ID = 200
_LOOK = ("template", "theme_color", "font_size", "font_family", "page_size", "locale")
_SECTIONS = ("sections_order", "hidden_sections")
_SMALL_CV = 32_000  # bytes; reading it takes less than a hop to a thread and back


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `body` is what a repeat must ask for too: cv_data, or a look of the profile.

    `sections` has what is asked of their order and of what is hidden, by the names of the input.
    """

    input: CreateResumeJobInput
    request_id: str
    look: dict[str, str]
    sections: dict[str, list[str]]
    body: bytes
    digest: bytes

    @classmethod
    def of(cls, input: CreateResumeJobInput) -> Asked:
        """Raises ValidationFailed for what contradicts itself, or asks for nothing."""
        request_id = _checked_request_id(input.request_id)
        look = {name: value for name in _LOOK if (value := getattr(input, name)) is not None}
        sections = {
            name: [section.value for section in given]
            for name in _SECTIONS
            if (given := getattr(input, name)) is not None
        }
        body = _canonical(_wish(input, look, sections))
        return cls(input, request_id, look, sections, body, hashlib.sha256(body).digest())

    @property
    def is_large(self) -> bool:
        """Whether reading it is work."""
        return len(self.body) > _SMALL_CV

    async def cv_data(self, call: Call) -> tuple[Any, str]:
        """What was given, or what the caller's profile says now, and then the profile itself as a
        JSON Resume, of which cv_data can't hold all; "" with what was given."""
        return await self._of_profile(call) if self.input.from_profile else (self.input.cv_data, "")

    async def _of_profile(self, call: Call) -> tuple[dict[str, Any], str]:
        """cv_data of the caller's profile in its layout, except where the request says otherwise.

        It has the portrait where the template has a place for one.
        """
        record = await get_record(call)
        layout = await _layout(call)
        hidden = self.sections.get("hidden_sections", layout.hidden_sections)
        cv_data = cv_data_of(
            record,
            sections_order=self.sections.get("sections_order", layout.section_order),
            hidden=hidden,
            locale=self.look.get("locale"),
        )
        if layout.font_family is not None:
            cv_data["font_family"] = layout.font_family
        cv_data |= self.look
        if self.look.get("template") == "picture" and (key := record["profile"]["avatar_key"]):
            stream = await call.services.artifacts.stream(key)
            portrait = base64.b64encode(b"".join([chunk async for chunk in stream])).decode()
            cv_data["identity"]["picture"] = f"data:image/jpeg;base64,{portrait}"
        return cv_data, carried(record, hidden)

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


def _wish(input: CreateResumeJobInput, look: dict[str, str], sections: dict[str, list[str]]) -> Any:
    if input.from_profile:
        if input.cv_data is not None:
            message = "Give cv_data or from_profile, not both."
            raise ValidationFailed([FieldError("cv_data", "contradiction", message)])
        wrong = [error for name, given in sections.items() for error in doubled(name, given)]
        if wrong:
            raise ValidationFailed(wrong)
        return {"from_profile": True, "look": look, **sections}
    if input.cv_data is None:
        message = "Is required, unless from_profile is true."
        raise ValidationFailed([FieldError("cv_data", "required", message)])
    if vain := [*look, *sections]:
        message = "Belongs into cv_data; here it goes with from_profile only."
        raise ValidationFailed([FieldError(name, "contradiction", message) for name in vain])
    return input.cv_data


async def _layout(call: Call) -> Layout:
    """The caller's layout that is in effect."""
    row = await chosen.of_account(call.db, call.principal.account_id)
    return layout_of(row, call.services.plans.entitlements(tier_of(facts(row))))


def _canonical(cv_data: Any) -> bytes:
    """cv_data as JSON, the same for the same content."""
    try:
        return orjson.dumps(cv_data, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # numbers of any size and half surrogates must reach the normaliser's checks
        return json.dumps(cv_data, sort_keys=True, separators=(",", ":")).encode()
