"""Transcripts and insights as files, over real HTTP and GraphQL, by plan."""

from __future__ import annotations

import csv
import io
import re
from uuid import UUID

import httpx
import pytest

from app.services import Services
from tests.exporting import visits
from tests.people import Person, table
from tests.resolvers.test_exports import events, graphql
from tests.rest_compat.test_errors import assert_error
from tests.subscribers import make_flex, make_free, make_pro

TRANSCRIPTS, INSIGHTS = "/v1/me/exports/transcripts", "/v1/me/exports/insights"
DAYS = {"from": "2026-03-01", "to": "2026-03-31"}
FORMULAS = ["=1+1", "+41 79", "-2", "@SUM(A1)", "\tx", "'=1", "''+", "'tis", "＝1", 'a "b", c\r\nd']


async def own_id(services: Services, username: str = "ann") -> UUID:
    (row,) = await table(services, "SELECT id FROM accounts WHERE username = $1", username)
    found: UUID = row["id"]
    return found


def read_csv(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows, without what keeps a spreadsheet from running them."""
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    return [
        {
            key: value[1:] if re.match(r"'+[=+\-@\t\r\n＋－＝＠]", value) else value
            for key, value in row.items()
        }
        for row in rows
    ]


@pytest.mark.parametrize(
    ("path", "field"),
    [(TRANSCRIPTS, "exportTranscripts"), (INSIGHTS, "exportInsights")],
    ids=["transcripts", "insights"],
)
async def test_it_takes_a_plan_that_has_it(
    session: httpx.AsyncClient, services: Services, path: str, field: str
) -> None:
    for tier in ("free", "flex"):
        if tier == "flex":
            await make_flex(services)
        refused = await session.get(path)
        assert_error(refused, 403, "plan_required")
        details = {"required_plan": "pro", "effective_plan": tier}
        assert refused.json()["error"]["details"] == details
        told = await graphql(session, f"{{ {field} }}")
        assert told["errors"][0]["extensions"]["code"] == "plan_required"
    assert await events(services) == []
    await make_pro(services)
    assert (await session.get(path)).status_code == 200
    assert (await graphql(session, f"{{ {field} }}"))["data"][field].startswith(path)
    await make_free(services)
    assert_error(await session.get(path), 403, "plan_required")


async def test_transcripts_are_told_question_by_question(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    await visits.ask(services, await own_id(services), "Does she work nights?", "Where?")
    answer = await session.get(TRANSCRIPTS, params=DAYS)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["transfer-encoding"] == "chunked"
    assert not answer.headers.keys() & {"etag", "content-length"}
    assert re.search(
        r'filename="ann-transcripts-\d{4}-\d\d-\d\d\.json"', answer.headers["content-disposition"]
    )
    found = answer.json()
    assert (found["from"], found["to"]) == ("2026-03-01", "2026-03-31")
    assert [item["question"] for item in found["items"]] == ["Does she work nights?", "Where?"]
    first = found["items"][0]
    assert first["asked_at"] == "2026-03-17T12:00:00.001Z"
    assert first["sources"][0]["section"] == "experience"
    assert first["is_bot"] is False


async def test_csv_runs_nothing_and_says_the_same(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    await visits.ask(services, await own_id(services), *FORMULAS)
    answer = await session.get(TRANSCRIPTS, params={"format": "csv", **DAYS})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    raw = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert not [cell for row in raw for cell in row if re.match(r"[=+\-@\t\r\n＋－＝＠]", cell)]
    told = (await session.get(TRANSCRIPTS, params=DAYS)).json()["items"]
    rows = read_csv(answer)
    assert [row["question"] for row in rows] == FORMULAS
    assert list(rows[0]) == list(told[0])
    assert [row["asked_at"] for row in rows] == [item["asked_at"] for item in told]
    assert answer.content.count(b"\r\n") >= len(rows) + 1


async def test_insights_are_told_figure_by_figure(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    account_id = await own_id(services)
    await visits.count(services, account_id, "2026-03-17", view=7, referrer=3)
    await visits.count(services, account_id, "2026-03-18", view=2)
    await visits.count(services, account_id, "2026-04-18", view=99)
    found = (await session.get(INSIGHTS, params=DAYS)).json()
    assert found["items"] == [
        {"day": "2026-03-17", "metric": "referrer", "name": "example.org", "count": 3},
        {"day": "2026-03-17", "metric": "view", "name": "", "count": 7},
        {"day": "2026-03-18", "metric": "view", "name": "", "count": 2},
    ]
    rows = read_csv(await session.get(INSIGHTS, params={"format": "csv", **DAYS}))
    assert rows[1] == {"day": "2026-03-17", "metric": "view", "name": "", "count": "7"}


async def test_of_nothing_there_is_an_empty_list(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    for path in (TRANSCRIPTS, INSIGHTS):
        assert (await session.get(path)).json()["items"] == []
        assert read_csv(await session.get(path, params={"format": "csv"})) == []
    widest = {"from": "0001-01-01", "to": "9999-12-31"}
    assert (await session.get(TRANSCRIPTS, params=widest)).json()["items"] == []
    assert (await session.get(INSIGHTS, params={"period": "all"})).json()["items"] == []


async def test_what_others_were_asked_is_theirs(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    tom = await Person(services).signed_in("tom")
    await visits.ask(services, await tom.account_id(), "Where is Tom?")
    await visits.count(services, await tom.account_id(), "2026-03-17", view=7)
    for path in (TRANSCRIPTS, INSIGHTS):
        assert (await session.get(path, params=DAYS)).json()["items"] == []


@pytest.mark.parametrize("path", [TRANSCRIPTS, INSIGHTS], ids=["transcripts", "insights"])
@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-03-02", "to": "2026-03-01"},
        {"from": "yesterday"},
        {"from": "2026-02-30"},
        {"format": "xlsx"},
        {"to": "10000-01-01"},
    ],
    ids=["backwards", "words", "no-day", "no-format", "far"],
)
async def test_what_can_not_be_asked_for_is_refused(
    session: httpx.AsyncClient, services: Services, path: str, asked: dict[str, str]
) -> None:
    await make_pro(services)
    assert_error(await session.get(path, params=asked), 422, "validation_failed")
    assert await events(services) == []


async def test_each_export_is_a_security_event_once_it_is_fetched(
    session: httpx.AsyncClient, services: Services
) -> None:
    await make_pro(services)
    found = await graphql(session, '{ exportTranscripts(format: CSV, from: "2026-03-01") }')
    await session.head(TRANSCRIPTS)
    assert await events(services) == []
    assert (await session.get(found["data"]["exportTranscripts"])).status_code == 200
    await session.get(INSIGHTS)
    assert await events(services) == [
        ("transcripts", "session", {"format": "csv"}),
        ("insights", "session", {"format": "json"}),
    ]


async def test_without_credentials_nothing_is_told(client: httpx.AsyncClient) -> None:
    for path in (TRANSCRIPTS, INSIGHTS):
        assert_error(await client.get(path), 401, "unauthenticated")
