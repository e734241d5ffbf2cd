"""From a profile to a PDF and back: `python -m tests.importing.round_trip [NAME …]`.

Every profile of the corpus is set with each template, the page is read by its visible text alone,
and what was found is compared with the profile, field by field. `--allow` writes what differs into
round_trip.json, the list of exceptions that may only shrink.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from rich.console import Console
from rich.table import Table

from app.cv.from_profile import cv_data_of
from app.cv.normalise import TEMPLATES, normalise
from app.importing.preview import Preview
from app.profile import rules
from tests.importing.measure import Truth
from tests.importing.score import CORPORA, files, truth_of

ALLOWED = Path(__file__).with_name("round_trip.json")
_PROFILE = (
    *("full_name", "headline", "bio", "location", "website", "github_url", "linkedin_url"),
    *("email", "phone"),
)
Record = dict[str, Any]


class Difference(NamedTuple):
    """One field that came back otherwise; `where` names it, as in `experience[0].title`."""

    template: str
    name: str
    where: str
    expected: Any
    found: Any

    @property
    def key(self) -> str:
        return f"{self.template} {self.name} {self.where}"


def names() -> list[str]:
    """The profiles of the corpus, by the names of their files."""
    return [f"{path.parent.name}/{path.stem}" for kind in CORPORA for path in files(kind)]


@cache
def record_of(name: str) -> Record:
    """The profile of a résumé of the corpus, as an account would hold it."""
    kind, _, stem = name.partition("/")
    [path] = [path for path in files(kind) if path.stem == stem]
    return _record(truth_of(path))


def _record(truth: Truth) -> Record:
    raw = msgspec.to_builtins(truth)
    profile = {n: v for n in _PROFILE if (v := raw["profile"].get(n))}
    record: Record = {"profile": rules.profile(profile)}
    record["profile"]["languages"] = rules.languages(raw["languages"])
    for section in rules.SECTIONS:
        record[section] = [rules.entry(section, entry) for entry in raw[section]]
    return record


def differences(name: str, template: str) -> Iterator[Difference]:
    """Render the profile with a template, read the PDF, and compare."""
    from app.importing.read import read_pdf
    from workers.render import render_pdf

    record = record_of(name)
    cv = normalise(cv_data_of(record, template=template)).cv
    found = _as_record(read_pdf(render_pdf(cv).pdf))
    for where in sorted({*_flat(record), *_flat(found)}):
        expected, got = _flat(record).get(where), _flat(found).get(where)
        if _plain(expected) != _plain(got):
            yield Difference(template, name, where, expected, got)


def _as_record(preview: Preview) -> Record:
    raw = msgspec.to_builtins(preview)
    record: Record = {"profile": {n: raw["profile"][n] for n in _PROFILE}}
    record["profile"]["languages"] = raw["languages"]
    return record | {section: raw[section] for section in rules.SECTIONS}


def _flat(record: Record) -> dict[str, Any]:
    """Every value that there is, by its place."""
    flat = {f"profile.{n}": v for n, v in record["profile"].items() if n != "languages" and v}
    lists = {**record, "languages": record["profile"]["languages"]}
    for section in (*rules.SECTIONS, "languages"):
        for index, entry in enumerate(lists[section]):
            for field, value in entry.items():
                if value and field != "evidence":
                    flat[f"{section}[{index}].{field}"] = value
    return flat


def _plain(value: Any) -> Any:
    """Without what typography does to a text: quotes, dashes, blanks."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        for fancy, plain in (("’", "'"), ("\N{NO-BREAK SPACE}", " "), ("\u202f", " ")):
            value = value.replace(fancy, plain)
        return " ".join(value.split())
    return value


def allowed() -> set[str]:
    """The differences that are known, by their keys."""
    return set(json.loads(ALLOWED.read_text())) if ALLOWED.exists() else set()


def table(found: list[Difference]) -> Table:
    """The differences for a person to look at."""
    shown = Table(title="What came back otherwise", title_justify="left")
    for column in ("template", "profile", "field", "expected", "found"):
        shown.add_column(column, overflow="fold")
    for each in found:
        row = (each.template, each.name, each.where, repr(each.expected), repr(each.found))
        shown.add_row(*row)
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="Profiles, such as open/en_nurse_original.")
    parser.add_argument("--template", choices=TEMPLATES)
    parser.add_argument("--allow", action="store_true")
    given = parser.parse_args()
    templates = [given.template] if given.template else TEMPLATES
    found = [
        difference
        for name in given.names or names()
        for template in templates
        for difference in differences(name, template)
    ]
    Console(width=160).print(table(found))
    print(f"{len(found)} fields differ")
    if given.allow:
        keys = sorted(difference.key for difference in found)
        ALLOWED.write_text(json.dumps(keys, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
