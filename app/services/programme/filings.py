"""The documents of a studio: drafted by its host, approved as the routing table says, record-filed (C6.7)."""

from collections.abc import Mapping
from typing import Any

from app.domain.clauses import clause
from app.domain.papers import PaperKind
from app.domain.studios import DOCUMENT_NAMES, DocumentKind, year_called
from app.domain.time import SHANGHAI
from app.domain.units import Acting
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, first_values, form_context, on_complete, titles, view_extra
from app.services.papers.ordering import Order, order_paper
from app.services.programme.material import handed_over
from app.services.programme.subjects import handed_in_at, studio_of
from app.store.adding import add_rows
from app.store.models import FormSubmission, StudioCommitment, StudioDocument
from app.store.queries import papers, studios, submissions
from app.store.types import new_public_id

_APPROVALS: Mapping[str, str] = {
    Acting.OWN: "approve_school",
    Acting.COUNTY: "approve_county",
    Acting.CITY: "approve_city",
    Acting.PROVINCE: "approve_province",
}
"""The words of ``routing.dmn`` and the task in which who is meant approves."""

_APPROVERS: Mapping[str, str] = {
    Acting.OWN: "所在学校党组织",
    Acting.COUNTY: "县区教育部门",
    Acting.CITY: "市州教育工作部门",
    Acting.PROVINCE: "省委教育工委",
}
_STEPS: Mapping[str, str] = {
    "draft_document": "起草",
    "file_document": "备案",
    **dict.fromkeys(_APPROVALS.values(), "批准"),
}


def kind_at(data: Mapping[str, Any]) -> DocumentKind:
    """Return which document a task or action is about."""
    return DocumentKind(data["document"]["kind"])


def name_of(data: Mapping[str, Any]) -> str:
    """Return what the document is called: 建设方案, 第二年度工作计划."""
    kind, year = kind_at(data), data["document"]["year"]
    return f"{year_called(year)}工作计划" if kind is DocumentKind.YEAR_PLAN else DOCUMENT_NAMES[kind]


def _title(_act: Act, at: At) -> str:
    """What the task is called: 起草建设方案, 批准第一年度工作计划."""
    return f"{_STEPS[at.element_id]}{name_of(at.data)}"


