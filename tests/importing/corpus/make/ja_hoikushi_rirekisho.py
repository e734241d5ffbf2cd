"""The printed form of a Japanese résumé: year and month in columns of their own, joining and
leaving on rows of their own, headings inside the table."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm

from tests.importing.corpus.make.word import run

_PERSON = [
    ("ふりがな", "いしかわ　ひなた"),
    ("氏名", "石川　陽向"),
    ("生年月日", "1996年7月2日生（満27歳）"),
    ("現住所", "〒603-0000　京都府京都市北区紫野1-2-3"),
    ("電話", "080-5555-0164"),
    ("E-mail", "ishikawa.hinata@example.org"),
]
_HISTORY = [
    ("", "", "学歴"),
    ("2012", "4", "洛北みどり高等学校　入学"),
    ("2015", "3", "洛北みどり高等学校　卒業"),
    ("2015", "4", "嵯峨野女子短期大学　保育学科　入学"),
    ("2017", "3", "嵯峨野女子短期大学　保育学科　卒業"),
    ("", "", "職歴"),
    ("2017", "4", "社会福祉法人ひまわり会　つぼみ保育園　入職　保育士"),
    ("2021", "3", "一身上の都合により退職"),
    ("2021", "4", "株式会社こもれびキッズ　入社　主任保育士"),
    ("", "", "現在に至る"),
]
_LICENCES = [
    ("2017", "3", "保育士資格　取得"),
    ("2017", "3", "幼稚園教諭二種免許状　取得"),
    ("2019", "6", "普通自動車第一種運転免許　取得"),
]


def build(path: Path) -> None:
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name = "Noto Sans CJK JP"
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Sans CJK JP")
    run(document.add_paragraph(), "履　歴　書", bold=True, size=18)
    dated = document.add_paragraph("2024年2月10日現在")
    dated.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in _PERSON:
        left, right = table.add_row().cells
        left.width, right.width = Cm(3), Cm(13)
        left.text, right.text = label, value
    for heading, rows in (("学歴・職歴", _HISTORY), ("免許・資格", _LICENCES)):
        document.add_paragraph()
        table = document.add_table(rows=1, cols=3, style="Table Grid")
        for cell, text in zip(table.rows[0].cells, ("年", "月", heading), strict=True):
            cell.text = text
        for row in rows:
            cells = table.add_row().cells
            for cell, text, width in zip(cells, row, (2, 1.5, 12.5), strict=True):
                cell.width, cell.text = Cm(width), text
            if not row[0]:
                centred = row[2] in {"学歴", "職歴"}
                cells[2].paragraphs[0].alignment = (
                    WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.RIGHT
                )
    document.add_paragraph()
    run(document.add_paragraph(), "志望の動機", bold=True)
    document.add_paragraph("子ども一人ひとりの歩みを待つ保育に共感し、志望いたしました。")
    document.save(str(path))
