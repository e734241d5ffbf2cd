from __future__ import annotations

import pytest
from msgspec import structs

from app.cv.model import Template
from tests.workers import samples
from tests.workers.reading import by_pdfium, font_names, words
from workers import fonts
from workers.render import render_pdf


@pytest.mark.parametrize("key", fonts.FAMILIES)
def test_each_family_is_set_in_its_own_bundled_faces(key: str) -> None:
    cv = structs.replace(samples.example("harvard"), font_family=key)
    family = fonts.FAMILIES[key]
    assert font_names(render_pdf(cv)) == {family, f"{family} Bold", f"{family} Italic"}


@pytest.mark.parametrize(
    ("language", "family"),
    [
        ("Arabic", "IBM Plex Sans Arabic"),
        ("Hebrew", "Noto Sans Hebrew"),
        ("Hindi", "Noto Sans"),
        ("Georgian", "Noto Sans Georgian"),
        ("Tamil", "Noto Sans Tamil"),
        ("Thai", "Noto Sans Thai"),
        ("Japanese", "Noto Sans CJK JP"),
        ("Chinese", "Noto Sans CJK SC"),
        ("Korean", "Noto Sans CJK KR"),
        ("Greek", "Lato"),
        ("Russian", "Lato"),
    ],
)
@pytest.mark.parametrize("template", ["original", "picture"])
def test_every_script_is_set_and_never_in_boxes(
    template: Template, language: str, family: str
) -> None:
    cv = structs.replace(samples.written_in(template, language), font_family="lato")
    rendered = render_pdf(cv)
    names = font_names(rendered)
    assert family in names
    assert all(name.startswith(("Noto", "Lato", "IBM Plex")) for name in names)
    text = words("".join(by_pdfium(rendered)))
    assert not set(text) & {"\ufffd", "\x00"}


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("职务经历", "SC"),
        ("日本の経験", "JP"),
        ("경력 經歷", "KR"),
        ("軟體工程師", "TC"),
        ("软件", "SC"),
    ],
)
def test_chinese_characters_take_the_shapes_of_their_region(text: str, region: str) -> None:
    assert f"Noto Sans CJK {region}" in fonts.stack("lato", text)


def test_width_is_a_multiple_of_the_size() -> None:
    assert fonts.width("arimo", "0" * 10) == pytest.approx(5.56, abs=0.05)
    assert fonts.width("arimo", "") == 0


def test_every_folder_of_fonts_holds_fonts() -> None:
    assert all(any(folder.rglob("*.tt[fc]")) for folder in fonts.folders())
