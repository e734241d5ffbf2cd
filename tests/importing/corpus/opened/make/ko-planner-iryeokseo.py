"""A Korean form (iryeokseo): tables with lines whose first row names the columns, the person above."""

from docx import Document
from docx.document import Document as File
from docx.enum.text import WD_ALIGN_PARAGRAPH


def document() -> File:
    file = Document()
    file.add_paragraph("이 력 서").alignment = WD_ALIGN_PARAGRAPH.CENTER
    _table(
        file,
        ("성명", "김하늘", "생년월일", "1994.05.02"),
        ("연락처", "010-5555-0123", "이메일", "haneul.kim@example.com"),
        ("주소", "서울특별시 마포구 월드컵로 10", "", ""),
    )
    file.add_paragraph("학력사항")
    _table(
        file,
        ("기간", "학교명", "전공", "졸업여부"),
        ("2013.03 ~ 2017.02", "한국예제대학교", "경영학과", "졸업"),
        ("2010.03 ~ 2013.02", "서울예제고등학교", "인문계", "졸업"),
    )
    file.add_paragraph("경력사항")
    _table(
        file,
        ("근무기간", "회사명", "직위", "담당업무"),
        ("2020.01 ~ 현재", "(주)푸른유통", "대리", "온라인 판매 기획"),
        ("2017.03 ~ 2019.12", "(주)하나상사", "사원", "매출 관리"),
    )
    file.add_paragraph("자격증")
    _table(
        file,
        ("취득일", "자격증명", "발급기관"),
        ("2016.08", "컴퓨터활용능력 1급", "대한상공회의소"),
    )
    return file


def _table(file: File, *rows: tuple[str, ...]) -> None:
    table = file.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
