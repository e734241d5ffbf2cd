from __future__ import annotations

import pytest

from app.importing.document import Line
from tests.importing.pages import line
from tests.importing.test_fields import NAME, head, read


def certificates(*lines: Line) -> list[tuple[str | None, ...]]:
    found = read(NAME, head("Certifications"), *lines).certifications
    return [(one.name, one.issuer, one.issued_on, one.expires_on) for one in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Fall Protection - expires Oct 2027", ("Fall Protection", None, None, "2027-10")),
        ("GWO Basic Safety, gültig bis 04/2027", ("GWO Basic Safety", None, None, "2027-04")),
        ("VCA-VOL, geldig tot 11-2028", ("VCA-VOL", None, None, "2028-11")),
        (
            "Notary Public, State of Ohio, commission expires 04/2028",
            ("Notary Public", "State of Ohio", None, "2028-04"),
        ),
        (
            "Life Support, Red Cross, May 2023, valid until May 2027",
            ("Life Support", "Red Cross", "2023-05", "2027-05"),
        ),
    ],
    ids=["english", "german", "dutch", "behind_issuer", "both"],
)
def test_until_when_a_certificate_holds_is_not_when_it_was_given(
    text: str, wanted: tuple[str | None, ...]
) -> None:
    assert certificates(line(text, bullet=True)) == [wanted]


def test_a_date_with_what_happened_then_dates_a_certificate() -> None:
    assert certificates(line("日商簿記検定2級（2015年11月取得）", bullet=True)) == [
        ("日商簿記検定2級", None, "2015-11", None)
    ]


def test_a_profession_behind_a_comma_issues_nothing() -> None:
    assert certificates(line("Red Seal, Construction Electrician (2013)", bullet=True)) == [
        ("Red Seal, Construction Electrician", None, "2013", None)
    ]


def test_rows_of_a_table_of_labels_are_certificates_under_their_label() -> None:
    preview = read(
        NAME,
        head("Skills"),
        line("Software:", right="Excel, Word"),
        line("Certificates:", right="First Aid, 2024"),
    )
    assert [one.name for one in preview.certifications] == ["First Aid"]
    assert {one.name for one in preview.skills} == {"Excel", "Word"}
