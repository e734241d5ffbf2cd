"""What machines lose of people's résumés: `python -m tests.workers.gate [NAME …]`.

Every person below and every profile of the open corpus is set with every template, certified, and
what the certificate finds amiss is held to certified.json. That may only shrink: `--shrink` takes
out what is amiss no longer; `--allow NAME …` is for people that are new. The suite does a part of
it, which is always the same.

What is amiss is named by the path of a field that our importer reads otherwise or not at all, by
`in_text` and a path where pypdf has not its letters, by `in_order`, or by a check that fails.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from app.cv.from_profile import cv_data_of
from app.cv.model import CV, Template
from app.cv.normalise import TEMPLATES, normalise
from tests.importing.round_trip import names as profiles
from tests.importing.round_trip import record_of
from tests.workers import careers, samples

TABLE = Path(__file__).with_name("certified.json")
PEOPLE: dict[str, Callable[[Template], CV]] = {
    "example": samples.example,
    "nurse": careers.nurse,
    "chef": careers.chef,
    "student": careers.student,
    "lawyer": careers.lawyer,
    "professor": careers.professor,
    "bare": samples.bare,
    "dense": lambda template: samples.dense(template, 9),
}
PROFILES = [name for name in profiles() if not name.startswith("held/")]
NAMES = [*PEOPLE, *PROFILES]


def of_suite() -> list[tuple[str, Template]]:
    """What the suite looks at: people in every template, and of the corpus each third profile in
    one template, the next of them in the next."""
    people = [(name, template) for name in PEOPLE for template in TEMPLATES]
    some = enumerate(PROFILES[::3])
    return people + [(name, TEMPLATES[index % len(TEMPLATES)]) for index, name in some]


@cache
def _cv_data(name: str) -> dict[str, object]:
    return cv_data_of(record_of(name))


def person(name: str, template: Template) -> CV:
    """Whoever is called so, set in `template`."""
    if name in PEOPLE:
        return PEOPLE[name](template)
    return normalise({**_cv_data(name), "template": template}).cv


def amiss(name: str, template: Template) -> Iterator[str]:
    """What the certificate of their PDF finds amiss."""
    from workers.certificate import certificate
    from workers.render import render_pdf

    cv = person(name, template)
    made = certificate(cv, render_pdf(cv).pdf)
    for field in made["fields"]:
        if field["status"] != "found":
            yield field["path"]
        if not field["in_text"]:
            yield f"in_text {field['path']}"
    if not made["in_order"]:
        yield "in_order"
    yield from (f"check {check['name']}" for check in made["checks"] if not check["passed"])
    yield from (
        f"font {font['name']}"
        for font in made["fonts"]
        if not (font["embedded"] and font["subset"])
    )


def allowed() -> dict[str, list[str]]:
    """What may be amiss, by template and name."""
    table: dict[str, list[str]] = json.loads(TABLE.read_text())
    return table


def key(name: str, template: str) -> str:
    return f"{template} {name}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="People, such as nurse or open/en_nurse_original.")
    parser.add_argument("--template", choices=TEMPLATES)
    parser.add_argument("--suite", action="store_true", help="only what the suite looks at")
    parser.add_argument("--allow", action="store_true", help="take in what is amiss of these")
    parser.add_argument("--shrink", action="store_true", help="take out what is not amiss now")
    given = parser.parse_args()
    wanted = [
        (name, template)
        for name in given.names or NAMES
        for template in ([given.template] if given.template else TEMPLATES)
    ]
    if given.suite:
        wanted = [each for each in wanted if each in of_suite()]
    known = allowed() if TABLE.exists() else {}
    found = {key(*each): sorted(amiss(*each)) for each in wanted}
    for where, what in found.items():
        fresh = sorted(set(what) - set(known.get(where, [])))
        print(f"{where}: {len(what)} amiss" + (f", new: {', '.join(fresh)}" if fresh else ""))
    kinds = Counter(path.rpartition(".")[2] for what in found.values() for path in what)
    print(*(f"{count:5} {kind}" for kind, count in kinds.most_common()), sep="\n")
    print(f"{sum(map(len, found.values()))} amiss in {len(found)} résumés")
    if given.allow or given.shrink:
        kept = {
            where: what if given.allow else sorted(set(what) & set(known.get(where, [])))
            for where, what in found.items()
        }
        table = {where: what for where, what in sorted({**known, **kept}.items()) if what}
        TABLE.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
