"""LinkedIn's archive: its files and their oddities, and archives made to hurt."""

from __future__ import annotations

import io
import struct
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from app.importing import archive
from app.importing.linkedin import read_linkedin
from app.importing.preview import Preview, Unreadable
from tests.importing.proof import assert_all_has_evidence, evidence_of, values_of

PROFILE = (
    "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry,Zip Code,"
    "Geo Location,Twitter Handles,Websites,Instant Messengers\r\n"
)
POSITIONS = "Company Name,Title,Description,Location,Started On,Finished On\r\n"
CERTIFICATIONS = "Name,Url,Authority,Started On,Finished On,License Number\r\n"

FILES = {
    "Profile.csv": PROFILE
    + 'Awa,Ndiaye,,,"Mar 4, 1990",Head of Marketing,"I sell.\nSix years of ""it"".",Retail,,'
    '"Dakar, Senegal",[awa],"[PORTFOLIO:https://awa.example.com,BLOG:blog.example.org]",\r\n',
    "Positions.csv": POSITIONS
    + 'Teranga,Head of Marketing,"Leads six people.\n- Doubled the sales\n• Built a shop",'
    '"Dakar, Senegal",Mar 2022,\r\n'
    "Baobab,Assistant,,,2019,Feb 2022\r\n"
    ",,,,,\r\n",
    "Volunteering.csv": "Company Name,Role,Cause,Started On,Finished On,Description\r\n"
    "Red Cross,Driver,Health,Jun 2016,Jun 2018,Drove.\r\n",
    "Education.csv": "School Name,Start Date,End Date,Notes,Degree Name,Activities\r\n"
    "UCAD,2012,2016,With honours,Licence,Choir\r\n",
    "Skills.csv": "Name\r\nSales\r\nPython\r\n",
    "Certifications.csv": CERTIFICATIONS
    + "Marketing Associate,https://m.example.com/1,Meta,Nov 2022,Nov 2024,ABC-1\r\n",
    "Projects.csv": "Title,Description,Url,Started On,Finished On\r\n"
    "Shop,A shop.,shop.example.com,Jan 2021,Mar 2021\r\n",
    "Languages.csv": "Name,Proficiency\r\nWolof,NATIVE_OR_BILINGUAL\r\n"
    "French,Full professional proficiency\r\n",
    "Email Addresses.csv": "Email Address,Confirmed,Primary,Updated On\r\n"
    "old@example.com,Yes,No,\r\nawa@example.com,Yes,Yes,\r\n",
    "PhoneNumbers.csv": "Extension,Number,Type\r\n,+221 33 123 45 67,Fax\r\n"
    "+221,771234567,Mobile\r\n",
    "Honors.csv": "Title,Description,Issued On\r\nSeller of the year,,Jan 2023\r\n",
    "messages.csv": "FROM,CONTENT\r\nx,hello\r\n",
}


def zipped(files: dict[str, str | bytes], folder: str = "") -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(folder + name, content)
    return out.getvalue()


def read(**files: str | bytes) -> Preview:
    return read_linkedin(zipped({f"{name}.csv": content for name, content in files.items()}))


@pytest.fixture(name="whole", scope="module")
def _whole() -> Preview:
    return read_linkedin(zipped(dict(FILES)))


def test_the_profile_is_put_together_from_its_files(whole: Preview) -> None:
    assert values_of(whole.profile) == {
        "full_name": "Awa Ndiaye",
        "headline": "Head of Marketing",
        "bio": 'I sell.\nSix years of "it".',
        "location": "Dakar, Senegal",
        "website": "https://awa.example.com",
        "email": "awa@example.com",
        "phone": "+221 771234567",
    }


