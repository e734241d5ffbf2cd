"""A preview fitted to what a profile may hold, so that whatever is previewed can be committed.

Readers report what a file says; a profile has bounds and rules (`app.profile.rules`). A value that
breaks one is taken out of its entry, set beside the rest of what was not placed, and warned of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from app.errors import ValidationFailed
from app.importing import preview as previews
from app.importing.preview import Preview, Unplaced
from app.profile import rules

_ENTRIES = (*rules.SECTIONS, "languages")


def fitted(preview: Preview) -> Preview:
    """`preview` with nothing in it that a commit would refuse."""
    result = msgspec.structs.replace(preview)
    result.unplaced = list(preview.unplaced)
    result.warnings = list(preview.warnings)
    result.profile = _fit_profile(result)
    for section in _ENTRIES:
        entries: list[Any] = []
        for entry in getattr(preview, section):
            path = f"{section}[{len(entries)}]"
            if len(entries) == _most(section):
                _set_aside(result, section, entry, path, "too_many", None)
            elif (fit := _fit(result, section, entry, path)) is not None:
                entries.append(fit)
        setattr(result, section, entries)
    return result


def _most(section: str) -> int:
    return rules.LANGUAGES if section == "languages" else rules.most_rows(section)


def _fit_profile(preview: Preview) -> Any:
    found = msgspec.structs.replace(preview.profile)
    for name in found.__struct_fields__:
        value = getattr(found, name)
        if name == "evidence" or value is None:
            continue
        try:
            setattr(found, name, rules.profile({name: value})[name])
        except ValidationFailed as wrong:
            _set_aside(preview, "profile", found, f"profile.{name}", wrong.fields[0].code, name)
            setattr(found, name, None)
    found.evidence = [each for each in found.evidence if getattr(found, each.field, None)]
    return found


def _fit(preview: Preview, section: str, entry: Any, path: str) -> Any | None:
    """The entry without what breaks a rule; None where too little is left of it."""
    values = {name: getattr(entry, name) for name in _fields(section)}
    for _ in range(len(values) + 1):
        try:
            read = _checked(section, values)
            break
        except ValidationFailed as wrong:
            for name, code in _faulty(wrong):
                if code == "required" or name not in values:
                    _set_aside(preview, section, entry, path, code, None)
                    return None
                left = _without(values[name], wrong, name)
                gone = [item for item in values[name] if item not in left] if left else []
                _set_aside(preview, section, entry, f"{path}.{name}", code, name, gone)
                values[name] = left
    else:
        _set_aside(preview, section, entry, path, "invalid", None)
        return None
    kept = [each for each in entry.evidence if read.get(each.field)]
    return msgspec.structs.replace(entry, **read, evidence=kept)


def _fields(section: str) -> tuple[str, ...]:
    return ("name", "level") if section == "languages" else rules.FIELDS[section]


def _checked(section: str, values: dict[str, Any]) -> dict[str, Any]:
    if section == "languages":
        return rules.languages([values])[0]
    return rules.entry(section, values)


def _faulty(wrong: ValidationFailed) -> Iterator[tuple[str, str]]:
    """Each faulty field once, with what is wrong with it."""
    seen = set()
    for field in wrong.fields:
        name = field.path.removeprefix("[0].").partition("[")[0]
        if name not in seen:
            seen.add(name)
            yield name, field.code


def _without(value: Any, wrong: ValidationFailed, name: str) -> Any:
    """What may stay of a value: of a list, all but its faulty items."""
    if not isinstance(value, list):
        return False if isinstance(value, bool) else None
    faulty = {field.path for field in wrong.fields}
    kept = [item for index, item in enumerate(value) if f"{name}[{index}]" not in faulty]
    return kept if len(kept) < len(value) else value[: rules.most_items(name)]


def _set_aside(
    preview: Preview,
    section: str,
    entry: Any,
    path: str,
    code: str,
    name: str | None,
    items: Sequence[str] = (),
) -> None:
    """Note that a value, some `items` of it, or a whole entry can't be taken over."""
    message = _message(name, code)
    preview.warnings.append(
        previews.ImportWarning(code=f"not_taken_{code}", message=message, path=path)
    )
    preview.unplaced.extend(
        Unplaced(
            text=each.text,
            section=section,
            page=each.page,
            box=each.box,
            paragraph=each.paragraph,
            path=each.path,
        )
        for each in entry.evidence
        if (name is None or each.field == name) and not items
    )
    preview.unplaced.extend(Unplaced(text=item, section=section) for item in items)


def _message(name: str | None, code: str) -> str:
    what = "This entry" if name is None else f"The value of {name}"
    return f"{what} can't stand in a profile ({code}); it is among what was not placed."
