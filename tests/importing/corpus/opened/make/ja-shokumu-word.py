"""A Japanese work history (shokumu keirekisho) as typed in Word: marks before headings, a table per employer."""

from wordprocessing import Package, paragraph, run, table

WIDTHS = (2700, 7000)


def heading(text: str) -> str:
    return paragraph(run("■" + text, bold=True), before=200)


def document() -> Package:
    file = Package("Noto Sans CJK JP", 10.5, margins=1100)
    file.footer = [paragraph(run("以上"), align="right")]
    file.body = [
        paragraph(run("職務経歴書", bold=True, size=16), align="center"),
        paragraph(run("2026年2月10日現在"), align="right"),
        paragraph(run("氏名　遠山　慎之介"), align="right"),
        paragraph(run("東京都武蔵野市／sy.toyama@example.com／070-5555-0186"), align="right"),
        heading("職務要約"),
        paragraph(
            run(
                "食品メーカーにて法人営業を六年、その後は人事部で新卒採用を担当しています。数字で語ることと、最後まで話を聞くことを心がけてきました。"
            )
        ),
        heading("職務経歴"),
        paragraph(run("2019年10月～現在　　ひかり食品株式会社", bold=True)),
        paragraph(run("事業内容：冷凍食品の製造販売　従業員数：1,850名", size=9)),
        table(
            [
                [
                    paragraph(run("2022年4月～現在")),
                    paragraph(run("人事部 採用グループ 主任", bold=True))
                    + paragraph(run("・新卒採用の企画運営（年間応募者3,200名、採用45名）"))
                    + paragraph(run("・内定辞退率を38％から21％に改善")),
                ],
                [
                    paragraph(run("2019年10月～2022年3月")),
                    paragraph(run("首都圏営業部", bold=True))
                    + paragraph(run("・量販店向け提案営業、担当26社"))
                    + paragraph(run("・2021年度 社内営業賞 受賞")),
                ],
            ],
            WIDTHS,
            borders=True,
        ),
        paragraph(run("2016年4月～2019年9月　　株式会社みなと商会", bold=True), before=160),
        table(
            [
                [
                    paragraph(run("2016/04～2019/09")),
                    paragraph(run("営業職", bold=True))
                    + paragraph(run("・飲食店向け業務用食材の新規開拓")),
                ]
            ],
            WIDTHS,
            borders=True,
        ),
        heading("学歴"),
        paragraph(run("2012年4月～2016年3月　　武蔵丘大学 経済学部 経営学科 卒業")),
        heading("資格"),
        paragraph(run("日商簿記検定2級（2015年11月取得）")),
        paragraph(run("キャリアコンサルタント（2023年4月登録）")),
        heading("活かせる経験・スキル"),
        paragraph(run("Excel（ピボット、VLOOKUP）、Salesforce、面接設計、プレゼンテーション")),
        heading("語学"),
        paragraph(run("英語：TOEIC 720点　中国語：日常会話レベル")),
        heading("自己PR"),
        paragraph(
            run(
                "学生時代に続けた駅伝で、襷をつなぐ責任を学びました。採用の仕事でも、現場と学生をつなぐことを大切にしています。"
            )
        ),
    ]
    return file
