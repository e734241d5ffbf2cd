"""Files made to hurt who reads them, each made in memory in a few milliseconds."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterable

from docx import Document
from pypdf import PdfReader, PdfWriter

_MEGABYTE = 1 << 20
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


# PDF


def pdf(objects: dict[int, bytes]) -> bytes:
    """A PDF of these objects, of which 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (max(objects) + 1)
    for number in range(1, max(objects) + 1):
        out += b"%010d 00000 n \n" % places.get(number, 0)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (max(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), more, data)


def page(content: bytes) -> dict[int, bytes]:
    """The objects of a document of one page with the `content` object."""
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
        b" >> >> >>",
        4: content,
    }


def text_pdf(lines: Iterable[str]) -> bytes:
    """A page of text, one line below the other."""
    shown = b" T* ".join(b"(%s) Tj" % _escaped(line) for line in lines)
    return pdf(page(stream(b"BT /F 11 Tf 14 TL 50 780 Td " + shown + b" ET")))


def _escaped(line: str) -> bytes:
    return (
        line.encode("latin-1", "replace")
        .replace(b"\\", b"\\\\")
        .replace(b"(", b"\\(")
        .replace(b")", b"\\)")
    )


RESUME = (
    "Ada Lovelace",
    "ada@example.com",
    "Experience",
    "Engineer, Analytical Engines Ltd, 2018 - 2021",
    "Wrote the first program for the engine.",
)


def cyclic_pdf() -> bytes:
    """A page tree that is its own child."""
    objects = page(stream(b""))
    objects[2] = b"<< /Type /Pages /Kids [2 0 R 5 0 R] /Count 2 /Parent 5 0 R >>"
    objects[5] = b"<< /Type /Pages /Kids [2 0 R] /Count 2 /Parent 2 0 R >>"
    return pdf(objects)


def long_pdf(pages: int) -> bytes:
    """A page that is `pages` pages."""
    objects = page(stream(b"BT /F 11 Tf 50 780 Td (Ada) Tj ET"))
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * pages, pages)
    return pdf(objects)


def boastful_pdf(pages: int) -> bytes:
    """One page that is said to be `pages`."""
    objects = page(stream(b"BT /F 11 Tf 50 780 Td (Ada) Tj ET"))
    objects[2] = b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % pages
    return pdf(objects)


def inflated_pdf(piece: bytes, megabytes: int) -> bytes:
    """A page whose content becomes `megabytes` of `piece` again and again."""
    data = b"\x78\x9c" + deflated(piece, megabytes) + b"\0\0\0\0"
    return pdf(page(stream(data, b"/Filter /FlateDecode")))


def doubly_inflated_pdf(megabytes: int) -> bytes:
    """The same of what is packed twice, so that the file is of a few hundred bytes."""
    inner = b"\x78\x9c" + deflated(b" ", megabytes) + b"\0\0\0\0"
    return pdf(page(stream(zlib.compress(inner), b"/Filter [/FlateDecode /FlateDecode]")))


def nested_pdf(depth: int) -> bytes:
    """Arrays in arrays where the content should be."""
    return pdf(page(b"[" * depth + b"]" * depth))


def encrypted_pdf(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(text_pdf(RESUME))))
    writer.encrypt(password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# DOCX


def word(paragraphs: Iterable[str]) -> bytes:
    """A DOCX as Word writes it."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx(document: bytes) -> bytes:
    """A DOCX whose main part is `document` as it stands."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", document)
    return out.getvalue()


def word_xml(body: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<w:document xmlns:w="{_WORD}">{body}</w:document>'.encode()
    )


def paragraph(text: str) -> str:
    return f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"


def outside_docx(url: str) -> bytes:
    """Asks for a file or an address by an external entity."""
    declared = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{url}">]>'
    return docx(word_xml(paragraph("Ada &x; Lovelace"), declared))


def laughing_docx(levels: int) -> bytes:
    """Entities of ten entities each."""
    entities = '<!ENTITY l0 "ha">' + "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels)
    )
    return docx(word_xml(paragraph(f"&l{levels - 1};"), f"<!DOCTYPE d [{entities}]>"))


def nested_docx(depth: int) -> bytes:
    """Tables in tables."""
    return docx(word_xml("<w:tbl><w:tr><w:tc>" * depth + "</w:tc></w:tr></w:tbl>" * depth))


def inflated_docx(megabytes: int, *, declared: int | None = None) -> bytes:
    """A DOCX whose main part becomes `megabytes`; its directory may declare another size."""
    size = megabytes * _MEGABYTE if declared is None else declared
    raw = deflated(b" ", megabytes)
    names = {
        "[Content_Types].xml": (_stored(_CONTENT_TYPES.encode()), None, len(_CONTENT_TYPES)),
        "_rels/.rels": (_stored(_RELATIONS.encode()), None, len(_RELATIONS)),
        "word/document.xml": (raw, 0, size),
    }
    return _archive(names)


def _stored(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def _archive(entries: dict[str, tuple[bytes, int | None, int]]) -> bytes:
    """A ZIP of streams as they are, with the check sums and sizes that are claimed."""
    files, directory = b"", b""
    for name, (raw, crc, size) in entries.items():
        check = zlib.crc32(zlib.decompress(raw, -15)) if crc is None else crc
        fields = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 0x21, check, len(raw), size, len(name), 0)
        directory += (
            b"PK\1\2\x14\0" + fields + struct.pack("<HHHLL", 0, 0, 0, 0, len(files)) + name.encode()
        )
        files += b"PK\3\4" + fields + name.encode() + raw
    end = struct.pack("<HHHHLLH", 0, 0, len(entries), len(entries), len(directory), len(files), 0)
    return files + directory + b"PK\5\6" + end


def deflated(piece: bytes, megabytes: int) -> bytes:
    """A raw deflate stream of that many megabytes of `piece` again and again.

    One megabyte is packed, and its blocks, which look back at nothing, are repeated.
    """
    packer = zlib.compressobj(9, wbits=-15)
    data = (piece * (_MEGABYTE // len(piece) + 1))[:_MEGABYTE]
    packed = packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
    return packed * megabytes + b"\x03\0"


# Text that is hard on patterns


def torture() -> list[str]:
    """Lines of what dates, numbers, addresses and names are made of, without being any."""
    size = 100_000
    mixed = random.Random(7)
    return [
        "1" * size,
        "2018" * (size // 4),
        "2018-" * (size // 5),
        "01/" * (size // 3),
        " " * size + "x",
        "." * size,
        "a." * (size // 2),
        "a@" * (size // 2),
        "a@a." * (size // 4),
        "+49 " * (size // 4),
        "(" * size,
        "- " * (size // 2),
        "•" * size,
        "http://" * (size // 7),
        "January " * (size // 8),
        "A" * size,
        "Aa " * (size // 3),
        "a,b;c|" * (size // 6),
        "Present - " * (size // 10),
        "\u0301" * size,
        "".join(mixed.choices("0123456789./-– ,|()@", k=size)),
    ]


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)
