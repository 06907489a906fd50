"""The pledge (承诺书) that an expert signs before any material can be opened, to be printed and signed (C5.3a)."""

from app.domain.papers import PaperKind
from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.panel.seating import groups_of
from app.services.papers.ordering import Content, Event, composes
from app.services.programme.papers.letters import Letter, Table
from app.services.programme.wording import moment_text
from app.store.models import Cycle, Expert, Person, Tie, Unit
from app.store.queries import forming, parties

_KINDS = {"kin": "亲属", "adviser": "师生", "coauthor": "近三年合作发表", "declared": "其他"}
_OFFICE = RoleKey.PROVINCE_COMMITTEE
_TIES = {"申报人": 3, "关系": 4, "说明": 7}


@composes(PaperKind.PLEDGE)
def pledge(act: Act, event: Event) -> Content:
    """Who promises what in which cycle, which ties they declared, and when they signed on the platform."""
    found = forming.invitation(act.session, event.case.business_key)
    if found is None:
        raise LookupError(f"case {event.case.id} is about no invitation")
    _, person, cycle = found
    expert = act.session.get_one(Expert, person.id)
    unit = act.session.get(Unit, expert.unit_id) if expert.unit_id else None
    seat = forming.member(act.session, cycle.id, person.id)
    group = groups_of(cycle).named(seat.review_group).name if seat else ""
    ties = [[other, _KINDS[tie.kind], tie.note] for tie, other in _declared(act, person, cycle)]
    place, signed_at = f"{unit.name if unit else ''}{expert.post}", moment_text(event.at)
    office = next(unit for role, unit, _ in parties.of_case(act.session, event.case.id) if unit and role == _OFFICE)
    letter = Letter(
        issuer=office.name,
        dated=event.at,
        addressee=office.name,
        paragraphs=[
            f"本人{person.name}{_noted(place)}受邀担任《{cycle.title}》评审专家{_noted(group)}。",
            str(event.about["pledge"]),
            "本人申明的关系如下。" if ties else "本人与各申报人无须申明的关系。",
        ],
        table=Table(_TIES, ties, "申明的关系") if ties else None,
        closing=[f"本承诺书由本人于{signed_at}以实名账号在平台签署，签名：{event.about['signature']}。"],
        signatures=["承诺人（签名）", "监督人（签名）"],
        more={
            "cycle": cycle.title,
            "expert": person.name,
            "unit": unit.name if unit else "",
            "group": group,
            "signed_at": signed_at,
        },
    )
    return Content("评审专家承诺书", letter.facts())


def _noted(words: str) -> str:
    return f"（{words}）" if words else ""


def _declared(act: Act, person: Person, cycle: Cycle) -> list[tuple[Tie, str]]:
    """What the expert declared in this cycle themselves."""
    return [
        (tie, other)
        for tie, other in forming.ties_on_record(act.session, [person.id])
        if tie.cycle_id == cycle.id and tie.by_id == person.id
    ]
