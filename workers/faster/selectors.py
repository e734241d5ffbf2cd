"""Which selectors match an element, asked once for all stylesheets of a document.

cssselect2 asks each sheet by itself, and reads a name or a class of an element under a lock, for
threads that a render process does not have.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from cssselect2.tree import ElementWrapper

# Whether it matches; the number of its sheet, its specificity and its order; what it is of.
_Selector = tuple[Callable[[Any], bool], tuple[int, Any, int], tuple[int, Any]]


class Selectors:
    """The selectors of `sheets`, by what an element needs to be asked about."""

    def __init__(self, sheets: list[Any]) -> None:
        self._by_id: dict[str, list[_Selector]] = {}
        self._by_class: dict[str, list[_Selector]] = {}
        self._by_name: dict[str, list[_Selector]] = {}
        self._by_namespace: dict[str, list[_Selector]] = {}
        self._with_language: list[_Selector] = []
        self._others: list[_Selector] = []
        for number, (sheet, _, _) in enumerate(sheets):
            theirs = sheet.matcher
            for ours, kind in (
                (self._by_id, theirs.id_selectors),
                (self._by_class, theirs.class_selectors),
                (self._by_name, theirs.lower_local_name_selectors),
                (self._by_namespace, theirs.namespace_selectors),
            ):
                for key, entries in kind.items():
                    ours.setdefault(key, []).extend(_of_sheet(number, entries))
            self._with_language += _of_sheet(number, theirs.lang_attr_selectors)
            self._others += _of_sheet(number, theirs.other_selectors)

    def match(self, element: Any) -> list[tuple[int, Any]]:
        """The number of the sheet and what cssselect2 tells of each that matches, in its order."""
        asked = [self._by_class[name] for name in element.classes if name in self._by_class]
        for kind, key in (
            (self._by_id, element.id),
            (self._by_name, element.local_name.lower()),
            (self._by_namespace, element.namespace_url),
        ):
            if key in kind:
                asked.append(kind[key])
        if "lang" in element.etree_element.attrib:
            asked.append(self._with_language)
        asked.append(self._others)
        found = [
            (rank, told) for selectors in asked for test, rank, told in selectors if test(element)
        ]
        found.sort(key=_rank)
        return [told for _, told in found]


def _of_sheet(number: int, entries: list[Any]) -> list[_Selector]:
    return [
        (test, (number, specificity, order), (number, (specificity, order, pseudo, payload)))
        for test, specificity, order, pseudo, payload in entries
    ]


def _rank(found: tuple[tuple[int, Any, int], Any]) -> tuple[int, Any, int]:
    return found[0]


class _Once:
    """A property that is worked out once, for an object that no two threads have."""

    def __init__(self, theirs: cached_property[Any]) -> None:
        self._work_out = theirs.func
        self._name = str(theirs.attrname)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        value = vars(instance)[self._name] = self._work_out(instance)
        return value


REPLACED = [
    (ElementWrapper, name, _Once(value))
    for name, value in vars(ElementWrapper).items()
    if isinstance(value, cached_property)
]
