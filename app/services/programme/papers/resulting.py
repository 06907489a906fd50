"""Papers of the result: what an applicant is told, and the notice of the provincial publicity (C5.3d, C5.3e)."""

from app.domain.papers import PaperKind
from app.domain.units import TRACK_NAMES
from app.services.acting import Act
from app.services.papers.ordering import Content, Event, composes
from app.services.programme.deciding import approved_cases
from app.services.programme.papers.applying import applied, review_told
from app.services.programme.papers.letters import Letter, Table
from app.services.programme.subjects import cycle_of
from app.services.programme.wording import day_text
from app.services.publicity import last_day
from app.services.studios import school_of, studio_name
from app.store.queries import results as rows
from app.store.queries.lines import lines_of

_OUTCOMES = {"not_shortlisted": "未入围", "struck": "未通过审定"}


@composes(PaperKind.RESULT_NOTICE)
def result_notice(act: Act, event: Event) -> Content:
    """That an application was not shortlisted, or not approved, with the reason; it names no reviewer and no score."""
    about = applied(act, event)
    reason = about.row.application.state_reason or ""
    outcome = _OUTCOMES[event.about["outcome"]]
    letter = Letter(
        issuer=about.line[-1].name,
        dated=event.at,
        addressee=about.addressee,
        paragraphs=[
            (
                f"你支部申报的{about.studio}（受理号 {about.row.application.receipt_number}），经专家评审、答辩"
                f"{'和审定' if event.about['outcome'] == 'struck' else '和专家组评议'}，本批次{outcome}。"
            ),
            f"说明：{reason}",
        ],
        closing=[*review_told(event), "特此告知。"],
        more={**about.names(), "outcome": outcome, "reasons": reason},
    )
    return Content("申报结果告知书", letter.facts())


@composes(PaperKind.PROVINCIAL_NOTICE)
def provincial_notice(act: Act, event: Event) -> Content:
    """The approved list with the working days for which it is public."""
    cycle = cycle_of(act, event.case)
    window = rows.provincial_window(act.session, cycle.id)
    if window is None:
        raise LookupError(f"cycle {cycle.id} has no provincial publicity")
    found = approved_cases(act, event.case)
    above = lines_of(act.session, [branch.id for *_, branch in found], window.opens_on)
    listed = [
        [
            str(place),
            TRACK_NAMES[application.track],
            studio_name(branch.name),
            host.name,
            school_of(above[branch.id]).name,
        ]
        for place, (application, _, host, branch) in enumerate(found, start=1)
    ]
    days = (day_text(window.opens_on), day_text(last_day(window)))
    issuer = next((line[-1].name for line in above.values()), "")
    letter = Letter(
        issuer=issuer,
        dated=window.opened_at,
        paragraphs=[
            f"根据《{cycle.title}》，经申报、初评、公示、专家评审和审定，现将拟公布的“双优”党支部书记工作室予以公示。",
            f"公示时间：{days[0]}至{days[1]}，共{window.working_days}个工作日。",
            (
                "公示期内，对公示对象有异议的，可以实名或者加盖单位公章，说明事实、理由和联系方式，"
                f"书面向{issuer}提出。个人身份依规保密；匿名异议不予受理。"
            ),
            f"公示页面：{act.ports.outgoing.address}/rules/{cycle.public_id}/publicity",
        ],
        table=Table({"序号": 2, "类别": 3, "工作室": 8, "主持人": 3, "所在学校": 5}, listed, "拟公布名单"),
        more={
            "cycle": cycle.title,
            "opens_on": days[0],
            "last_day": days[1],
            "working_days": str(window.working_days),
        },
    )
    return Content("关于“双优”党支部书记工作室拟公布名单的公示", letter.facts())
