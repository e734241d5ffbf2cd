"""If-Match beside other things that are wrong (RFC 9110, 13.2.1)."""

from __future__ import annotations

import httpx
import pytest

from tests.rest_compat.test_errors import assert_error

NOWHERE = "/v1/resume/jobs/01a200c1-0660-72cb-b725-729e3666a2d1"


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"foreign"', "no tag", "*"])
@pytest.mark.parametrize("path", [NOWHERE, "/v1/resume/jobs/no-id"])
async def test_what_does_not_exist_is_not_found_whatever_version_is_named(
    token: httpx.AsyncClient, path: str, tag: str
) -> None:
    assert_error(await token.delete(path, headers={"if-match": tag}), 404, "not_found")
    answer = await token.post(f"{path}/cancel", headers={"if-match": tag})
    assert_error(answer, 404, "not_found")


async def test_who_may_not_is_told_so_whatever_version_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.delete(NOWHERE, headers={"if-match": 'W/"1"'})
    assert_error(answer, 401, "unauthenticated")


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', ""])
async def test_a_condition_on_what_has_no_version_is_not_passed_over(
    session: httpx.AsyncClient, tag: str
) -> None:
    headers = {"if-match": tag}
    for path, body in (
        ("/v1/me/skills", {"items": [{"name": "Go"}]}),
        ("/v1/me/sections/skills/order", {"ids": []}),
    ):
        answer = await session.put(path, json=body, headers=headers)
        assert_error(answer, 412, "precondition_failed")
    assert (await session.get("/v1/me/skills")).json()["items"] == []
    any_ = await session.put("/v1/me/skills", json={"items": []}, headers={"if-match": "*"})
    assert any_.status_code == 200


async def test_an_empty_condition_matches_nothing(session: httpx.AsyncClient) -> None:
    answer = await session.patch("/v1/me/profile", json={"bio": "x"}, headers={"if-match": ""})
    assert_error(answer, 412, "precondition_failed")
