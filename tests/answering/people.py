"""Somebody with a small profile, and how it is asked about."""

from __future__ import annotations

import json
from typing import Any

from strawberry import Some

from app.services import Services
from schema.types.profile import ProfilePatch
from schema.types.sections import ExperienceItemInput, SkillItemInput
from tests.people import Person

ASK = "/v1/profiles/ada/ask"


async def ada(services: Services, **fields: Any) -> Person:
    """An engineer whose profile can be asked."""
    person = await Person(services).signed_in("ada")
    given = {"full_name": "Ada Moss", "location": "Leeds", "open_to_work": True, **fields}
    changes: dict[str, Any] = {name: Some(value) for name, value in given.items()}
    patch = ProfilePatch(**changes)
    await person.run("update_profile", input=patch)
    await person.run(
        "replace_all_experience",
        items=[
            ExperienceItemInput(
                company="Maplebank",
                title="Staff engineer",
                start_date="2021-02",
                is_current=True,
                bullets=["Led the move from a monolith to eleven services, with no downtime."],
                technologies=["PostgreSQL"],
            ),
            ExperienceItemInput(
                company="Parcelwise", title="Engineer", start_date="2017-06", end_date="2021-01"
            ),
        ],
    )
    await person.run("replace_skills", items=[SkillItemInput(name="PostgreSQL", years=9)])
    return person


def events_of(body: str) -> list[tuple[str, dict[str, Any]]]:
    """The server-sent events of an answer, by name."""
    found = []
    for block in body.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found
