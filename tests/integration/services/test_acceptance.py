"""Acceptance at the end of the term (C6.2, C2): self-assessed, inspected by three or more, concluded once."""

import hashlib
import io
import json
import zipfile
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.domain.acceptance import (
    DeferralTooLong,
    DeferredAlready,
    Grade,
    InspectorConflicted,
    TooFewInspectors,
)
from app.domain.dossier import MANIFEST, SEAL, DossierUnreadable, Fault
from app.domain.papers import PaperKind
from app.domain.recusal import TieKind
from app.domain.roles import RoleKey
from app.domain.states import StudioState
from app.domain.succession import OutsideTerm
from app.services.acting import NotAllowed
from app.services.construction.certificates import list_conclusions, verify_certificate
from app.services.construction.obligations import Wanted, obligations
from app.services.construction.problems import begin_problem_report
from app.services.dossier.packing import export_dossier, public_key
from app.services.dossier.verifying import verify_dossier
from app.services.messages import post
from app.services.people import Grant, add_holding
from app.services.programme.acceptance.onsite import (
    SheetDiffers,
    received_sheets,
    sheet_received,
    waiting_sheets,
)
from app.services.programme.acceptance.opening import begin_acceptance
from app.services.programme.acceptance.replacing import (
    InspectorNotReplaceable,
    InspectorReasonMissing,
    Replacement,
    SuccessorUnfit,
    replace_inspector,
)
from app.services.programme.studio_life.facts import report_studio_fact
from app.services.studio_affairs import view_affairs
from app.services.tasks import NotYourTask
from app.store.models import (
    Acceptance,
    AcceptanceState,
    AuditEvent,
    ChangeState,
    Evidence,
    EvidenceUse,
    Expert,
    ExpertWork,
    FormerHost,
    HostChange,
    InboxRow,
    Inspection,
    Message,
    OpenTask,
    Paper,
    StudioEvent,
    StudioEventKind,
    Tie,
)
from tests.factories.accepting import INSPECTORS, Accepting
from tests.factories.programme import add_person


@pytest.fixture
def play(stage):
    return Accepting(stage)


def test_deferred_once_mended_and_passed(play, tmp_path):
    opens_once(play)
    play.self_assess()
    inspectors_have_no_conflict(play)
    sheets_count_once(play)
    is_deferred(play)
    is_inspected_again_and_passes(play)
    makes_certificate_and_notice(play)
    leaves_as_a_sealed_dossier(play, tmp_path)


def opens_once(play):
    assert play.studio(play.key).state is StudioState.IN_ACCEPTANCE
    with play.stage.acting() as act:
        begin_acceptance(act, {"case": play.studio(play.key).instance_id})
    with play.stage.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Acceptance)) == 1
    shown = play.context("host_u1", play.task("self_assess", play.case))
    assert [(row["clause"], row["words"]) for row in shown["commitments"]] == [
        ("C3.1", "开展理论学习（每月一次）"),
        ("C3.3", "接待观摩（每年三场）"),
    ]


def inspectors_have_no_conflict(play):
    shown = play.context("province", play.task("name_inspectors", play.case))["experts"]
    conflicts = {row["name"]: row["conflict"] for row in shown if row["conflict"]}
    assert conflicts == {"人员expert1": "本单位"}
    with pytest.raises(InspectorConflicted) as refusal:
        play.name("expert1", *INSPECTORS)
    assert refusal.value.params == {"names": ["人员expert1（本单位）"], "clause": "C6.2"}
    with pytest.raises(TooFewInspectors):
        play.name(*INSPECTORS[:2])
    play.name(*INSPECTORS)


