"""A file over GraphQL: by the multipart request specification, or as a data URL."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from schema.root import AVATAR_BODY
from schema.uploads import MAX_FILES
from tests.portraits import portrait

SET = "mutation($file: Upload!) { setAvatar(file: $file) { avatarUrl } }"
PICTURE = portrait(64)
SAID = {"setAvatar": {"avatarUrl": "/v1/me/avatar"}}


def form(
    operations: Any, map_: Any, files: dict[str, bytes]
) -> dict[str, tuple[str | None, bytes | str]]:
    """The parts of a request, in the order that the specification wants."""
    control = {"operations": (None, json.dumps(operations)), "map": (None, json.dumps(map_))}
    return {**control, **{name: (f"{name}.png", data) for name, data in files.items()}}


def request(**variables: Any) -> dict[str, Any]:
    return {"query": SET, "variables": variables}


async def test_a_file_is_a_part_of_the_request(session: httpx.AsyncClient) -> None:
    parts = form(request(file=None), {"0": ["variables.file"]}, {"0": PICTURE})
    answer = await session.post("/graphql", files=parts)
    assert answer.status_code == 200
    assert answer.json()["data"] == SAID
    assert (await session.get("/v1/me/avatar")).status_code == 200


async def test_a_file_is_a_data_url_in_a_variable(session: httpx.AsyncClient) -> None:
    url = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"
    answer = await session.post("/graphql", json=request(file=url))
    assert answer.json()["data"] == SAID
    answer = await session.post("/graphql", json=request(file="data:nonsense"))
    error = answer.json()["errors"][0]
    assert error["extensions"]["code"] == "validation_failed"
    assert "base64" in error["message"]


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"map": (None, "{}")}, "operations: Is required."),
        ({"operations": (None, "{}")}, "map: Is required."),
        (form([request(file=None)], {}, {}), "operations: Must be an object."),
        (form(request(file=None), [], {}), "map: Must be an object."),
        (form(request(file=None), {}, {"0": b""}), "0: Is not in the map."),
        (form(request(file=None), {"0": ["variables.file"]}, {}), "0: There is no such part."),
        (form(request(file=None), {"0": "variables.file"}, {"0": b""}), "0: Its places"),
        (form(request(file=None), {"0": ["query"]}, {"0": b""}), "map: A file goes"),
        (form(request(file=None), {"0": [7]}, {"0": b""}), "map: A file goes"),
        (form(request(file=None), {"0": ["variables.x"]}, {"0": b""}), "map: Names a place"),
        (form(request(file=[]), {"0": ["variables.file.0"]}, {"0": b""}), "map: Names a place"),
        (form(request(file=[]), {"0": ["variables.file.-1"]}, {"0": b""}), "map: Names a place"),
        (form(request(file="x"), {"0": ["variables.file"]}, {"0": b""}), "map: Where a file"),
        (
            form(request(file=None), {}, {str(number): b"" for number in range(MAX_FILES + 1)}),
            f"map: A request may have {MAX_FILES} files.",
        ),
    ],
)
async def test_what_is_wrong_with_the_parts_is_named(
    parts: dict[str, Any], named: str, session: httpx.AsyncClient
) -> None:
    answer = await session.post("/graphql", files=parts)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "validation_failed"
    assert error["message"].startswith(named)
    assert (await session.get("/v1/me/avatar")).status_code == 404


async def test_broken_json_in_a_part_is_malformed(session: httpx.AsyncClient) -> None:
    answer = await session.post("/graphql", files={"operations": (None, "{"), "map": (None, "{}")})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "malformed_json"


async def test_a_part_given_twice_is_refused(session: httpx.AsyncClient) -> None:
    parts = [(name, value) for name, value in form(request(file=None), {}, {}).items()]
    answer = await session.post("/graphql", files=[*parts, parts[0]])
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "operations: Is given twice."


async def test_a_form_without_a_boundary_is_no_media_type_of_ours(
    session: httpx.AsyncClient,
) -> None:
    headers = {"content-type": "multipart/form-data"}
    answer = await session.post("/graphql", content=b"--b--", headers=headers)
    assert answer.status_code == 415
    assert answer.json()["errors"][0]["extensions"]["code"] == "unsupported_media_type"


async def test_files_are_bounded(session: httpx.AsyncClient) -> None:
    parts = form(request(file=None), {"0": ["variables.file"]}, {"0": b"x" * (AVATAR_BODY + 1)})
    answer = await session.post("/graphql", files=parts)
    assert answer.json()["errors"][0]["extensions"]["code"] == "payload_too_large"
    parts = form(request(file=None), {"0": ["variables.file"]}, {"0": b"x" * 11_000_000})
    assert (await session.post("/graphql", files=parts)).status_code == 413


async def test_without_credentials_nothing_is_set(client: httpx.AsyncClient) -> None:
    parts = form(request(file=None), {"0": ["variables.file"]}, {"0": PICTURE})
    answer = await client.post("/graphql", files=parts)
    assert answer.json()["errors"][0]["extensions"]["code"] == "unauthenticated"
