"""Papers: one an event, numbered without a gap, made by the worker, opened by whoever sees the case."""

import io
import re
import threading
import zipfile
from contextlib import suppress
from datetime import timedelta

import docx
import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.adapters.documents.placeholders import PlaceholdersUnknown, TemplateUnreadable
from app.adapters.documents.word import standard_template
from app.domain.evidence import FileEmpty, FileTooLarge
from app.domain.papers import PaperKind
from app.domain.roles import RoleKey
from app.jobs.worker import Worker
from app.services.acting import NotAllowed
from app.services.cases import Wanted, view_case
from app.services.evidence import Upload, sweep_orphans
from app.services.hooks import Case
from app.services.papers import ordering
from app.services.papers.bundles import export_case, export_cycle
from app.services.papers.lists import cases_as_excel, ranking_as_excel
from app.services.papers.ordering import Order, number_paper, order_paper
from app.services.papers.reading import PaperNotMade, PaperUnknown, open_paper
from app.services.papers.samples import sample
from app.services.papers.templates import (
    MOST_BYTES,
    TemplateNotReleasable,
    list_templates,
    open_template,
    preview_template,
    propose_template,
    release_template,
    try_template,
)
from app.services.people import Grant, add_holding
from app.store.models import Cycle, Instance, Paper, PaperCount
from app.store.queries import papers as rows
from tests.factories.playing import Play
from tests.factories.programme import add_person

HOSTILE = '#eval("1") {{ 7*7 }} <b>&"\' =1+1 \U0003134f'


@pytest.fixture
def play(stage):
    return Play(stage, with_papers=True)


@pytest.fixture
def case(play):
    """A submitted application whose field and results are what an attacker would type."""
    cycle = play.open_cycle()
    return play.apply("host_u1", "U2B1", cycle, field=HOSTILE, results="长" * 3000)


def papers(play):
    with play.stage.database.reading() as session:
        return list(session.scalars(select(Paper).order_by(Paper.id)))


def opened(play, person, public_id, **how):
    with play.stage.reading(play.province.people[person]) as act:
        return open_paper(act, public_id=public_id, **how)


def text_of(content):
    pages = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return "".join(pages.split()).replace("\u200b", "")


def lines_in_word(content):
    """What a Word file says, as ``text_of`` gives what the PDF says."""
    page = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in page.tables for row in table.rows for cell in row.cells]
    lines = ["".join(each.split()) for each in [*(paragraph.text for paragraph in page.paragraphs), *cells]]
    return [line.replace("\U0003134f", "〓") for line in lines if line not in {"项目", "内容", "（印章）"}]


def test_from_a_submission_to_its_papers_and_their_zip(play, case):
    makes_receipt_and_form(play, case)
    strangers_get_no_paper(play)
    leaves_as_one_zip(play, case)
    cycle_leaves_as_one_zip(play, case)
    lists_what_one_may_see(play)
    listed_while_being_made_and_made_once(play, case)


def makes_receipt_and_form(play, case):
    made = papers(play)
    assert [(paper.kind, paper.number, paper.subject) for paper in made] == [
        (PaperKind.RECEIPT, "双优受〔2026〕1号", case),
        (PaperKind.APPLICATION_FORM, "双优申〔2026〕1号", case),
    ]
    receipt, form = (opened(play, "host_u1", paper.public_id) for paper in made)
    assert (receipt.file_name, receipt.media_type) == ("受理回执 双优受〔2026〕1号.pdf", "application/pdf")
    said = text_of(receipt.content)
    wanted = (
        "SQ-2026-0001",
        "2026年3月2日12:00:00",
        "陇原理工大学材料学院教工第一党支部书记工作室",
        "人员host_u1",
        "承办大学",
    )
    assert [each for each in wanted if each not in said] == []
    stated = text_of(form.content)
    wanted = (
        "先进党支部",
        "中共甘肃省委",
        "论文2",
        "2019年1月1日",
        "副高",
        "诚信承诺",
        "证明材料清单",
        "初评单位意见",
        "印章",
    )
    assert [each for each in (*wanted, "".join(HOSTILE[:-1].split())) if each not in stated] == []
    assert stated.count("长") >= 3000
    assert [paper.missing for paper in made] == [[], ["\U0003134f"]]
    assert "〓" in stated
    assert "U+3134F" in stated
    for paper, printed in zip(made, (said, stated), strict=True):
        content = opened(play, "host_u1", paper.public_id, in_word=True).content
        unbroken = re.sub(r"—\d+—", "", printed)  # numbers of pages
        assert [each for each in lines_in_word(content) if each not in unbroken] == []


