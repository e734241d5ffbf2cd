"""CVs that a template must set well: the documented one, and the awkward ones."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

from msgspec import structs
from PIL import Image, ImageDraw

from app.cv.model import CV, Identity, Item, Picture, Section, Template
from app.cv.normalise import TEMPLATES as TEMPLATES
from app.cv.normalise import normalise

_EXAMPLE = Path(__file__).parents[2] / "app" / "cv" / "example.json"
_WORK = (
    "Led the move of a monolithic billing system to twelve services, with no hour of downtime "
    "and a third of the former cost of operation.",
    "Wrote the on-call handbook.",
    "Introduced contract tests between teams, which halved the number of incidents after a "
    "release; trained nine engineers, of whom four now lead teams of their own.",
)


def example(template: Template = "original", locale: str | None = None) -> CV:
    """The documented quickstart body."""
    raw = json.loads(_EXAMPLE.read_text(encoding="utf-8"))["cv_data"]
    return normalise({**raw, "template": template, "locale": locale}).cv


def portrait(width: int = 480, height: int = 600) -> Picture:
    """A drawn person on a plain ground, as the normaliser would hand it over."""
    image = Image.new("RGB", (width, height), "#c9d3dc")
    draw = ImageDraw.Draw(image)
    middle, unit = width / 2, width / 12
    ground = height - 3 * unit
    draw.ellipse(
        (middle - 4.6 * unit, ground - unit, middle + 4.6 * unit, ground + 9 * unit), fill="#27364b"
    )
    draw.rectangle((middle - unit, ground - 2.4 * unit, middle + unit, ground), fill="#d9a98a")
    draw.ellipse(
        (middle - 2.3 * unit, ground - 7.6 * unit, middle + 2.3 * unit, ground - 1.4 * unit),
        fill="#e6b899",
    )
    draw.pieslice(
        (middle - 2.5 * unit, ground - 8.2 * unit, middle + 2.5 * unit, ground - 2.6 * unit),
        180,
        360,
        fill="#3a2a20",
    )
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return Picture(data=base64.b64encode(out.getvalue()).decode(), width=width, height=height)


def pictured(cv: CV, picture: Picture | None = None) -> CV:
    """`cv` with a portrait."""
    identity = structs.replace(cv.identity, picture=picture or portrait())
    return structs.replace(cv, identity=identity)


def bare(template: Template) -> CV:
    """A name and one line."""
    line = Section(key="summary", heading="Summary", type="secondary", content="Looking for work.")
    return CV(template=template, identity=Identity(first_name="Ada"), sections=(line,))


def dense(template: Template, items: int) -> CV:
    """A long career: `items` entries with three bullets each, and full secondary sections."""
    work = tuple(
        Item(
            title=f"Employer number {number} of a long career",
            subtitle="Principal Engineer, Platform",
            location="Zürich, Switzerland",
            start=f"{2024 - number % 30}-03",
            end="Present" if number == 0 else f"{2025 - number % 30}-02",
            bullets=tuple(f"{number}.{index} {text}" for index, text in enumerate(_WORK)),
        )
        for number in range(items)
    )
    skills = tuple(
        Item(
            title=f"Field {number}",
            bullets=("Python", "PostgreSQL", "Kubernetes", "Technical writing"),
        )
        for number in range(8)
    )
    papers = tuple(
        Item(
            title=f"On the {number}th problem of scheduling",
            subtitle="Journal of Queues",
            start=f"{2000 + number}",
        )
        for number in range(9)
    )
    return CV(
        template=template,
        theme_color="#0f5c4c",
        identity=Identity(
            first_name="Margarethe",
            last_name="von Hohenfels-Lindqvist",
            jobtitle="Principal Engineer",
            email="margarethe@hohenfels.example",
            mobile="+41 44 000 00 00",
            address="Zürich, Switzerland",
            website="https://hohenfels.example/margarethe",
        ),
        sections=(
            Section(key="summary", heading="Summary", type="secondary", content=" ".join(_WORK)),
            Section(key="experience", heading="Experience", type="main", items=work),
            Section(key="skills", heading="Skills", type="secondary", items=skills),
            Section(key="publications", heading="Publications", type="secondary", items=papers),
        ),
    )


def unruly(template: Template) -> CV:
    """Long names, words, addresses, dates in words, a hundred skills, fields left empty."""
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    url = "https://example.com/" + "a-very-long-path/" * 12
    items = (
        Item(
            title=word * 2,
            subtitle=f"{word} {word}",
            location=word,
            start="Summer 2020",
            end="the end of the second national programme, in spring or early summer 2021",
            bullets=(word * 4, url),
        ),
        Item(
            title="A title that goes on for rather longer than any single line of a page could "
            "ever hold, and then for a little longer still",
            location="Llanfairpwllgwyngyll",
            start="2019-01",
            end="2020-12",
            bullets=("One.",),
        ),
        Item(subtitle="Only a subtitle"),
        Item(bullets=("Only a bullet.",)),
        Item(start="2018"),
        Item(location="Only a place"),
        Item(title="Only a title"),
    )
    skills = Item(title="Skills", bullets=tuple(f"Skill {number}" for number in range(120)))
    return CV(
        template=template,
        identity=Identity(
            first_name="Wolfeschlegelsteinhausenbergerdorff Maximilian Theodor Bartholomäus",
            last_name="Featherstonehaugh-Cholmondeley de la Fuente y Villanueva",
            jobtitle="Oberregierungs" + word,
            email="a" * 60 + "@" + "b" * 60 + ".example",
            mobile="+00 " + "123 " * 8,
            address=word,
            website=url,
        ),
        sections=(
            Section(key="experience", heading=word, type="main", content=word * 5, items=items),
            Section(key="skills", heading="Skills", type="secondary", items=(skills, *items)),
            Section(key="empty", heading="Empty", type="main"),
        ),
    )


def written_in(template: Template, language: str) -> CV:
    """A short CV in the script of `language`: a key of `WRITTEN`."""
    first, last, job, place, heading, bullet = WRITTEN[language]
    item = Item(
        title=job,
        subtitle=place,
        location=place,
        start="2020-01",
        end="2024-06",
        bullets=(bullet, bullet),
    )
    return CV(
        template=template,
        theme_color="#7a1f3d",
        identity=Identity(
            first_name=first,
            last_name=last,
            jobtitle=job,
            address=place,
            email="someone@example.com",
            mobile="+41 79 123 45 67",
        ),
        sections=(
            Section(key="experience", heading=heading, type="main", items=(item, item)),
            Section(key="skills", heading=heading, type="secondary", content=bullet, items=(item,)),
        ),
    )


# first name, last name, occupation, place, heading, a sentence
WRITTEN = {
    "Arabic": (
        "ليلى",
        "الحسيني",
        "مهندسة برمجيات",
        "القاهرة، مصر",
        "الخبرة",
        "قادت فريقًا من 12 مهندسًا وخفّضت زمن الاستجابة بنسبة 40% باستخدام PostgreSQL.",
    ),
    "Hebrew": (
        "נועה",
        "לוי",
        "מהנדסת תוכנה",
        "תל אביב, ישראל",
        "ניסיון",
        "הובילה צוות של 12 מהנדסים והפחיתה את זמן התגובה ב-40% בעזרת PostgreSQL.",
    ),
    "Japanese": (
        "さくら",
        "山田",
        "ソフトウェアエンジニア",
        "東京都渋谷区",
        "職務経歴",
        "課金システムを十二のサービスへ無停止で移行し、運用コストを三分の一に削減しました。"
        "九名の技術者を育成し、うち四名が現在チームを率いています。",
    ),
    "Chinese": (
        "伟",
        "张",
        "高级软件工程师",
        "上海市浦东新区",
        "工作经历",
        "将单体计费系统迁移为十二个服务,全程零停机,运营成本降低三分之一。"
        "培训了九名工程师,其中四人现已带领团队。",
    ),
    "Korean": (
        "서연",
        "김",
        "소프트웨어 엔지니어",
        "서울특별시 강남구",
        "경력",
        "단일 결제 시스템을 열두 개의 서비스로 중단 없이 이전하고 운영 비용을 줄였습니다.",
    ),
    "Greek": (
        "Ελένη",
        "Παπαδοπούλου",
        "Μηχανικός λογισμικού",
        "Αθήνα",
        "Εμπειρία",
        "Ηγήθηκε ομάδας δώδεκα μηχανικών.",
    ),
    "Russian": (
        "Анна",
        "Кузнецова",
        "Инженер-программист",
        "Санкт-Петербург",
        "Опыт",
        "Руководила командой из двенадцати инженеров.",
    ),
    "Hindi": (
        "अनन्या",
        "शर्मा",
        "सॉफ़्टवेयर अभियंता",
        "मुंबई",
        "अनुभव",
        "बारह अभियंताओं की टीम का नेतृत्व किया।",
    ),
    "Georgian": ("ნინო", "ბერიძე", "პროგრამისტი", "თბილისი", "გამოცდილება", "მართავდა გუნდს."),
    "Tamil": ("கயல்", "முருகன்", "பொறியாளர்", "சென்னை", "அனுபவம்", "குழுவை வழிநடத்தினார்."),
    "Persian": (
        "زهرا",
        "احمدی",
        "مهندس نرم‌افزار",
        "تهران، ایران",
        "سوابق شغلی",
        "گروهی از 12 مهندس را رهبری کرد و زمان پاسخ را 40٪ کاهش داد.",
    ),
    "Urdu": (
        "عائشہ",
        "خان",
        "سافٹ ویئر انجینئر",
        "لاہور، پاکستان",
        "پیشہ ورانہ تجربہ",
        "بارہ انجینئروں کی ٹیم کی قیادت کی اور لاگت کم کی۔",
    ),
    "Bengali": (
        "অনন্যা",
        "চট্টোপাধ্যায়",
        "সফটওয়্যার প্রকৌশলী",
        "কলকাতা",
        "কর্ম অভিজ্ঞতা",
        "বারো জন প্রকৌশলীর দলের নেতৃত্ব দিয়েছেন এবং খরচ কমিয়েছেন।",
    ),
    "Armenian": (
        "Անի",
        "Հակոբյան",
        "Ծրագրավորող",
        "Երևան",
        "Աշխատանքային փորձ",
        "Ղեկավարել է տասներկու ինժեներների խումբ։",
    ),
    "Vietnamese": (
        "Thị Hằng",
        "Nguyễn",
        "Kỹ sư phần mềm",
        "Thành phố Hồ Chí Minh",
        "Kinh nghiệm làm việc",
        "Lãnh đạo nhóm mười hai kỹ sư và giảm một phần ba chi phí vận hành.",
    ),
    "Thai": (
        "สมชาย",
        "ใจดี",
        "วิศวกรซอฟต์แวร์",
        "กรุงเทพมหานคร",
        "ประสบการณ์",
        "นำทีมวิศวกรสิบสองคนและลดต้นทุนลงหนึ่งในสาม",
    ),
}
