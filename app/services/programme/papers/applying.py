"""Papers about one application: the form, the receipt, notices of return and of rejection (C5.1, C5.2a, C5.3a)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from app.domain.papers import PaperKind
from app.domain.time import SHANGHAI
from app.domain.units import TRACK_NAMES
from app.services.acting import Act
from app.services.papers.ordering import Content, Event, composes
from app.services.programme.papers.forms import application_sections
from app.services.programme.papers.letters import Letter
from app.services.programme.parties import undertaking_unit_id
from app.services.programme.subjects import settings_of
from app.services.programme.wording import day_text, moment_text
from app.services.studios import school_of, studio_name
from app.store.models import Unit
from app.store.queries import applications as rows
from app.store.queries.lines import line_of

PROGRAMME = "甘肃省“双优”党支部书记工作室"


@dataclass(frozen=True, slots=True)
class Applied:
    """An application with the names that its papers bear."""

    row: rows.ApplicationRow
    line: tuple[Unit, ...]

    @property
    def studio(self) -> str:
        """The studio's name."""
        return studio_name(self.row.branch.name)

    @property
    def school(self) -> str:
        """The school's name."""
        return school_of(self.line).name

    @property
    def addressee(self) -> str:
        """To whom a letter about it goes."""
        return f"{self.row.branch.name}（主持人：{self.row.host.name}）"

    def names(self) -> dict[str, str]:
        """The names as single facts."""
        return {
            "studio": self.studio,
            "host": self.row.host.name,
            "branch": self.row.branch.name,
            "school": self.school,
            "cycle": self.row.cycle.title,
            "receipt_number": self.row.application.receipt_number or "",
        }


def applied(act: Act, event: Event) -> Applied:
    """Return the application that an event is about."""
    found = rows.application_row(act.session, event.case.id)
    if found is None:
        raise LookupError(f"case {event.case.id} is about no application")
    return Applied(found, tuple(line_of(act.session, found.branch.id, act.today)))


@composes(PaperKind.APPLICATION_FORM)
def application_form(act: Act, event: Event) -> Content:
    """The application as submitted, with its evidence, the declarations so far, and places for seals and signatures."""
    about = applied(act, event)
    application = about.row.application
    cover = [
        ("申报批次", about.row.cycle.title),
        ("工作室名称", about.studio),
        ("主持人", about.row.host.name),
        ("党支部", about.row.branch.name),
        ("所在学校", about.school),
        ("申报类别", TRACK_NAMES[application.track]),
        ("申报领域", application.field or ""),
        ("受理号", application.receipt_number or ""),
        ("提交时间", _second(application.submitted_at) if application.submitted_at else ""),
        *_from_paper(about),
    ]
    facts = {
        "programme": PROGRAMME,
        "cover": [list(pair) for pair in cover],
        "sections": application_sections(act, event.case, application),
    }
    return Content(f"{about.studio}申报书", facts)


@composes(PaperKind.RECEIPT)
def receipt(act: Act, event: Event) -> Content:
    """The receipt: number, the server's time, a digest of what was submitted, and where to ask how far it is."""
    about = applied(act, event)
    application, cycle = about.row.application, about.row.cycle
    number = application.receipt_number or ""
    pairs = [
        ("受理号", number),
        ("受理时间", f"{_second(application.submitted_at or event.at)}（北京时间，以服务器时间为准）"),
        ("申报截止", moment_text(cycle.deadline_at) if cycle.deadline_at else ""),
        ("申报批次", cycle.title),
        ("工作室", about.studio),
        ("主持人", about.row.host.name),
        ("所在学校", about.school),
        ("申报类别", TRACK_NAMES[application.track]),
        ("申报内容校验码", _digest(application.snapshot or {})),
        *_from_paper(about),
    ]
    secretariat = act.session.get_one(Unit, undertaking_unit_id(act))
    facts = {
        "pairs": [list(pair) for pair in pairs],
        "paragraphs": [
            "上述申报已提交并锁定，即日起按程序办理。",
            "本回执只证明收到申报及收到的时间，不是资格审查的结论。凭受理号可在公开页面查询办理进度。",
        ],
        "qr": f"{act.ports.outgoing.address}/receipt?number={number}",
        "signed_by": secretariat.name,
        "date": day_text(event.at.astimezone(SHANGHAI).date()),
    }
    return Content("受理回执", facts)


