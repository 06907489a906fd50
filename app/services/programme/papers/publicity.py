"""Papers of publicity: the notice of a unit's list, and the reply to who objected (C5.2b)."""

from app.domain.papers import PaperKind
from app.domain.time import SHANGHAI
from app.services.acting import Act
from app.services.papers.ordering import Content, Event, composes
from app.services.programme.papers.letters import Letter, Table
from app.services.programme.subjects import cycle_of, list_of
from app.services.programme.wording import day_text, moment_text
from app.services.publicity import grown, last_day, strip
from app.services.studios import school_of, studio_name
from app.store.models import PublicityWindow, Unit
from app.store.queries import publicity as rows
from app.store.queries.lines import line_of, lines_of

_WEEKDAYS = "一二三四五六日"
_RULINGS = {"upheld": "异议成立", "dismissed": "异议不成立"}


@composes(PaperKind.PUBLICITY_NOTICE)
def publicity_notice(act: Act, event: Event) -> Content:
    """The list of a unit with the working days for which it is public."""
    unit_list, cycle = list_of(act, event.case), cycle_of(act, event.case)
    window = rows.window_of(act.session, unit_list.id)
    if window is None:
        raise LookupError(f"list {unit_list.id} was never made public")
    unit = act.session.get_one(Unit, unit_list.unit_id)
    last = last_day(window)
    letter = Letter(
        issuer=unit.name,
        dated=window.opened_at,
        paragraphs=[
            (
                f"根据《{cycle.title}》，经个人申报、上级党组织证明、学校党组织和纪检机构声明、初评和集体研究，"
                f"现将拟推荐的“双优”党支部书记工作室予以公示。"
            ),
            (
                f"公示时间：{day_text(window.opens_on)}至{day_text(last)}，共{window.working_days}个工作日："
                f"{'、'.join(_working_days(act, window))}。"
            ),
            (
                "公示期内，对公示对象有异议的，可以实名或者加盖单位公章，说明事实、理由和联系方式，"
                f"通过公示页面或者书面向{unit.name}提出。个人身份依规保密；匿名异议不予受理。"
            ),
            *_extensions(act, window),
            f"公示页面：{act.ports.outgoing.address}/publicity/{window.public_id}",
        ],
        table=_items(act, window),
        more={
            "unit": unit.name,
            "cycle": cycle.title,
            "opens_on": day_text(window.opens_on),
            "last_day": day_text(last),
            "working_days": str(window.working_days),
        },
    )
    return Content(f"{unit.name}关于“双优”党支部书记工作室拟推荐名单的公示", letter.facts())


def _extensions(act: Act, window: PublicityWindow) -> list[str]:
    """What the notice of a window that grew says of it."""
    found = [grown(row) for row in rows.extensions_of(act.session, window.id)]
    return [f"公示期限由{day_text(each.before)}延长至{day_text(each.after)}。原因：{each.reason}" for each in found]


def _working_days(act: Act, window: PublicityWindow) -> list[str]:
    days = strip(window, today=act.today, calendar=act.ports.calendar)
    return [
        f"{each.day.month}月{each.day.day}日（周{_WEEKDAYS[each.day.weekday()]}）"
        for each in days
        if each.number is not None
    ]


def _items(act: Act, window: PublicityWindow) -> Table:
    found = rows.items_of(act.session, window.id)
    above = lines_of(act.session, [branch.id for *_, branch in found], act.today)
    listed = [
        [
            str(item.rank),
            studio_name(branch.name),
            host.name,
            school_of(above[branch.id]).name,
            application.field or "",
        ]
        for item, application, host, branch in found
    ]
    columns = {"序号": 2, "工作室": 7, "主持人": 3, "所在学校": 5, "申报领域": 4}
    return Table(columns, listed, "拟推荐名单（按推荐顺序）")


@composes(PaperKind.OBJECTION_REPLY)
def objection_reply(act: Act, event: Event) -> Content:
    """What became of an objection and why; it names neither who raised this one nor any other."""
    objection, _, _, branch, unit_list = rows.objection_context(act.session, event.case.business_key)
    unit = act.session.get_one(Unit, unit_list.unit_id) if unit_list else line_of(act.session, branch.id, act.today)[-1]
    ruling = _RULINGS.get(objection.ruling or "", "不予受理")
    letter = Letter(
        issuer=unit.name,
        dated=event.at,
        addressee=f"异议人（异议编号 {objection.public_id}）",
        paragraphs=[
            (
                f"你于{day_text(objection.lodged_at.astimezone(SHANGHAI).date())}对{studio_name(branch.name)}提出的异议收悉。"
                "现答复如下。"
            ),
            f"处理结论：{ruling}。",
            f"理由：{objection.reason or ''}",
        ],
        closing=["异议人的身份和联系方式依规保密，本答复书不予载明。", "特此答复。"],
        more={
            "studio": studio_name(branch.name),
            "objection": objection.public_id,
            "lodged_at": moment_text(objection.lodged_at),
            "ruling": ruling,
            "reasons": objection.reason or "",
        },
    )
    return Content("异议答复书", letter.facts())
