"""How people say where they are reached, what they are called and where they live."""

from __future__ import annotations

import pytest

from app.importing.contact import (
    classify_url,
    find_emails,
    find_phones,
    find_urls,
    is_repository,
    label_of,
    looks_like_name,
    looks_like_place,
    split_contact_line,
)

LINES = [
    ("jane@x.org | +49 30 1234567 | Berlin", ["jane@x.org", "+49 30 1234567", "Berlin"]),
    ("jane@x.org · Berlin, Germany", ["jane@x.org", "Berlin, Germany"]),
    ("jane@x.org • Berlin ⋄ Paris ◦ Rome", ["jane@x.org", "Berlin", "Paris", "Rome"]),
    ("jane@x.org\tBerlin", ["jane@x.org", "Berlin"]),
    ("jane@x.org   Berlin", ["jane@x.org", "Berlin"]),
    ("jane@x.org / +49 30 1234567", ["jane@x.org", "+49 30 1234567"]),
    ("\uf0e0 jane@x.org \uf095 +49 30 1234567", ["jane@x.org", "+49 30 1234567"]),
    ("✉ jane@x.org ☎ +49 30 1234567", ["jane@x.org", "+49 30 1234567"]),
    ("📞 +49 30 1234567", ["+49 30 1234567"]),
    ("E-Mail: jane@x.de", ["jane@x.de"]),
    ("Tel.: 0171 1234567", ["0171 1234567"]),
    ("Mobil +49 171 1234567", ["+49 171 1234567"]),
    ("Téléphone : 06 12 34 56 78", ["06 12 34 56 78"]),
    ("電話: 090-1234-5678", ["090-1234-5678"]),
    ("手机：138 0013 8000 | 邮箱：z@x.cn", ["138 0013 8000", "z@x.cn"]),
    ("Email : jane@x.com Phone : +33 6 12 34 56 78", ["jane@x.com", "+33 6 12 34 56 78"]),
    ("12 Main St, Boston, MA 02115, jane@x.com", ["12 Main St, Boston, MA 02115", "jane@x.com"]),
    ("Adresse: Weg 3, 12345 Ort", ["Weg 3, 12345 Ort"]),
    ("Name  Jane Doe", ["Jane Doe"]),
    ("DWAYNE  PETTIFORD", ["DWAYNE  PETTIFORD"]),
    ("Born  12.06.1987", ["Born: 12.06.1987"]),
    ("", []),
]

EMAILS = [
    ("jane.doe@example.org", "jane.doe@example.org"),
    ("mailto:jane@example.org", "jane@example.org"),
    ("Jane <j_d+cv@mail.example.co.uk>", "j_d+cv@mail.example.co.uk"),
    ("jane [at] example [dot] org", "jane@example.org"),
    ("jane(at)example.org", "jane@example.org"),
    ("jane.doe@ example.org", "jane.doe@example.org"),
    ("jürgen@müller.de", "jürgen@müller.de"),
]

PHONES = [
    ("500 555 123", None, "500 555 123", None),
    ("+49 30 1234567", None, "+49 30 1234567", "+49301234567"),
    ("+49 (0)30 1234567", None, "+49 (0)30 1234567", "+49301234567"),
    ("0049 30 1234567", None, "0049 30 1234567", "+49301234567"),
    ("T +44 20 7946 0958", None, "+44 20 7946 0958", "+442079460958"),
    ("+1 (415) 555-0132", None, "+1 (415) 555-0132", "+14155550132"),
    ("+1 555 123 4567", None, "+1 555 123 4567", "+15551234567"),
    ("(415) 555-0132", None, "(415) 555-0132", None),
    ("415-555-0132", None, "415-555-0132", None),
    ("06 12 34 56 78", None, "06 12 34 56 78", None),
    ("06 12 34 56 78", "FR", "06 12 34 56 78", "+33612345678"),
    ("030 1234567", "DE", "030 1234567", "+49301234567"),
    ("Tel. 030 1234567", None, "030 1234567", None),
    ("138 0013 8000", None, "138 0013 8000", None),
    ("912 345 678", None, "912 345 678", None),
]

URLS = [
    ("https://www.linkedin.com/in/jane-doe/", "https://www.linkedin.com/in/jane-doe/", "linkedin"),
    ("linkedin.com/in/jane-doe", "https://linkedin.com/in/jane-doe", "linkedin"),
    ("linkedin.com/in/ jane-doe", "https://linkedin.com/in/jane-doe", "linkedin"),
    ("de.linkedin.com/in/jane", "https://de.linkedin.com/in/jane", "linkedin"),
    ("github.com/jane", "https://github.com/jane", "github"),
    ("github.com/ jane", "https://github.com/jane", "github"),
    ("GitHub: @jane", "https://github.com/jane", "github"),
    ("LinkedIn: janedoe", "https://linkedin.com/in/janedoe", "linkedin"),
    ("github.com/jane/project", "https://github.com/jane/project", "other"),
    ("www.janedoe.dev.", "https://www.janedoe.dev", "website"),
    ("(janedoe.com)", "https://janedoe.com", "website"),
    ("jane.github.io", "https://jane.github.io", "website"),
    ("https://twitter.com/jane", "https://twitter.com/jane", "other"),
    ("https://doi.org/10.1000/182", "https://doi.org/10.1000/182", "other"),
]

