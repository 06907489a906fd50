"""The application as its reviewers see it: the submitted form with its files, what section 4 says, and a summary."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.eligibility import Assessment
from app.domain.forms import Form
from app.domain.units import TRACK_NAMES
from app.services.acting import Act
from app.services.deployed import form_of, form_version_of
from app.services.hooks import At, Case
from app.services.programme.judging import judge
from app.services.programme.wording import day_text
from app.services.studios import school_of
from app.store.models import Evidence, EvidenceUse, ScanState
from app.store.queries import applications as rows
from app.store.queries import evidence
from app.store.queries.lines import line_of

PROVES = {
    "appointments": "任职经历",
    "titles": "专业技术职务",
    "commendations": "表彰",
    "publications": "论文和著作",
    "appraisals": "述职评议考核",
    "committee_works": "省委教育工委课题和荣誉",
    "awards": "学生、团队奖励",
    "attest_superior": "上级党组织证明",
    "declare_school": "学校党组织声明",
    "declare_discipline": "纪检机构声明",
    "seal": "盖章扫描件",
    "paper": "纸质申报书扫描件",
    "supplements": "补正材料",
    "objections": "核查材料",
    "reexamination": "核实材料",
    "review_requests": "复核材料",
    "falsity": "核实材料",
    "documents": "文件附件",
    "host_change": "变更原因证明",
    "reports": "年度报告",
    "self_assessment": "自评佐证",
    "rectification": "整改佐证",
    "inspection": "现场照片",
    "rooms": "办公场所照片",
    "plan_page": "学校年度计划页",
    "pledges": "经费支持文件",
    "sign_in": "活动签到表",
    "photos": "活动照片",
    "entries": "收支凭证",
    "commitments": "任务完成佐证",
    "problems": "情况报告附件",
}
"""What a file proves, by the part of the form that owns it."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of a case; ``checked_at``: when its original was checked (原件核验), if it was."""

    public_id: str
    file_name: str
    media_type: str
    size: int
    pages: int | None
    is_scanned: bool
    is_infected: bool
    sha256: str
    owner: str
    row_key: str
    clause_id: str | None
    uploaded_at: datetime
    checked_at: datetime | None

    @property
    def proves(self) -> str:
        """What it proves, in a few words; empty where the form does not say."""
        return PROVES.get(self.owner, "")


@dataclass(frozen=True, slots=True)
class Material:
    """The application as submitted: its form, the values, the files by public id."""

    form: Form
    values: Mapping[str, Any]
    files: Mapping[str, CaseFile]


def material_panel(act: Act, at: At) -> dict[str, Any]:
    """Return the panels ``material`` and ``summary`` of a task about an application."""
    return {"material": material_of(act, at.case), "summary": summary_of(act, at.case)}


def review_panel(act: Act, at: At) -> dict[str, Any]:
    """Return, besides the material, the panel ``assessment``: section 4 judged now, with its explanation."""
    return material_panel(act, at) | {"assessment": assessment_of(act, at.case)}


def material_of(act: Act, case: Case) -> Material | None:
    """Return what was submitted, None before anything was."""
    application = rows.application_by_instance(act.session, case.id)
    if application is None or application.snapshot is None:
        return None
    element = "fill_in" if application.entered_by_id is None else "enter_paper"
    version = form_version_of(act.session, case.rules_id, "application", element)
    if version is None:
        return None
    return Material(form_of(act.session, version), application.snapshot, files_of_case(act, case.id))


def files_of_case(act: Act, instance_id: int) -> dict[str, CaseFile]:
    """Return the files of a case by public id."""
    return described(evidence.uses_of(act.session, instance_id))


def handed_over(act: Act, case: Case, *given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the panel ``papers``: the files named in what was handed in before, in the order they came."""
    named = set(_words(given))
    return {"papers": tuple(file for key, file in files_of_case(act, case.id).items() if key in named)}


def _words(given: Any) -> Iterator[str]:
    """Every text in what a form was completed with, files' ids among them."""
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping):
        yield from _words(tuple(given.values()))
    elif isinstance(given, list | tuple):
        for each in given:
            yield from _words(each)


def described(uses: Iterable[tuple[EvidenceUse, Evidence]]) -> dict[str, CaseFile]:
    """Return files in use by public id."""
    return {
        file.public_id: CaseFile(
            public_id=file.public_id,
            file_name=file.file_name,
            media_type=file.media_type,
            size=file.size,
            pages=file.pages,
            is_scanned=file.scanned is ScanState.CLEAN,
            is_infected=file.infected_at is not None,
            sha256=file.sha256,
            owner=use.owner,
            row_key=use.row_key,
            clause_id=use.clause_id,
            uploaded_at=file.uploaded_at,
            checked_at=use.original_checked_at,
        )
        for use, file in uses
    }


def assessment_of(act: Act, case: Case) -> Assessment | None:
    """Return what section 4 says of the application as submitted, None before it was."""
    application = rows.application_by_instance(act.session, case.id)
    return judge(act, case).assessment if application and application.snapshot else None


def summary_of(act: Act, case: Case) -> list[tuple[str, str]]:
    """Return the case in a few labelled words (案卷摘要)."""
    found = rows.application_row(act.session, case.id)
    if found is None:
        return []
    application, line = found.application, line_of(act.session, found.branch.id, act.today)
    pairs = [
        ("受理号", application.receipt_number),
        ("申报方式", "纸质代录" if application.entered_by_id else None),
        ("主持人", found.host.name),
        ("党支部", found.branch.name),
        ("所在学校", school_of(line).name),
        ("类别", TRACK_NAMES[application.track]),
        ("申报领域", application.field),
        ("基准日", day_text(found.cycle.as_of) if found.cycle.as_of else None),
        ("批次", found.cycle.title),
        ("规则版本", str(application.settings_version)),
    ]
    return [(label, value) for label, value in pairs if value]
