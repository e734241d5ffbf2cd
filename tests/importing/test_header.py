from __future__ import annotations

import pytest

from app.importing.document import Line
from app.importing.names import bare_name
from app.importing.personal import is_personal
from app.importing.preview import FoundProfile
from tests.importing.pages import line
from tests.importing.test_fields import head, read


def profile(name: str, *texts: str) -> FoundProfile:
    """What a header of a large name and lines below it says."""
    lines: list[Line] = [line(name, size=20), *map(line, texts)]
    return read(*lines, head("Experience"), line("Engineer, Acme Ltd, 2019 - 2020")).profile


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Jane Doe, CPA, MBA", "Jane Doe"),
        ("Siobhán O’Brien, RN, BSN", "Siobhán O’Brien"),
        ("Jane Doe Ph.D.", "Jane Doe"),
        ("Dr. Rosalinde Petkova-Thiel", "Dr. Rosalinde Petkova-Thiel"),
        ("Herr Max Muster", "Max Muster"),
        ("DUPONT Marie-Claire", "Marie-Claire DUPONT"),
        ("Kowalska, Anna", "Anna Kowalska"),
        ("Sam Lee (they/them)", "Sam Lee"),
        ("J A N E  D O E", "JANE DOE"),
        ("山田 太郎（やまだ たろう）", "山田 太郎"),
    ],
)
def test_a_name_is_told_without_what_stands_round_it(written: str, name: str) -> None:
    assert bare_name(written) == name


@pytest.mark.parametrize(
    ("name", "texts", "headline"),
    [
        ("Ada Lovelace", ["Registered Nurse | Critical Care"], "Registered Nurse | Critical Care"),
        ("Ada Lovelace", ["Data scientist – santé publique"], "Data scientist – santé publique"),
        (
            "Ada Lovelace",
            ["34 ans, permis B", "Chargée de communication"],
            "Chargée de communication",
        ),
        ("Ada Lovelace", ["geboren am 3. Februar 1970 in Ulm", "Architektin"], "Architektin"),
        ("王 小明", ["求职意向：财务主管", "男 | 28岁 | 上海"], "财务主管"),
        ("Ada Lovelace, Architect", ["London, UK"], "Architect"),
        ("Curriculum Vitae Europass", ["Nome / Cognome: Ada Bianchi"], None),
    ],
)
def test_a_headline_stands_at_the_name(name: str, texts: list[str], headline: str | None) -> None:
    assert profile(name, *texts, "ada@example.org").headline == headline


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        (["14 Quay Street", "Galway, H91 X2K4"], "14 Quay Street, Galway, H91 X2K4"),
        (["4, impasse des Tilleuls", "31200 Toulouse"], "4, impasse des Tilleuls, 31200 Toulouse"),
        (["C/ Mayor, 14, 2º A, 28013 Madrid"], "C/ Mayor, 14, 2º A, 28013 Madrid"),
        (["Recife – PE, Brasil | ada@example.com"], "Recife – PE, Brasil"),
        (["Port of Spain, Trinidad and Tobago"], "Port of Spain, Trinidad and Tobago"),
        (["210 Basalt Hall, Duluth, MN 55812"], "210 Basalt Hall, Duluth, MN 55812"),
        (["東京都武蔵野市／ada@example.com"], "東京都武蔵野市"),
    ],
)
def test_an_address_is_read_whole(texts: list[str], place: str) -> None:
    assert profile("Ada Lovelace", "Architect", *texts).location == place


def test_a_headline_and_a_place_in_one_line_are_told_apart() -> None:
    found = profile("Ada Lovelace", "Site Reliability Engineer · Bengaluru, India")
    assert (found.headline, found.location) == ("Site Reliability Engineer", "Bengaluru, India")


def test_a_headline_may_be_a_short_word_that_names_a_profession() -> None:
    assert profile("Ada Lovelace", "Chef", "ada@example.org").headline == "Chef"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Home 204-555-0161 | Cell 204-555-0188", "204-555-0188"),
        ("Fax: 03643 555012 · Tel.: 03643 555013", "03643 555013"),
        ("Tel. 06 - 5555 0172", "06 - 5555 0172"),
        ("Phone: +48 22 555 01 23 (home), +48 601 555 012 (mobile)", "+48 601 555 012"),
    ],
)
def test_a_mobile_number_goes_before_others_and_a_fax_is_none(text: str, number: str) -> None:
    assert profile("Ada Lovelace", text).phone == number


def test_a_number_that_is_not_taken_is_kept_with_its_label() -> None:
    found = read(line("Ada Lovelace", size=20), line("Home 204-555-0161 | Cell 204-555-0188"))
    assert "Home 204-555-0161" in [each.text for each in found.unplaced]


@pytest.mark.parametrize(
    "text", ["27 ans, permis B", "1993 年 8 月 21 日生（満 32 歳）", "男 | 28岁"]
)
def test_age_and_licence_are_personal(text: str) -> None:
    assert is_personal(text)


@pytest.mark.parametrize("text", ["Single-cell biologist", "Staff engineer", "Born Digital Ltd"])
def test_a_profession_is_not_personal(text: str) -> None:
    assert not is_personal(text)


@pytest.mark.parametrize("name", ["Leiter Einkauf bei Nordlicht Logistik GmbH"])
def test_a_post_and_where_it_is_held_are_a_headline(name: str) -> None:
    assert profile("Ada Lovelace", name, "ada@example.org").headline == name


def test_an_address_in_one_long_line_is_a_place_and_no_headline() -> None:
    address = (
        "Department of Geography, University of Exampleton, 4 Hill Road, Exampleton EX4 1AB, UK"
    )
    found = profile("Ada Lovelace", address, "ada@example.org · ORCID 0000-0002-1825-0097")
    assert (found.location, found.headline, found.phone) == (address, None, None)
