from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import msgspec
import pytest

from app.cv.model import CV, Identity
from workers import render_process
from workers.render import Rendered


class Leaving:
    """A renderer each of whose documents is left in a cycle of its own, which counting misses."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.left: list[weakref.ref[Leaving]] = []

    def render_pdf(self, cv: CV) -> Rendered:
        document = Leaving(0)
        document.itself = document  # type: ignore[attr-defined]
        self.left.append(weakref.ref(document))
        return Rendered(pdf=b"%PDF-", pages=self.pages)


@pytest.fixture(autouse=True)
def _no_automatic_collection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(render_process, "_rendered", 0)
    gc.disable()
    yield
    gc.enable()


def left_after(renders: int, renderer: Leaving, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(render_process, "_renderer", renderer)
    for _ in range(renders):
        render_process.answer(msgspec.json.encode(CV(identity=Identity())))
    return sum(document() is not None for document in renderer.left)


def test_what_short_documents_leave_is_cleared_every_eight(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renderer = Leaving(pages=1)
    assert left_after(7, renderer, monkeypatch) == 7
    assert left_after(1, renderer, monkeypatch) == 0


def test_what_a_long_document_leaves_is_cleared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert left_after(1, Leaving(pages=30), monkeypatch) == 0