def sheets_count_once(play):
    login = INSPECTORS[0]
    with play.stage.reading(play.province.people[login]) as act:
        assert [each.title for each in waiting_sheets(act)] == [f"{play.studio(play.key).name}（验收）"]
    task_id, values = play.task("inspect", play.case, login), play.sheet(login, 65, "not")
    assert play.send(login, "phone-1", values, task_id).is_repeat is False
    assert play.send(login, "phone-1", values, task_id).is_repeat is True
    with pytest.raises(SheetDiffers):
        play.send(login, "phone-2", {**values, "opinion": "另一份。"}, task_id)
    with play.stage.database.reading() as session:
        kept = select(func.count()).select_from(EvidenceUse).join(Evidence, Evidence.id == EvidenceUse.evidence_id)
        assert session.scalar(kept.where(EvidenceUse.task_id == task_id)) == 1
        assert session.scalar(select(Inspection.sent_as).where(Inspection.task_id == task_id)) == "phone-1"
    with play.stage.reading(play.province.people[login]) as act:
        assert (waiting_sheets(act), len(received_sheets(act))) == ((), 1)
    with play.stage.reading(play.province.people[INSPECTORS[1]]) as act:
        assert sheet_received(act, task_id=task_id, key="phone-1") is None  # another's is nobody else's business
    play.inspect({INSPECTORS[1]: 64, INSPECTORS[2]: 66.5}, "not")


def is_deferred(play):
    shown = play.context("province", play.task("conclude", play.case))
    told = {key: shown[key] for key in ("score", "unmet", "grade_name", "proposal_name", "visit")}
    assert told == {
        "score": "65.17", "unmet": "2 项", "grade_name": "不合格", "proposal_name": "暂缓通过", "visit": "第 1 次",
    }  # fmt: skip
    with pytest.raises(DeferralTooLong):
        play.conclude("defer", deferred_until="2026-09-03", to_mend="补充材料")
    play.conclude("defer", deferred_until="2026-09-02", to_mend="补充材料")
    assert (play.acceptance.state, play.acceptance.deferred_until) == (AcceptanceState.DEFERRED, date(2026, 9, 2))
    assert play.studio(play.key).state is StudioState.DEFERRED
    assert play.context("host_u1", play.task("rectify", play.case))["to_mend"] == "补充材料"


def is_inspected_again_and_passes(play):
    play.mend()
    play.name(*INSPECTORS)
    play.inspect(dict.fromkeys(INSPECTORS, 92))
    assert play.context("province", play.task("conclude", play.case))["grade_name"] == "优秀"
    with pytest.raises(DeferredAlready):
        play.conclude("defer", deferred_until="2026-04-01", to_mend="再补")
    play.conclude("pass")
    found, studio = play.acceptance, play.studio(play.key)
    assert (found.state, found.grade, found.score, found.visit) == (AcceptanceState.PASSED, Grade.EXCELLENT, "92.00", 2)
    assert (studio.state, studio.ends_on) == (StudioState.ACCEPTED, date(2029, 3, 1))
    with play.stage.database.reading() as session:
        told = session.scalars(select(Message).where(Message.name == "acceptance_concluded")).one()
    assert (told.key, told.payload["acceptance"]["outcome"]) == ({"studio": play.key}, "passed")


def makes_certificate_and_notice(play):
    play.catch_up()
    with play.stage.database.reading() as session:
        found = {paper.kind: paper for paper in session.scalars(select(Paper))}
    wanted = (PaperKind.ACCEPTANCE_CERTIFICATE, PaperKind.ACCEPTANCE_NOTICE)
    assert all(found[kind].pdf_sha256 for kind in wanted)
    certificate = found[PaperKind.ACCEPTANCE_CERTIFICATE]
    with play.stage.reading(None) as act:  # anybody
        verified = verify_certificate(act, number=certificate.number)
        (concluded,) = list_conclusions(act)
    name = play.studio(play.key).name
    assert (verified.kind, verified.printed[0], verified.state) == (certificate.kind, name, StudioState.ACCEPTED)
    assert (concluded.public_id, concluded.studio, concluded.grade) == (play.case, name, Grade.EXCELLENT)
    with play.stage.reading(play.province.people["host_u1"]) as act:
        shown = view_affairs(act, public_id=play.key).acceptance
    assert shown is not None
    assert shown.certificate == (certificate.number, certificate.public_id)
    assert "优秀" in found[PaperKind.ACCEPTANCE_CERTIFICATE].facts["paragraphs"][0]


