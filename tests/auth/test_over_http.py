"""Identity as clients meet it: REST and GraphQL on a real socket."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.people import PASSWORD

REGISTRATION = {
    "username": "ann",
    "email": "ann@example.com",
    "password": PASSWORD,
    "full_name": "Ann Lee",
}


async def post(client: httpx.AsyncClient, path: str, body: Any = None, **headers: str) -> Any:
    response = await client.post(path, json=body, headers=headers)
    assert response.is_success, response.text
    return response.json() if response.content else None


@pytest.fixture
async def tokens(client: httpx.AsyncClient) -> dict[str, str]:
    await post(client, "/v1/auth/register", REGISTRATION)
    answer: dict[str, str] = await post(
        client, "/v1/auth/login", {"username": "ann", "password": PASSWORD}
    )
    return answer


@pytest.fixture
def session(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def test_the_life_of_a_token_over_rest(
    client: httpx.AsyncClient, session: dict[str, str]
) -> None:
    made = await post(
        client, "/v1/auth/tokens", {"name": "cli", "scopes": ["resume:generate"]}, **session
    )
    bearer = {"Authorization": f"Bearer {made['token']}"}
    probes = [
        (await client.get(f"/v1/auth/check/{what}", headers=bearer)).status_code
        for what in ("chat", "resume", "tools", "mcp")
    ]
    assert probes == [403, 200, 403, 403]

    path = f"/v1/auth/tokens/{made['personal_token']['id']}"
    rotated = await post(client, f"{path}/rotate", {"overlap_minutes": 0}, **session)
    assert (await client.get("/v1/auth/me", headers=bearer)).status_code == 401
    listed = (await client.get("/v1/auth/tokens", headers=session)).json()
    assert [item["id"] for item in listed["items"]] == [rotated["personal_token"]["id"]]

    path = f"/v1/auth/tokens/{rotated['personal_token']['id']}"
    assert (await client.delete(path, headers=session)).status_code == 204
    assert (await client.delete(path, headers=session)).status_code == 404
    bearer = {"Authorization": f"Bearer {rotated['token']}"}
    assert (await client.get("/v1/auth/me", headers=bearer)).status_code == 401


async def test_a_rotation_needs_no_body(client: httpx.AsyncClient, session: dict[str, str]) -> None:
    made = await post(client, "/v1/auth/tokens", {"name": "cli", "scopes": ["chat:run"]}, **session)
    path = f"/v1/auth/tokens/{made['personal_token']['id']}/rotate"
    assert (await client.post(path, headers=session)).status_code == 201


async def test_a_refresh_and_a_logout_over_rest(
    client: httpx.AsyncClient, tokens: dict[str, str]
) -> None:
    spent = {"refresh_token": tokens["refresh_token"]}
    fresh = await post(client, "/v1/auth/refresh", spent)
    session = {"Authorization": f"Bearer {fresh['access_token']}"}
    assert (await client.post("/v1/auth/logout", headers=session)).status_code == 204
    for response in (
        await client.get("/v1/auth/me", headers=session),
        await client.post("/v1/auth/refresh", json={"refresh_token": fresh["refresh_token"]}),
    ):
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "unauthenticated"


async def test_a_refresh_token_used_twice_is_refused_and_ends_its_session_over_rest(
    client: httpx.AsyncClient, tokens: dict[str, str]
) -> None:
    spent = {"refresh_token": tokens["refresh_token"]}
    fresh = await post(client, "/v1/auth/refresh", spent)
    again = await client.post("/v1/auth/refresh", json=spent)
    assert again.status_code == 401
    assert "refresh_token" not in again.text
    session = {"Authorization": f"Bearer {fresh['access_token']}"}
    assert (await client.get("/v1/auth/me", headers=session)).status_code == 401


async def test_bad_credentials_are_refused_even_where_none_are_needed(
    client: httpx.AsyncClient,
) -> None:
    assert (await client.get("/v1/auth/me")).json()["authenticated"] is False
    response = await client.get("/v1/auth/me", headers={"Authorization": "Bearer nonsense"})
    assert response.status_code == 401


async def test_a_key_and_a_bearer_together_are_ambiguous(
    client: httpx.AsyncClient, session: dict[str, str]
) -> None:
    key = (await post(client, "/v1/auth/api-keys", {"name": "script"}, **session))["key"]
    assert (await client.get("/v1/auth/me", headers={"X-API-Key": key})).status_code == 200
    both = await client.get("/v1/auth/me", headers={"X-API-Key": key, **session})
    assert (both.status_code, both.json()["error"]["code"]) == (400, "ambiguous_credentials")


async def test_a_throttled_login_says_when_to_come_back(
    client: httpx.AsyncClient, tokens: dict[str, str]
) -> None:
    wrong = {"username": "ann", "password": "not the password"}
    statuses = [(await client.post("/v1/auth/login", json=wrong)).status_code for _ in range(10)]
    assert statuses == [401] * 10
    response = await client.post("/v1/auth/login", json=wrong)
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 900
    error = response.json()["error"]
    assert error["details"]["limit"] == "failed_logins_per_account"
    assert error["retryable"] is True


async def test_a_burst_of_logins_is_answered_or_put_off_but_never_breaks(
    client: httpx.AsyncClient, tokens: dict[str, str]
) -> None:
    body = {"username": "ann", "password": PASSWORD}
    logins = [client.post("/v1/auth/login", json=body) for _ in range(24)]
    me = client.get("/v1/auth/scopes")
    *answers, other = await asyncio.gather(*logins, me)
    assert {answer.status_code for answer in answers} <= {200, 429, 503}
    assert other.status_code == 200


async def test_no_answer_but_the_first_holds_a_secret(
    client: httpx.AsyncClient, session: dict[str, str]
) -> None:
    token = (
        await post(client, "/v1/auth/tokens", {"name": "cli", "scopes": ["chat:run"]}, **session)
    )["token"]
    key = (await post(client, "/v1/auth/api-keys", {"name": "script"}, **session))["key"]
    seen = [
        (await client.get(path, headers=session)).text
        for path in ("/v1/auth/me", "/v1/auth/tokens", "/v1/auth/api-keys")
    ]
    assert all(secret not in text for secret in (token, key) for text in seen)


async def test_the_same_over_graphql(client: httpx.AsyncClient) -> None:
    async def run(query: str, variables: dict[str, Any], **headers: str) -> Any:
        body = {"query": query, "variables": variables}
        answer = (await client.post("/graphql", json=body, headers=headers)).json()
        assert "errors" not in answer, answer
        return answer["data"]

    await run(
        "mutation($input: RegisterInput!) { register(input: $input) { id } }",
        {
            "input": {
                "username": "ann",
                "email": "ann@example.com",
                "password": PASSWORD,
                "fullName": "Ann Lee",
            }
        },
    )
    login = await run(
        "mutation($input: LoginInput!) { login(input: $input) { accessToken } }",
        {"input": {"email": "ann@example.com", "password": PASSWORD}},
    )
    session = {"Authorization": f"Bearer {login['login']['accessToken']}"}
    made = await run(
        "mutation($input: CreateTokenInput!) { createToken(input: $input) { token } }",
        {"input": {"name": "cli", "scopes": ["RESUME_GENERATE", "MCP_CONNECT"]}},
        **session,
    )
    me = await run(
        "{ authMe { authenticated scopes principal { username credential } } }",
        {},
        Authorization=f"Bearer {made['createToken']['token']}",
    )
    assert me["authMe"] == {
        "authenticated": True,
        "scopes": ["RESUME_GENERATE", "MCP_CONNECT"],
        "principal": {"username": "ann", "credential": "PERSONAL_TOKEN"},
    }
    await run("mutation { logout }", {}, **session)
    response = await client.post(
        "/graphql", json={"query": "{ tokens { items { id } } }"}, headers=session
    )
    assert response.json()["errors"][0]["extensions"]["code"] == "unauthenticated"
