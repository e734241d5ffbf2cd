"""Reading in a process of a pool (`app.pooled_process`): a file comes in, its preview goes out, or
the picture of one of its pages."""

from __future__ import annotations

import msgspec

from app.importing.docx import read_docx
from app.importing.enclosed import digests_of
from app.importing.linkedin import read_linkedin
from app.importing.page_pictures import picture
from app.importing.preview import Preview, Unreadable
from app.importing.read import read_document, read_pdf
from app.importing.reader import Answer, Request
from app.importing.recognise import read_json, recognise

_MOST_BYTES = 8 << 20  # of an encoded preview, which the server decodes at one go
_LEAST_BYTES = 50  # of an entry or its evidence, beside the text


def warm() -> None:
    """Nothing more: what reading needs is loaded with this module."""


def answer(request: bytes) -> bytes:
    """An `Answer` to a `Request`, both as MessagePack."""
    asked = msgspec.msgpack.decode(request, type=Request)
    try:
        if asked.only_digests:
            return msgspec.msgpack.encode(Answer(digests=digests_of(asked.data)))
        if asked.page is not None:
            return msgspec.msgpack.encode(Answer(picture=picture(asked.data, asked.page)))
        found = _encoded(read(asked.data, asked.password))
    except Unreadable as error:
        return msgspec.msgpack.encode(Answer(code=error.code, message=error.message))
    except RecursionError:
        refusal = Answer(code="too_deep", message="This file is nested too deep to be read.")
        return msgspec.msgpack.encode(refusal)
    return found


def _encoded(preview: Preview) -> bytes:
    """Raises Unreadable for a preview that is beyond any CV."""
    # Estimated first: in memory a long line is one, though a thousand values were read from it.
    if _size(preview) <= _MOST_BYTES:
        encoded = msgspec.msgpack.encode(Answer(preview))
        if len(encoded) <= _MOST_BYTES:
            return encoded
    raise Unreadable("too_large", "There is far more in this file than a CV can hold.")


def _size(preview: Preview) -> int:
    """About how many bytes the entries and their evidence have at the least."""
    parts = (getattr(preview, name) for name in preview.__struct_fields__)
    entries = [entry for part in parts if isinstance(part, list) for entry in part]
    evidence = (each for entry in entries for each in getattr(entry, "evidence", ()))
    return _LEAST_BYTES * len(entries) + sum(_LEAST_BYTES + len(each.text) for each in evidence)


def read(data: bytes, password: str | None) -> Preview:
    """The preview of any file that can be imported; raises Unreadable."""
    match recognise(data):
        case "pdf":
            return read_pdf(data, password)
        case "docx":
            return read_document(read_docx(data), "docx")
        case "linkedin":
            return read_linkedin(data)
        case "json":
            return read_json(data)
