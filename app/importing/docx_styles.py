"""Looks of a DOCX: styles resolved through what they are based on, and lists by their numbering."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from app.importing.docx_parts import Element, local

_DEEPEST = 32  # styles based on one another; Word itself allows eleven
_OFF = frozenset({"0", "false", "off", "none"})


class Look(NamedTuple):
    """How a run looks. None stands for what isn't said."""

    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    color: str | None = None
    hidden: bool | None = None

    def over(self, under: Look) -> Look:
        """This look where it says something, else the one under it."""
        if self == _PLAIN:
            return under
        return Look._make(a if a is not None else b for a, b in zip(self, under, strict=True))


_PLAIN = Look()


class Layout(NamedTuple):
    """How a paragraph is set, in points. None stands for what isn't said."""

    outline: int | None = None
    list_id: str | None = None
    list_level: int | None = None
    indent: float | None = None
    before: float | None = None
    after: float | None = None
    ruled: bool | None = None

    def over(self, under: Layout) -> Layout:
        return Layout._make(a if a is not None else b for a, b in zip(self, under, strict=True))


class Style(msgspec.Struct, frozen=True):
    name: str | None
    look: Look
    layout: Layout


class Styles:
    """The styles of a document by id, resolved when first asked for."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._resolved: dict[str, Style] = {}
        self._default: str | None = None
        look, layout = Look(), Layout()
        for element in root if root is not None else ():
            kind = local(element)
            if kind == "style":
                key = attribute(element, "styleId") or ""
                self._elements[key] = element
                if attribute(element, "type") == "paragraph" and _on(attribute(element, "default")):
                    self._default = key
            elif kind == "docDefaults":
                for part in element.iter():
                    if local(part) == "rPr":
                        look = look_of(part)
                    elif local(part) == "pPr":
                        layout = layout_of(part)
        self._plain = Style(None, Look(10.0, False, False, None, False).over(Look()), Layout())
        self._plain = Style(None, look.over(self._plain.look), layout)

    def paragraph(self, key: str | None) -> Style:
        """A paragraph's style; the document's default where the id is unknown or None."""
        if key is None or key not in self._elements:
            key = self._default
        return self._plain if key is None else self._resolve(key, self._plain)

    def character(self, key: str | None) -> Look:
        if key is None or key not in self._elements:
            return _PLAIN
        return self._resolve(key, Style(None, Look(), Layout())).look

    def _resolve(self, key: str, base: Style) -> Style:
        known = self._resolved.get(key)
        if known is not None:
            return known
        chain: list[Element] = []
        at: str | None = key
        while at in self._elements and len(chain) < _DEEPEST:
            chain.append(self._elements[at])
            at = _value(chain[-1], "basedOn")
        look, layout = base.look, base.layout
        for element in reversed(chain):
            for part in element:
                if local(part) == "rPr":
                    look = look_of(part).over(look)
                elif local(part) == "pPr":
                    layout = layout_of(part).over(layout)
        style = Style(_value(self._elements[key], "name"), look, layout)
        self._resolved[key] = style
        return style


class Lists:
    """What kind of list a numbering id and a level are."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[str, Element]] = {}
        self._abstract: dict[str, str] = {}
        for element in root if root is not None else ():
            if local(element) == "abstractNum":
                levels = {attribute(e, "ilvl") or "0": e for e in element if local(e) == "lvl"}
                self._levels[attribute(element, "abstractNumId") or ""] = levels
            elif local(element) == "num":
                target = _value(element, "abstractNumId") or ""
                self._abstract[attribute(element, "numId") or ""] = target

    def is_item(self, list_id: str | None, level: int) -> bool:
        """Whether a paragraph of this list has a bullet or a number before it."""
        found = self._level(list_id, level)
        if found is None:
            return list_id is not None and list_id != "0"
        return _value(found, "numFmt") != "none"

    def indent(self, list_id: str | None, level: int) -> float | None:
        found = self._level(list_id, level)
        for part in found if found is not None else ():
            if local(part) == "pPr":
                return layout_of(part).indent
        return None

    def _level(self, list_id: str | None, level: int) -> Element | None:
        if list_id is None or list_id == "0":
            return None
        return self._levels.get(self._abstract.get(list_id, ""), {}).get(str(level))


def look_of(properties: Element) -> Look:
    """What a `w:rPr` says; a style it names is for the caller."""
    size = bold = italic = color = hidden = None
    for part in properties:
        match local(part):
            case "sz":
                size = _points(attribute(part, "val"), 2)
            case "b":
                bold = _on(attribute(part, "val"), default=True)
            case "i":
                italic = _on(attribute(part, "val"), default=True)
            case "color":
                value = attribute(part, "val") or "auto"
                color = None if value == "auto" else f"#{value.lower()[:6]}"
            case "vanish":
                hidden = _on(attribute(part, "val"), default=True)
    return Look(size, bold, italic, color, hidden)


def layout_of(properties: Element) -> Layout:
    """What a `w:pPr` says; a style it names is for the caller."""
    found: dict[str, Any] = {}
    for part in properties:
        match local(part):
            case "outlineLvl":
                level = _whole(attribute(part, "val"))
                found["outline"] = level if level is not None and level < 9 else None
            case "numPr":
                found["list_id"] = _value(part, "numId")
                found["list_level"] = _whole(_value(part, "ilvl")) or 0
            case "ind":
                left = attribute(part, "left") or attribute(part, "start")
                found["indent"] = _points(left, 20)
            case "spacing":
                found["before"] = _points(attribute(part, "before"), 20)
                found["after"] = _points(attribute(part, "after"), 20)
            case "pBdr":
                edges = (attribute(e, "val") for e in part if local(e) in ("top", "bottom"))
                found["ruled"] = any(value not in (None, "nil", "none") for value in edges)
    return Layout(**found)


def attribute(element: Element, name: str) -> str | None:
    """An attribute of the element's own namespace, transitional or strict."""
    namespace = element.tag.rpartition("}")[0]
    value = element.get(f"{namespace}}}{name}")
    return None if value is None else str(value)


def child(element: Element, name: str) -> Element | None:
    for part in element:
        if local(part) == name:
            return part
    return None


def _value(element: Element, name: str) -> str | None:
    part = child(element, name)
    return None if part is None else attribute(part, "val")


def _on(value: str | None, *, default: bool = False) -> bool:
    return default if value is None else value.lower() not in _OFF


def _whole(value: str | None) -> int | None:
    return int(value) if value is not None and value.isdigit() and len(value) < 6 else None


def _points(value: str | None, units: int) -> float | None:
    """A length of so many units a point, or None where it isn't a sane number."""
    try:
        length = float(value) / units if value is not None and len(value) < 12 else None
    except ValueError:
        return None
    return length if length is not None and abs(length) < 2_000 else None
