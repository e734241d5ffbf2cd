"""A Japanese work history: an employer's line, facts of it, and a table whose first row names its columns."""

from docx import Document
from docx.document import Document as File
from docx.enum.text import WD_ALIGN_PARAGRAPH


def document() -> File:
    file = Document()
    file.add_paragraph("職務経歴書").alignment = WD_ALIGN_PARAGRAPH.CENTER
    file.add_paragraph("2024年10月1日現在").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    file.add_paragraph("氏名　高橋 直樹").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    file.add_paragraph("■職務要約")
    file.add_paragraph("大学卒業後、SIerにて業務システムの開発に8年間従事してまいりました。")
    file.add_paragraph("■職務経歴")
    _employer(
        file,
        "2019年4月～現在　株式会社みなとシステムズ",
        "事業内容：システム開発　従業員数：300名",
        "2019年4月～現在",
        "システム開発部　主任\n物流管理システムの設計・開発\n5名のチームのリーダー",
    )
    _employer(
        file,
        "2016年4月～2019年3月　有限会社青葉ソフト",
        "事業内容：ソフトウェア開発　従業員数：40名",
        "2016年4月～2019年3月",
        "開発課　プログラマー\n会計ソフトの保守",
    )
    for heading, *texts in (
        ("■学歴", "2012年4月～2016年3月　横浜工科大学 工学部 情報工学科 卒業"),
        ("■資格", "応用情報技術者試験（2018年6月）", "TOEIC 780点（2020年3月）"),
        ("■活かせる経験・知識・技術", "Java、PostgreSQL、AWS"),
        ("■自己PR", "利用者の声を聞くことを大切にしています。"),
    ):
        for text in (heading, *texts):
            file.add_paragraph(text)
    return file


def _employer(file: File, line: str, facts: str, time: str, work: str) -> None:
    file.add_paragraph(line)
    file.add_paragraph(facts)
    table = file.add_table(rows=0, cols=2, style="Table Grid")
    for row in (("期間", "業務内容"), (time, work)):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