def test_positions_are_experience_and_lists_in_their_text_bullets(whole: Preview) -> None:
    assert [values_of(entry) for entry in whole.experience] == [
        {
            "company": "Teranga",
            "title": "Head of Marketing",
            "location": "Dakar, Senegal",
            "start_date": "2022-03",
            "is_current": True,
            "description": "Leads six people.",
            "bullets": ["Doubled the sales", "Built a shop"],
        },
        {
            "company": "Baobab",
            "title": "Assistant",
            "start_date": "2019",
            "end_date": "2022-02",
        },
        {
            "company": "Red Cross",
            "title": "Driver",
            "employment_type": "volunteer",
            "start_date": "2016-06",
            "end_date": "2018-06",
            "description": "Drove.",
        },
    ]


def test_the_other_files_are_their_sections(whole: Preview) -> None:
    assert values_of(whole.education[0]) == {
        "institution": "UCAD",
        "degree": "Licence",
        "start_date": "2012",
        "end_date": "2016",
        "description": "With honours",
        "bullets": ["Choir"],
    }
    assert [skill.name for skill in whole.skills] == ["Sales", "Python"]
    assert values_of(whole.certifications[0]) == {
        "name": "Marketing Associate",
        "issuer": "Meta",
        "issued_on": "2022-11",
        "expires_on": "2024-11",
        "credential_id": "ABC-1",
        "credential_url": "https://m.example.com/1",
    }
    assert values_of(whole.projects[0])["url"] == "https://shop.example.com"
    assert [(each.name, each.level) for each in whole.languages] == [
        ("Wolof", "Native or bilingual"),
        ("French", "Full professional proficiency"),
    ]


def test_what_has_no_place_stays_as_text_but_letters_stay_closed(whole: Preview) -> None:
    kept = {(each.text, each.path) for each in whole.unplaced}
    assert kept == {
        ("Mar 4, 1990", "Profile.csv:2"),
        ("Retail", "Profile.csv:2"),
        ("[awa]", "Profile.csv:2"),
        ("BLOG\nblog.example.org", "Profile.csv:2"),
        ("old@example.com", "Email Addresses.csv:2"),
        ("+221 33 123 45 67", "PhoneNumbers.csv:2"),
        ("Fax", "PhoneNumbers.csv:2"),
        ("Health", "Volunteering.csv:2"),
        ("Seller of the year\nJan 2023", "Honors.csv:2"),
    }


def test_evidence_names_the_file_and_the_row(whole: Preview) -> None:
    assert_all_has_evidence(whole)
    assert {said.path for said in whole.experience[1].evidence} == {"Positions.csv:3"}


def test_a_folder_a_mark_and_another_spelling_change_nothing(whole: Preview) -> None:
    renamed: dict[str, str | bytes] = {
        name.replace("PhoneNumbers", "Phone Numbers").replace("Volunteering", "VOLUNTEERING"): (
            "\ufeff" + text
        ).encode("utf-16" if name == "Skills.csv" else "utf-8")
        for name, text in FILES.items()
    }
    preview = read_linkedin(zipped(renamed, "Basic_LinkedInDataExport_01-02-2026/"))
    assert [values_of(entry) for entry in preview.experience] == [
        values_of(entry) for entry in whole.experience
    ]
    assert preview.profile.full_name == "Awa Ndiaye"
    assert preview.profile.phone == "+221 771234567"


def test_notes_may_stand_above_the_columns() -> None:
    preview = read(Skills='Notes:\n"When exporting, you may notice\nmuch"\n\nName\nSales\n')
    assert [skill.name for skill in preview.skills] == ["Sales"]
    assert [said.path for said in evidence_of(preview)] == ["Skills.csv:5"]


def test_the_summary_may_have_a_file_of_its_own() -> None:
    preview = read(**{"Profile Summary": "Profile Summary\nI sell.\n"})
    assert preview.profile.bio == "I sell."


def test_an_empty_file_is_no_entry() -> None:
    preview = read(Skills="Name\n", Languages="No languages found\n", Positions="")
    assert (preview.skills, preview.languages, preview.experience) == ([], [], [])
    assert {warning.code for warning in preview.warnings} == {"unknown_columns"}


