"""GraphQL over HTTP, server-sent events and WebSocket, on a real socket."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from httpx_ws import AsyncWebSocketSession, WebSocketDisconnect, aconnect_ws

from app.services import Services
from app.settings import Settings
from tests.conftest import serving
from tests.owners import EXAMPLE
from tests.waiting import until

RESPONSE = "application/graphql-response+json"
QUERY = {"query": "{ authMe { authenticated } }"}
WATCH = "subscription($id: UUID!) { resumeJob(jobId: $id) { job { status } } }"


@pytest.fixture
async def job_id(token: httpx.AsyncClient) -> str:
    made = await token.post("/v1/resume/jobs", json={"request_id": "s", "cv_data": EXAMPLE})
    found: str = made.json()["job_id"]
    return found


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        (RESPONSE, f"{RESPONSE}; charset=utf-8"),
        (f"text/plain, {RESPONSE};q=0.9", f"{RESPONSE}; charset=utf-8"),
    ],
)
async def test_the_media_type_is_negotiated(
    accept: str | None, kind: str, client: httpx.AsyncClient
) -> None:
    if accept is None:
        del client.headers["accept"]
    headers = {"accept": accept} if accept else {}
    answer = await client.post("/graphql", json=QUERY, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.json()["data"] == {"authMe": {"authenticated": False}}


async def test_a_document_that_never_ran_has_no_data(client: httpx.AsyncClient) -> None:
    for query in ("{ nope }", "{", "query($x: Int!) { authMe { authenticated } }"):
        new = await client.post("/graphql", json={"query": query}, headers={"accept": RESPONSE})
        assert new.status_code == 400
        assert "data" not in new.json()
        old = await client.post("/graphql", json={"query": query})
        assert old.status_code == 200
        assert "data" not in old.json()


@pytest.mark.parametrize(
    ("method", "kwargs", "status", "code"),
    [
        ("POST", {"content": b"{"}, 400, "malformed_json"),
        ("POST", {"content": b"5"}, 400, "validation_failed"),
        ("POST", {"content": b"null"}, 400, "validation_failed"),
        ("POST", {"json": {}}, 400, "validation_failed"),
        ("POST", {"json": {"query": 7}}, 400, "validation_failed"),
        ("POST", {"json": [QUERY]}, 400, "validation_failed"),
        ("POST", {"json": {**QUERY, "variables": "x"}}, 400, "validation_failed"),
        ("POST", {"data": QUERY}, 415, "unsupported_media_type"),
        ("POST", {"json": QUERY, "headers": {"accept": "image/png"}}, 406, "not_acceptable"),
        ("GET", {"params": {"query": "mutation { logout }"}}, 405, "method_not_allowed"),
        ("GET", {}, 400, "validation_failed"),
        ("PUT", {"json": QUERY}, 405, "method_not_allowed"),
        ("POST", {"json": {"query": WATCH, "variables": {"id": "7"}}}, 400, "validation_failed"),
    ],
)
async def test_what_is_no_graphql_request_is_refused(
    method: str, kwargs: dict[str, Any], status: int, code: str, client: httpx.AsyncClient
) -> None:
    kwargs = {
        **kwargs,
        "headers": {"content-type": "application/json", **kwargs.get("headers", {})},
    }
    if "data" in kwargs:
        kwargs["headers"]["content-type"] = "application/x-www-form-urlencoded"
    answer = await client.request(method, "/graphql", **kwargs)
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["extensions"]["code"] == code


async def test_a_query_by_get_works(client: httpx.AsyncClient) -> None:
    answer = await client.get("/graphql", params=QUERY)
    assert answer.json()["data"] == {"authMe": {"authenticated": False}}


async def test_a_large_body_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", content=b" " * 5_000_000)
    assert answer.status_code == 413


async def test_graphiql_is_for_development_only(
    settings: Settings, client: httpx.AsyncClient
) -> None:
    html = {"accept": "text/html"}
    assert "graphiql" in (await client.get("/graphql", headers=html)).text.lower()
    production = dataclasses.replace(settings, environment="production")
    async with serving(production) as url, httpx.AsyncClient(base_url=url) as http:
        assert "graphiql" not in (await http.get("/graphql", headers=html)).text.lower()


async def test_a_job_is_watched_over_server_sent_events(
    token: httpx.AsyncClient, job_id: str
) -> None:
    body = {"query": WATCH, "variables": {"id": job_id}}
    headers = {"accept": "text/event-stream"}
    seen = []
    async with token.stream("POST", "/graphql", json=body, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("data: {"):
                status = json.loads(line[6:])["data"]["resumeJob"]["job"]["status"]
                seen.append(status)
                if status == "QUEUED":
                    await token.post(f"/v1/resume/jobs/{job_id}/cancel")
    assert seen == ["QUEUED", "CANCELED"]


@contextlib.asynccontextmanager
async def connected(
    client: httpx.AsyncClient, protocol: str = "graphql-transport-ws", **options: Any
) -> AsyncIterator[AsyncWebSocketSession]:
    socket: AsyncWebSocketSession
    async with aconnect_ws("/graphql", client, subprotocols=[protocol], **options) as socket:
        yield socket


async def _open(socket: AsyncWebSocketSession, payload: dict[str, Any] | None = None) -> None:
    await socket.send_json({"type": "connection_init", "payload": payload or {}})
    assert (await socket.receive_json())["type"] == "connection_ack"


async def test_a_job_is_watched_over_a_web_socket(token: httpx.AsyncClient, job_id: str) -> None:
    bearer = token.headers["authorization"]
    async with (
        httpx.AsyncClient(base_url=token.base_url) as plain,
        connected(plain) as socket,
    ):
        await _open(socket, {"Authorization": bearer})  # as browsers must
        payload = {"query": WATCH, "variables": {"id": job_id}}
        await socket.send_json({"type": "subscribe", "id": "1", "payload": payload})
        first = await socket.receive_json()
        assert first["payload"]["data"] == {"resumeJob": {"job": {"status": "QUEUED"}}}
        await token.post(f"/v1/resume/jobs/{job_id}/cancel")
        second = await socket.receive_json()
        assert second["payload"]["data"] == {"resumeJob": {"job": {"status": "CANCELED"}}}
        assert (await socket.receive_json())["type"] == "complete"


@pytest.mark.parametrize("payload", [None, {"Authorization": "Bearer nonsense"}])
async def test_a_stranger_watches_nothing(
    payload: dict[str, Any] | None, client: httpx.AsyncClient, job_id: str
) -> None:
    async with connected(client) as socket:
        await _open(socket, payload)
        watch = {"query": WATCH, "variables": {"id": job_id}}
        await socket.send_json({"type": "subscribe", "id": "1", "payload": watch})
        answer = await socket.receive_json()
    errors = answer["payload"] if answer["type"] == "error" else answer["payload"]["errors"]
    assert [error["extensions"]["code"] for error in errors] == ["unauthenticated"]


async def test_another_owners_job_is_not_watched(session: httpx.AsyncClient, job_id: str) -> None:
    body = {"query": WATCH, "variables": {"id": job_id}}
    answer = await session.post("/graphql", json=body, headers={"accept": "text/event-stream"})
    assert '"not_found"' in answer.text
    assert "QUEUED" not in answer.text


async def _watched(socket: AsyncWebSocketSession, job_id: str, number: int) -> Any:
    """What is told first to one more subscription."""
    payload = {"query": WATCH, "variables": {"id": job_id}}
    await socket.send_json({"type": "subscribe", "id": str(number), "payload": payload})
    while (message := await socket.receive_json()).get("payload") is None:
        pass  # the one before is complete
    return message["payload"]


async def test_an_account_has_only_so_many_subscriptions_at_once(
    token: httpx.AsyncClient, job_id: str, services: Services
) -> None:
    most = services.settings.event_streams_per_account
    bearer = {"Authorization": token.headers["authorization"]}
    async with (
        httpx.AsyncClient(base_url=token.base_url) as plain,
        connected(plain) as socket,
    ):
        await _open(socket, bearer)
        async with connected(plain) as other:
            await _open(other, bearer)
            for number in range(most):
                assert "errors" not in await _watched(other, job_id, number)
            (error,) = (await _watched(socket, job_id, 0))["errors"]
            assert error["extensions"]["code"] == "rate_limited"
            assert error["extensions"]["details"]["limit"] == most
            body = {"query": WATCH, "variables": {"id": job_id}}
            events = {"accept": "text/event-stream"}
            answer = await token.post("/graphql", json=body, headers=events)
            assert '"rate_limited"' in answer.text
        numbers = itertools.count(1)

        async def let_in() -> bool:  # once it is noticed that the other has left
            return "errors" not in await _watched(socket, job_id, next(numbers))

        await until(let_in)


async def test_credentials_that_are_none_close_the_socket(client: httpx.AsyncClient) -> None:
    async with connected(client) as socket:
        await socket.send_json(
            {"type": "connection_init", "payload": {"Authorization": "Basic YTpi"}}
        )
        with pytest.raises(WebSocketDisconnect) as closed:
            await socket.receive_json()
    assert closed.value.code == 4403


async def test_the_outdated_web_socket_protocol_is_not_spoken(client: httpx.AsyncClient) -> None:
    async with connected(client, "graphql-ws") as socket:
        with pytest.raises(WebSocketDisconnect) as closed:
            await socket.receive_json()
    assert closed.value.code == 4406


async def test_a_page_of_another_origin_opens_no_socket(client: httpx.AsyncClient) -> None:
    headers = {"origin": "https://evil.example"}
    with pytest.raises(Exception, match="403"):
        async with connected(client, headers=headers):
            pass


async def test_head_and_options_are_answered(client: httpx.AsyncClient) -> None:
    head = await client.head("/graphql", params=QUERY)
    assert (head.status_code, head.content) == (200, b"")
    options = await client.options("/graphql")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert (await client.put("/graphql")).headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    "message",
    [
        "5",
        "[]",
        "null",
        '"x"',
        "{}",
        '{"type": 5}',
        '{"type": "subscribe", "id": 5, "payload": {"query": "{ scopes { items { name } } }"}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 5}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{a}", "variables": []}}',
        '{"type": "subscribe", "id": "1"}',
    ],
)
async def test_a_message_of_another_form_closes_the_socket(
    message: str, client: httpx.AsyncClient
) -> None:
    async with connected(client) as socket:
        await _open(socket)
        await socket.send_text(message)
        with pytest.raises(WebSocketDisconnect) as closed:
            await socket.receive_json()
    assert closed.value.code == 4400


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer a", "x-api-key": "b"},
        {"authorization": "Basic YTpi"},
    ],
)
async def test_a_socket_with_unclear_credentials_is_closed(
    headers: dict[str, str], client: httpx.AsyncClient
) -> None:
    async with connected(client, headers=headers) as socket:
        with pytest.raises(WebSocketDisconnect) as closed:
            await socket.receive_json()
    assert closed.value.code == 4403


async def _ask_over(socket: AsyncWebSocketSession, query: str) -> dict[str, Any]:
    await socket.send_json({"type": "subscribe", "id": "1", "payload": {"query": query}})
    answer: dict[str, Any] = (await socket.receive_json())["payload"]
    while (await socket.receive_json())["type"] != "complete":
        pass
    return answer


async def test_an_open_socket_does_not_outlive_a_logout(
    session: httpx.AsyncClient, base_url: str
) -> None:
    bearer = session.headers["authorization"]
    mint = 'mutation { createToken(input: {name: "x", scopes: [CHAT_RUN]}) { token } }'
    async with httpx.AsyncClient(base_url=base_url) as plain, connected(plain) as socket:
        await _open(socket, {"Authorization": bearer})
        before = await _ask_over(socket, "{ tokens { items { id } } }")
        assert before["data"] == {"tokens": {"items": []}}
        assert (await session.post("/v1/auth/logout")).status_code == 204
        for query in ("{ tokens { items { id } } }", mint):
            after = await _ask_over(socket, query)
            assert [e["extensions"]["code"] for e in after["errors"]] == ["unauthenticated"]


async def test_a_watcher_is_told_nothing_once_its_token_is_revoked(
    session: httpx.AsyncClient, base_url: str
) -> None:
    scopes = {"name": "watcher", "scopes": ["resume:generate"]}
    made = (await session.post("/v1/auth/tokens", json=scopes)).json()
    job = await session.post("/v1/resume/jobs", json={"request_id": "w", "cv_data": EXAMPLE})
    path = f"/v1/resume/jobs/{job.json()['job_id']}"
    body = {"query": WATCH, "variables": {"id": job.json()["job_id"]}}
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {made['token']}"}
    seen = []
    async with (
        httpx.AsyncClient(base_url=base_url, timeout=60) as watcher,
        watcher.stream("POST", "/graphql", json=body, headers=headers) as answer,
    ):
        async for line in answer.aiter_lines():
            if not line.startswith("data: {"):
                continue
            seen.append(json.loads(line[6:]))
            if len(seen) == 1:
                revoked = await session.delete(f"/v1/auth/tokens/{made['personal_token']['id']}")
                assert revoked.status_code == 204
                assert (await session.post(f"{path}/cancel")).status_code == 200
    assert seen[0]["data"]["resumeJob"]["job"]["status"] == "QUEUED"
    assert "CANCELED" not in json.dumps(seen)
    assert seen[-1]["errors"][0]["extensions"]["code"] == "unauthenticated"
