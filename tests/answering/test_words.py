"""When two words are the same, or near."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.answering.items import items_of
from app.answering.questions import read
from app.answering.words import alike, by_key, forms, vocabulary, words_of


def _meet(one: str, other: str) -> bool:
    return bool(alike(words_of(one)[0].folded) & by_key(vocabulary(other)).keys())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("engineer", "engineers"),
        ("Études", "etudes"),
        ("lead", "headed"),
        ("K8s", "Kubernetes"),
        ("gearbeitet", "gearbeiteten"),
        ("prescriptions", "prescribes"),
    ],
)
def test_words_that_mean_the_same_meet(one: str, other: str) -> None:
    assert _meet(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Java", "JavaScript"), ("C", "C++"), ("Rust", "trust"), ("sea", "season")]
)
def test_words_that_look_alike_do_not(one: str, other: str) -> None:
    assert not _meet(one, other)


def test_words_have_the_same_forms_in_many_threads() -> None:
    words = [f"{stem}{end}" for stem in ("nurs", "manag", "test") for end in ("ing", "ed", "es")]
    alone = {word: forms.__wrapped__(word) for word in words}
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(forms.__wrapped__, words * 200))
    assert found == [alone[word] for word in words * 200]


def test_of_a_very_long_profile_only_so_much_is_read() -> None:
    row = {"id": None, "company": "Acme", "title": "Clerk", "description": "Filed. " * 1_400}
    record = {"profile": {"username": "ada"}, "experience": [row] * 100}
    items = items_of(record)
    assert len(items) == 100
    assert sum(len(line) for item in items for line in item.lines) <= 60_000


def test_of_a_very_long_question_only_so_many_words_count() -> None:
    assert len(read(" ".join(f"bank{n}" for n in range(100)), {}).matter) == 40


def test_a_sentence_that_does_not_fit_is_left_out_whole() -> None:
    profile = {"username": "ada", "bio": "Short one.\n" + "long " * 20_000}
    row = {"id": None, "company": "Acme", "title": "Clerk", "description": "Filed."}
    summary, acme = items_of({"profile": profile, "experience": [row]})
    assert summary.lines == ("Short one.",)
    assert acme.lines == ("Filed.",)
