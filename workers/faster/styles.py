"""The cascade, worked out once for the stylesheets of a template instead of once for each render.

WeasyPrint gives elements one style where parent and matching rules are the same, and forgets it
with the document. Here styles outlive it as long as the same stylesheets are used: what a style has
computed once, and its anonymous ones, are there for every later document.
"""

from __future__ import annotations

from collections import OrderedDict
from math import inf
from typing import Any

import weasyprint.css
from weasyprint.css import ComputedStyle, InitialStyle, StyleFor, declaration_precedence
from weasyprint.css.validation import preprocess_declarations

from workers.faster.selectors import Selectors

_SETS = 12  # of stylesheets whose styles are kept, half a megabyte each: those used last
_STYLES = 1000  # of one set; a document that needs more has them to itself alone
_ATTRIBUTES = ("lang", "id", "name", "style")  # which WeasyPrint reads as declarations


class _Known:
    """The styles of one set of stylesheets; holding the sheets keeps their ids theirs."""

    def __init__(self, sheets: list[Any], font_config: Any) -> None:
        self.held = (sheets, font_config)
        self.selectors = Selectors(sheets)
        self.page_sizes: dict[str, Any] = {"box": None, "area": None}
        self.of_pages: dict[Any, ComputedStyle] = {}
        self.entries: dict[Any, tuple[ComputedStyle, tuple[tuple[str, ComputedStyle], ...]]] = {}


_known: OrderedDict[tuple[int, ...], _Known] = OrderedDict()


class KnownStyles(StyleFor):  # type: ignore[misc]
    """The styles of a document, of which most are known from an earlier one."""

    def __init__(
        self, html: Any, sheets: Any, presentational_hints: Any, font_config: Any, collector: Any
    ) -> None:
        if presentational_hints:
            super().__init__(html, sheets, presentational_hints, font_config, collector)
            return
        self._cascaded_styles: dict[Any, Any] = {}
        self._computed_styles: dict[Any, Any] = {}
        self._sheets = sheets
        self.font_config = font_config
        known = _known_for(sheets, font_config)
        self.initial_page_sizes = known.page_sizes
        self._of_pages = known.of_pages
        declared = _declared_by_attributes(html)
        root: Any = None
        match = known.selectors.match
        for element in html.wrapper_element.iter_subtree():
            etree = element.etree_element
            parent = self._computed_styles[element.parent.etree_element, None] if root else None
            matched = match(element)
            key = (
                id(parent),
                tuple(map(etree.get, _ATTRIBUTES)) if etree in declared else None,
                tuple([(number, selector[1]) for number, selector in matched]),
            )
            entry = known.entries.get(key)
            if entry is None:
                cascaded = self._cascaded(matched, declared.get(etree, ()), html.base_url)
                entry = self._compute(cascaded, parent, root, html.base_url)
                known.entries[key] = entry
            style, pseudo_styles = entry
            root = root or style
            self._computed_styles[etree, None] = style
            for pseudo_type, pseudo_style in pseudo_styles:
                self._computed_styles[etree, pseudo_type] = pseudo_style
            for each in (style, *(each for _, each in pseudo_styles)):
                if collector and each["anchor"]:
                    collector.collect_anchor(each["anchor"])
        if len(known.entries) > _STYLES:
            _known.clear()

    def set_computed_styles(
        self,
        element: Any,
        parent: Any,
        root: Any = None,
        pseudo_type: Any = None,
        base_url: Any = None,
        target_collector: Any = None,
    ) -> None:
        """Set the style of a kind of page or of a box in its margin."""
        cascaded = self._cascaded_styles.get((element, pseudo_type), {})
        parent_style = self._computed_styles[parent, None]
        declared = tuple((name, id(value)) for name, (value, _) in cascaded.items())
        key = (id(parent_style), pseudo_type, declared)
        style = self._of_pages.get(key)
        if style is None:
            root_style = self._computed_styles[root, None]
            style = self._of_pages[key] = ComputedStyle(
                parent_style,
                cascaded,
                pseudo_type,
                root_style,
                base_url,
                self.font_config,
                self.initial_page_sizes,
            )
        self._computed_styles[element, pseudo_type] = style

    def _cascaded(
        self, matched: list[tuple[int, Any]], declared: Any, base_url: Any
    ) -> dict[Any, dict[str, Any]]:
        """By pseudo-element: each declared property, and how much its declaration weighs."""
        cascaded: dict[Any, dict[str, Any]] = {None: {}}
        for specificity, declarations in declared:
            for name, values, importance in preprocess_declarations(base_url, declarations):
                weight = (declaration_precedence("author", importance), inf, specificity)
                _declare(cascaded[None], name, values, weight)
        for number, (specificity, _, pseudo_type, (declarations, layer)) in matched:
            sheet, origin, sheet_specificity = self._sheets[number]
            order = inf if layer is None else sheet.layers.index(layer)
            properties = cascaded.setdefault(pseudo_type, {})
            for name, values, importance in declarations:
                precedence = declaration_precedence(origin, importance)
                weight = (precedence, order, sheet_specificity or specificity)
                _declare(properties, name, values, weight)
        return cascaded

    def _compute(
        self, cascaded: dict[Any, dict[str, Any]], parent: Any, root: Any, base_url: Any
    ) -> tuple[ComputedStyle, tuple[tuple[str, ComputedStyle], ...]]:
        root_style = root or InitialStyle(self.font_config)
        rest = (base_url, self.font_config, self.initial_page_sizes)
        style = ComputedStyle(parent, cascaded.pop(None), None, root_style, *rest)
        pseudo_styles = tuple(
            (pseudo_type, ComputedStyle(style, properties, pseudo_type, root or style, *rest))
            for pseudo_type, properties in cascaded.items()
        )
        return style, pseudo_styles


def _known_for(sheets: list[Any], font_config: Any) -> _Known:
    key = (id(font_config), *(id(sheet) for sheet, _, _ in sheets))
    known = _known.get(key)
    if known is None:
        known = _known[key] = _Known(sheets, font_config)
        if len(_known) > _SETS:
            _known.popitem(last=False)
    _known.move_to_end(key)
    return known


def _declared_by_attributes(html: Any) -> dict[Any, list[tuple[Any, Any]]]:
    declared: dict[Any, list[tuple[Any, Any]]] = {}
    for specificity, element, declarations, _ in weasyprint.css.find_style_attributes(
        html.etree_element, False, html.base_url
    ):
        declared.setdefault(element, []).append((specificity, declarations))
    return declared


def _declare(properties: dict[str, Any], name: str, values: Any, weight: Any) -> None:
    old = properties.get(name)
    if old is None or old[1] <= weight:
        properties[name] = values, weight


REPLACED = [(weasyprint.css, "StyleFor", KnownStyles)]
