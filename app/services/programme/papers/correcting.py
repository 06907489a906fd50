"""Papers that correct what was decided: a review's decision, the decision on false materials (C5.2a, C5.3e)."""

from app.domain.papers import PaperKind
from app.services.acting import Act
from app.services.landing import case_of
from app.services.papers.ordering import Content, Event, composes
from app.services.programme.papers.applying import Applied, applied
from app.services.programme.papers.letters import Letter
from app.services.programme.stages import DECISIONS, STAGES
from app.services.programme.wording import day_text, moment_text
from app.store.models import Application, Instance, ReviewOutcome
from app.store.queries import falsities, review_requests

_OUTCOMES = {
    "cancelled": "取消本次评审资格",
    "revoked": "撤销“双优”党支部书记工作室，收回授牌，并在公布页面更正",
}


def _about(act: Act, event: Event, application: Application) -> Applied:
    """The application that a correction is about, as other papers name it."""
    case = case_of(act.session.get_one(Instance, application.instance_id))
    return applied(act, Event(case, event.at, event.about))


_DECIDED = {
    "initial": ("初评单位", "决定不予推荐"),
    "format": ("形式审查", "决定不予受理"),
    "shortlist": ("专家组", "评议未入围"),
    "approval": ("省委教育工委", "审定未通过"),
}


@composes(PaperKind.REVIEW_DECISION)
def review_decision(act: Act, event: Event) -> Content:
    """What a request for review came to, and why (C5.2a, C5.3a, C5.3d, C5.3e)."""
    request, application, *_ = review_requests.request_context(act.session, event.case.business_key)
    about = _about(act, event, application)
    is_upheld = request.outcome is ReviewOutcome.UPHELD
    who, decided = _DECIDED[request.stage]
    again = "由原承办人以外的人员重新办理" if request.stage != "initial" else "由原承办人以外的人员重新初评"
    outcome = f"撤销原{STAGES[DECISIONS[request.stage][-1]].name}结论，{again}" if is_upheld else "维持原决定"
    filed = moment_text(request.filed_at) if request.filed_at else ""
    letter = Letter(
        issuer=about.line[-1].name,
        dated=event.at,
        addressee=about.addressee,
        paragraphs=[
            (
                f"你支部申报的{about.studio}（受理号 {application.receipt_number}），{who}{decided}。"
                f"你于{filed}提出的复核申请收悉，经复核，现决定如下。"
            ),
            f"复核决定：{outcome}。",
            f"理由：{request.reason or ''}",
        ],
        closing=["原决定和本决定均留存备查。", "特此告知。"],
        more={**about.names(), "reasons": request.reason or "", "outcome": outcome},
    )
    return Content("复核决定书", letter.facts())


@composes(PaperKind.FALSITY_DECISION)
def falsity_decision(act: Act, event: Event) -> Content:
    """The decision on false materials, under the number that the office gave it (C5.3e)."""
    falsity, application, *_ = falsities.falsity_context(act.session, event.case.business_key)
    about = _about(act, event, application)
    outcome = _OUTCOMES[event.about["outcome"]]
    letter = Letter(
        issuer=about.line[-1].name,
        dated=event.at,
        addressee=about.addressee,
        paragraphs=[
            f"经核实，你支部申报的{about.studio}（受理号 {application.receipt_number}）存在弄虚作假情形。",
            f"事实和依据：{falsity.finding or ''}",
            f"根据建设方案第五条（三），决定{outcome}，自{day_text(act.today)}起执行。",
        ],
        closing=["特此决定。"],
        more={**about.names(), "reasons": falsity.finding or "", "outcome": outcome},
    )
    return Content("关于弄虚作假的处理决定", letter.facts(), number=falsity.document_number)
