"""multipart/form-data as it comes from browsers, curl and strangers."""

from __future__ import annotations

import httpx
import pytest

from app.errors import UnsupportedMediaType, ValidationFailed
from app.multipart import MAX_PARTS, Part, is_multipart, read_parts, without_boundary

KIND = b"multipart/form-data; boundary=b"


def body(*parts: bytes, end: bytes = b"--\r\n") -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b" + end


def part(name: str, data: bytes, more: str = "") -> bytes:
    return f'Content-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + data


def code(content: bytes, kind: bytes = KIND) -> str:
    with pytest.raises(ValidationFailed) as refused:
        read_parts(kind, content)
    return refused.value.fields[0].code


def test_what_a_client_sends_is_read() -> None:
    data = bytes(range(256)) * 100 + b"\r\n--b\r"
    request = httpx.Request(
        "POST",
        "http://x",
        data={"password": "naïve ☃"},
        files={"file": ("Zoë.pdf", data, "application/pdf; charset=x")},
    )
    parts = read_parts(request.headers["content-type"].encode(), request.read())
    assert parts == [
        Part("password", "naïve ☃".encode(), None, None),
        Part("file", data, "Zoë.pdf", "application/pdf"),
    ]


def test_a_body_may_have_text_before_and_after_and_blanks_after_a_boundary() -> None:
    content = b"preamble\r\n--b  \r\n" + part("a", b"1\r\n\r\n2") + b"\r\n--b-- \r\nepilogue"
    assert [(p.name, p.data) for p in read_parts(KIND, content)] == [("a", b"1\r\n\r\n2")]


def test_a_body_without_parts_is_empty() -> None:
    assert read_parts(KIND, body()) == []


def test_an_empty_part_is_empty() -> None:
    assert [p.data for p in read_parts(KIND, body(part("a", b"")))] == [b""]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "malformed"),
        (b"not a form", "malformed"),
        (body(part("a", b"1"), end=b""), "malformed"),
        (body(part("a", b"1"))[:-6], "malformed"),
        (body(b"no headers"), "malformed"),
        (body(b"no colon\r\n\r\n"), "malformed"),
        (body(b"Content-Type: text/plain\r\n\r\nx"), "malformed"),
        (body(b"Content-Disposition: attachment; name=a\r\n\r\nx"), "malformed"),
        (body(b'Content-Disposition: form-data; name="\xff"\r\n\r\nx'), "malformed"),
        (body(b"X: " + b"x" * 5000 + b"\r\n" + part("a", b"")), "malformed"),
        (b"--b" + b" " * 1000 + b"\r\n" + part("a", b"") + b"\r\n--b--", "malformed"),
        (body(*[part(f"a{n}", b"") for n in range(MAX_PARTS + 1)]), "too_many_parts"),
        (b"\r\n--bx" * 1_000_000, "too_many_parts"),
        (b"--b\r\n" * 1_000_000, "too_many_parts"),
    ],
    ids=[
        "nothing",
        "no boundary",
        "no end",
        "cut off",
        "no headers",
        "no colon",
        "no disposition",
        "another disposition",
        "a name that is no text",
        "long headers",
        "long padding",
        "many parts",
        "boundaries that are none",
        "boundaries alone",
    ],
)
def test_what_is_no_form_is_refused(content: bytes, expected: str) -> None:
    assert code(content) == expected


def test_as_many_parts_as_are_allowed_are_read() -> None:
    assert len(read_parts(KIND, body(*[part(f"a{n}", b"") for n in range(MAX_PARTS)]))) == MAX_PARTS


@pytest.mark.parametrize(
    "kind",
    [
        b"multipart/form-data",
        b'multipart/form-data; boundary=""',
        b"multipart/form-data; boundary=",
        b"multipart/form-data; boundary=" + b"x" * 71,
        b"multipart/mixed; boundary=b",
    ],
)
def test_a_form_needs_a_boundary(kind: bytes) -> None:
    with pytest.raises(UnsupportedMediaType):
        read_parts(kind, body())


def test_a_form_is_told_by_its_media_type() -> None:
    assert is_multipart(b"Multipart/Form-Data; boundary=x")
    assert not is_multipart(b"application/json")
    assert not is_multipart(b"multipart/form-database")
    assert not is_multipart(None)


def test_a_form_sent_again_has_another_boundary_and_is_the_same() -> None:
    first = body(part("a", b"1"))
    again = first.replace(b"--b", b"--other")
    assert without_boundary(KIND, first) == without_boundary(
        b"multipart/form-data; boundary=other", again
    )


def test_a_part_does_not_show_its_data() -> None:
    assert "secret" not in repr(Part("password", b"secret", None, None))
