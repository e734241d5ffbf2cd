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
from app.exporting.text import text
from app.exporting.vcard import vcard


class Write(Protocol):
    """A record as the bytes of a file, its sections in `order` and without those `hidden`."""

    def __call__(
        self, record: Mapping[str, Any], order: Sequence[str] = (), hidden: Collection[str] = ()
    ) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Format:
    """`content` is what the name of a file says is in it, `suffix` the end of that name."""

    media_type: str
    content: str
    suffix: str
    write: Write


FORMATS: dict[str, Format] = {
    "json": Format("application/json", "profile", ".json", own_json),
    "jsonresume": Format("application/json", "resume", ".json", json_resume),
    "cv_data": Format("application/json", "cv-data", ".json", cv_data),
    "markdown": Format("text/markdown; charset=utf-8", "profile", ".md", markdown),
    "text": Format("text/plain; charset=utf-8", "profile", ".txt", text),
    "yaml": Format("application/yaml", "profile", ".yaml", own_yaml),
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "profile",
        ".docx",
        word,
    ),
    "html": Format("text/html; charset=utf-8", "profile", ".html", html),
    "vcard": Format("text/vcard; charset=utf-8", "contact", ".vcf", vcard),
}
