"""From a profile to a PDF and back: `python -m tests.importing.round_trip [NAME …]`.

Every profile of the corpus is set with each template, the page is read by its visible text alone,
and what was found is compared with the profile, field by field. round_trip.json lists what may
differ. It may only shrink: `--shrink` takes out what no longer differs; `--allow NAME …` is for
profiles that are new.

What differs is of these kinds:

- what a page can't show: a category of skills that is called as a level is (`Familiar`), a project
  of one year from one that ended in it, a site's last slash and its `www.`;
- what the words alone can't settle: `minutes and newsletters` is one skill or two, a degree with a
  dash in it where no place stands beside it, a faculty for an address, a short line below a project
  for a role, languages and levels in no list of ours;
- a telephone number written with slashes or dashes between blanks, and addresses and East Asian
  sentences that a narrow column breaks where the next line might also have been meant to begin.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
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
from workers.aligned import Entry, beside, entry_of
from workers.certificate import PROFILE_FIELDS

ALLOWED = Path(__file__).with_name("round_trip.json")
Record = dict[str, Any]


class Difference(NamedTuple):
    """One field that came back otherwise; `where` names it, as in `experience[0].title`."""

    template: str
    name: str
    where: str
    expected: Any
    found: Any

    @property
    def kind(self) -> str:
        """The field without the number of its entry."""
        return re.sub(r"\[[0-9]+\]", "", self.where)

    @property
    def key(self) -> str:
        return f"{self.template} {self.name} {self.where}"


def names() -> list[str]:
    """The profiles of the corpora, by the names of their files."""
    return [f"{path.parent.name}/{path.stem}" for kind in CORPORA for path in files(kind)]


@cache
def record_of(name: str) -> Record:
    """The profile of a résumé of the corpus, as an account would hold it."""
    kind, _, stem = name.partition("/")
    [path] = [path for path in files(kind) if path.stem == stem]
    return _record(truth_of(path))


def _record(truth: Truth) -> Record:
    raw = msgspec.to_builtins(truth)
    profile = {n: v for n in PROFILE_FIELDS if (v := raw["profile"].get(n))}
    record: Record = {"profile": rules.profile(profile)}
    record["profile"]["languages"] = rules.languages(raw["languages"])
    for section in rules.SECTIONS:
        record[section] = [rules.entry(section, entry) for entry in raw[section]]
    return record


def field_count(name: str) -> int:
    """How many fields of a profile are compared."""
    return len(_flat(record_of(name)))


def differences(name: str, template: str) -> Iterator[Difference]:
    """Render the profile with a template, read the PDF, and compare."""
    from app.importing.read import read_text_of_pdf
    from workers.render import render_pdf

    record = record_of(name)
    cv = normalise(cv_data_of(record, template=template)).cv
    yield from compared(template, name, record, read_text_of_pdf(render_pdf(cv).pdf))


def compared(template: str, name: str, record: Record, preview: Preview) -> Iterator[Difference]:
    """The fields of a profile that came back otherwise in what was read."""
    read = _as_record(preview)
    for section in rules.SECTIONS:
        read[section] = _beside(record[section], read[section])
    there, back = _flat(record), _flat(read)
    for where in sorted({*there, *back}):
        expected, got = there.get(where), back.get(where)
        if _plain(expected) != _plain(got):
            yield Difference(template, name, where, expected, got)


def _beside(expected: list[Record], found: list[Record]) -> list[Record]:
    """`found` with a blank for each entry that is missing, so that it moves no other; more at the
    end."""
    entries = ([_entry(fields) for fields in each] for each in (expected, found))
    places = beside(*entries)
    more = [entry for place, entry in enumerate(found) if place not in places]
    return [{} if place is None else found[place] for place in places] + more


def _entry(fields: Record) -> Entry:
    values = {name: _plain(value) for name, value in fields.items() if name != "evidence"}
    return entry_of(values)


def _as_record(preview: Preview) -> Record:
    raw = msgspec.to_builtins(preview)
    record: Record = {"profile": {n: raw["profile"][n] for n in PROFILE_FIELDS}}
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


def write_allowed(keys: Iterable[str]) -> None:
    ALLOWED.write_text(json.dumps(sorted(keys), indent=2, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="Profiles, such as open/en_nurse_original.")
    parser.add_argument("--template", choices=TEMPLATES)
    parser.add_argument("--allow", action="store_true", help="list what differs of these profiles")
    parser.add_argument("--shrink", action="store_true", help="take out what no longer differs")
    given = parser.parse_args()
    templates = [given.template] if given.template else TEMPLATES
    compared = given.names or names()
    found = [
        difference
        for name in compared
        for template in templates
        for difference in differences(name, template)
    ]
    Console(width=160).print(table(found))
    for kind, count in sorted(Counter(difference.kind for difference in found).items()):
        print(f"{count:5} {kind}")
    total = len(templates) * sum(map(field_count, compared))
    print(f"{len(found)} of {total} fields differ, {len(found) / total:.2%}")
    keys = {difference.key for difference in found}
    seen = tuple(f"{template} {name} " for name in compared for template in templates)
    others = {key for key in allowed() if not key.startswith(seen)}
    if given.allow:
        write_allowed(others | keys)
    elif given.shrink:
        write_allowed(others | (keys & allowed()))


if __name__ == "__main__":
    main()
