"""Templates are the folders that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cv.designs import DESIGNS, FOLDER, designs_in

MEASURES = 'title = "T"\ndescription = "D."\ncolumns = 1\nfont_family = "lato"\n'


def folder(where: Path, name: str, measures: str = MEASURES) -> None:
    (where / name).mkdir()
    (where / name / "template.toml").write_text(measures)


def test_a_folder_makes_a_template(tmp_path: Path) -> None:
    folder(tmp_path, "mine", MEASURES + "side_width = 40.5\n")
    (tmp_path / "shared").mkdir()
    (mine,) = designs_in(tmp_path).values()
    assert (mine.title, mine.side_width, mine.for_picture) == ("T", 40.5, False)


def test_the_documented_templates_stand_first(tmp_path: Path) -> None:
    for name in ("alpha", "picture", "original", "zulu"):
        folder(tmp_path, name)
    assert list(designs_in(tmp_path)) == ["original", "picture", "alpha", "zulu"]
    assert list(DESIGNS)[:4] == ["original", "harvard", "business", "picture"]


def test_a_measure_that_is_not_known_is_refused(tmp_path: Path) -> None:
    folder(tmp_path, "mine", MEASURES + "colums = 2\n")
    with pytest.raises(TypeError, match="colums"):
        designs_in(tmp_path)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_template_says_what_it_is_and_has_its_page_and_its_style(name: str) -> None:
    design = DESIGNS[name]
    assert design.title.lower() == name
    assert design.description.endswith(".")
    assert design.columns == 2 or not design.side_width
    assert {"template.html", "style.css"} <= {file.name for file in (FOLDER / name).iterdir()}
