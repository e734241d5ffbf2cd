"""What a file is, by its content, and what people are told who send something else."""

from __future__ import annotations

import codecs
import io
import json
from typing import Any
from zipfile import ZipFile

import pytest

from app.importing.preview import Unreadable
from app.importing.recognise import DEEPEST, MOST_JSON, read_json, read_json_value, recognise

RESUME = {"basics": {"name": "Ada"}}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def zipped(*names: str, first: tuple[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as made:
        if first:
            made.writestr(*first)
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


def refused(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        recognise(data)
    return caught.value


FILES: dict[str, tuple[bytes, str]] = {
    "pdf": (b"%PDF-1.7\n", "pdf"),
    "pdf after junk": (b"\xef\xbb\xbf\r\nHTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n", "pdf"),
    "docx": (zipped("[Content_Types].xml", "word/document.xml"), "docx"),
    "docx of another main part": (zipped("[Content_Types].xml", "word/document2.xml"), "docx"),
    "linkedin": (zipped("Profile.csv", "Positions.csv"), "linkedin"),
    "linkedin in a folder": (zipped("Complete_Export/Skills.csv"), "linkedin"),
    "json": (b'  {"basics": {}}', "json"),
    "json list": (b"[]", "json"),
    "json with mark": (codecs.BOM_UTF8 + b"{}", "json"),
    "json of utf-16": ("{}".encode("utf-16"), "json"),
    "json of utf-16 without mark": ('{"a": 1}'.encode("utf-16-be"), "json"),
    "json of utf-32": ("{}".encode("utf-32"), "json"),
    "json that speaks of pdf": (b'{"basics": {"summary": "%PDF-"}}', "json"),
}


@pytest.mark.parametrize(("data", "kind"), FILES.values(), ids=FILES.keys())
def test_a_file_is_known_by_its_content(data: bytes, kind: str) -> None:
    assert recognise(data) == kind


OTHERS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b" \n\0", "empty"),
    "html": (b"<!DOCTYPE html><html><body>CV", "web page"),
    "html with a mark": (codecs.BOM_UTF8 + b"\n<HTML lang=en>", "web page"),
    "doc": (OLE + "WordDocument".encode("utf-16-le"), "old Word"),
    "xls": (OLE + "Workbook".encode("utf-16-le"), "old Office"),
    "rtf": (rb"{\rtf1\ansi Hello}", "RTF"),
    "odt": (
        zipped("content.xml", first=("mimetype", "application/vnd.oasis.opendocument.text")),
        "OpenDocument",
    ),
    "xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), "XLSX"),
    "pptx": (zipped("[Content_Types].xml", "ppt/presentation.xml"), "PPTX"),
    "pages": (zipped("Index/Document.iwa"), "Pages"),
    "zip with a pdf": (zipped("cv.pdf"), "unpack"),
    "another zip": (zipped("notes.txt"), "LinkedIn"),
    "png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "picture"),
    "jpeg": (b"\xff\xd8\xff\xe0" + b"\0" * 20, "picture"),
    "heic": (b"\0\0\0\x18ftypheic" + b"\0" * 20, "picture"),
    "webp": (b"RIFF\0\0\0\0WEBPVP8 ", "picture"),
    "tiff": (b"II*\0" + b"\0" * 20, "picture"),
    "gzip": (b"\x1f\x8b\x08\0", "unpack"),
    "rar": (b"Rar!\x1a\x07", "unpack"),
    "postscript": (b"%!PS-Adobe-3.0", "PostScript"),
    "xml": (b"<?xml version='1.0'?><Candidate/>", "XML"),
    "one csv of linkedin": (b"Company Name,Title,Description\nAcme,x,y\n", "whole ZIP"),
    "text": ("Nora Lindqvist\nMalmö\n".encode(), "plain text"),
    "text of utf-16": ("Nora Lindqvist\n".encode("utf-16"), "plain text"),
    "noise": (bytes(range(128, 256)) * 20, "not known"),
    "one byte": (b"\xfe", "not known"),
}


@pytest.mark.parametrize(("data", "said"), OTHERS.values(), ids=OTHERS.keys())
def test_who_sends_something_else_is_told_what_it_is(data: bytes, said: str) -> None:
    error = refused(data)
    assert (error.code, said in error.message) == ("unknown_format", True), error.message


def test_a_word_file_under_a_password_is_said_to_be_so() -> None:
    assert refused(OLE + "EncryptedPackage".encode("utf-16-le")).code == "encrypted"


def test_a_cut_zip_is_damaged() -> None:
    assert refused(zipped("word/document.xml")[:60]).code == "damaged"


DOCUMENTS: dict[str, tuple[Any, str]] = {
    "vitae": ({"profile": {"full_name": "Ada"}, "skills": []}, "vitae"),
    "vitae without profile": ({"experience": [{"company": "Acme"}]}, "vitae"),
    "vitae in an envelope": ({"data": {"profile": {"full_name": "Ada"}}}, "vitae"),
    "json resume": (RESUME, "json_resume"),
    "json resume of work": ({"work": []}, "json_resume"),
    "json resume of skills": ({"skills": [{"name": "Go"}]}, "json_resume"),
    "cv_data": ({"identity": {"first_name": "Ada"}, "sections": {}}, "cv_data"),
    "body of a job": (
        {"request_id": "r", "cv_data": {"identity": {}, "sections": {}}},
        "cv_data",
    ),
}


@pytest.mark.parametrize(("value", "format"), DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_a_json_is_told_apart_by_its_structure(value: Any, format: str) -> None:
    assert read_json_value(value).format == format
    assert read_json(json.dumps(value).encode()).format == format


@pytest.mark.parametrize("value", [[], {}, "text", 1, None, {"a": 1}, [RESUME]], ids=repr)
def test_another_json_is_refused(value: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        read_json_value(value)
    assert caught.value.code == "unknown_format"
    assert "JSON Resume" in caught.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_json_is_read_in_every_encoding_of_unicode(encoding: str) -> None:
    data = json.dumps({"basics": {"name": "Čapek"}}, ensure_ascii=False).encode(encoding)
    assert read_json(data).profile.full_name == "Čapek"


@pytest.mark.parametrize(
    "data",
    [b"{", b'{"basics": }', b"\xff\xfe\xff", b'{"basics": {"name": "\xff"}}', b"", b"{}{}"],
    ids=repr,
)
def test_broken_json_is_damaged(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read_json(data)
    assert caught.value.code == "damaged"


@pytest.mark.parametrize("depth", [DEEPEST, 900, 100_000])
def test_json_that_is_too_deep_is_refused(depth: int) -> None:
    for opened, closed in (("[", "]"), ('{"a":', "}")):
        data = '{"basics": ' + opened * depth + "1" + closed * depth + "}"
        with pytest.raises(Unreadable) as caught:
            read_json(data.encode())
        assert caught.value.code == "too_deep"


def test_a_parsed_value_may_be_too_deep_as_well() -> None:
    value: Any = {}
    for _ in range(DEEPEST + 1):
        value = {"basics": value}
    with pytest.raises(Unreadable) as caught:
        read_json_value(value)
    assert caught.value.code == "too_deep"


@pytest.mark.parametrize(
    "data", [b'{"a": "' + b"x" * MOST_JSON + b'"}', b'{"work": [' + b"[]," * 200_000 + b"[]]}"]
)
def test_json_that_is_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read_json(data)
    assert caught.value.code == "too_large"


def test_a_parsed_value_may_hold_too_much_as_well() -> None:
    with pytest.raises(Unreadable) as caught:
        read_json_value({"work": [[]] * 400_000})
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "9" * 10_000, "1" * 400])
def test_a_number_that_is_none_makes_nothing_fail(number: str) -> None:
    data = f'{{"profile": {{"full_name": "Ada"}}, "skills": [{{"name": "Go", "years": {number}}}]}}'
    preview = read_json(data.encode())
    assert preview.skills[0].years is None
    assert len(preview.warnings) == 1


def test_a_key_that_stands_twice_loses_nothing() -> None:
    preview = read_json(b'{"basics": {"name": "Ada", "name": "Bea"}}')
    assert preview.profile.full_name == "Ada"
    assert [each.text for each in preview.unplaced] == ["Bea"]
    assert [warning.code for warning in preview.warnings] == ["repeated_key"]


def test_half_a_character_makes_nothing_fail() -> None:
    preview = read_json(b'{"basics": {"name": "A\\ud800da\\u0000", "summary": "\\ud83d\\ude00"}}')
    assert (preview.profile.full_name, preview.profile.bio) == ("Ada", "😀")
