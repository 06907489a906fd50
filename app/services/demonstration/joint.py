"""The joint steps: calls, units' lists, the panel and the decisions, as the people of the demonstration take them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.time import SHANGHAI
from app.services.acting import Act
from app.services.cycles import create_cycle
from app.services.demonstration.playing import Play, Values, Where, known
from app.services.panel.drawing import draw_panel, nonce_that_draws
from app.services.panel.replacing import replace_expert
from app.store.queries import cycles, forming, publicity

_TEXT = (
    "各市州教育工作部门、各高校：现组织“双优”党支部书记工作室申报。请按建设方案规定的条件和程序，"
    "认真组织推荐，严格审核把关，于截止日期前在平台提交。申报材料不得涉密。"
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a call opens and its deadlines fall, in days before the present (negative: after it)."""

    opens: int
    deadline: int
    lists: int
    reporting: int


def draft_call(play: Play, title: str, schedule: Schedule, **settings: Any) -> str:
    """Begin a cycle and draft its call; return its public id."""
    year = (play.real_now - timedelta(days=schedule.deadline)).astimezone(SHANGHAI).year
    with play.acting("province_committee") as act:
        cycle = create_cycle(act, title=title.format(year=year), year=year)

    def fill(act: Act, task_id: str) -> Values:
        shown = known(act, task_id)
        fields = {key: value for key, value in shown.items() if key not in {"cycle", "units", "limits"}}
        dates = {
            "opens_on": _day(play, schedule.opens),
            "deadline_on": _day(play, schedule.deadline),
            "deadline_time": "17:30",
            "list_cut_off_on": _day(play, schedule.lists),
            "reporting_cut_off_on": _day(play, schedule.reporting),
        }
        return {**fields, "text": _TEXT, **dates, **settings}

    play.do("secretariat", Where("cycle", cycle, "draft_call"), fill)
    return cycle


def open_cycle(play: Play, title: str, schedule: Schedule, **settings: Any) -> str:
    """Draft and release a call; return the cycle's public id."""
    cycle = draft_call(play, title, schedule, **settings)
    release = _shown({"decision": "release", "opinion": None}, "settings")
    play.do("province_committee", Where("cycle", cycle, "release_call"), release)
    play.work()
    return cycle


def _day(play: Play, days_ago: int) -> str:
    moment: datetime = play.real_now - timedelta(days=days_ago)
    return moment.astimezone(SHANGHAI).date().isoformat()


def _shown(values: Values, *lists: str) -> Any:
    """Values together with the rows of lists that are only shown."""

    def fill(act: Act, task_id: str) -> Values:
        shown = known(act, task_id)
        rows = {name: [{"row_key": row["row_key"]} for row in shown[name]] for name in lists}
        return {**values, **rows}

    return fill


def rank_list(play: Play, login: str, cycle: str, unit: str) -> str:
    """Recommend every candidate of a unit in the order shown; return the list's public id."""

    def fill(act: Act, task_id: str) -> Values:
        shown = known(act, task_id)
        rows = [
            {"row_key": row["row_key"], "recommended": True, "rank": place, "reason": None}
            for place, row in enumerate(shown["items"], start=1)
        ]
        return {"items": rows, "opinion": "经集体研究，按此顺序推荐。"}

    key = _list_key(play, login, cycle, unit)
    play.do(login, Where("unit_list", key, "rank_list"), fill)
    return key


def _list_key(play: Play, login: str, cycle: str, unit: str) -> str:
    with play.acting(login) as act:
        found = cycles.cycle_by_public_id(act.session, cycle)
        unit_list = publicity.list_of_unit(act.session, found.id, play.cast.units[unit].id) if found else None
        if unit_list is None:
            raise LookupError(f"{unit} has no list in {cycle}")
        return unit_list.public_id


def release_lists(play: Play, cycle: str, units: Mapping[str, tuple[str, str]]) -> None:
    """Rank the lists of units and have a second person release each; ``units``: who ranks and who releases."""
    release = _shown({"decision": "release", "opinion": "同意签发。"}, "items")
    with play.together():
        keys = {rank_list(play, ranking, cycle, unit): releasing for unit, (ranking, releasing) in units.items()}
    play.work()
    with play.together():
        for key, login in keys.items():
            play.do(login, Where("unit_list", key, "release_list"), release)
    play.work()


