from __future__ import annotations

from msgspec import structs

from app.importing.document import Line
from app.importing.preview import FoundCertification
from tests.importing.pages import line
from tests.importing.test_fields import NAME, head, read


def certificates(*lines: Line) -> list[FoundCertification]:
    return read(NAME, head("Certifications"), *lines).certifications


def test_several_in_a_row_are_parted_by_their_dates() -> None:
    found = certificates(line("CIPD Level 7, 2019 | Certified Recruiter, 2022"))
    assert [(each.name, each.issued_on) for each in found] == [
        ("CIPD Level 7", "2019"),
        ("Certified Recruiter", "2022"),
    ]


def test_an_organisation_in_brackets_is_the_issuer() -> None:
    (found,) = certificates(line("Gefahrgutbeauftragter (IHK), 2018"))
    assert (found.name, found.issuer, found.issued_on) == ("Gefahrgutbeauftragter", "IHK", "2018")


def test_initials_in_brackets_are_part_of_the_name() -> None:
    (found,) = certificates(line("Basic Life Support (BLS), 2019"))
    assert (found.name, found.issuer) == ("Basic Life Support (BLS)", None)


def test_a_number_behind_a_comma_is_the_credential() -> None:
    (found,) = certificates(line("BIG-registratie, nr. 99012345601"))
    assert (found.name, found.credential_id) == ("BIG-registratie", "99012345601")


def test_a_number_with_blanks_is_the_credential() -> None:
    (found,) = certificates(line("Teaching Council, No. 148 220"))
    assert (found.issuer, found.credential_id) == (None, "148 220")


def test_a_part_of_a_register_is_no_issuer() -> None:
    (found,) = certificates(line("Ontario College of Pharmacists, Part A, 2017"))
    assert (found.name, found.issuer) == ("Ontario College of Pharmacists, Part A", None)


def test_a_remark_in_small_letters_is_no_issuer() -> None:
    (found,) = certificates(line("Safety Coordinator (2010, renewed 2020)"))
    assert found.issuer is None


def test_a_name_in_bold_below_room_is_a_certificate_and_no_issuer() -> None:
    found = certificates(
        line("LGV C+E, 2012", bold=True, above=9.0),
        line("Driver CPC", bold=True, above=12.0),
    )
    assert [(each.name, each.issuer) for each in found] == [("LGV C+E", None), ("Driver CPC", None)]


def styled(bold: str, plain: str) -> Line:
    """A row with its first words in bold."""
    first, second = line(bold, bold=True), line(plain)
    return structs.replace(
        first, text=f"{bold} {plain}", segments=(*first.segments, *second.segments), bold=False
    )


def test_a_name_in_bold_that_breaks_is_told_from_its_issuer() -> None:
    found = certificates(
        line("Advanced Cardiovascular", bold=True),
        styled("Life Support,", "AHA, May 2024"),
        line("Wound Expert,", bold=True, above=9.0),
        line("SAfW, Jun 2022"),
    )
    assert [(each.name, each.issuer, each.issued_on) for each in found] == [
        ("Advanced Cardiovascular Life Support", "AHA", "2024-05"),
        ("Wound Expert", "SAfW", "2022-06"),
    ]
