"""The formats that a profile is exported in, each a pure function of a record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.exporting.cv_data import cv_data
from app.exporting.docx import word
from app.exporting.html import html
from app.exporting.json_resume import json_resume
from app.exporting.markdown import markdown
from app.exporting.own import own_json, own_yaml
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
    "json": Format("application/json", ".json", own_json),
    "jsonresume": Format("application/json", ".json", json_resume),
    "cv_data": Format("application/json", ".json", cv_data),
    "markdown": Format("text/markdown; charset=utf-8", ".md", markdown),
    "yaml": Format("application/yaml", ".yaml", own_yaml),
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", word
    ),
    "html": Format("text/html; charset=utf-8", ".html", html),
    "vcard": Format("text/vcard; charset=utf-8", ".vcf", vcard),
}
