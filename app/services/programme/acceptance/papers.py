"""Papers of an acceptance: the certificate of a studio that passed, and the public notice of the conclusion (C6.2)."""

from datetime import datetime, time

from app.domain.acceptance import CONCLUSION_NAMES, GRADE_NAMES, Conclusion, Grade
from app.domain.papers import PaperKind
from app.domain.time import SHANGHAI
from app.services.acting import Act
from app.services.papers.ordering import Content, Event, composes
from app.services.programme.acceptance.subjects import acceptance_of
from app.services.programme.papers.letters import Letter, Table
from app.services.programme.wording import day_text
from app.services.studios import school_of
from app.store.models import Acceptance, AcceptanceState, Studio
from app.store.queries.lines import line_of
from app.store.queries.organisation import names_of


@composes(PaperKind.ACCEPTANCE_CERTIFICATE)
def certificate(act: Act, event: Event) -> Content:
    """The certificate that a studio passed its acceptance, with its grade; its number can be checked in public."""
    acceptance, studio = acceptance_of(act, event.case)
    facts = _facts(act, acceptance, studio)
    letter = Letter(
        issuer=facts["issuer"],
        dated=_dated(acceptance),
        addressee=studio.name,
        paragraphs=[
            (
                f"你工作室于{facts['term']}按照《甘肃省“双优”党支部书记工作室建设方案》完成建设任务，"
                f"经现场验收，总分{acceptance.score}，验收等级为“{facts['grade']}”，予以通过，特发此证。"
            ),
            f"主持人：{facts['host']}；所在学校：{facts['school']}；建设方向：{studio.direction}。",
            f"验收文号：{acceptance.document}。",
        ],
        more=facts,
    )
    return Content("“双优”党支部书记工作室验收证书", letter.facts())


@composes(PaperKind.ACCEPTANCE_NOTICE)
def notice(act: Act, event: Event) -> Content:
    """The public notice of an acceptance's conclusion, under the number that the office gave it."""
    acceptance, studio = acceptance_of(act, event.case)
    facts = _facts(act, acceptance, studio)
    letter = Letter(
        issuer=facts["issuer"],
        dated=_dated(acceptance),
        addressee="各市州教育工作部门，各高校党委",
        paragraphs=[
            "根据建设方案关于三年建设期满验收的规定，经工作室自评、专家现场验收和省委教育工委研究，现将结果公告如下。"
        ],
        table=Table(
            {"工作室": 8, "主持人": 3, "所在学校": 5, "建设期": 6, "结论": 3, "等级": 2},
            [[studio.name, facts["host"], facts["school"], facts["term"], facts["conclusion"], facts["grade"]]],
            "“双优”党支部书记工作室验收结果",
        ),
        more=facts,
    )
    return Content("关于“双优”党支部书记工作室验收结果的公告", letter.facts())


def _facts(act: Act, acceptance: Acceptance, studio: Studio) -> dict[str, str]:
    line = line_of(act.session, studio.branch_id, act.today)
    passed = acceptance.state is AcceptanceState.PASSED
    return {
        "issuer": line[-1].name,
        "studio": studio.name,
        "host": names_of(act.session, [studio.host_id])[studio.host_id],
        "school": school_of(line).name,
        "term": f"{day_text(studio.starts_on)}至{day_text(studio.ends_on)}",
        "grade": GRADE_NAMES[acceptance.grade or Grade.UNQUALIFIED],
        "conclusion": CONCLUSION_NAMES[Conclusion.PASS if passed else Conclusion.FAIL],
        "document": acceptance.document or "",
    }


def _dated(acceptance: Acceptance) -> datetime:
    if acceptance.concluded_on is None:
        raise LookupError(f"acceptance {acceptance.id} has no conclusion")
    return datetime.combine(acceptance.concluded_on, time(), SHANGHAI)