def leaves_as_a_sealed_dossier(play, folder):
    for stranger in ("host_u1", "school_u", "expert3"):
        with pytest.raises(NotAllowed), play.stage.acting(play.province.people[stranger]) as act:
            export_dossier(act, public_id=play.key)
    with play.stage.acting(play.province.people["province"]) as act:
        bundle, key = export_dossier(act, public_id=play.key), public_key(act)
        path = folder / "dossier.zip"
        path.write_bytes(b"".join(bundle.chunks()))
    checked = verify_dossier(path, key=key)
    assert (checked.findings, checked.public_key) == ((), key)
    names = [each.path for each in checked.manifest.files]
    wanted = ("目录.xlsx", "办理情况.xlsx", "审计/", "文书/验收证书", "证明材料/", "工作室.xlsx")
    assert [each for each in wanted if not any(each in name for name in names)] == []
    assert len(checked.manifest.heads) == 2
    is_read_without_a_system(path, names)
    with play.stage.database.reading() as session:
        last = session.scalars(select(AuditEvent).where(AuditEvent.action == "export_dossier")).one()
    assert hashlib.sha256(zipfile.ZipFile(path).read(MANIFEST)).hexdigest() in last.body.decode()
    tampering_is_found(path, folder)


def is_read_without_a_system(path, names):
    """Case by case, in the words of the forms; the catalogue says what each file proves."""
    folders = [name.partition("/")[0] for name in names if name[:2].isdigit()]
    assert folders == sorted(folders)
    with zipfile.ZipFile(path) as packed:
        listed = load_workbook(io.BytesIO(packed.read("目录.xlsx"))).active
        (acceptance,) = [name for name in names if name.startswith("02") and name.endswith("办理情况.xlsx")]
        told = load_workbook(io.BytesIO(packed.read(acceptance)))
        assert all(each.flag_bits & 0x800 for each in packed.infolist() if not each.filename.isascii())
    about = {row[2].value for row in listed.iter_rows(min_row=2) if "证明材料" in row[1].value}
    assert about == {"自评佐证", "整改佐证", "现场照片（C6.2）"}
    decided = {row[4].value for row in told["意见"].iter_rows(min_row=2)}
    assert decided == {None, "暂缓通过", "通过"}
    filled = {(row[4].value, row[5].value) for row in told["填报内容"].iter_rows(min_row=2)}
    assert {("完成情况", "全部完成"), ("结论", "暂缓通过")} <= filled


def tampering_is_found(path, folder):
    def changed(change):
        with zipfile.ZipFile(path) as packed:
            content = {name: packed.read(name) for name in packed.namelist()}
        change(content)
        other = folder / "changed.zip"
        with zipfile.ZipFile(other, "w") as packed:
            for name, part in content.items():
                packed.writestr(name, part)
        return {(each.fault, each.where.partition(" #")[0]) for each in verify_dossier(other, key="00" * 32).findings}

    with zipfile.ZipFile(path) as packed:
        opinions = next(name for name in packed.namelist() if name.endswith("办理情况.xlsx"))
        chain = next(name for name in packed.namelist() if name.startswith("审计/"))
    other_key = (Fault.OTHER_KEY, SEAL)
    assert changed(lambda content: content.update({opinions: b"x"})) == {other_key, (Fault.FILE_CHANGED, opinions)}
    assert changed(lambda content: content.pop(opinions)) == {other_key, (Fault.FILE_MISSING, opinions)}
    assert changed(lambda content: content.update(new=b"x")) == {other_key, (Fault.FILE_ADDED, "new")}
    renumbered = changed(lambda content: content.update({chain: content[chain].replace(b'"seq": 2', b'"seq": 3')}))
    assert renumbered == {other_key, (Fault.FILE_CHANGED, chain), (Fault.CHAIN_BROKEN, chain)}
    assert (Fault.SEAL_BROKEN, SEAL) in changed(lambda content: content.update({MANIFEST: content[MANIFEST] + b" "}))
    with pytest.raises(DossierUnreadable):
        changed(lambda content: content.pop(MANIFEST))
    torn = folder / "torn.zip"
    torn.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DossierUnreadable):
        verify_dossier(torn)


