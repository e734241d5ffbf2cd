"""Typed in a hurry: spacing by empty lines and blanks, a heading misspelt, dates missing or in
different shapes, bullets as typed signs, no styles at all."""

from __future__ import annotations

from pathlib import Path

import docx

from tests.importing.corpus.make.word import run

_LINES = [
    "*DWAYNE  PETTIFORD",
    "Columbus, OH   43215         614-555-0190",
    "dwayne.pettiford@example.com",
    "",
    "*OBJECTIVE",
    "Steady work on days with a company that promotes from inside.",
    "",
    "*WORK EXPERINCE",
    "",
    "*Forklift Operator,  Buckeye Distribution Center",
    "Oct. 2021-present       Columbus, OH",
    "- Load and unload 25 to 30 trailers a shift",
    "- no accidents in three years",
    "-Train new hires on the reach truck",
    "",
    "*Picker / Packer, Parcel Barn Inc.",
    "2019 to 2021",
    "* picked 140 lines an hour with a scanner",
    "* Lead of the night crew for peak season",
    "",
    "*Landscaper, self employed",
    "Summers",
    "",
    "*Line Cook,   The Blue Skillet",
    "4/15 - 1/2018      Dayton, OH",
    "- Breakfast and lunch for 200 covers",
    "",
    "*EDUCATON",
    "GED, Franklin County Adult Learning, 2014",
    "",
    "*CERTIFICATIONS",
    "OSHA 10-Hour General Industry (2022)",
    "Forklift certified, classes I, II and IV",
    "",
    "*SKILLS",
    "RF scanner / pallet jack / inventory / basic Spanish / Word",
]


def build(path: Path) -> None:
    document = docx.Document()
    document.styles["Normal"].paragraph_format.space_after = 0
    for number, line in enumerate(_LINES):
        bold = line.startswith("*") and not line.startswith("* ")
        text = line[1:] if bold else line
        run(document.add_paragraph(), text, bold=bold, size=16 if not number else None)
    document.save(str(path))
