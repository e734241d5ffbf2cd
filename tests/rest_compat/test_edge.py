"""What every request gets: an id, security headers, a line in the log without secrets, metrics."""

from __future__ import annotations

import dataclasses
import json
import re

import httpx
import pytest

from app.logs import configure_logging
from app.settings import Settings
from tests.conftest import serving


@pytest.mark.parametrize("given", ["req_1", "a" * 128, "!~"])
async def test_a_request_id_is_taken_and_echoed(given: str, client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz", headers={"x-request-id": given})
    assert answer.headers["x-request-id"] == given
    assert answer.json()["request_id"] == given


@pytest.mark.parametrize("given", ["", "a" * 129, "a b", "é"])
async def test_a_request_id_is_minted_in_place_of_a_bad_one(
    given: str, client: httpx.AsyncClient
) -> None:
    headers = {b"x-request-id": given.encode()}
    answer = await client.get("/healthz", headers=headers)
    assert re.fullmatch(r"req_[0-9a-f]{32}", answer.headers["x-request-id"])


async def test_every_answer_has_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/nope", "/v1/auth/me", "/openapi.json", "/developers"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        page = path == "/developers"
        assert headers.get("x-frame-options") == ("DENY" if page else None)
        assert headers.get("referrer-policy") == ("no-referrer" if page else None)
        assert "content-security-policy" in headers


async def test_https_is_promised_when_the_public_address_is_https(settings: Settings) -> None:
    secure = dataclasses.replace(settings, public_url="https://vitae.example")
    async with serving(secure) as url, httpx.AsyncClient(base_url=url) as http:
        assert "strict-transport-security" in (await http.get("/healthz")).headers


async def test_a_listed_origin_may_call_and_another_may_not(settings: Settings) -> None:
    listed = dataclasses.replace(settings, cors_origins="https://app.example")
    ask = {"access-control-request-method": "POST"}
    async with serving(listed) as url, httpx.AsyncClient(base_url=url) as http:
        yes = await http.options("/v1/auth/login", headers={"origin": "https://app.example", **ask})
        no = await http.options("/v1/auth/login", headers={"origin": "https://evil.example", **ask})
    assert yes.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-origin" not in no.headers


async def test_the_log_names_request_and_principal_and_no_secret(
    settings: Settings, session: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logging(dataclasses.replace(settings, log_level="info"))
    try:
        made = await session.post(
            "/v1/auth/tokens",
            json={"name": "n", "scopes": ["resume:generate"]},
            headers={"x-request-id": "req_seen"},
        )
        await session.get("/v1/auth/tokens?limit=3&cursor=s3cret")
        await session.get("/p4th/of/a/secret")
        await session.post("/v1/auth/login", json={"username": "ann", "password": "s3cret"})
    finally:
        configure_logging(settings)
    written = capfd.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    line = next(line for line in lines if line.get("request_id") == "req_seen")
    assert line["route"] == "/v1/auth/tokens"
    assert (line["method"], line["status"]) == ("POST", 201)
    assert line["ms"] > 0
    me = (await session.get("/v1/auth/me")).json()
    assert line["principal"] == me["principal"]["account_id"]
    bearer = session.headers["authorization"].removeprefix("Bearer ")
    for secret in (made.json()["token"], bearer, "s3cret", "p4th"):
        assert secret not in written


async def test_metrics_count_by_route_as_declared(client: httpx.AsyncClient) -> None:
    await client.get("/v1/resume/jobs/01a200a0-ae69-70fe-a318-eeba3c8d3508")
    text = (await client.get("/metrics")).text
    assert re.search(
        r'vitae_http_requests_total\{method="GET",route="/v1/resume/jobs/\{job_id\}",status="401"\}',
        text,
    )
    assert "01a200a0" not in text