def listed_while_being_made_and_made_once(play, case):
    case_page = play.case_page(case)
    with play.stage.acting() as act:
        order_paper(act, _case_of(act, case), Order(PaperKind.RECEIPT, "again"))
    worker = Worker(play.stage.database, play.stage.ports, play.stage.clock)
    worker.run_once()
    with play.stage.reading(play.province.people["host_u1"]) as act:
        waiting = [paper for paper in view_case(act, public_id=case_page).papers if not paper.is_made]
    assert [paper.number for paper in waiting] == ["双优受〔2026〕2号"]
    with pytest.raises(PaperNotMade):
        opened(play, "host_u1", waiting[0].public_id)
    play.work()
    first = opened(play, "host_u1", waiting[0].public_id)
    with play.stage.acting() as act:
        order_paper(act, _case_of(act, case), Order(PaperKind.RECEIPT, "again"))
    play.work()
    assert [paper.number for paper in papers(play)].count("双优受〔2026〕2号") == 1
    assert len(papers(play)) == 3
    assert opened(play, "host_u1", waiting[0].public_id) == first


def _case_of(act, application) -> Case:
    found = act.session.scalars(select(Instance).where(Instance.business_key == application)).one()
    return ordering.case_of(found)


def test_numbers_follow_one_another_whoever_is_rolled_back(play, case):
    with play.stage.database.reading() as session:
        instance = session.scalars(select(Instance).where(Instance.business_key == case)).one()
    at = play.stage.clock.now().isoformat()
    order = {"kind": "receipt", "case": instance.id, "by": None, "at": at, "about": {}}

    def number(worker):
        for turn in range(5):
            key = f"{worker}:{turn}"
            payload = order | {"key": key, "subject": key}
            with suppress(ZeroDivisionError), play.stage.acting() as act:
                number_paper(act, payload)
                1 / (1 - turn % 2)  # every second one is rolled back

    threads = [threading.Thread(target=number, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with play.stage.database.reading() as session:
        taken = list(session.scalars(select(Paper.sequence).where(Paper.kind == PaperKind.RECEIPT)))
        last = session.scalars(select(PaperCount.last).where(PaperCount.kind == PaperKind.RECEIPT)).one()
    assert sorted(taken) == list(range(1, 14))
    assert last == 13


def strangers_get_no_paper(play):
    receipt = papers(play)[0].public_id
    assert opened(play, "secretariat", receipt) == opened(play, "host_u1", receipt)
    for stranger in ("host_u2", "expert3", "prelim_c1", "discipline_s"):
        with pytest.raises(PaperUnknown):
            opened(play, stranger, receipt)
        with pytest.raises(PaperUnknown):
            opened(play, stranger, receipt, in_word=True)
    with pytest.raises(PaperUnknown):
        opened(play, "secretariat", "no-such-paper")


def survives_the_sweep(play):
    digests = [paper.pdf_sha256 for paper in papers(play)]
    play.stage.clock.move(days=400)
    with play.stage.acting() as act:
        act.ports.files.put(b"nobody names this")
        sweep_orphans(act)
    assert [play.stage.ports.files.has(digest) for digest in digests] == [True] * len(digests)
    with play.stage.reading() as act:
        kinds = {each.kind: each.versions for each in list_templates(act)}
        assert open_template(act, kind=PaperKind.RETURN_NOTICE, public_id=kinds[PaperKind.RETURN_NOTICE][0].public_id)


def admin(play):
    """Let the small province have a system administrator and a publisher."""
    with play.stage.acting() as act:
        for role in (RoleKey.SYSADMIN, RoleKey.PUBLISHER):
            person = add_person(act, role.value)
            add_holding(act, person.id, Grant(role, play.province.units["P"].id, act.today - timedelta(days=1)))
            play.province.people[role.value] = person.id


def upload(content, name="通知.docx"):
    return Upload(name, io.BytesIO(content))


def own_template(*lines):
    page = docx.Document()
    for line in lines:
        page.add_paragraph(line)
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def test_templates_of_an_office(play, case):
    admin(play)
    refuses_what_is_no_template(play)
    puts_its_own_in_place(play, case)
    gives_way_to_ours(play, case)
    survives_the_sweep(play)


def puts_its_own_in_place(play, case):
    kind, own = PaperKind.RETURN_NOTICE, own_template("本校用语：{{ studio }}，{{ reasons }}")
    with play.stage.reading(play.province.people["sysadmin"]) as act:
        tried = try_template(act, kind=kind, upload=upload(own))
    facts = sample(kind)
    assert [each.text for each in docx.Document(io.BytesIO(tried.content)).paragraphs] == [
        f"本校用语：{facts['studio']}，{facts['reasons']}"
    ]
    with play.stage.acting(play.province.people["sysadmin"]) as act:
        assert [propose_template(act, kind=kind, upload=upload(own)) for _ in range(2)] == [1, 2]
    released(play, kind)
    play.attest(case, "u")
    play.review("prelim_u1", case, "return", opinion=HOSTILE)
    notice = papers(play)[-1]
    content = opened(play, "host_u1", notice.public_id, in_word=True).content
    studio = "陇原理工大学材料学院教工第一党支部书记工作室"
    assert [each.text for each in docx.Document(io.BytesIO(content)).paragraphs] == [f"本校用语：{studio}，{HOSTILE}"]
    assert "".join(HOSTILE[:-1].split()) in text_of(opened(play, "host_u1", notice.public_id).content)


def released(play, kind):
    """A second person puts the newest version in place; who proposed it cannot, and nobody twice."""
    with play.stage.reading(play.province.people["publisher"]) as act:
        (newest, *_) = next(each.versions for each in list_templates(act) if each.kind is kind)
        assert (newest.released_at, newest.is_in_force) == (None, False)
        assert preview_template(act, kind=kind, public_id=newest.public_id).file_name.endswith("样张.docx")
    with play.stage.acting(play.province.people["sysadmin"]) as act, pytest.raises(NotAllowed):
        release_template(act, kind=kind, public_id=newest.public_id)
    with play.stage.acting(play.province.people["publisher"]) as act:
        assert release_template(act, kind=kind, public_id=newest.public_id) == newest.version
        with pytest.raises(TemplateNotReleasable):
            release_template(act, kind=kind, public_id=newest.public_id)


def gives_way_to_ours(play, case):
    """A template may pass with made-up facts and fail with real ones: this letter has no list."""
    with play.stage.acting(play.province.people["sysadmin"]) as act:
        propose_template(act, kind=PaperKind.REJECTION_NOTICE, upload=upload(own_template("{{ rows[0][1] }}")))
    released(play, PaperKind.REJECTION_NOTICE)
    task_id = play.task("correct", case)
    with play.stage.acting(play.province.people["host_u1"]) as act:
        values = play.form(act, task_id, "host_u1", reply="已改。")
    play.do("host_u1", "correct", values, case)
    play.review("prelim_u1", case, "reject", opinion="封面不清。")
    notice = papers(play)[-1]
    content = opened(play, "host_u1", notice.public_id, in_word=True).content
    assert "理由：封面不清。" in [each.text for each in docx.Document(io.BytesIO(content)).paragraphs]
    assert (notice.kind, notice.template_id) == (PaperKind.REJECTION_NOTICE, None)


NO_TEMPLATES = (
    (own_template("{{ hots }}"), PlaceholdersUnknown),
    (b"", FileEmpty),
    (b"%PDF-1.4 no word", TemplateUnreadable),
    (b"0" * (MOST_BYTES + 1), FileTooLarge),
)


def refuses_what_is_no_template(play):
    for content, refused in NO_TEMPLATES:
        with pytest.raises(refused), play.stage.acting(play.province.people["sysadmin"]) as act:
            propose_template(act, kind=PaperKind.RETURN_NOTICE, upload=upload(content))
    with pytest.raises(NotAllowed), play.stage.acting(play.province.people["secretariat"]) as act:
        propose_template(act, kind=PaperKind.RETURN_NOTICE, upload=upload(standard_template("official")))
    with play.stage.database.reading() as session:
        assert rows.templates(session) == []


def leaves_as_one_zip(play, case):
    with play.stage.acting(play.province.people["secretariat"]) as act:
        bundle = export_case(act, public_id=play.case_page(case))
    with zipfile.ZipFile(io.BytesIO(b"".join(bundle.chunks()))) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        book = openpyxl.load_workbook(io.BytesIO(packed.read("目录.xlsx")))
    assert bundle.file_name == "SQ-2026-0001 陇原理工大学材料学院教工第一党支部书记工作室.zip"
    assert [name for name in names if name.startswith("文书/")] == [
        f"文书/{name}〔2026〕1号.{ending}"
        for name in ("受理回执 双优受", "申报书 双优申")
        for ending in ("pdf", "docx")
    ]
    assert next(name for name in names if name.startswith("证明材料/")) == "证明材料/001 appointmentsa1.pdf"
    assert len(set(names)) == len(names) == 1 + 4 + 7
    assert [row[1].value for row in book["目录"].iter_rows(min_row=2)] == names[1:]
    assert book.sheetnames == ["目录", "条款台账", "经过"]


def cycle_leaves_as_one_zip(play, case):
    with play.stage.database.reading() as session:
        public_id = session.scalars(select(Cycle.public_id)).one()
    with play.stage.acting(play.province.people["province"]) as act:
        bundle = export_cycle(act, public_id=public_id)
    with zipfile.ZipFile(io.BytesIO(b"".join(bundle.chunks()))) as packed:
        names = packed.namelist()
    folder = "SQ-2026-0001 陇原理工大学材料学院教工第一党支部书记工作室/"
    assert [name for name in names if not name.startswith(folder)] == ["目录.xlsx"]
    assert f"{folder}文书/受理回执 双优受〔2026〕1号.pdf" in names
    for stranger in ("host_u1", "prelim_u1", "expert3"):
        with pytest.raises(NotAllowed), play.stage.acting(play.province.people[stranger]) as act:
            export_cycle(act, public_id=public_id)
        with pytest.raises(NotAllowed), play.stage.acting(play.province.people[stranger]) as act:
            export_case(act, public_id=play.case_page(case))
        with pytest.raises(NotAllowed), play.stage.reading(play.province.people[stranger]) as act:
            ranking_as_excel(act, cycle=public_id)


def lists_what_one_may_see(play):
    def titles(person):
        with play.stage.reading(play.province.people[person]) as act:
            found = cases_as_excel(act, wanted=Wanted())
        page = openpyxl.load_workbook(io.BytesIO(found.content))["案卷"]
        return [row[1].value for row in page.iter_rows(min_row=2)]

    studio = "陇原理工大学材料学院教工第一党支部书记工作室"
    assert titles("host_u1") == [studio]
    assert titles("host_u2") == []
    assert studio in titles("secretariat")