def _handed_in(_act: Act, at: At, _values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Note in the data by which task it was handed in: three documents go the same way at the same time."""
    return {"task": at.task_id}


for _element in _STEPS:
    titles("filing", _element)(_title)
    on_complete("filing", _element)(_handed_in)


@form_context("filing", "draft_document")
def what_to_draft(act: Act, at: At) -> Mapping[str, Any]:
    """Return which document it is, why it came back, and for a year's plan what the construction plan commits to."""
    is_yearly = kind_at(at.data) is DocumentKind.YEAR_PLAN
    found = studios.commitments_of_case(act.session, at.case.id) if is_yearly else ()
    return {
        "document_name": name_of(at.data),
        "return_opinion": _why_returned(act, at.data),
        "tasks": [{**row_of(each), "planned": None} for each in found],
    }


@first_values("filing", "draft_document")
def drafted_before(act: Act, at: At) -> Mapping[str, Any]:
    """Return what came back, else the document's template."""
    before = at.data.get("draft_document", {}).get("task")
    if before:
        drafted = handed_in_at(act, before)[0].data
        return {key: drafted.get(key) for key in _TYPED}
    return {"title": f"{at.case.title}{name_of(at.data)}", "text": _TEMPLATES[kind_at(at.data)]}


def _why_returned(act: Act, data: Mapping[str, Any]) -> str | None:
    steps = [data.get(element, {}) for element in ("file_document", *_APPROVALS.values())]
    tasks = [step["task"] for step in steps if step.get("decision") == "return"]
    found = sorted(submissions.of_tasks(act.session, tasks), key=lambda each: each.id) if tasks else []
    if not found:
        return None
    last = found[-1].data
    faults = "、".join(_FAULTS[each] for each in last.get("faults") or ())
    return "；".join(part for part in (faults, last.get("opinion")) if part)


def _drafted(act: Act, at: At) -> Mapping[str, Any]:
    """What a document says, for who approves it."""
    drafted = handed_in_at(act, at.data["draft_document"]["task"])[0].data
    listed = drafted.get("commitments") if kind_at(at.data) is DocumentKind.PLAN else drafted.get("tasks")
    return {
        "document_name": name_of(at.data),
        "title": drafted["title"],
        "text": drafted["text"],
        "commitments": [_shown(row) for row in listed or ()],
    }


def _attached(act: Act, at: At) -> Mapping[str, Any]:
    """What was attached to a document, for who approves or files it."""
    return handed_over(act, at.case, handed_in_at(act, at.data["draft_document"]["task"])[0].data)


for _element in _APPROVALS.values():
    form_context("filing", _element)(_drafted)
for _element in (*_APPROVALS.values(), "file_document"):
    view_extra("filing", _element)(_attached)


@form_context("filing", "file_document")
def what_to_file(act: Act, at: At) -> Mapping[str, Any]:
    """Return what a document says and who approved it."""
    return {**_drafted(act, at), "approved_by": _APPROVERS[at.data["approver"]["word"]]}


@action("take_approval")
def take_approval(ctx: ActionContext) -> Mapping[str, Any]:
    """Take the decision of who approves this studio's documents (C6.7)."""
    decided = ctx.data[_APPROVALS[ctx.data["approver"]["word"]]]
    return {"approval": {"decision": decided["decision"], "task": decided["task"]}}


@action("record_filing")
def record_filing(ctx: ActionContext) -> None:
    """Give the document its number, keep it as filed, and have the receipt made (C6.7)."""
    act, data, studio = ctx.act, ctx.data, studio_of(ctx.act, ctx.case)
    drafted, approved, filed = handed_in_at(
        act, data["draft_document"]["task"], data["approval"]["task"], data["file_document"]["task"]
    )
    year = act.now.astimezone(SHANGHAI).year
    number = f"双优备〔{year}〕{papers.next_number(act.session, PaperKind.FILING_RECEIPT, year)}号"
    document = StudioDocument(
        public_id=new_public_id(),
        studio_id=studio.id,
        kind=kind_at(data),
        year=data["document"]["year"],
        title=drafted.data["title"],
        number=number,
        submission_id=drafted.id,
        approved_by_id=approved.by_id,
        approved_at=approved.at,
        filed_by_id=filed.by_id,
        filed_at=filed.at,
    )
    act.session.add(document)
    act.session.flush()
    _keep_commitments(act, ctx.case.id, document, drafted)
    audit.record(
        act, case_id=ctx.case.id, action="file_document", object=f"document/{document.public_id}", result=number
    )
    about = {"document": name_of(data), "title": document.title, "number": number, "year": document.year}
    order_paper(act, ctx.case, Order(PaperKind.FILING_RECEIPT, document.public_id, about=about))


def _keep_commitments(act: Act, case_id: int, document: StudioDocument, drafted: FormSubmission) -> None:
    if document.kind is DocumentKind.PLAN:
        listed = enumerate(drafted.data.get("commitments") or (), start=1)
        rows = [
            {
                "studio_id": document.studio_id,
                "number": number,
                **{key: row[key] for key in ("heading", "text", "measure")},
            }
            for number, row in listed
        ]
        add_rows(act.session, StudioCommitment, rows)
    if document.kind is DocumentKind.YEAR_PLAN:
        _keep_planned(act, case_id, document.year, drafted)


def _keep_planned(act: Act, case_id: int, year: int, drafted: FormSubmission) -> None:
    """Keep what the year's plan says of each commitment; filed late, the year may have been reported already."""
    found = {row[0].number: row for row in studios.commitments_in_year(act.session, case_id, year)}
    for row in drafted.data.get("tasks") or ():
        if row.get("planned"):
            studios.kept_in_year(act.session, found[int(row["row_key"])], year).planned = row["planned"]


def row_of(commitment: StudioCommitment) -> dict[str, Any]:
    """Return a commitment as a row of a form."""
    return {
        "row_key": str(commitment.number),
        "heading_name": clause(commitment.heading).title,
        "text": commitment.text,
    }


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    heading = row.get("heading")
    named = {"heading_name": clause(heading).title} if heading else {}
    return {**row, **named, "measure": row.get("measure") or row.get("planned")}


_TYPED = ("title", "text", "doc", "commitments", "tasks")

_FAULTS: Mapping[str, str] = {
    "incomplete": "内容不全",
    "unsealed": "未盖章或未签字",
    "illegible": "扫描件不清晰",
    "wrong_template": "未按模板",
}

_TEMPLATES: Mapping[DocumentKind, str] = {
    DocumentKind.RULES: (
        "一、工作职责\n（主持人、成员和所在学校党组织的职责）\n\n二、日常管理\n（例会、学习研讨、档案管理）\n\n"
        "三、经费管理\n（来源、开支范围、审批程序）\n\n四、考核激励\n（成员考核、年度报告）"
    ),
    DocumentKind.PLAN: (
        "一、建设基础\n\n二、建设目标\n（把准方向、筑牢堡垒、改革创新、攻坚克难、建强队伍、争先进位）\n\n"
        "三、建设任务\n（在下方逐项列出）\n\n四、团队组成和分工\n\n五、条件保障和经费预算"
    ),
    DocumentKind.WORK_PLAN: "一、总体安排\n\n二、分年度重点工作\n\n三、示范引领和指导服务\n\n四、保障措施",
    DocumentKind.YEAR_PLAN: "一、本年度目标\n\n二、重点工作和时间安排\n\n三、示范、培训和交流活动\n\n四、经费安排",
}
"""What each document is drafted from."""