def form_panel(play: Play, cycle: str, experts: Collection[str]) -> None:
    """Draw, propose, invite and confirm a panel of these experts."""
    propose_panel(play, cycle, experts)
    with play.together():
        for login in experts:
            answer_invitation(play, cycle, login)
    play.work()
    forward = {"decision": "forward", "opinion": None}
    play.do("secretariat", Where("cycle", cycle, "adjust_assignment"), forward)
    confirm = _shown({"decision": "confirm", "opinion": "同意。"}, "experts")
    play.do("province_committee", Where("cycle", cycle, "confirm_panel"), confirm)
    play.work()


def propose_panel(play: Play, cycle: str, experts: Collection[str]) -> None:
    """Draw a panel and propose it: in a story, the number is one that draws these experts."""
    chosen = {play.cast.people[login].public_id for login in experts}
    with play.acting("secretariat") as act:
        nonce = nonce_that_draws(act, cycle, "现场宣布 0712", chosen)
        draw_panel(act, cycle=cycle, word="现场宣布 0712", size=len(chosen), nonce=nonce)

    def fill(act: Act, task_id: str) -> Values:
        shown = known(act, task_id)
        rows = [{"row_key": row["row_key"], "voting": row["voting"], "note": None} for row in shown["experts"]]
        return {"experts": rows, "proposal": "按抽取结果组成。"}

    play.do("secretariat", Where("cycle", cycle, "propose_panel"), fill)
    play.work()


def answer_invitation(play: Play, cycle: str, login: str) -> None:
    """Let an invited expert accept and sign the pledge."""
    name = play.cast.people[login].name
    signed = {"decision": "accept", "pledge": True, "signature": name, "conflicts": [], "reason": None}
    with play.acting(login) as act:
        found = cycles.cycle_by_public_id(act.session, cycle)
        asked = forming.open_invitations(act.session, found.id) if found else ()
        key = next(each.public_id for each in asked if each.person_id == act.person_id)
    play.do(login, Where("panel_invitation", key, "answer_invitation"), signed)


def replace_one(play: Play, cycle: str, login: str, reason: str) -> None:
    """Begin to replace an expert; who comes next is invited and has not answered."""
    with play.acting("secretariat") as act:
        replace_expert(act, cycle=cycle, expert=play.cast.people[login].public_id, reason=reason)
    play.work()


def decide_shortlist(play: Play, cycle: str, chosen: Collection[str]) -> None:
    """Let the panel vote for these applications (public ids)."""

    def fill(act: Act, task_id: str) -> Values:
        shown = known(act, task_id)
        rows = [
            {
                "row_key": row["row_key"],
                "votes": 5 if row["application"] in chosen else 1,
                "shortlisted": row["application"] in chosen,
                "reason": None,
            }
            for row in shown["items"]
        ]
        meeting = {"expected": 5, "present": 5, "recused": 0, "minutes": "经评议和投票，形成入围名单。"}
        return {**meeting, "items": rows}

    play.do("panel_chair", Where("cycle", cycle, "decide_shortlist"), fill)
    play.work()


def approve_all(play: Play, cycle: str) -> None:
    """Approve every shortlisted application."""

    def fill(act: Act, task_id: str) -> Values:
        shown = known(act, task_id)
        rows = [{"row_key": row["row_key"], "decision": "approve", "reason": None} for row in shown["items"]]
        return {"items": rows, "meeting": "委员会议", "opinion": "同意。"}

    play.do("province_committee", Where("cycle", cycle, "approve_list"), fill)
    play.work()


def conclude_provincial(play: Play, cycle: str) -> None:
    """Find no objection against any studio."""

    def fill(act: Act, task_id: str) -> Values:
        shown = known(act, task_id)
        rows = [
            {"row_key": row["row_key"], "decision": "clear", "objections": None, "reason": None}
            for row in shown["items"]
        ]
        return {"items": rows, "opinion": "公示期内未收到异议。"}

    play.do("province_committee", Where("cycle", cycle, "conclude_provincial"), fill)
    play.work()


def announce(play: Play, cycle: str, title: str) -> None:
    """Draft the announcement and release it."""

    def fill(act: Act, task_id: str) -> Values:
        shown = known(act, task_id)
        return {
            "document_number": f"甘教工委〔{act.today.year}〕18号",
            "announced_on": act.today.isoformat(),
            "title": f"关于公布{title}的通知",
            "text": "经申报、初评、公示、专家评审和审定，现将结果予以公布。建设周期三年。",
            "items": [{"row_key": row["row_key"]} for row in shown["items"]],
        }

    play.do("secretariat", Where("cycle", cycle, "prepare_announcement"), fill)
    release = {"decision": "release", "opinion": None}
    play.do("province_committee", Where("cycle", cycle, "release_announcement"), release)
    play.work()
