"""`./vitae bench profile`: what reading and changing a profile costs, as a multiple of the floor.

Everything goes by an API key, whose look-up is part of the one statement on both sides. The floor
writes the same revision as Vitae does.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import Any

import httpx
import orjson

from app.settings import Settings
from tests.bench.api import SERVE, report
from tests.bench.harness import (
    Contender,
    Request,
    free_port,
    interleave,
    listening,
    process,
    servers,
)

_PROFILE = (
    "profile { username fullName headline bio location website githubUrl linkedinUrl email phone"
    " avatarUrl languages { name level } openToWork emailPublic phonePublic createdAt updatedAt"
    " version }"
)
_ROW = "id position origin createdAt updatedAt version"
_OWNER = (
    f"{{ owner {{ {_PROFILE} skills {{ {_ROW} name category level years }}"
    f" experience {{ {_ROW} company title location employmentType startDate endDate isCurrent"
    " description bullets technologies }"
    f" education {{ {_ROW} institution degree fieldOfStudy location startDate endDate grade"
    " description bullets }"
    f" projects {{ {_ROW} name role url repositoryUrl startDate endDate description bullets"
    " technologies }"
    f" certifications {{ {_ROW} name issuer issuedOn expiresOn credentialId credentialUrl }} }} }}"
)


async def prepare(port: int) -> str:
    """The API key of a fresh account with 38 rows in its sections."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        person = {"username": "bench", "password": "a passphrase to measure with"}
        more = {"email": "bench@example.com", "full_name": "Bench"}
        await _ask(client, "POST", "/v1/auth/register", {**person, **more})
        session = await _ask(client, "POST", "/v1/auth/login", person)
        client.headers["authorization"] = f"Bearer {session['access_token']}"
        about = {"bio": "Builds bridges. " * 20, "headline": "Engineer", "location": "Bern"}
        await _ask(client, "PATCH", "/v1/me/profile", about)
        job = {"start_date": "2020-01", "bullets": ["Did a thing that mattered."] * 4}
        rows = {
            "skills": [{"name": f"Skill {n}", "category": "Tools"} for n in range(20)],
            "experience": [{"company": f"C{n}", "title": "Engineer", **job} for n in range(6)],
            "education": [{"institution": f"U{n}", "degree": "BSc"} for n in range(3)],
            "projects": [{"name": f"P{n}", **job} for n in range(5)],
            "certifications": [{"name": f"X{n}", "issuer": "Y"} for n in range(4)],
        }
        for section, items in rows.items():
            await _ask(client, "PUT", f"/v1/me/{section}", {"items": items})
        created = await _ask(client, "POST", "/v1/auth/api-keys", {"name": "bench"})
        return str(created["key"])


async def _ask(client: httpx.AsyncClient, method: str, path: str, body: Any) -> Any:
    answer = await client.request(method, path, json=body)
    answer.raise_for_status()
    return answer.json()


def changes(headers: dict[str, str]) -> Request:
    """Patches, no two of them alike: one that changes nothing is cheaper."""
    numbers = itertools.count()

    def body() -> bytes:
        return orjson.dumps(
            {"bio": f"Builds bridges, {next(numbers)} so far.", "open_to_work": True}
        )

    return Request("PATCH", "/v1/me/profile", headers, body)


async def measure(settings: Settings, rounds: int, requests: int) -> None:
    floor_port, vitae_port = free_port(), free_port()
    with contextlib.ExitStack() as stack:
        floor = stack.enter_context(process(settings, SERVE, "floor", str(floor_port)))
        vitae = stack.enter_context(process(settings, SERVE, "vitae", str(vitae_port)))
        async with listening(floor_port, vitae_port):
            headers = {"X-API-Key": await prepare(vitae_port)}

            async def compare(title: str, asked: Request, graphql: str | None = None) -> None:
                contenders = [
                    Contender("floor", floor, floor_port, asked),
                    Contender("vitae, REST", vitae, vitae_port, asked),
                ]
                if graphql is not None:
                    query = orjson.dumps({"query": graphql})
                    over = Request("POST", "/graphql", headers, lambda: query)
                    contenders.append(Contender("vitae, GraphQL", vitae, vitae_port, over))
                await interleave(contenders, rounds=rounds, requests=requests)
                report(title, contenders)

            read = Request("GET", "/v1/me/profile", headers)
            await compare("GET the profile", read, f"{{ owner {{ {_PROFILE} }} }}")
            await compare("PATCH the profile, with its revision", changes(headers))
            await compare("the whole owner, 38 rows", Request("GET", "/v1/me", headers), _OWNER)
            beside = [
                Contender(path, vitae, vitae_port, Request("GET", path, sent))
                for path, sent in (("/v1/me", headers), ("/v1/profiles/bench", {}))
            ]
            await interleave(beside, rounds=rounds, requests=requests)
            report("what strangers see of it, beside what its owner sees", beside)


def main(rounds: int = 15, requests: int = 600) -> None:
    with servers() as settings:
        asyncio.run(measure(settings, rounds, requests))
