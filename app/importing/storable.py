"""A preview brought within what a profile may hold, so that it can be committed as it is.

The rules are those of `app.profile.rules`, by which everything is stored. A value that they refuse
becomes text that no field took, with a warning that gives their reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

from msgspec import structs

from app.cv import bounds
from app.errors import ValidationFailed
from app.importing.preview import Evidence, Preview, SectionName, Unplaced
from app.importing.preview import ImportWarning as Notice
from app.profile import rules

_PLACE = re.compile(r"(?:languages\[0\]\.)?(\w+)(?:\[(\d+)\])?")
_MOST = {"bullets": bounds.BULLETS, "technologies": rules.TECHNOLOGIES}

Check = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def make_storable(preview: Preview) -> None:
    """Change `preview` so that every entry passes the rules. Entries of which what names them is
    refused, and those beyond what a section may have, become text too."""
    _admit(preview, None, preview.profile, _profile)
    for section in get_args(SectionName):
        _admit_all(preview, section, _entry(section), rules.most_rows(section))
    _admit_all(preview, "languages", _language, rules.LANGUAGES)


def _profile(values: Mapping[str, Any]) -> Mapping[str, Any]:
    # A name that was not found is no name to clear.
    return rules.profile({name: value for name, value in values.items() if value is not None})


def _entry(section: SectionName) -> Check:
    return lambda values: rules.entry(section, values)


def _language(values: Mapping[str, Any]) -> Mapping[str, Any]:
    checked: Mapping[str, Any] = rules.profile({"languages": [values]})["languages"][0]
    return checked


def _admit_all(preview: Preview, section: str, check: Check, most: int) -> None:
    entries = getattr(preview, section)
    kept: list[Any] = []
    for index, entry in enumerate(entries):
        if len(kept) == most:
            surplus = entries[index:]
            _leave_out(
                preview, section, surplus, "too_many", f"A profile may have {most} of these."
            )
            break
        if _admit(preview, section, entry, check):
            kept.append(entry)
    entries[:] = kept


def _admit(preview: Preview, section: str | None, entry: Any, check: Check) -> bool:
    """Leave out of `entry` what `check` refuses; False where too little is left to be one."""
    for _ in entry.__struct_fields__:
        values = {
            name: value for name, value in structs.asdict(entry).items() if name != "evidence"
        }
        try:
            checked = check(values)
        except ValidationFailed as refused:
            # From the last to the first, so that places in lists stay true.
            for error in reversed(refused.fields):
                if error.code == "required":
                    _leave_out(preview, section, [entry], error.code, error.message)
                    return False
                _take_out(preview, section, entry, error.path, error.code, error.message)
        else:
            for name, value in checked.items():
                setattr(entry, name, value)
            return True
    return False


def _take_out(
    preview: Preview, section: str | None, entry: Any, path: str, code: str, message: str
) -> None:
    """Make the value at `path` text: a whole field, one of a list, or what a list has too many."""
    place = _PLACE.fullmatch(path)
    name = place[1] if place else path
    value = getattr(entry, name)
    if not isinstance(value, list):
        said = [each for each in entry.evidence if each.field == name]
        entry.evidence = [each for each in entry.evidence if each.field != name]
        setattr(entry, name, None)
        _leave(preview, section, said, f"{name}: {message}", code)
        return
    first = int(place[2]) if place and place[2] else _MOST[name]
    last = first + 1 if place and place[2] else len(value)
    in_order = [each for each in entry.evidence if each.field == name]
    # Where a field's texts were not told of one by one, what was told stays and is left as well.
    one_by_one = len(in_order) == len(value)
    said = in_order[first:last] if one_by_one else in_order
    del value[first:last]
    if one_by_one or not value:
        gone = {id(each) for each in said}
        entry.evidence = [each for each in entry.evidence if id(each) not in gone]
    _leave(preview, section, said, f"{name}: {message}", code)


def _leave_out(
    preview: Preview, section: str | None, entries: list[Any], code: str, message: str
) -> None:
    said = [each for entry in entries for each in entry.evidence]
    _leave(preview, section, said, message, code)


def _leave(
    preview: Preview, section: str | None, said: list[Evidence], message: str, code: str
) -> None:
    first = len(preview.unplaced)
    preview.unplaced += [
        Unplaced(
            text=each.text,
            section=section,
            page=each.page,
            box=each.box,
            paragraph=each.paragraph,
            path=each.path,
        )
        for each in said
    ]
    path = f"unplaced[{first}]" if said else None
    preview.warnings.append(Notice(code=code, message=message, path=path))
