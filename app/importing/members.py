"""The members of a JSON object or a CSV row, taken one by one into fields with their evidence.

What has the wrong type or is no valid value goes to `unplaced` with a warning, and so does, without
one, what no rule asked for: nothing is dropped, and no value makes the reading fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from app.cv import links
from app.cv.dates import reversed_span
from app.cv.findings import Unusable
from app.cv.text import printable
from app.importing import dates
from app.importing.preview import Evidence, Format, Preview, Unplaced
from app.importing.preview import ImportWarning as Notice
from app.importing.values import blank, clean, flag, leaves, one_text, read_date, years

_Entry = TypeVar("_Entry")
_Value = TypeVar("_Value", str, float, bool)


_LONGEST_PATH = 500


def _shown(path: str) -> str:
    """A path as it may be told: its keys are as long as whoever wrote them liked, and as odd."""
    short = path[:_LONGEST_PATH]
    return short if short.isascii() and short.isprintable() else printable(short)


class Incomplete(Exception):
    """An object that lacks what makes it an entry; the message says what, as in a sentence."""


class Source:
    """One file that is read, and the preview that it becomes."""

    def __init__(self, format: Format) -> None:
        self.format = format
        self.preview = Preview(format=format)

    def leave(self, value: object, path: str, section: str | None) -> bool:
        """Keep `value`, any JSON value, as text that no field took; False where it says nothing."""
        if words := "\n".join(leaves(value)):
            heading = None if section is None else _shown(section)
            self.preview.unplaced.append(Unplaced(text=words, section=heading, path=_shown(path)))
        return bool(words)

    def refuse(
        self, value: object, path: str, section: str | None, code: str, message: str
    ) -> None:
        """Keep `value` as text, and say why it is in no field."""
        if self.leave(value, path, section):
            place = f"unplaced[{len(self.preview.unplaced) - 1}]"
            self.warn(code, f"{_shown(path)}: {message}", place)

    def warn(self, code: str, message: str, path: str | None = None) -> None:
        """Note something to look at; `path` is a place in the preview."""
        said = message if message.isprintable() else printable(message)
        self.preview.warnings.append(Notice(code=code, message=said, path=path))

    def entries(
        self,
        raw: object,
        path: str,
        rule: str,
        read: Callable[[Members], _Entry],
        section: str | None = None,
    ) -> list[_Entry]:
        """The elements of the list `raw` as `collect` makes them."""
        return self.collect(self.objects(raw, path, rule, section), read)

    def collect(self, rows: Iterable[Members], read: Callable[[Members], _Entry]) -> list[_Entry]:
        """Each of `rows` as `read` makes it; what is incomplete or not asked for stays as text."""
        entries = []
        for members in rows:
            try:
                entries.append(read(members))
            except Incomplete as lacking:
                members.give_back(str(lacking))
            else:
                members.rest()
        return entries

    def objects(
        self, raw: object, path: str, rule: str, section: str | None = None
    ) -> Iterator[Members]:
        """The elements of a list, each as members; a lone object is a list of one."""
        elements = [raw] if isinstance(raw, dict) else raw
        if elements is None:
            return
        if not isinstance(elements, list):
            self.refuse(raw, path, section or path, "type", "this should be a list.")
            return
        for index, element in enumerate(elements):
            place = f"{path}[{index}]"
            if isinstance(element, dict):
                yield Members(self, element, place, rule, section or path)
            elif not blank(element):
                self.refuse(element, place, section or path, "type", "this should be an object.")


class Members:
    """One object's members, and the evidence of those that were taken."""

    def __init__(
        self,
        source: Source,
        raw: Mapping[str, Any],
        path: str,
        rule: str,
        section: str | None,
        *,
        whole_path: bool = False,
        evidence: list[Evidence] | None = None,
    ) -> None:
        """`path` is the place of the object, of which `whole_path` says that members share it."""
        self.source = source
        self.path = path
        self.section = section
        self.evidence: list[Evidence] = [] if evidence is None else evidence
        self._raw = raw
        self._rule = f"{source.format}.{rule}"
        self._whole_path = whole_path
        self._left = {key: value for key, value in raw.items() if not blank(value)}
        preview = source.preview
        self._before = (len(preview.unplaced), len(preview.warnings))

    def has(self, *keys: str) -> bool:
        """Whether any of `keys` is still to be taken."""
        return any(key in self._left for key in keys)

    def untaken(self) -> list[str]:
        """The keys of what is still to be taken."""
        return list(self._left)

    def peek(self, key: str) -> str:
        """The text of `key`, which stays to be taken; "" where it is missing or no text."""
        raw = self._left.get(key)
        return clean(raw) if isinstance(raw, str) else ""

    def take(self, key: str) -> Any:
        """The value of `key` as it stands, to be read by the caller; None when there is none."""
        return self._left.pop(key, None)

    def take_object(self, key: str) -> dict[str, Any]:
        """The object at `key`; anything else is refused and taken for an empty one."""
        raw = self.take(key)
        if raw is not None and not isinstance(raw, dict):
            self.refuse(key, raw, "type", "this should be an object.")
        return raw if isinstance(raw, dict) else {}

    def inner(self, key: str, rule: str, section: str | None = None) -> Members:
        """The members of the object at `key`, whose evidence is noted with this one's."""
        raw, at = self.take_object(key), self.place(key)
        within = section or self.section
        return Members(self.source, raw, at, rule, within, evidence=self.evidence)

    def skip(self, *keys: str) -> None:
        """Drop what is of no meaning outside its file, such as identifiers."""
        for key in keys:
            self._left.pop(key, None)

    def place(self, key: str) -> str:
        """Where the member `key` stands."""
        if self._whole_path:
            return self.path
        shown = _shown(key)
        return f"{self.path}.{shown}" if self.path else shown

    def note(
        self,
        field: str,
        value: object,
        path: str,
        confidence: float = 1.0,
        rule: str | None = None,
    ) -> None:
        """Note as evidence that `field` was read from `value`, which stands at `path`."""
        self.evidence.append(self._evidence(field, value, path, confidence, rule))

    def _evidence(
        self,
        field: str,
        value: object,
        path: str,
        confidence: float = 1.0,
        rule: str | None = None,
    ) -> Evidence:
        return Evidence(
            field=field,
            text="\n".join(leaves(value)),
            confidence=confidence,
            rule=f"{self.source.format}.{rule}" if rule else self._rule,
            path=_shown(path),
        )

    def refuse(self, key: str, value: object, code: str, message: str) -> None:
        """Keep the value of `key` as text that no field took, and say why."""
        self.source.refuse(value, self.place(key), self.section, code, message)

    def text(self, field: str, *keys: str, multiline: bool = False) -> str | None:
        """The text of the first of `keys` that has one; numbers are read as they are written."""
        return self._first(field, keys, lambda raw: one_text(raw, multiline=multiline))

    def name(self, field: str, *keys: str) -> str:
        """A text that the entry can't be without; raises Incomplete."""
        if found := self.text(field, *keys):
            return found
        raise Incomplete(f"this needs a {field}.")

    def prose(self, field: str, *keys: str) -> str | None:
        """The texts of all `keys`, as paragraphs."""
        taken = (self.text(field, key, multiline=True) for key in keys)
        return "\n\n".join(dict.fromkeys(part for part in taken if part)) or None

    def url(self, field: str, *keys: str) -> str | None:
        """A web address; one without a scheme gets `https://`."""
        return self._first(field, keys, lambda raw: links.web_url(one_text(raw)))

    def email(self, field: str, *keys: str) -> str | None:
        return self._first(field, keys, lambda raw: links.email(one_text(raw)))

    def number(self, field: str, *keys: str) -> float | None:
        """A number of years, 0 to 100."""
        return self._first(field, keys, years)

    def flag(self, field: str, *keys: str) -> bool:
        """Whether any of `keys` says yes."""
        return bool(self._first(field, keys, flag))

    def date(self, field: str, *keys: str) -> str | None:
        """A date as precise as written."""
        return self._first(field, keys, read_date)

    def texts(self, field: str, *keys: str) -> list[str]:
        """The texts of a list, or of a text with a line for each."""
        said = self.sayings(field, *keys)
        self.evidence += [evidence for _, evidence in said]
        return [text for text, _ in said]

    def sayings(self, field: str, *keys: str) -> list[tuple[str, Evidence]]:
        """As `texts`, each with its evidence, which is the caller's to keep."""
        found: list[tuple[str, Evidence]] = []
        for key in keys:
            raw, place = self._left.pop(key, None), self.place(key)
            elements = raw.split("\n") if isinstance(raw, str) else raw
            if not isinstance(elements, list):
                elements = [elements] if elements is not None else []
            for index, element in enumerate(elements):
                at = (
                    f"{place}[{index}]" if isinstance(raw, list) and not self._whole_path else place
                )
                try:
                    if text := one_text(element) if element is not None else "":
                        found.append((text, self._evidence(field, element, at)))
                except Unusable as error:
                    self.source.refuse(element, at, self.section, error.code, error.message)
        return found

    def span(
        self, starts: tuple[str, ...], ends: tuple[str, ...]
    ) -> tuple[str | None, str | None, bool]:
        """Start, end, and whether it is said to go on; an end before the start is refused."""
        start = self.date("start_date", *starts)
        for key in ends:
            if isinstance(raw := self._left.get(key), str) and dates.is_present(raw):
                self.note("is_current", self._left.pop(key), self.place(key))
                return start, None, True
        return start, self.later("end_date", start, *ends), False

    def later(self, field: str, start: str | None, *keys: str) -> str | None:
        """A date that is not before `start`."""

        def checked(raw: Any) -> str:
            end = read_date(raw)
            if start and end and reversed_span(start, end):
                raise Unusable("end_before_start", f"this is before {start}.")
            return end

        return self._first(field, keys, checked)

    def rest(self) -> None:
        """Keep all that nothing has asked for."""
        for key, value in self._left.items():
            self.source.leave(value, self.place(key), self.section)
        self._left = {}

    def rest_as_one(self) -> None:
        """Keep all that nothing has asked for as one text."""
        self.source.leave(self._left, self.path, self.section)
        self._left = {}

    def give_back(self, message: str) -> None:
        """Keep the whole object as text, and say what it lacks to be an entry."""
        preview = self.source.preview
        unplaced, warnings = self._before
        del preview.unplaced[unplaced:]
        del preview.warnings[warnings:]
        self.evidence = []
        self._left = {}
        if any(leaves(dict(self._raw))):
            self.source.refuse(dict(self._raw), self.path, self.section, "incomplete", message)

    def _first(
        self, field: str, keys: tuple[str, ...], read: Callable[[Any], _Value | None]
    ) -> _Value | None:
        """The value of the first of `keys` that `read` takes.

        The other keys are left for the rest, but for those that say the same; what `read` refuses
        by Unusable is refused.
        """
        found: _Value | None = None
        for key in keys:
            if key not in self._left:
                continue
            raw = self._left[key]
            try:
                value = read(raw)
            except Unusable as error:
                self.refuse(key, self._left.pop(key), error.code, error.message)
                continue
            if found is None and value not in ("", None):
                found = value
                self.note(field, raw, self.place(key))
            if value in (found, "", None):
                self._left.pop(key)
        return found
