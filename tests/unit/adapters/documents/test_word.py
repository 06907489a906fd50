"""Papers in Word: facts go in as text; a template holds names, repetition and conditions, nothing that runs."""

import io
import re
import zipfile
from datetime import UTC, datetime

import docx
import pytest
from pypdf import PdfReader

from app.adapters.documents.placeholders import PlaceholdersUnknown, TemplateNotAllowed, TemplateUnreadable
from app.adapters.documents.typesetting import typeset
from app.adapters.documents.uploads import check_document
from app.adapters.documents.word import fill, standard_template
from app.domain.papers import PAPERS, PaperKind
from app.services.papers.in_word import layout_of, word_facts
from app.services.papers.samples import sample

AT = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)
HOSTILE = (
    "{{ 7*7 }}",
    "{% for x in y %}",
    "<w:p/>",
    "&amp; & <",
    "=1+1",
    '#eval("1")',
    "\U0003134f",
    "]]>",
    "甲\x00乙",
)
FACTS = sample(PaperKind.PUBLICITY_NOTICE)
IN_WORD = [kind for kind, rules in PAPERS.items() if rules.in_word]
LETTERS = [kind for kind in IN_WORD if layout_of(kind) == "official"]


def template(*lines):
    page = docx.Document()
    for line in lines:
        page.add_paragraph(line)
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def lines_of(content):
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def repacked(content, **changes):
    """The file with parts (by name) added or put in the place of others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(out, "w") as again:
        kept = {name: parts.read(name) for name in parts.namelist()} | changes
        for name, part in kept.items():
            again.writestr(name, part)
    return out.getvalue()


def test_what_people_typed_is_text():
    filled = fill(
        standard_template("official"), FACTS | {"paragraphs": list(HOSTILE), "rows": [list(HOSTILE[:3])]}, at=AT
    )
    expected = [each.replace("\x00", "") for each in HOSTILE]
    assert [line for line in lines_of(filled) if line in expected] == expected
    table = docx.Document(io.BytesIO(filled)).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [FACTS["columns"], list(HOSTILE[:3])]


@pytest.mark.parametrize("kind", LETTERS)
def test_our_template_serves_every_kind_of_letter(kind):
    facts = sample(kind)
    lines = lines_of(fill(standard_template("official"), facts, at=AT))
    wanted = [facts["issuer"], facts["number"], facts["title"], *facts["paragraphs"], *facts["closing"], facts["date"]]
    assert [each for each in wanted if each not in lines] == []


def words_of_word(content):
    page = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in page.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in page.paragraphs), *cells]


def words_of_pdf(content):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def letters(text):
    """What is said, without spaces, what marks the places of signature and seal, and the number of a page."""
    return re.sub(r"—\s*\d+\s*—|印章|[\s\u200b_（）]", "", text)


def test_a_paper_says_the_same_in_word_and_in_print():
    said = {}
    for kind in IN_WORD:
        facts, layout = sample(kind), layout_of(kind)
        content = fill(standard_template(layout), word_facts(facts), at=AT)
        word = [letters(each) for each in words_of_word(content)]
        printed = facts if "sections" in facts else facts | {"widths": [1] * len(facts.get("columns", ()))}
        rest = letters(words_of_pdf(typeset(layout, printed, at=AT).content))
        absent = [each for each in word if each not in rest and each not in ADDED]
        for each in sorted(word, key=len, reverse=True):
            rest = rest.replace(each, "", 1)
        said[kind] = (absent, rest)
    assert {kind: found for kind, found in said.items() if found != ([], "")} == {}


ADDED = {"项目", "内容"}
"""The heads of a form's tables of two columns, which have none in print."""


def test_a_letter_is_laid_out_as_an_official_one():
    page = docx.Document(io.BytesIO(fill(standard_template("official"), FACTS, at=AT)))
    section, (table,) = page.sections[0], page.tables
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges] == [37, 35, 28, 26]
    faces = {each.text: each._p.xpath("string(w:r/w:rPr/w:rFonts/@w:eastAsia)") for each in page.paragraphs[:4]}
    assert faces == {FACTS["issuer"]: "方正小标宋简体", FACTS["number"]: "", "": "", FACTS["title"]: "方正小标宋简体"}
    assert page.styles["Normal"].element.xpath("string(w:rPr/w:rFonts/@w:eastAsia)") == "仿宋_GB2312"
    assert table._tbl.xpath("string(w:tblPr/w:tblW/@w:type)") == "pct"
    assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows] == [True, False]
    number = page.paragraphs[[each.text for each in page.paragraphs].index(FACTS["number"])]
    assert [each.tag.rpartition("}")[2] for each in number._p.pPr] == ["pBdr", "spacing", "jc"]
    ends = [each.paragraph_format.keep_with_next for each in page.paragraphs][-4:]
    assert ends == [True, True, True, False]


