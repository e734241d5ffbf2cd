"""Asking models: who is asked, how often, and what comes of it when they fail."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from app.answering.providers import InvalidProviders, NoModel, Provider, Providers, Spent, read
from tests.answering import fake_model
from tests.answering.fake_model import KEY, FakeModel, serving_model

MESSAGES = [{"role": "system", "content": "rules"}, {"role": "user", "content": "a question"}]
PASSING = [429, 500, 503]


@pytest.fixture
async def first() -> AsyncIterator[FakeModel]:
    async with serving_model() as fake:
        yield fake


@pytest.fixture
async def second() -> AsyncIterator[FakeModel]:
    async with serving_model() as fake:
        yield fake


def provider(fake: FakeModel, model: str = "one") -> Provider:
    return Provider(fake.url, model, KEY, Decimal("2"), Decimal("10"))


async def told(*fakes: FakeModel, timeout_seconds: float = 5.0) -> tuple[str, Spent]:
    """What the providers say, one after the other asked if need be."""
    names = ("one", "two")
    providers = Providers(
        [provider(fake, name) for fake, name in zip(fakes, names, strict=False)], timeout_seconds
    )
    spent = Spent()
    try:
        return "".join([piece async for piece in providers.tell(MESSAGES, spent)]), spent
    finally:
        await providers.close()


async def test_an_answer_comes_in_pieces_with_what_it_cost(first: FakeModel) -> None:
    first.says("She leads a team.")
    text, spent = await told(first)
    assert text == "She leads a team."
    assert (spent.model, spent.input_tokens, spent.output_tokens) == ("one", 321, 45)
    assert spent.usd == Decimal("0.001092")
    assert first.authorizations == [f"Bearer {KEY}"]
    assert first.asked[0]["stream"] is True


async def test_a_provider_that_does_not_stream_is_understood_too(first: FakeModel) -> None:
    first.says(fake_model.at_once("She leads a team."))
    text, spent = await told(first)
    assert text == "She leads a team."
    assert spent.output_tokens == 45


async def test_tokens_are_estimated_where_a_provider_counts_none(first: FakeModel) -> None:
    first.says(fake_model.telling("x" * 41, usage=None))
    _, spent = await told(first)
    assert (spent.input_tokens, spent.output_tokens) == (4, 11)


@pytest.mark.parametrize("status", PASSING)
async def test_what_may_pass_is_tried_once_more(first: FakeModel, status: int) -> None:
    first.says(fake_model.status(status), "Here.")
    text, _ = await told(first)
    assert text == "Here."
    assert len(first.asked) == 2


@pytest.mark.parametrize("status", PASSING)
async def test_after_two_failures_the_next_provider_is_asked(
    first: FakeModel, second: FakeModel, status: int
) -> None:
    first.says(fake_model.status(status))
    second.says("Here.")
    text, spent = await told(first, second)
    assert text == "Here."
    assert (len(first.asked), spent.model) == (2, "two")


@pytest.mark.parametrize("status", [400, 401, 404])
async def test_what_will_not_pass_is_not_tried_again(
    first: FakeModel, second: FakeModel, status: int
) -> None:
    first.says(fake_model.status(status))
    second.says("Here.")
    text, _ = await told(first, second)
    assert text == "Here."
    assert len(first.asked) == 1


@pytest.mark.parametrize(
    "broken",
    [
        fake_model.nonsense(),
        fake_model.odd_json(),
        fake_model.breaking_off(""),
        fake_model.hanging(),
    ],
    ids=["nonsense", "odd JSON", "no end", "hanging"],
)
async def test_a_broken_answer_is_none(
    first: FakeModel, second: FakeModel, broken: fake_model.Behaviour
) -> None:
    first.says(broken)
    second.says("Here.")
    text, spent = await told(first, second, timeout_seconds=0.3)
    assert text == "Here."
    assert spent.model == "two"


async def test_a_provider_that_is_away_is_passed_over(second: FakeModel) -> None:
    second.says("Here.")
    away = Provider("http://127.0.0.1:9/v1", "away", KEY)
    providers = Providers([away, provider(second)], 5.0)
    assert [p async for p in providers.tell(MESSAGES, Spent())] == ["Here."]
    await providers.close()


async def test_after_half_an_answer_nobody_else_is_asked(
    first: FakeModel, second: FakeModel
) -> None:
    first.says(fake_model.breaking_off("She leads a"))
    second.says("Here.")
    with pytest.raises(NoModel) as refused:
        await told(first, second)
    assert second.asked == []
    assert refused.value.spent.output_tokens > 0


async def test_an_answer_without_end_is_given_up(first: FakeModel) -> None:
    first.says(fake_model.endless())
    with pytest.raises(NoModel):
        await told(first)


async def test_nobody_to_ask_is_no_answer() -> None:
    with pytest.raises(NoModel):
        await told()


async def test_no_key_is_ever_logged(first: FakeModel, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    first.says(fake_model.status(401))
    with pytest.raises(NoModel):
        await told(first)
    assert "a model has not answered" in caplog.text
    assert KEY not in caplog.text
    assert KEY not in repr(provider(first))


def test_providers_are_read_from_json() -> None:
    given = [{"url": "https://llm.example/v1/", "key": "k", "model": "m", "input_usd": 0.5}]
    assert read(json.dumps(given)) == (
        Provider("https://llm.example/v1", "m", "k", Decimal("0.5"), Decimal("0")),
    )
    assert read(" ") == ()


@pytest.mark.parametrize(
    "setting",
    [
        "{",
        "{}",
        "[1]",
        '[{"model": "m"}]',
        '[{"url": "ftp://x", "model": "m"}]',
        '[{"url": "https://x", "model": "m", "secret": "hush"}]',
        '[{"url": "https://x", "model": "m", "key": 1}]',
        '[{"url": "https://x", "model": "m", "key": "hush", "input_usd": -1}]',
    ],
)
def test_what_names_no_provider_is_refused_without_telling_a_key(setting: str) -> None:
    with pytest.raises(InvalidProviders) as refused:
        read(setting)
    assert "hush" not in str(refused.value)
