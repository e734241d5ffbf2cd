"""A Japanese résumé form (a ruled grid of year, month and event), made a PDF by Writer."""

from wordprocessing import Package, paragraph, run, table


def cell(text: str, *, align: str | None = None, size: float | None = None) -> str:
    return paragraph(run(text, size=size), align=align)


def history(rows: list[tuple[str, str, str]]) -> str:
    head = [cell(text, align="center") for text in ("年", "月", "学歴・職歴")]
    body = [
        [
            cell(year, align="center"),
            cell(month, align="center"),
            cell(
                text,
                align="center" if text in ("学歴", "職歴") else "right" if text == "以上" else None,
            ),
        ]
        for year, month, text in rows
    ]
    return table([head, *body], (1100, 700, 7800), borders=True)


def document() -> Package:
    file = Package("Noto Sans CJK JP", 10, margins=1134)
    file.body = [
        paragraph(
            run("履 歴 書", bold=True, size=20), run("　　　　　　　　　　2026年4月1日現在", size=9)
        ),
        table(
            [
                [cell("ふりがな", size=8), cell("きりしま　あおい", size=8)],
                [cell("氏　名"), cell("霧島　葵", size=18)],
                [cell("生年月日"), cell("1993年8月21日生（満32歳）　　性別　女")],
                [
                    cell("現住所"),
                    cell("〒604-0000　京都府京都市中京区烏丸通架空町12-3 コーポ柳 201"),
                ],
                [cell("電話"), cell("090-5555-0123")],
                [cell("E-mail"), cell("aoi.kirishima@example.org")],
            ],
            (1600, 8000),
            borders=True,
        ),
        paragraph(),
        history(
            [
                ("", "", "学歴"),
                ("2009", "4", "京都府立東山台高等学校　入学"),
                ("2012", "3", "京都府立東山台高等学校　卒業"),
                ("2012", "4", "鴨川大学 工学部 情報学科　入学"),
                ("2016", "3", "鴨川大学 工学部 情報学科　卒業"),
                ("2016", "4", "鴨川大学大学院 情報学研究科 修士課程　入学"),
                ("2018", "3", "鴨川大学大学院 情報学研究科 修士課程　修了"),
                ("", "", "職歴"),
                ("2018", "4", "株式会社あかつきシステムズ　入社　開発部 プログラマー"),
                ("2021", "9", "株式会社あかつきシステムズ　一身上の都合により退社"),
                ("2021", "10", "西陣データ株式会社　入社　データ基盤チーム リードエンジニア"),
                ("", "", "現在に至る"),
                ("", "", "以上"),
            ]
        ),
        paragraph(),
        table(
            [
                [cell("年", align="center"), cell("月", align="center"), cell("免許・資格")],
                [
                    cell("2014", align="center"),
                    cell("10", align="center"),
                    cell("基本情報技術者試験 合格"),
                ],
                [
                    cell("2019", align="center"),
                    cell("6", align="center"),
                    cell("応用情報技術者試験 合格"),
                ],
                [
                    cell("2012", align="center"),
                    cell("8", align="center"),
                    cell("普通自動車第一種運転免許 取得"),
                ],
            ],
            (1100, 700, 7800),
            borders=True,
        ),
        paragraph(),
        table(
            [
                [cell("自己PR")],
                [
                    cell(
                        "小売業向けの需要予測基盤を設計し、毎朝四千店舗の発注を支えています。読みやすいコードと丁寧な引き継ぎを大切にしています。"
                    )
                ],
                [cell("スキル")],
                [cell("Python、SQL、Scala、Apache Spark、Airflow、Terraform")],
                [cell("語学")],
                [cell("日本語（母語）、英語（TOEIC 865点）、フランス語（日常会話）")],
                [cell("趣味・特技")],
                [cell("登山、尺八、古い時計の修理")],
                [cell("本人希望記入欄")],
                [cell("勤務地は京都または大阪を希望いたします。")],
            ],
            (9600,),
            borders=True,
        ),
    ]
    return file