NAMES = [
    "Jane Doe", "JANE DOE", "J A N E  D O E", "Dr. Jane van der Berg, PhD", "Max Mustermann",
    "María José García López", "O'Brien, Liam", "Jean-Luc Picard", "Thandiwe Nkosi",
    "Deborah L. Castellan, CPA", "张伟", "山田 太郎", "佐藤花子", "石川　陽向", "Priya Raghunathan",
]  # fmt: skip
NO_NAMES = [
    "Software Engineer", "Curriculum Vitae", "Lebenslauf", "New York", "Berlin, Germany",
    "Google Inc", "Work Experience", "Machine Learning", "Project Manager", "北京",
    "Technische Universität Berlin", "工作经历", "jane@example.org", "12 Main Street", "Jane", "",
    "Managed the team of the north",
]  # fmt: skip
PLACES = [
    "Berlin, Germany", "San Francisco, CA", "10115 Berlin", "Remote", "Paris", "北京", "東京都",
    "Greater Boston Area", "Musterstraße 5, 10115 Berlin", "Oberursel, Deutschland", "Delft, NL",
    "Washington, D.C.", "Springfield, IL", "São Paulo - SP", "London (Remote)", "Curitiba/PR",
    "京都府京都市", "서울특별시 마포구 월드컵로 10", "Lyon 6e",
]  # fmt: skip
NO_PLACES = [
    "Software Engineer", "Acme GmbH", "Python, Java", "Google, Berlin", "C, CA", "jane@example.org",
    "2019 – 2021", "", "Led a team in Berlin and grew it", "Neumann",
]  # fmt: skip


@pytest.mark.parametrize(("line", "pieces"), LINES)
def test_a_line_of_details_comes_apart_without_labels_and_icons(
    line: str, pieces: list[str]
) -> None:
    assert split_contact_line(line) == pieces


@pytest.mark.parametrize(("text", "address"), EMAILS)
def test_an_address_is_found_and_made_whole(text: str, address: str) -> None:
    assert [email.address for email in find_emails(text)] == [address]


@pytest.mark.parametrize("text", ["jane@", "@jane", "a@b", "met at noon", "x@1.2", "jane@home"])
def test_other_uses_of_an_at_are_no_address(text: str) -> None:
    assert find_emails(text) == []


@pytest.mark.parametrize(("text", "region", "written", "e164"), PHONES)
def test_a_number_is_kept_as_written_and_made_international_only_where_certain(
    text: str, region: str | None, written: str, e164: str | None
) -> None:
    [phone] = find_phones(text, region)
    assert (phone.text, phone.e164) == (written, e164)
    assert text[phone.at[0] : phone.at[1]] == written


@pytest.mark.parametrize(
    "text",
    ["2019-2021", "Jan 2019 – Mar 2020", "03.2019 - 05.2020", "ISBN 978-3-16-148410-0", "1234567",
     "ORCID 0000-0002-1825-0097", "〒603-0000", "12 345 678 views", "01.03.2019 – 15.05.2020", "https://x.org/415-555-0132"],
)  # fmt: skip
def test_other_digits_are_no_number(text: str) -> None:
    assert find_phones(text) == []


@pytest.mark.parametrize(("text", "url", "kind"), URLS)
def test_a_link_is_absolute_and_known_by_its_kind(text: str, url: str, kind: str) -> None:
    assert [(found.url, found.kind) for found in find_urls(text)] == [(url, kind)]


@pytest.mark.parametrize(
    "text",
    ["Node.js, ASP.NET, Vue.js", "jane@example.org", "B.Sc. in Physics", "Socket.io", "e.g. this",
     "Booking.com", "version 3.11.io", "End of sentence.Next one"],
)  # fmt: skip
def test_names_with_a_dot_are_no_link(text: str) -> None:
    assert find_urls(text) == []


def test_a_repository_is_known_by_its_second_part() -> None:
    assert is_repository("https://github.com/jane/project")
    assert is_repository("gitlab.com/group/project")
    assert not is_repository("https://github.com/jane")
    assert not is_repository("https://example.org/jane/project")


@pytest.mark.parametrize("url", ["mailto:jane@example.org", "tel:+49", "", "https://", "http://["])
def test_what_is_no_web_address_is_of_another_kind(url: str) -> None:
    assert classify_url(url) == "other"


@pytest.mark.parametrize("text", NAMES)
def test_a_name_looks_like_one(text: str) -> None:
    assert looks_like_name(text) >= 0.6


@pytest.mark.parametrize("text", NO_NAMES)
def test_other_words_look_like_no_name(text: str) -> None:
    assert looks_like_name(text) < 0.3


@pytest.mark.parametrize("text", PLACES)
def test_a_place_looks_like_one(text: str) -> None:
    assert looks_like_place(text) >= 0.6


@pytest.mark.parametrize("text", NO_PLACES)
def test_other_words_look_like_no_place(text: str) -> None:
    assert looks_like_place(text) < 0.5


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [("Date of birth: 12.03.1990", "birth", "12.03.1990"),
     ("Nationalität: deutsch", "nationality", "deutsch"),
     ("T +44 20 7946 0958", "phone", "+44 20 7946 0958")],
)  # fmt: skip
def test_a_label_is_told_from_what_it_announces(text: str, kind: str, rest: str) -> None:
    label = label_of(text)
    assert label is not None
    assert (label.kind, label.rest) == (kind, rest)


def test_a_sentence_with_a_colon_has_no_label() -> None:
    assert label_of("Responsible for: all of it") is None


@pytest.mark.parametrize(
    "text", ["Flat 2, 61 Inverleith Grove, Edinburgh EH3 9ZZ", "Kerkbuurt 41, 3361 BD Sliedrecht"]
)
def test_a_house_and_a_postcode_are_an_address_whatever_the_street(text: str) -> None:
    assert looks_like_place(text) >= 0.6
