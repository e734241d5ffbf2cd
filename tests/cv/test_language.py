from __future__ import annotations

import pytest

from app.cv import language


@pytest.mark.parametrize(
    ("texts", "tag"),
    [
        (("Engineer", "Zürich"), "en"),
        ((), "en"),
        (("123 – 456",), "en"),
        (("מהנדסת תוכנה", "PostgreSQL"), "he"),
        (("مهندسة برمجيات",), "ar"),
        (("Инженер-программист",), "ru"),
        (("ソフトウェアエンジニア", "職務経歴"), "ja"),
        (("高级软件工程师", "Python"), "zh"),
        (("소프트웨어 엔지니어",), "ko"),
        (("Fluent in many languages, such as 日本語 and русский",), "en"),
    ],
)
def test_the_language_is_told_by_the_script_of_most_letters(
    texts: tuple[str, ...], tag: str
) -> None:
    assert language.of(texts) == tag
