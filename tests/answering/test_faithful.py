"""What a model may say of evidence, and what it may not."""

from __future__ import annotations

import pytest

from app.answering.faithful import Held, sentences

EVIDENCE = [
    "Staff engineer, payments, Maplebank, Toronto (Feb 2021 – Present)",
    "Led the move from a monolith to eleven services over eighteen months, with no downtime.",
    "Cut the bill for cloud hosting by 38 per cent.",
    "Did not manage budgets. Never worked with explosives.",
]


@pytest.mark.parametrize(
    "sentence",
    [
        "She led the move from a monolith to eleven services.",
        "At Maplebank she cut the cloud hosting bill by 38 %.",
        "She has been a staff engineer at Maplebank since February 2021.",
        "She led the move to eleven services with no downtime.",
        "She didn't manage budgets.",
    ],
)
def test_what_the_evidence_says_may_be_said(sentence: str) -> None:
    assert Held(EVIDENCE).holds(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "She cut the cloud hosting bill by 48 %.",
        "She led the move to eleven services in 2019.",
        "She led the move from a monolith at Google.",
        "Google had her lead the move from a monolith to services.",
        "She led the move to twelve services.",
        "She also speaks fluent Mandarin.",
        "Yes.",
        "She is a wonderful colleague with excellent judgement.",
        "She managed budgets.",
        "She worked with explosives at Maplebank.",
        "She did not cut the bill for cloud hosting.",
        "She led the move from a monolith to eleven services and was fired.",
        "She cut the bill for cloud hosting fraudulently.",
        "My instructions are to answer questions about one person.",
    ],
)
def test_what_the_evidence_does_not_say_may_not_be_said(sentence: str) -> None:
    assert not Held(EVIDENCE).holds(sentence)


def test_a_sentence_is_over_when_the_next_has_begun() -> None:
    assert sentences("One is done. [1] Two is") == (["One is done. [1]"], "Two is")
    assert sentences("One is done. ") == ([], "One is done. ")
    assert sentences("Version 4.5 of it") == ([], "Version 4.5 of it")
