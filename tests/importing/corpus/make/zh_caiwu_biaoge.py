"""A Chinese form: one ruled table with labels and values side by side, rows that reach over all
columns, dates with dots."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.oxml.ns import qn

from tests.importing.corpus.make.word import run

_PERSON = [
    ("姓名", "周雨桐", "性别", "女"),
    ("出生年月", "1992.05", "现居地", "成都"),
    ("电话", "138 5555 0126", "邮箱", "zhou.yutong@example.com"),
    ("求职意向", "财务主管", "学历", "本科"),
]
_PARTS = [
    ("教育背景", ["2010.09-2014.06　锦江财经大学　会计学　本科"]),
    (
        "工作经历",
        [
            "2018.03-至今　成都蜀锦贸易有限公司　财务主管",
            "1. 管理五人财务团队，按月出具合并报表",
            "2. 推动费用报销系统上线，报销周期由十天缩短到三天",
            "2014.07-2018.02　四川安和会计师事务所　审计员",
            "1. 参与二十余家企业年度审计",
        ],
    ),
    ("技能证书", ["中级会计师（2018年）；注册会计师（2021年）"]),
    ("专业技能", ["用友NC、金蝶、Excel、SAP"]),
    ("语言能力", ["英语六级"]),
    ("自我评价", ["做事细致，责任心强，善于与业务部门沟通。"]),
]


def build(path: Path) -> None:
    document = docx.Document()
    font = document.styles["Normal"]
    font.font.name = "Noto Sans CJK SC"
    font.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Sans CJK SC")
    run(document.add_paragraph(), "个人简历", bold=True, size=20)
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    for texts in _PERSON:
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    for heading, lines in _PARTS:
        cells = table.add_row().cells
        run(cells[0].merge(cells[3]).paragraphs[0], heading, bold=True)
        cells = table.add_row().cells
        body = cells[0].merge(cells[3])
        for number, line in enumerate(lines):
            paragraph = body.paragraphs[0] if not number else body.add_paragraph()
            paragraph.add_run(line)
    document.save(str(path))
