from __future__ import annotations

from app.services import Services
from tests.search.score import WAYS, floors, questions, scores
from workers.embedding.embedder import Embedder


async def test_questions_find_what_answers_them(services: Services, embedder: Embedder) -> None:
    found = await scores(services, embedder)
    for way in WAYS:
        score, floor = found[way], floors()[way]
        assert score.of == len(questions()) == 60
        reached = (score.at_1 / score.of, score.at_3 / score.of)
        assert reached[0] >= floor["at_1"], (way, reached)
        assert reached[1] >= floor["at_3"], (way, score.missed)
    assert found["fusion"].at_3 >= max(found["vectors"].at_3, found["words"].at_3)
