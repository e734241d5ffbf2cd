"""What else makes PDFs, told to make them of the same content, each as it is best used: warm.

WeasyPrint as it comes reads one document by `HTML(string=…).write_pdf()`, laid out by flex and
without tags, attachments or PDF/A. The others are there where they are installed: Typst (`pip
install typst`), react-pdf (`npm install react @react-pdf/renderer` in the folder NODE_FOLDER) and
headless Chromium with a new page for each job. What they are given says something else each time,
so that none answers from memory.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.cv.model import CV, Item
from app.settings import PROJECT
from workers import compiled, fonts, render

Make = Callable[[], bytes]

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_FONTS = PROJECT / "workers/fonts/arimo"
_NODE_FOLDER = os.environ.get("NODE_FOLDER", str(PROJECT))
_NODE = """
import { createInterface } from "node:readline";
import { createElement as h } from "react";
import { Document, Font, Page, Text, View, renderToBuffer } from "@react-pdf/renderer";
const face = (kind) => `${process.argv[1]}/Arimo-${kind}.ttf`;
Font.register({ family: "Arimo", fonts: [
  { src: face("Regular") }, { src: face("Bold"), fontWeight: 700 }] });
const heading = { fontSize: 14, fontWeight: 700, marginTop: 8 };
const bold = { fontWeight: 700, flexGrow: 1 };
const item = ([title, dates, lines]) => h(View, { style: { marginBottom: 5 } },
  h(View, { style: { flexDirection: "row" } },
    h(Text, { style: bold }, title), h(Text, null, dates)),
  ...lines.map((line) => h(Text, null, `\\u2022 ${line}`)));
for await (const line of createInterface({ input: process.stdin })) {
  const { name, sections } = JSON.parse(line);
  const style = { fontFamily: "Arimo", fontSize: 11, lineHeight: 1.4, padding: 48 };
  const pdf = await renderToBuffer(h(Document, null, h(Page, { size: "A4", style },
    h(Text, { style: { fontSize: 24, fontWeight: 700 } }, name),
    ...sections.flatMap(([title, content, items]) => [
      h(Text, { style: heading }, title), h(Text, null, content), ...items.map(item)]))));
  console.log(pdf.toString("base64"));
}
"""


def installed() -> dict[str, Callable[[CV], Make]]:
    """Those that are there, by name; each readies itself for a CV and then makes PDFs of it."""
    found: dict[str, Callable[[CV], Make]] = {"WeasyPrint as it comes": as_it_comes}
    if find_spec("typst"):
        found["Typst"] = typst
    if shutil.which("node") and Path(_NODE_FOLDER, "node_modules/@react-pdf").is_dir():
        found["react-pdf"] = react_pdf
    if _chromium() and find_spec("playwright"):
        found["Chromium, a page a job"] = chromium
    return found


def as_it_comes(cv: CV) -> Make:
    compiled.uninstall()
    folder = tempfile.mkdtemp(prefix="vitae-bench-")
    Path(folder, "fonts.conf").write_text(fonts._xml(folder), encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = f"{folder}/fonts.conf"
    from weasyprint import HTML

    documents = _documents(cv)

    def make() -> bytes:
        pdf: bytes = HTML(string=next(documents)).write_pdf()
        return pdf

    return make


def typst(cv: CV) -> Make:
    typst: Any = import_module("typst")
    faces = typst.Fonts(include_system_fonts=False, font_paths=[str(_FONTS)])
    compiler = typst.Compiler(font_paths=faces)
    numbers = itertools.count()

    def make() -> bytes:
        pdf: bytes = compiler.compile(input=_typst(cv, next(numbers)).encode())
        return pdf

    return make


def react_pdf(cv: CV) -> Make:
    process = subprocess.Popen(
        ("node", "--input-type=module", "-e", _NODE, str(_FONTS)),
        cwd=_NODE_FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    asked, answered = process.stdin, process.stdout
    numbers = itertools.count()

    def make() -> bytes:
        asked.write(json.dumps(_told(cv, next(numbers))) + "\n")
        asked.flush()
        return b64decode(answered.readline())

    return make


def chromium(cv: CV) -> Make:
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
    documents = _documents(cv)

    def make() -> bytes:
        page = browser.new_page()
        page.set_content(next(documents))
        pdf = page.pdf(prefer_css_page_size=True, tagged=True)
        page.close()
        return pdf

    return make


def _documents(cv: CV) -> Iterator[str]:
    """The document as one who does not think of speed would write it: all in one, by flex."""
    templates = PROJECT / "workers/templates"
    files = (templates / "shared/base.css", templates / cv.template / "style.css")
    style = "".join(file.read_text(encoding="utf-8") for file in files) + render.variables(cv)
    style += (
        ".head { display: block } .row { display: flex; justify-content: space-between }"
        ".what, .when { display: block } .mark { display: none }"
        ".bullets { list-style: disc; padding-left: 1.05rem }"
        ".bullets > li { padding-left: 0; text-indent: 0 }"
    )
    html = render.render_html(cv).replace("</head>", f"<style>{style}</style></head>")
    for number in itertools.count():
        yield html.replace("</body>", f"<p>{number}</p></body>")


def _told(cv: CV, number: int) -> dict[str, object]:
    return {
        "name": f"{_name(cv)} {number}",
        "sections": [
            (
                section.heading,
                section.content,
                [(_head(item), _dates(item), item.bullets) for item in section.items],
            )
            for section in cv.sections
        ],
    }


def _typst(cv: CV, number: int) -> str:
    lines = ['#set text(font: "Arimo", size: 11pt)', '#set page("a4", margin: 17mm)']
    lines.append(f"= #{json.dumps(f'{_name(cv)} {number}', ensure_ascii=False)}")
    for section in cv.sections:
        lines += [f"== #{_said(section.heading)}", f"#{_said(section.content)}"]
        for item in section.items:
            lines.append(f"=== #{_said(_head(item))} #h(1fr) #{_said(_dates(item))}")
            lines += [f"- #{_said(bullet)}" for bullet in item.bullets]
    return "\n".join(lines)


def _said(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _name(cv: CV) -> str:
    return f"{cv.identity.first_name} {cv.identity.last_name}"


def _head(item: Item) -> str:
    return ", ".join(text for text in (item.title, item.subtitle, item.location) if text)


def _dates(item: Item) -> str:
    return " – ".join(text for text in (item.start, item.end) if text)


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, _CHROMIUM)), None)
