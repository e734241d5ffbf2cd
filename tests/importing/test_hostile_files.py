"""What is sent to hurt is refused in plain words or read, by the real reading process, in time and
within its memory: what takes too much of either is refused as such."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import msgspec
import orjson
import pytest

from app.errors import ValidationFailed
from app.importing.preview import Preview
from app.importing.reader import Reader
from tests.importing import hostile
from tests.rest_compat.test_errors import assert_error
from tests.waiting import until

PARSE = "/v1/me/import/parse"


@pytest.fixture(scope="module")
async def reader() -> AsyncIterator[Reader]:
    # Of time there is more than the API gives, for here many tests run at once.
    reader = Reader(timeout_seconds=60.0, memory_limit_mb=512)
    yield reader
    await reader.close()


async def code(reader: Reader, data: bytes, password: str | None = None) -> str:
    """Why a file is refused."""
    with pytest.raises(ValidationFailed) as refused:
        await reader.read(data, password, account_id=1)
    assert len(refused.value.message) > 10
    return refused.value.fields[0].code


async def outcome(reader: Reader, data: bytes) -> str:
    """The format that a file was read as, or why it was refused."""
    try:
        return (await reader.read(data, account_id=1)).format
    except ValidationFailed as refused:
        return refused.fields[0].code


def texts(preview: Preview) -> str:
    return msgspec.json.encode(preview).decode()


_Make = Callable[[], bytes]

# Libraries that run out of memory may end the process, which is a refusal as well: `failed`.
_BOMB = {"too_large", "no_text", "too_much_memory", "failed"}
_REFUSED: dict[str, tuple[_Make, set[str]]] = {
    "nothing": (bytes, {"unknown_format"}),
    "blanks": (lambda: b" \n" * 1000, {"unknown_format"}),
    "noise": (lambda: hostile.noise(10_000_000), {"unknown_format"}),
    "noise as a PDF": (lambda: b"%PDF-1.7\n" + hostile.noise(10_000_000), {"damaged"}),
    "noise as a ZIP": (lambda: b"PK\3\4" + hostile.noise(10_000_000), {"damaged"}),
    "a web page": (lambda: b"<!DOCTYPE html><html><body>CV</body></html>", {"unknown_format"}),
    "a PDF cut off": (lambda: hostile.text_pdf(hostile.RESUME)[:60], {"damaged"}),
    "a DOCX cut off": (lambda: hostile.word(hostile.RESUME)[:-2000], {"damaged"}),
    "a page tree in a circle": (hostile.cyclic_pdf, {"damaged", "no_text"}),
    "a page 10,000 times": (lambda: hostile.long_pdf(10_000), {"too_many_pages"}),
    "a page that says 10,000": (lambda: hostile.boastful_pdf(10_000), {"too_many_pages"}),
    "an encrypted PDF": (lambda: hostile.encrypted_pdf("x"), {"encrypted"}),
    "a gigabyte of blanks in a PDF": (lambda: hostile.inflated_pdf(b" ", 1000), _BOMB),
    "the same packed twice": (lambda: hostile.doubly_inflated_pdf(1000), _BOMB),
    "lines without end in a PDF": (lambda: hostile.inflated_pdf(b"0 0 m 5 5 l S\n", 300), _BOMB),
    "text without end in a PDF": (
        lambda: hostile.inflated_pdf(b"BT /F 9 Tf 50 700 Td (abc) Tj ET\n", 300),
        _BOMB,
    ),
    "lists in lists in a PDF": (lambda: hostile.nested_pdf(100_000), {"damaged", "no_text"}),
    "a DOCX of 300 MB": (lambda: hostile.inflated_docx(300), {"too_large"}),
    "a DOCX of 300 MB that says 1 KB": (
        lambda: hostile.inflated_docx(300, declared=1000),
        {"too_large", "damaged"},
    ),
    "entities of entities": (lambda: hostile.laughing_docx(12), {"damaged"}),
    "tables in tables": (lambda: hostile.nested_docx(20_000), {"too_deep", "damaged"}),
    "lists in lists": (lambda: b"[" * 100_000 + b"]" * 100_000, {"too_deep"}),
    "objects in objects": (lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, {"too_deep"}),
    "JSON that never ends": (lambda: b'{"a":' * 100_000, {"too_deep", "damaged"}),
}


@pytest.mark.parametrize("name", _REFUSED)
async def test_it_is_refused_in_plain_words(name: str, reader: Reader) -> None:
    make, codes = _REFUSED[name]
    assert await code(reader, make()) in codes


async def test_a_password_opens_an_encrypted_file_and_another_does_not(reader: Reader) -> None:
    file = hostile.encrypted_pdf("open sesame")
    assert "Ada Lovelace" in texts(await reader.read(file, "open sesame", account_id=1))
    assert await code(reader, file, "open barley") == "wrong_password"
    assert await code(reader, file, "") in {"wrong_password", "encrypted"}


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1:1/x"])
async def test_nothing_outside_a_file_is_fetched_for_it(url: str, reader: Reader) -> None:
    try:
        found = texts(await reader.read(hostile.outside_docx(url), account_id=1))
    except ValidationFailed as refused:
        found = refused.message
    assert "root:" not in found


_TORTURE = hostile.torture()
_NAMES = [f"{number:02}" for number in range(len(_TORTURE))]


@pytest.mark.parametrize("line", _TORTURE, ids=_NAMES)
async def test_no_line_of_a_docx_keeps_a_pattern_busy(line: str, reader: Reader) -> None:
    lines = ["Ada Lovelace", "Experience", line, "Skills", line, "Education", f"Engineer, {line}"]
    assert await outcome(reader, hostile.word(lines)) in {"docx", "too_large"}


@pytest.mark.parametrize("line", _TORTURE, ids=_NAMES)
async def test_no_line_of_a_pdf_keeps_a_pattern_busy(line: str, reader: Reader) -> None:
    lines = ["Ada Lovelace", "Experience", line[:30_000], "Skills", line[:30_000]]
    assert await outcome(reader, hostile.text_pdf(lines)) in {"pdf", "too_large"}


@pytest.mark.parametrize("line", _TORTURE, ids=_NAMES)
async def test_no_text_of_a_json_keeps_a_pattern_busy(line: str, reader: Reader) -> None:
    work = {"name": line, "position": line, "startDate": line, "summary": line, "url": line}
    basics = {"name": line, "email": line, "phone": line, "url": line, "summary": line}
    skills = [{"name": line, "keywords": [line]}]
    resume = {"basics": basics, "work": [work], "skills": skills, "languages": [{"language": line}]}
    assert await outcome(reader, orjson.dumps(resume)) in {"json_resume", "too_large"}


async def test_a_line_of_a_megabyte_is_read(reader: Reader) -> None:
    assert await outcome(reader, hostile.word(["Experience", _TORTURE[-1] * 10])) == "docx"


async def test_the_server_answers_others_meanwhile(session: httpx.AsyncClient) -> None:
    async def parse(file: bytes) -> httpx.Response:
        return await session.post(PARSE, files={"file": ("cv.pdf", file)})

    async def is_read() -> bool:  # the process runs once this is
        return (await parse(hostile.text_pdf(hostile.RESUME))).status_code == 200

    await until(is_read)
    bomb = hostile.inflated_pdf(b"0 0 m 5 5 l S\n", 300)
    parses = [
        asyncio.create_task(parse(file)) for file in (bomb, b"%PDF-" + hostile.noise(9_000_000))
    ]
    answered = 0
    while not all(task.done() for task in parses):
        assert (await session.get("/healthz")).status_code == 200
        answered += not all(task.done() for task in parses)
    assert answered > 0
    for task in parses:
        error = assert_error(task.result(), 422, "validation_failed")
        assert error["fields"][0]["path"] == "file"