def test_not_passed_takes_the_plaque_away_and_ends_every_duty(stage):
    play = Accepting(stage, wished=True)
    a_change_of_host_comes_too_late(play)
    with play.stage.acting(play.province.people["host_u1"]) as act:
        begin_problem_report(act, studio=play.key)
    play.on(date(2029, 3, 2))
    with play.stage.acting(play.province.people["school_u"]) as act:
        report_studio_fact(act, studio=play.key, text="收到反映。")
    play.self_assess()
    play.name(*INSPECTORS)
    play.inspect(dict.fromkeys(INSPECTORS, 50), "not")
    assert play.context("province", play.task("conclude", play.case))["proposal_name"] == "不予通过"
    play.conclude("fail")
    assert (play.acceptance.state, play.studio(play.key).state) == (AcceptanceState.FAILED, StudioState.FAILED)
    with play.stage.database.reading() as session:
        found = session.scalars(select(StudioEvent).order_by(StudioEvent.id.desc())).first()
        notice = session.scalars(select(Paper).where(Paper.kind == PaperKind.ACCEPTANCE_NOTICE)).one()
    assert (found.kind, found.by_id) == (StudioEventKind.PLAQUE_WITHDRAWN, play.province.people["province"])
    assert notice.facts["rows"][0][-2:] == ["不予通过", "不合格"]
    nothing_is_owed_any_more(play)
    (change,) = play.rows(HostChange)
    assert (change.state, play.outcome("host_change", change.public_id)) == (ChangeState.LAPSED, "ended_lapsed")


def a_change_of_host_comes_too_late(play):
    """Once the acceptance has opened, a wish from before can only be taken back, or closes with the studio's duties."""
    task_id, began = play.task("state_case"), "2020-01-01"
    with play.stage.acting() as act:
        successor = add_person(act, "secretary_new")
        add_holding(act, successor.id, Grant(RoleKey.HOST, play.province.units["U2B1"].id, date(2026, 1, 1)))
        chosen = successor.public_id
    with play.stage.acting(play.province.people["host_u1"]) as act:
        posts = {"row_key": "1", "post": "secretary", "branch": "self", "from": began, "to": None, "doc": []}
        title = {"row_key": "1", "level": "副高", "held_from": began, "basis": "appointed", "doc": []}
        values = {
            "cause": "transfer",
            "reason": "调离。",
            "doc": [play.upload(act, task_id, "host_change")],
            "successor": chosen,
            "birth_date": "1985-05-01",
            "branch_kind": "teacher",
            "appointments": [posts],
            "titles": [title],
            "agrees": True,
            "decision": "state",
        }
    with pytest.raises(OutsideTerm) as refusal:
        play.complete("host_u1", "state_case", task_id, values)
    assert refusal.value.params["clause"] == "C6.1b"


def nothing_is_owed_any_more(play):
    with play.stage.reading(play.province.people["province"]) as act:
        clock = obligations(act, wanted=Wanted(studio=play.key))
        assert (clock.overdue, clock.at_risk, clock.open, clock.items) == (0, 0, 0, ())
        assert act.session.scalar(select(func.count()).select_from(OpenTask)) == 0
        assert act.session.scalar(select(func.count()).select_from(InboxRow)) == 0
        ended = act.session.scalars(select(AuditEvent).where(AuditEvent.action == "end_construction")).one()
    outcome, *left = json.loads(ended.body)["result"].split("；")
    assert (outcome, len(left)) == ("failed", 14)
    assert {"提交第三年度报告", "落实第二年度学校保障", "起草建设方案", "核实新情况"} <= set(left)
    assert play.outcome("construction", play.key) == "title_not_kept"


def test_closed_with_its_studio(play):
    with play.stage.acting() as act:
        post(act, name="acceptance_stopped", key={"studio": play.key}, dedupe_key="closed", data={})
    play.work()
    assert play.outcome("acceptance", play.case) == "acceptance_closed"
    assert play.acceptance.state is AcceptanceState.CLOSED