def test_a_letter_without_list_has_no_table():
    assert docx.Document(io.BytesIO(fill(standard_template("official"), FACTS | {"rows": []}, at=AT))).tables == []


def test_the_file_names_nobody_and_is_always_the_same():
    first = fill(standard_template("official"), FACTS, at=AT)
    found = docx.Document(io.BytesIO(first)).core_properties
    assert (found.author, found.last_modified_by, found.created) == ("", "", AT)
    assert first == fill(standard_template("official"), FACTS, at=AT)


def test_an_office_may_name_single_facts():
    own = template(
        "{{ unit }}：{{ opens_on }}至{{ last_day }}", "{%p for row in rows %}", "{{ row[1] }}", "{%p endfor %}"
    )
    assert lines_of(fill(own, FACTS, at=AT)) == ["示例大学：2026年4月23日至2026年4月29日", FACTS["rows"][0][1]]


def test_unknown_placeholders_are_named():
    with pytest.raises(PlaceholdersUnknown) as refused:
        fill(template("{{ unit }} {{ hots }}", "{% if studoi %}x{% endif %}"), FACTS, at=AT)
    assert refused.value.params["names"] == ["hots", "studoi"]


@pytest.mark.parametrize(
    "code",
    [
        "{{ ''.__class__ }}",
        "{{ unit.upper() }}",
        "{{ unit|length }}",
        "{{ range(9) }}",
        "{{ 'a' * 99999999 }}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{% import 'os' as os %}",
        "{% macro m() %}{% endmacro %}",
        "{{ self.__init__ }}",
        "{{ cycler }}",
        "{{ rows[unit] }}",
        (
            "{% for a in rows %}{% for b in rows %}{% for c in rows %}{% for d in rows %}x"
            "{% endfor %}{% endfor %}{% endfor %}{% endfor %}"
        ),
    ],
)
def test_nothing_in_a_template_runs(code):
    with pytest.raises((TemplateNotAllowed, PlaceholdersUnknown)):
        fill(template(code), FACTS, at=AT)


@pytest.mark.parametrize("code", ["{{ unit", "{% for x in rows %}", "{% endif %}", "{{ rows[9][9] }}"])
def test_a_torn_template_is_refused(code):
    with pytest.raises(TemplateUnreadable):
        fill(template(code), FACTS, at=AT)


def test_placeholders_in_header_and_properties_are_judged_too():
    page = docx.Document()
    page.sections[0].header.paragraphs[0].text = "{{ unknown_in_header }}"
    page.core_properties.title = "{{ unknown_in_title }}"
    out = io.BytesIO()
    page.save(out)
    with pytest.raises(PlaceholdersUnknown):
        fill(out.getvalue(), FACTS, at=AT)


def test_our_own_template_may_be_handed_in():
    check_document(standard_template("official"))


EXTERNAL = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="http://a.example/x.dotm" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("part", "content", "found"),
    [
        ("word/vbaProject.bin", b"x", "macro"),
        ("word/embeddings/oleObject1.xlsx", b"x", "embedded object"),
        ("word/_rels/settings.xml.rels", EXTERNAL, "external link"),
        ("word/footnotes.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
    ],
)
def test_a_document_with_more_than_text_is_refused(part, content, found):
    with pytest.raises(TemplateNotAllowed) as refused:
        check_document(repacked(standard_template("official"), **{part: content}))
    assert refused.value.params == {"found": found}


def test_what_is_no_word_file_is_refused():
    for content in (
        b"PK\x03\x04 torn",
        b"%PDF-1.4",
        repacked(standard_template("official"), **{"word/media/x": b"0" * 21_000_000}),
    ):
        with pytest.raises(TemplateUnreadable):
            check_document(content)
