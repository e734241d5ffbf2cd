"""The objects of a PDF, each turned into bytes once.

pydyf serialises and compresses every object twice, for the file and for the digest that names it,
and lists the pages anew for each object that names its own.
"""

from __future__ import annotations

from hashlib import md5
from math import ceil, log
from typing import Any

import pydyf

_their_bytes = pydyf._to_bytes
_their_write = pydyf.PDF.write


def to_bytes(item: Any) -> bytes:
    """Convert item to bytes."""
    kind = type(item)
    if kind is str:
        encoded: bytes = item.encode("ascii")
        return encoded
    if kind is bytes:
        plain: bytes = item
        return plain
    if kind is int:
        return b"%d" % item
    if kind is float:
        short = str(int(item)) if item.is_integer() else f"{item:f}".rstrip("0")
        return short.encode("ascii")
    found: bytes = item.data if isinstance(item, pydyf.Object) else _their_bytes(item)
    return found


@property  # type: ignore[misc]
def dictionary_data(self: Any) -> bytes:
    """Data of a dictionary."""
    pairs = [b"/%b %b" % (to_bytes(key), to_bytes(value)) for key, value in self.items()]
    return b"<<%b>>" % b"".join(pairs)


@property  # type: ignore[misc]
def array_data(self: Any) -> bytes:
    """Data of an array."""
    return b"[%b]" % b" ".join([to_bytes(child) for child in self])


@property  # type: ignore[misc]
def page_references(self: Any) -> tuple[bytes, ...]:
    """What names each page."""
    numbers = self.pages["Kids"][::3]
    known: tuple[bytes, ...] = vars(self).get("named", ())
    if len(known) != len(numbers):
        known = self.named = tuple(b"%d 0 R" % number for number in numbers)
    return known


class Finished(pydyf.Object):  # type: ignore[misc]
    """An object that does not change any more: its bytes, of a quarter of its size."""

    data = b""

    def __init__(self, finished: Any) -> None:
        super().__init__()
        self.number = finished.number
        self.data = finished.data


def write(
    self: Any, output: Any, version: Any = b"1.7", identifier: Any = False, compress: bool = False
) -> None:
    """Write the PDF, with its objects compressed together."""
    version = to_bytes(version or b"1.7")
    if version < b"1.5" or not compress or identifier is not True:
        _their_write(self, output, version, identifier, compress)
        return
    if self.info:
        self.add_object(self.info)
    file = _File(output)
    file.line(b"%PDF-" + version)
    file.line(b"%\xf0\x9f\x96\xa4")
    packed: list[tuple[int, bytes]] = []
    for each in self.objects:
        if each.free == "f":
            continue
        data = each.data
        file.digest.append(data)
        if each.compressible:
            packed.append((each.number, data))
        else:
            each.offset = file.position
            file.object(each, data)
    together = pydyf.Stream(*_together(packed), compress)
    together.offset = file.position
    self.add_object(together)
    data = together.data
    file.digest.append(data)
    file.object(together, data)
    where = pydyf.Stream(*_table(self, file, together.number, len(packed)), compress)
    where.offset = self.xref_position = file.position
    self.add_object(where)
    file.object(where, where.data)
    file.line(b"startxref")
    file.line(b"%d" % self.xref_position)
    file.line(b"%%EOF")
    self.current_position = file.position


class _File:
    """A PDF as it is written."""

    def __init__(self, output: Any) -> None:
        self._output = output
        self.position = 0
        self.digest: list[bytes] = []

    def line(self, content: bytes) -> None:
        self.position += len(content) + 1
        self._output.write(content + b"\n")

    def object(self, each: Any, data: bytes) -> None:
        self.line(b"%d %d obj\n%b\nendobj" % (each.number, each.generation, data))


def _together(packed: list[tuple[int, bytes]]) -> tuple[list[bytes | str], dict[str, Any]]:
    """The stream of objects, which begins with where each of them does."""
    position, starts = 0, []
    for number, data in packed:
        starts.append(f"{number} {position}")
        position += len(data) + 1
    head = " ".join(starts)
    extra = {"Type": "/ObjStm", "N": len(packed), "First": len(head) + 1}
    return [head, *(data for _, data in packed)], extra


def _table(pdf: Any, file: _File, together: int, count: int) -> tuple[list[bytes], dict[str, Any]]:
    """The stream that says where all objects are."""
    rows: list[tuple[int, int, int]] = []
    inside = 0
    for each in pdf.objects:
        if each.compressible:
            rows.append((2, together, inside))
            inside += 1
        else:
            rows.append((bool(each.number), each.offset, each.generation))
    rows.append((1, file.position, 0))
    most = max(max(each.generation for each in pdf.objects), count)
    lengths = (1, ceil(log(file.position + 1, 256)), ceil(log(most + 1, 256)))
    extra = {
        "Type": "/XRef",
        "Index": pydyf.Array((0, len(pdf.objects) + 1)),
        "W": pydyf.Array(lengths),
        "Size": len(pdf.objects) + 1,
        "Root": pdf.catalog.reference,
    }
    if pdf.info:
        extra["Info"] = pdf.info.reference
    digest = md5(b"".join(file.digest), usedforsecurity=False).hexdigest()
    name = pydyf.String(digest.encode()).data
    extra["ID"] = pydyf.Array((name, name))
    content = b"".join(
        value.to_bytes(length, "big")
        for row in rows
        for length, value in zip(lengths, row, strict=True)
    )
    return [content], extra


REPLACED = [
    (pydyf, "_to_bytes", to_bytes),
    (pydyf.Dictionary, "data", dictionary_data),
    (pydyf.Array, "data", array_data),
    (pydyf.PDF, "page_references", page_references),
    (pydyf.PDF, "write", write),
]
