"""DOCX files as lines: what people put into them, and what strangers may."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from app.importing.document import Document, Line
from app.importing.docx import read_docx
from app.importing.docx_lines import MOST_PARAGRAPHS
from app.importing.preview import Unreadable

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

STYLES = f"""<w:styles xmlns:w="{W}">
  <w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
  <w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
  <w:style w:type="paragraph" w:styleId="Base"><w:name w:val="Base"/><w:basedOn w:val="Normal"/>
    <w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style>
  <w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:basedOn w:val="Base"/>
    <w:pPr><w:spacing w:before="240"/><w:outlineLvl w:val="0"/></w:pPr></w:style>
  <w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style>
  <w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>
</w:styles>"""
NUMBERING = f"""<w:numbering xmlns:w="{W}">
  <w:abstractNum w:abstractNumId="7">
    <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:pPr><w:ind w:left="360"/></w:pPr></w:lvl>
    <w:lvl w:ilvl="1"><w:numFmt w:val="none"/></w:lvl>
  </w:abstractNum>
  <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
</w:numbering>"""


def made(body: str, links: str = "", entries: dict[str, str] | None = None) -> bytes:
    """A DOCX whose body is given."""
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="1"'
        f' Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELS}">'
        f'<Relationship Id="s" Type="{R}/styles" Target="styles.xml"/>'
        f'<Relationship Id="n" Type="{R}/numbering" Target="numbering.xml"/>{links}'
        "</Relationships>",
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="{MC}"'
        f' xmlns:x="urn:x"><w:body>{body}</w:body></w:document>',
        **(entries or {}),
    }
    return zipped(parts)


def zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def read(body: str, links: str = "", entries: dict[str, str] | None = None) -> Document:
    return read_docx(made(body, links, entries))


def only(body: str, links: str = "") -> Line:
    [line] = read(body, links).lines
    return line


def texts(body: str) -> list[str]:
    return [line.text for line in read(body).lines]


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: list[str]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_docx(data)
    return caught.value.code


def link(target: str) -> str:
    return f'<Relationship Id="l" Type="{R}/hyperlink" Target="{target}" TargetMode="External"/>'


def test_a_paragraph_is_a_line_with_its_number_and_style() -> None:
    first, second = read(p("Jane Doe", '<w:pStyle w:val="H1"/>') + "<w:p/>" + p("Nurse")).lines
    assert (first.text, first.paragraph, first.style, first.level) == (
        "Jane Doe",
        1,
        "heading 1",
        1,
    )
    assert (second.text, second.paragraph, second.style, second.level) == ("Nurse", 3, "Normal", 0)


def test_a_style_takes_what_it_does_not_say_from_what_it_is_based_on() -> None:
    line = only(p("Experience", '<w:pStyle w:val="H1"/>'))
    assert (line.bold, line.size, line.above) == (True, 14.0, 12.0)


def test_styles_based_on_one_another_in_a_circle_are_read() -> None:
    assert only(p("Jane", '<w:pStyle w:val="A"/>')).size == 11.0


def test_a_run_overrides_its_style() -> None:
    plain = run("a", '<w:b w:val="0"/><w:i/>')
    line = only(f'<w:p><w:pPr><w:pStyle w:val="H1"/></w:pPr>{plain}</w:p>')
    assert (line.bold, line.italic) == (False, True)


def test_a_tab_parts_a_line_and_a_look_does_not() -> None:
    company = run("Acme", "<w:b/>")
    line = only(f"<w:p>{company}{run(', Berlin')}<w:r><w:tab/></w:r>{run('2019')}</w:p>")
    assert line.text == "Acme, Berlin  2019"
    assert [(s.text, s.bold, s.gap) for s in line.segments] == [
        ("Acme,", True, False),
        ("Berlin", False, False),
        ("2019", False, True),
    ]


def test_a_look_that_changes_inside_a_word_leaves_the_word_whole() -> None:
    initial = run("J", "<w:b/>")
    line = only(f"<w:p>{initial}{run('ane Doe')}</w:p>")
    assert line.text == "Jane Doe"
    assert [segment.text for segment in line.segments] == ["Jane", "Doe"]


def test_spaces_typed_to_part_a_line_part_it() -> None:
    assert only(p("Acme          2019 – 2021")).segments[1].gap


def test_breaks_make_lines_of_one_paragraph() -> None:
    body = f"<w:p>{run('Acme')}<w:r><w:br/></w:r>{run('Berlin')}</w:p>"
    assert [(line.text, line.paragraph) for line in read(body).lines] == [
        ("Acme", 1),
        ("Berlin", 1),
    ]


def test_an_item_of_a_list_has_a_bullet_and_its_level() -> None:
    line = only(p("Built it", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'))
    assert (line.bullet, line.level, line.indent) == (True, 1, 18.0)


def test_a_list_without_marks_has_no_bullet() -> None:
    line = only(p("Built it", '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'))
    assert not line.bullet


@pytest.mark.parametrize(
    "typed", ["• Built it", "- Built it", "-Built it", "1. Built it", "▪Built it"]
)
def test_a_bullet_that_was_typed_is_taken_off(typed: str) -> None:
    line = only(p(typed))
    assert (line.text, line.bullet, line.segments[0].text) == ("Built it", True, "Built it")


def test_a_numbered_heading_is_no_item_of_a_list() -> None:
    assert not only(p("1. Experience")).bullet


def test_deleted_and_hidden_text_is_left_out_and_inserted_text_is_kept() -> None:
    hidden = run("secret", "<w:vanish/>")
    body = (
        f"<w:p>{run('Jane')}<w:del>{run(' X')}<w:r><w:delText>Y</w:delText></w:r></w:del>"
        f"<w:ins>{run(' Doe')}</w:ins>{hidden}</w:p>"
    )
    assert texts(body) == ["Jane Doe"]


def test_content_controls_are_read_unless_they_show_their_prompt() -> None:
    control = "<w:sdt><w:sdtPr>{0}</w:sdtPr><w:sdtContent>{1}</w:sdtContent></w:sdt>"
    prompt = control.format("<w:showingPlcHdr/>", run("Click here"))
    body = control.format("", p("Jane")) + f"<w:p>{prompt}{control.format('', run('Doe'))}</w:p>"
    assert texts(body) == ["Jane", "Doe"]


def test_links_are_read_from_relationships_and_from_fields() -> None:
    line = only(
        f'<w:p><w:hyperlink r:id="l">{run("LinkedIn")}</w:hyperlink>{run(" ")}'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText> HYPERLINK "https://jane.dev" </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("my site")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        link("https://linkedin.com/in/jane"),
    )
    assert line.text == "LinkedIn my site"
    assert [(found.text, found.url) for found in line.links] == [
        ("LinkedIn", "https://linkedin.com/in/jane"),
        ("my site", "https://jane.dev"),
    ]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "javascript:alert(1)", "\\\\host\\share"])
def test_a_link_to_anything_but_the_web_and_mail_is_no_link(target: str) -> None:
    body = f'<w:p><w:hyperlink r:id="l">{run("site")}</w:hyperlink></w:p>'
    assert only(body, link(target)).links == ()


def test_a_text_box_is_read_once_as_a_region_of_its_own() -> None:
    box = f"<w:pict><w:txbxContent>{p('jane@example.org')}</w:txbxContent></w:pict>"
    body = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'>"
        f"{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        f"{run('Jane Doe')}</w:p>"
    )
    assert [(line.text, line.region) for line in read(body).lines] == [
        ("Jane Doe", 0),
        ("jane@example.org", 1),
    ]


def test_a_box_with_headings_is_read_after_the_body_it_stands_beside() -> None:
    box = f"<w:p><w:r><w:txbxContent>{p('Skills')}{p('Python')}</w:txbxContent></w:r></w:p>"
    assert texts(box + p("Experience") + p("Acme")) == ["Experience", "Acme", "Skills", "Python"]


def test_columns_of_a_page_laid_out_by_a_table_are_regions() -> None:
    left = p("Skills") + p("Python") + p("Go")
    right = p("Experience") + p("Acme") + p("Engineer")
    lines = read(table([left, right])).lines
    assert [line.text for line in lines] == [
        "Skills", "Python", "Go", "Experience", "Acme", "Engineer",
    ]  # fmt: skip
    assert len({line.region for line in lines[:3]} & {line.region for line in lines[3:]}) == 0


def test_dates_beside_what_happened_then_stand_on_its_line() -> None:
    row = [p("2019 – 2021"), p("Engineer") + p("Acme") + p("• Built it")]
    first, second, third = read(table(row)).lines
    assert (first.text, first.segments[1].gap) == ("2019 – 2021  Engineer", True)
    assert (second.text, third.text, third.bullet) == ("Acme", "Built it", True)


def test_labels_and_values_of_a_form_are_paired() -> None:
    row = [p("姓名"), p("周雨桐"), p("性别"), p("女")]
    assert texts(table(row)) == ["姓名  周雨桐", "性别  女"]


def test_titles_of_columns_for_year_and_month_leave_the_heading_beside_them() -> None:
    rows = [[p("年"), p("月"), p("職歴")], [p("2017"), p("4"), p("株式会社こもれび　入社")]]
    assert texts(table(*rows)) == ["職歴", "2017  4  株式会社こもれび　入社"]


def test_a_cell_merged_into_the_one_above_is_not_read_again() -> None:
    merged = "<w:tcPr><w:vMerge/></w:tcPr>" + p("Acme")
    assert texts(table([p("Acme"), p("2019")], [merged, p("2020")])) == ["Acme  2019", "2020"]


def test_tables_in_tables_are_read() -> None:
    assert texts(table([table([p("Acme")])])) == ["Acme"]


def test_a_header_comes_first_and_a_footer_apart() -> None:
    part = '<w:{0} xmlns:w="' + W + '">{1}</w:{0}>'
    links = "".join(
        f'<Relationship Id="{kind}" Type="{R}/{kind}" Target="{kind}.xml"/>'
        for kind in ("header", "footer")
    )
    section = '<w:sectPr><w:headerReference r:id="header"/><w:footerReference r:id="footer"/>'
    document = read(
        p("Jane Doe") + section + "</w:sectPr>",
        links,
        {
            "word/header.xml": part.format("hdr", p("jane@example.org")),
            "word/footer.xml": part.format("ftr", p("Page 1")),
        },
    )
    assert [line.text for line in document.lines] == ["jane@example.org", "Jane Doe"]
    assert [line.text for line in document.running] == ["Page 1"]


def test_missing_styles_and_lists_are_no_obstacle() -> None:
    document = f'<w:document xmlns:w="{W}"><w:body>{p("Jane")}</w:body></w:document>'
    assert read_docx(zipped({"word/document.xml": document})).lines[0].text == "Jane"


def test_what_is_no_word_document_is_refused_by_name() -> None:
    assert refused(zipped({"xl/workbook.xml": "<a/>"})) == "unknown_format"
    assert refused(zipped({"a.txt": "x"})) == "unknown_format"
    assert refused(OLE + b"\0" * 600) == "unknown_format"
    assert refused(OLE + "EncryptedPackage".encode("utf-16-le")) == "encrypted"


def test_damage_is_called_damage() -> None:
    whole = made(p("Jane"))
    assert refused(whole[: len(whole) // 2]) == "damaged"
    assert refused(zipped({"word/document.xml": "<w:document"})) == "damaged"
    assert refused(made(p("Jane"), entries={"word/styles.xml": "<w:styles"})) == "damaged"


def test_a_document_without_text_says_so() -> None:
    assert refused(made("<w:p/>")) == "no_text"


def test_entities_are_not_resolved() -> None:
    outside = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    laughs = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    document = (
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&{{0}};</w:t></w:r></w:p></w:body>'
    )
    for declared, name in ((outside, "e"), (laughs, "b")):
        text = declared + document.format(name) + "</w:document>"
        assert refused(zipped({"word/document.xml": text})) == "damaged"


def test_a_part_that_inflates_too_far_is_refused() -> None:
    assert refused(made("<!--" + " " * (30 << 20) + "-->" + p("Jane"))) == "too_large"


def test_too_many_paragraphs_are_refused() -> None:
    assert refused(made("<w:p/>" * (MOST_PARAGRAPHS + 1))) == "too_large"


def test_elements_nested_too_deeply_are_refused() -> None:
    deep = "<w:ins>" * 5_000 + run("x") + "</w:ins>" * 5_000
    assert refused(made(f"<w:p>{deep}</w:p>")) in ("too_deep", "damaged")


def test_tables_nested_too_deeply_are_refused() -> None:
    inner = p("x")
    for _ in range(20):
        inner = table([inner])
    assert refused(made(inner)) == "too_deep"


def test_text_boxes_nested_too_deeply_are_refused() -> None:
    inner = p("x")
    for _ in range(20):
        inner = f"<w:p><w:r><w:txbxContent>{inner}</w:txbxContent></w:r></w:p>"
    assert refused(made(inner)) == "too_deep"
