"""Functions of WeasyPrint and pydyf in faster words of ours: the same pages, byte for byte.

Each module here replaces what a profile of warm renders named as dear, and says why its own is
cheaper. Nothing else in the project reaches into the libraries for speed. `install` puts all of it
in place and `as_it_comes` takes it away again for a while, by which tests compare the two.

The gains come from three facts that the libraries can't rely on: stylesheets are the same objects
in render after render (`styles`), so what a style says is worked out once for all boxes that have
it (`boxes`, `text`), and a finished object of a PDF does not change any more (`files`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from workers.faster import boxes, files, pages, selectors, styles, tables, text

_LIBRARIES = ("weasyprint", "pydyf")


class _Replaced(NamedTuple):
    owner: Any
    name: str
    theirs: Any
    ours: Any


_replaced: list[_Replaced] = []


def install() -> None:
    """Have WeasyPrint and pydyf use these; a second call changes nothing."""
    if _replaced:
        return
    for module in (selectors, styles, boxes, tables, text, pages, files):
        for owner, name, ours in module.REPLACED:
            theirs = vars(owner)[name]
            _replaced.extend(_Replaced(place, name, theirs, ours) for place in _places(owner, name))
    for each in _replaced:
        setattr(each.owner, each.name, each.ours)


@contextmanager
def as_it_comes() -> Iterator[None]:
    """Let the libraries work by themselves meanwhile."""
    for each in _replaced:
        setattr(each.owner, each.name, each.theirs)
    try:
        yield
    finally:
        for each in _replaced:
            setattr(each.owner, each.name, each.ours)


def _places(owner: Any, name: str) -> list[Any]:
    """`owner`, and for a function of a module each module that imported it by name."""
    if isinstance(owner, type):
        return [owner]
    wanted = vars(owner)[name]
    others = [
        module
        for key, module in list(sys.modules.items())
        if key.partition(".")[0] in _LIBRARIES and vars(module).get(name) is wanted
    ]
    return [owner, *(other for other in others if other is not owner)]
