"""What is answered of what ten profiles say, and that nothing else is."""

from __future__ import annotations

import pytest

from app.services import Services
from tests.answering.score import Asked, Score, ask_all, floors
from workers.embedding.embedder import Embedder


@pytest.fixture
async def asked(services: Services) -> list[Asked]:
    embedder = Embedder(services.settings)
    try:
        return await ask_all(services, embedder)
    finally:
        await embedder.close()


async def test_most_is_answered_rightly_and_nothing_that_a_profile_does_not_say(
    asked: list[Asked],
) -> None:
    assert [one.question for one in asked if not one.expected and one.is_answered] == []
    for half, found in (("all", Score.of(asked)), ("reported", Score.of(asked[1::2]))):
        least = floors()[half]
        assert found.right >= least["right"], half
        assert found.wrong <= least["wrong"], half
        assert found.invented <= least["invented"], half
