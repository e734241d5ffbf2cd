from __future__ import annotations

from app.importing.blocks import Block
from app.importing.document import Line, Segment
from app.importing.months import without_months


def row(*cells: str) -> Block:
    segments = tuple(Segment(text=cell, gap=index > 0) for index, cell in enumerate(cells))
    line = Line(text="  ".join(cells), segments=segments)
    return Block([line], line.text)


def texts(*blocks: Block) -> list[str]:
    return [block.text for block in without_months(blocks)]


def test_entering_and_leaving_a_school_are_one_entry() -> None:
    assert texts(
        row("2012", "4", "洛北高等学校　入学"), row("2015", "3", "洛北高等学校　卒業")
    ) == ["2012年4月〜2015年3月  洛北高等学校"]


def test_work_that_goes_on_ends_at_present_and_has_its_role() -> None:
    assert texts(
        row("2017", "4", "北斗商事　入社　営業担当"),
        row("2021", "3", "一身上の都合により退職"),
        row("2021年4月", "株式会社みなと　入社　課長"),
        row("現在に至る"),
    ) == [
        "2017年4月〜2021年3月  北斗商事  営業担当",
        "2021年4月〜現在  株式会社みなと  課長",
    ]


def test_a_licence_is_dated_by_the_month_it_was_got() -> None:
    assert texts(row("2017", "3", "保育士資格　取得"), row("2019", "6", "運転免許　取得")) == [
        "2017年3月  保育士資格",
        "2019年6月  運転免許",
    ]


def test_other_blocks_stay_as_they_are() -> None:
    blocks = [row("Analyst", "2019 - 2021"), row("Weaver", "2017 - 2019")]
    assert without_months(blocks) == blocks
