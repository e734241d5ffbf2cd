from __future__ import annotations

import pytest

from app.cv.designs import DESIGNS
from app.cv.fonts import FAMILIES, family
from workers import fonts as bundled


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("arial", "arimo"),
        ("Times New Roman", "tinos"),
        ("times-new-roman", "tinos"),
        ("Calibri", "carlito"),
        ("Courier New", "jetbrains-mono"),
        ("Source_Sans 3", "source-sans-3"),
        ("'Garamond', serif", "eb-garamond"),
        ("Wingdings, Georgia, serif", "source-serif-4"),
        ("Comic Sans MS", None),
        ("", None),
    ],
)
def test_a_common_name_leads_to_a_bundled_family(name: str, key: str | None) -> None:
    assert family(name) == key


def test_every_family_is_bundled_and_every_template_has_one() -> None:
    assert set(FAMILIES) == set(bundled.FAMILIES)
    assert {design.font_family for design in DESIGNS.values()} <= set(FAMILIES)


def test_no_name_leads_to_two_families() -> None:
    names = [name for key, others in FAMILIES.items() for name in (key, *others)]
    assert all(family(name) == key for key in FAMILIES for name in (key, *FAMILIES[key]))
    assert len(names) == len(set(names))
