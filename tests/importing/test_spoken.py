"""Languages that people say they speak."""

from __future__ import annotations

import pytest

from app.importing.spoken import find_languages

LISTS = [
    ("French (native), English – C1", [("French", "native"), ("English", "C1")]),
    ("Deutsch: Muttersprache", [("Deutsch", "Muttersprache")]),
    ("日本語（母語）", [("日本語", "母語")]),
    ("日本語（母語）、英語（TOEIC 900点）", [("日本語", "母語"), ("英語", "TOEIC 900点")]),
    ("普通话：母语，英语：CET-6", [("普通话", "母语"), ("英语", "CET-6")]),
    ("中文", [("中文", None)]),
    ("한국어 (원어민)", [("한국어", "원어민")]),
    ("English, German and French", [("English", None), ("German", None), ("French", None)]),
    ("Native English, fluent in German", [("English", "Native"), ("German", "fluent")]),
    ("Fluent: English, French", [("English", "Fluent"), ("French", "Fluent")]),
    ("Englisch fließend in Wort und Schrift", [("Englisch", "fließend in Wort und Schrift")]),
    ("Inglese B2", [("Inglese", "B2")]),
    ("Inglese B2 B2 B2 B2 B2", [("Inglese", "B2")]),
    (
        "Español Nativo · Valenciano C1 · Inglés B1",
        [("Español", "Nativo"), ("Valenciano", "C1"), ("Inglés", "B1")],
    ),
    (
        "Nederlands (moedertaal), Engels (zeer goed), Duits (redelijk)",
        [("Nederlands", "moedertaal"), ("Engels", "zeer goed"), ("Duits", "redelijk")],
    ),
    ("English  Native", [("English", "Native")]),
    ("English\nNative\nGerman\nB2", [("English", "Native"), ("German", "B2")]),
    ("Langue maternelle : français", [("français", "Langue maternelle")]),
    ("Anglais : courant (TOEIC 900)", [("Anglais", "courant (TOEIC 900)")]),
    ("English / Spanish", [("English", None), ("Spanish", None)]),
    ("Anglais B2, Portugais notions", [("Anglais", "B2"), ("Portugais", "notions")]),
    ("Inglês: intermediário; Espanhol: avançado",
     [("Inglês", "intermediário"), ("Espanhol", "avançado")]),
    ("Igbo – Fluent", [("Igbo", "Fluent")]),
    ("Latein (Großes Latinum)", [("Latein", "Großes Latinum")]),
    ("English ●●●●○", [("English", "●●●●○")]),
    ("C1 English", [("English", "C1")]),
    ("Polish (mother tongue)", [("Polish", "mother tongue")]),
    ("Русский — родной, английский — B2", [("Русский", "родной"), ("английский", "B2")]),
    ("English - Full Professional Proficiency", [("English", "Full Professional Proficiency")]),
    ("Mandarin Chinese", [("Mandarin Chinese", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "languages"), LISTS)
def test_languages_and_levels_are_read_as_written(
    text: str, languages: list[tuple[str, str | None]]
) -> None:
    assert [tuple(found) for found in find_languages(text)] == languages


@pytest.mark.parametrize(
    "text",
    ["English teaching certificate", "French cuisine", "Worked with Chinese suppliers", "Italien",
     "polish the silver", "Java, Python", ""],
)  # fmt: skip
def test_a_language_named_for_something_else_is_left_out(text: str) -> None:
    assert find_languages(text) == []


def test_a_label_above_a_list_of_languages_is_no_level() -> None:
    found = find_languages("Lengua(s) materna(s): Español | Euskera")
    assert [(each.name, each.level) for each in found] == [
        ("Español", "Lengua(s) materna(s)"),
        ("Euskera", "Lengua(s) materna(s)"),
    ]
    assert [each.name for each in find_languages("Languages Known : English, Tamil")] == [
        "English",
        "Tamil",
    ]