def test_what_is_wrong_is_kept_as_text_with_a_warning() -> None:
    preview = read(
        Positions=POSITIONS + "Acme,Head,,,soon,Jan 2010\n,,Only words,,2001,\n",
        Certifications=CERTIFICATIONS + "CKA,javascript:x,,Jan 2020,Jan 2019,\n",
    )
    assert {warning.code for warning in preview.warnings} == {
        "date",
        "incomplete",
        "end_before_start",
        "scheme",
    }
    assert [each.text for each in preview.unplaced] == [
        "soon",
        "Only words\n2001",
        "Jan 2019",
        "javascript:x",
    ]


def test_cells_beyond_the_columns_are_kept() -> None:
    preview = read(Skills="Name\nSales,more\n")
    assert [each.text for each in preview.unplaced] == ["more"]


@pytest.mark.parametrize("data", [b"PK\x03\x04" + b"x" * 50, zipped(dict(FILES))[:-40]])
def test_a_cut_archive_is_damaged(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read_linkedin(data)
    assert caught.value.code == "damaged"


def test_a_damaged_entry_is_damaged() -> None:
    data = bytearray(zipped({"Skills.csv": "Name\n" + "Sales\n" * 100}))
    data[45:60] = b"\xff" * 15
    with pytest.raises(Unreadable) as caught:
        read_linkedin(bytes(data))
    assert caught.value.code == "damaged"


def test_an_encrypted_entry_is_said_to_be_so() -> None:
    data = bytearray(zipped({"Skills.csv": "Name\nSales\n"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    with pytest.raises(Unreadable) as caught:
        read_linkedin(bytes(data))
    assert caught.value.code == "encrypted"


def test_a_bomb_is_not_inflated() -> None:
    with pytest.raises(Unreadable) as caught:
        read(Skills=b"Name\n" + b"\0" * (archive.MOST_INFLATED + 1))
    assert caught.value.code == "too_large"


def test_a_bomb_that_lies_about_its_size_is_not_inflated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "MOST_INFLATED", 100_000)
    data = bytearray(zipped({"Skills.csv": b"Name\n" + b"x" * 200_000}))
    for at in (data.index(b"PK\x01\x02") + 24, 22):
        data[at : at + 4] = struct.pack("<L", 50)
    with pytest.raises(Unreadable) as caught:
        read_linkedin(bytes(data))
    # zipfile stops at the size that is declared, and finds that the sum is another.
    assert caught.value.code == "damaged"


def test_too_many_entries_are_not_listed() -> None:
    files: dict[str, str | bytes] = {f"{n}.csv": b"" for n in range(archive.MOST_ENTRIES + 1)}
    with pytest.raises(Unreadable) as caught:
        read_linkedin(zipped(files))
    assert caught.value.code == "too_large"


def test_a_directory_that_says_it_is_huge_is_not_read() -> None:
    data = bytearray(zipped({"Skills.csv": "Name\n"}))
    data[-10:-6] = struct.pack("<L", 0xFFFFFFF0)
    with pytest.raises(Unreadable) as caught:
        read_linkedin(bytes(data))
    assert caught.value.code == "too_large"


def test_names_that_climb_are_only_names() -> None:
    preview = read_linkedin(zipped({"../../etc/Skills.csv": "Name\nSales\n"}))
    assert [skill.name for skill in preview.skills] == ["Sales"]
    assert preview.skills[0].evidence[0].path == "Skills.csv:2"


def test_a_table_with_a_monstrous_cell_is_damaged() -> None:
    with pytest.raises(Unreadable) as caught:
        read(Skills="Name\n" + "x" * 200_000)
    assert caught.value.code == "damaged"


def test_another_archive_is_not_linkedins() -> None:
    with pytest.raises(Unreadable) as caught:
        read_linkedin(zipped({"photo.txt": "x"}))
    assert caught.value.code == "unknown_format"
