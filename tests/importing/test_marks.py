"""Signs of Thai letters, which PDFs draw out of their order."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from app.cv.normalise import normalise
from app.importing.marks import is_sign, set_signs, stands_on
from app.importing.read import read_text_of_pdf
from workers.render import render_pdf

SENTENCE = "ตั้งค่าที่นี่เพื่อผู้ใช้น้ำกี่ป่าฟ้า ก้าวหน้า เป็นผู้จัดการฝ่ายบัญชีและการเงิน ปั่น ญี่ปุ่น ฐานข้อมูลเชิงสัมพันธ์"


@dataclass
class Drawn:
    text: str
    x0: float
    x1: float
    base: float = 100
    size: float = 10
    letters: list[tuple[float, float, int]] = field(default_factory=list)


def word(*letters: str) -> Drawn:
    """A word of letters, with the signs that are met behind them, each ten points wide."""
    whole = Drawn("".join(letters), 0, 10.0 * len(letters))
    at = 0
    for index, letter in enumerate(letters):
        whole.letters.append((10.0 * index, 10.0 * index + 10, at))
        at += len(letter)
    return whole


@pytest.mark.parametrize("template", ["original", "business", "picture", "harvard"])
def test_thai_is_read_as_it_was_written(template: str) -> None:
    job = {"title": "บริษัท น้ำดี จำกัด", "subtitle": "ผู้จัดการฝ่ายบัญชี", "location": "เชียงใหม่"}
    item = {**job, "start": "2018", "end": "2020", "bullets": [SENTENCE]}
    cv_data = {
        "template": template,
        "locale": "th",
        "identity": {"first_name": "สมชาย", "last_name": "ใจดี", "email": "somchai@example.com"},
        "sections": {"experience": {"type": "main", "items": [item]}},
    }
    (found,) = read_text_of_pdf(render_pdf(normalise(cv_data).cv).pdf).experience
    assert found.location == "เชียงใหม่"
    assert "".join(found.bullets[0].split()) == "".join(SENTENCE.split())


def test_a_sign_goes_behind_the_letter_that_it_is_drawn_over() -> None:
    chiang = word("เ", "ช", "ย", "ง")
    assert set_signs([Drawn("ี", 11, 19)], [chiang]) == []
    assert chiang.text == "เชียง"
    assert [at for _, _, at in chiang.letters] == [0, 1, 3, 4]


def test_a_vowel_goes_before_a_tone_and_a_tone_behind_a_vowel() -> None:
    toned, vowelled = word("ท่", "น"), word("ที", "น")
    set_signs([Drawn("ี", 1, 9)], [toned])
    set_signs([Drawn("่", 1, 9)], [vowelled])
    assert toned.text == vowelled.text == "ที่น"


@pytest.mark.parametrize("sign", [Drawn("ี", 200, 209), Drawn("ี", 11, 19, base=150)])
def test_a_sign_over_no_letter_is_kept(sign: Drawn) -> None:
    chiang = word("เ", "ช")
    assert set_signs([sign], [chiang]) == [sign]
    assert chiang.text == "เช"


def test_latin_letters_take_no_thai_signs() -> None:
    latin = word("a", "b")
    assert set_signs([sign := Drawn("ี", 1, 9)], [latin]) == [sign]


def test_a_sign_is_one_that_takes_no_room() -> None:
    assert [is_sign(ord(each)) for each in "ี่็กา\u0301"] == [True, True, True, False, False, False]


def test_a_sign_stands_on_the_letter_it_is_over_and_on_no_other() -> None:
    assert stands_on(10, 20, (12, 19), 10)
    assert not stands_on(10, 20, (30, 36), 10)