def _from_paper(about: Applied) -> list[tuple[str, str]]:
    """How it came in, where it was entered from paper."""
    application = about.row.application
    if application.entered_unit_id is None or application.paper_received_on is None:
        return []
    unit = next((unit.name for unit in about.line if unit.id == application.entered_unit_id), "上级党组织")
    received = day_text(application.paper_received_on)
    return [("申报方式", f"纸质申报，{received}收件，由{unit}代为录入")]


def _second(moment: datetime) -> str:
    local = moment.astimezone(SHANGHAI)
    return f"{day_text(local.date())} {local:%H:%M:%S}"


def _digest(snapshot: Mapping[str, Any]) -> str:
    """The SHA-256 of the submitted values as JSON with sorted keys, by eights."""
    found = hashlib.sha256(orjson.dumps(snapshot, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return " ".join(found[place : place + 8] for place in range(0, len(found), 8))


@composes(PaperKind.RETURN_NOTICE)
def return_notice(act: Act, event: Event) -> Content:
    """Why a form or its materials come back, and by when they are expected again (C5.2a, C5.3a)."""
    about = applied(act, event)
    is_initial = event.about["stage"] == "initial_review"
    issuer = _issuer(act, about, event)
    day = _last_day(act, event, settings_of(about.row.cycle).correction_working_days)
    deadline = f"{day_text(day)}24:00"
    opinion = str(event.about["opinion"] or "")
    what = "修改申报材料" if is_initial else "补正材料"
    letter = Letter(
        issuer=issuer,
        dated=event.at,
        addressee=about.addressee,
        paragraphs=[
            (
                f"你支部申报的{about.studio}（受理号 {about.row.application.receipt_number}），经"
                f"{'初评' if is_initial else '形式审查'}，现退回{what}。"
            ),
            f"退回理由：{opinion}",
            f"请于{deadline}前在平台{what}并重新提交。逾期未提交的，按申报通知的规定办理。资格核对的基准日不因退回而改变。",
        ],
        closing=["特此通知。"],
        more={**about.names(), "reasons": opinion, "deadline": deadline},
    )
    return Content("退回修改通知书" if is_initial else "补正材料通知书", letter.facts())


def _issuer(act: Act, about: Applied, event: Event) -> str:
    """Whose letter it is: the unit that reviewed, the undertaking unit, or for its own cases the province (C6.5)."""
    if event.about["stage"] == "initial_review":
        return act.session.get_one(Unit, about.row.application.prelim_unit_id).name
    if event.about["stage"] == "format_check":
        return act.session.get_one(Unit, undertaking_unit_id(act)).name
    return about.line[-1].name


def _last_day(act: Act, event: Event, working_days: int) -> date:
    return act.ports.calendar.add_working_days(event.at.astimezone(SHANGHAI).date(), working_days)


def review_told(event: Event) -> list[str]:
    """Say until when a later decision's review may be asked for, where it may (C5.3a, C5.3d, C5.3e)."""
    if "until" not in event.about:
        return []
    last = datetime.fromisoformat(event.about["until"]) - timedelta(seconds=1)
    return [
        f"对本决定有异议的，可在{day_text(last.astimezone(SHANGHAI).date())}24:00前在平台上向省委教育工委申请复核。"
    ]


@composes(PaperKind.REJECTION_NOTICE)
def rejection_notice(act: Act, event: Event) -> Content:
    """That an application is not recommended, or not accepted, with the reason and what can be asked for (C5.2a)."""
    about = applied(act, event)
    is_initial = event.about["stage"] == "initial_review"
    reason = about.row.application.state_reason or ""
    outcome = "不予推荐" if is_initial else "不予受理"
    closing, more = [*review_told(event), "特此通知。"], {**about.names(), "reasons": reason}
    if is_initial:
        days = settings_of(about.row.cycle).review_request_working_days
        deadline = f"{day_text(_last_day(act, event, days))}24:00"
        closing.insert(0, f"对本决定有异议的，可在{days}个工作日内（{deadline}前）在平台上向省委教育工委申请复核。")
        more["deadline"] = deadline
    letter = Letter(
        issuer=_issuer(act, about, event),
        dated=event.at,
        addressee=about.addressee,
        paragraphs=[
            (
                f"你支部申报的{about.studio}（受理号 {about.row.application.receipt_number}），经"
                f"{'初评' if is_initial else '形式审查'}，决定{outcome}。"
            ),
            f"理由：{reason}",
        ],
        closing=closing,
        more=more,
    )
    return Content(f"{outcome}通知书", letter.facts())
