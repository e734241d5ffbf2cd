"""What was found wrong with cv_data, and where: errors and warnings, all of them at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.cv import bounds, text
from app.errors import FieldError

_PLAIN_KEY = re.compile(r"[\w-]+")
_SHOWN_KEY = 60  # characters of a key that a path repeats


@dataclass(frozen=True, slots=True)
class CVWarning:
    """Something that was rendered otherwise than given, or not at all. `path` as in errors."""

    path: str
    code: str
    message: str


class Unusable(ValueError):
    """A value that can't be rendered; the reader of its field reports it where it stands."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(slots=True)
class Findings:
    """Errors and warnings in the order found. Counted without end, kept up to a bound."""

    errors: list[FieldError] = field(default_factory=list)
    warnings: list[CVWarning] = field(default_factory=list)
    error_count: int = 0
    warning_count: int = 0

    @property
    def warnings_full(self) -> bool:
        """Whether further warnings are only counted."""
        return len(self.warnings) >= bounds.FINDINGS

    def listed_errors(self) -> tuple[FieldError, ...]:
        """All errors, or the first hundred and one line that counts the others."""
        more = self.error_count - len(self.errors)
        last = FieldError("cv_data", "more_errors", f"{more} more errors are not listed.")
        return (*self.errors, last) if more else tuple(self.errors)

    def listed_warnings(self) -> tuple[CVWarning, ...]:
        """All warnings, or the first hundred and one line that counts the others."""
        more = self.warning_count - len(self.warnings)
        last = CVWarning("cv_data", "more_warnings", f"{more} more warnings are not listed.")
        return (*self.warnings, last) if more else tuple(self.warnings)


class Place:
    """A place in cv_data, such as `cv_data.sections.work.items[0]`, that findings are noted at."""

    __slots__ = ("_parent", "_step", "findings")

    def __init__(
        self, findings: Findings, parent: Place | None = None, step: object = "cv_data"
    ) -> None:
        self.findings = findings
        self._parent = parent
        self._step = step  # a key, or an index as an int

    @property
    def path(self) -> str:
        """In words; made when something is found, which at most places never happens."""
        if self._parent is None:
            return "cv_data"
        if type(self._step) is int:
            return f"{self._parent.path}[{self._step}]"
        named = (
            self._step[:_SHOWN_KEY] if isinstance(self._step, str) else type(self._step).__name__
        )
        shown = text.printable(named)
        step = f".{shown}" if _PLAIN_KEY.fullmatch(shown) else f'["{shown}"]'
        return self._parent.path + step

    def key(self, key: object) -> Place:
        """The member `key` of the object at this place. Any key can be shown, even a broken one."""
        return Place(self.findings, self, key)

    def index(self, index: int) -> Place:
        """The element `index` of the list at this place."""
        return Place(self.findings, self, index)

    def error(self, code: str, message: str) -> None:
        """Note that what stands here can't be rendered."""
        self.findings.error_count += 1
        if len(self.findings.errors) < bounds.FINDINGS:
            self.findings.errors.append(FieldError(self.path, code, message))

    def warn(self, code: str, message: str) -> None:
        """Note that what stands here is rendered otherwise than given, or needs a look."""
        self.findings.warning_count += 1
        if not self.findings.warnings_full:
            self.findings.warnings.append(CVWarning(self.path, code, message))