def test_inspectors_are_tied_like_a_panels_experts_and_replaced_without_loss(play):
    play.self_assess()
    knows_every_tie(play)
    play.name(*INSPECTORS)
    play.inspect({INSPECTORS[0]: 90})
    refuses_who_does_not_fit(play)
    passes_the_open_sheet_on(play)


def knows_every_tie(play):
    """Kin of the host, a teacher of a former one, a joint publication: what the panel's graph knows counts here."""
    people = play.province.people
    with play.stage.acting() as act:
        person = add_person(act, "expert8")
        people["expert8"], play.province.public_ids["expert8"] = person.id, person.public_id
        act.session.add(Expert(person_id=person.id, unit_id=play.province.units["U3"].id, fields=["党建"]))
    with play.stage.acting(people["province"]) as act:
        known = {"by_id": people["province"], "at": act.now}
        act.session.add_all(
            [
                Tie(person_id=people["expert6"], other_id=people["host_u1"], kind=TieKind.KIN, note="表兄", **known),
                Tie(person_id=people["host_u2"], other_id=people["expert7"], kind=TieKind.ADVISER, **known),
                ExpertWork(
                    person_id=people["expert2"], title="论支部建设", published_on=date(2025, 1, 1),
                    authors="人员expert2、人员host_u1",
                ),
                FormerHost(
                    studio_id=play.studio(play.key).id, person_id=people["host_u2"], from_on=date(2025, 1, 1),
                    to_on=date(2026, 3, 1), reason="调离", at=act.now,
                ),
            ]
        )  # fmt: skip
    shown = play.context("province", play.task("name_inspectors", play.case))["experts"]
    assert {row["name"]: row["conflict"] for row in shown if row["conflict"]} == {
        "人员expert1": "本单位",
        "人员expert2": "近三年合作发表（论支部建设）",
        "人员expert6": "亲属（表兄）",
        "人员expert7": "师生",
    }


def replace(play, leaves, comes, reason="因病不能到场。", person="province", **more):
    ids = play.province.public_ids
    with play.stage.acting(play.province.people[person]) as act:
        replace_inspector(act, acceptance=play.case, change=Replacement(ids[leaves], ids[comes], reason, **more))


def refuses_who_does_not_fit(play):
    done, waiting, other = INSPECTORS
    for leaves, comes, error in (
        (done, "expert8", InspectorNotReplaceable),  # has handed in
        ("expert8", "expert8", InspectorNotReplaceable),  # was not named
        (waiting, other, SuccessorUnfit),  # inspects already
        (waiting, "host_u3", SuccessorUnfit),  # is not of the pool
        (waiting, "expert6", InspectorConflicted),
    ):
        with pytest.raises(error) as refusal:
            replace(play, leaves, comes)
        assert refusal.value.params["clause"] == "C6.2"
    with pytest.raises(InspectorReasonMissing):
        replace(play, waiting, "expert8", " ")
    with pytest.raises(NotAllowed):
        replace(play, waiting, "expert8", person="secretariat")


def passes_the_open_sheet_on(play):
    done, leaves, other = INSPECTORS
    task_id, before = play.task("inspect", play.case, leaves), rows_of(play, Inspection)
    replace(play, leaves, "expert8", is_tied=True)
    assert rows_of(play, Inspection) == before
    assert (play._is_for(task_id, leaves), play._is_for(task_id, "expert8")) == (False, True)
    with play.stage.reading(play.province.people["province"]) as act:
        named = view_affairs(act, public_id=play.key).inspectors
        tie = act.session.scalars(select(Tie).where(Tie.kind == TieKind.DECLARED)).one()
    assert tie.person_id == play.province.people[leaves]
    assert {each.name: each.state for each in named.listed} == {
        f"人员{done}": "done", f"人员{leaves}": "left", f"人员{other}": "waiting", "人员expert8": "waiting",
    }  # fmt: skip
    with pytest.raises(NotYourTask):
        play.send(leaves, "late", {}, task_id)
    play.inspect({"expert8": 90, other: 90})
    assert play.context("province", play.task("conclude", play.case))["score"] == "90.00"


def rows_of(play, table):
    with play.stage.database.reading() as session:
        return session.execute(select(*table.__table__.columns)).all()
