"""The formats that a profile is exported in, each a pure function of a record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.exporting.json_resume import json_resume
from app.exporting.markdown import markdown
from app.exporting.vcard import vcard


class Write(Protocol):
    """A record as the bytes of a file, its sections in `order` and without those `hidden`."""

    def __call__(
        self, record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
    ) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Format:
    """`suffix` is that of the file's name, with its dot."""

    media_type: str
    suffix: str
    write: Write


FORMATS: dict[str, Format] = {
    "jsonresume": Format("application/json", ".json", json_resume),
    "markdown": Format("text/markdown; charset=utf-8", ".md", markdown),
    "vcard": Format("text/vcard; charset=utf-8", ".vcf", vcard),
}
