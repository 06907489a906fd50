"""After the three years, and in between: a studio whose term is over, and a host who goes elsewhere."""

from typing import Any

from app.domain.periods import DAY, add_years
from app.domain.roster.studios import WantedStudio
from app.domain.studios import FIRST_DOCUMENTS, YEARS
from app.domain.time import SHANGHAI
from app.services.acting import Act
from app.services.demonstration.accounts import LEAVING
from app.services.demonstration.playing import Play, Values, Where, known
from app.services.programme.succession.wishing import wish_change
from app.services.taking_over import open_earlier
from app.store.models import Studio
from app.store.queries import acceptance as acceptances
from app.store.queries import dashboard, studios, succession

_EARLIER = "host_earlier"
_NEXT = "host_next"
_INSPECTORS = ("expert1", "expert3", "expert4")
_OVER = 12


def tell_term_over(play: Play) -> None:
    """Play an acceptance up to its visit: the studio assessed itself, one of three inspectors has handed in."""
    play.go(_OVER)
    today = play.now.astimezone(SHANGHAI).date()
    wanted = WantedStudio(
        branch="U03-F2-B2",
        host=_EARLIER,
        direction="党建与实验实训教学融合",
        document=f"甘教工委〔{today.year - YEARS}〕9号",
        approved_on=add_years(today - DAY, -YEARS),
        filed=FIRST_DOCUMENTS,
        years_done=YEARS,
        commitments=(
            ("C3.1", "每月一次主题党日，每学期两次专题党课"),
            ("C3.2", "培养“双带头人” 3 名"),
            ("C3.3", "每年接待观摩 2 场，结对帮扶 1 个支部"),
        ),
    )
    with play.acting("province_committee") as act:
        key = open_earlier(act, wanted)
    play.work()
    case = _acceptance(play, key)
    play.go(8)
    play.do(_EARLIER, case("self_assess"), lambda act, task_id: _assessed(play, act, task_id))
    play.go(6)
    chosen = {play.cast.people[login].public_id for login in _INSPECTORS}
    play.do("province_committee", case("name_inspectors"), lambda act, task_id: _named(act, task_id, chosen))
    play.go(2)
    play.do(_INSPECTORS[-1], case("inspect"), _inspected)


def _acceptance(play: Play, key: str) -> Any:
    with play.acting("province_committee") as act:
        studio = studios.studio_by_public_id(act.session, key)
        found = acceptances.acceptance_of(act.session, studio.id) if studio else None
        if found is None:
            raise LookupError(f"studio {key} is in no acceptance")
        public_id = found.public_id
    return lambda element: Where("acceptance", public_id, element)


def _assessed(play: Play, act: Act, task_id: str) -> Values:
    shown, give = known(act, task_id), play.give(act, task_id)
    return {
        "commitments": [
            {
                "row_key": row["row_key"],
                "kept": "full",
                "account": "按计划完成，台账和照片附后。",
                "doc": give("self_assessment", row["row_key"]),
            }
            for row in shown["commitments"]
        ],
        "dimensions": [
            {"row_key": row["row_key"], "account": "达到预期，有可推广的做法。"} for row in shown["dimensions"]
        ],
        "summary": "三年来工作室按建设方案逐项推进，形成两项可推广的做法。",
        "pledge": True,
    }


def _named(act: Act, task_id: str, chosen: set[str]) -> Values:
    rows = known(act, task_id)["experts"]
    listed = [{"row_key": row["row_key"], "chosen": row["person"] in chosen, "note": None} for row in rows]
    return {"experts": listed, "visit_on": act.today.isoformat(), "arrangement": "集中一天，先听汇报后看现场。"}


def _inspected(act: Act, task_id: str) -> Values:
    shown = known(act, task_id)
    return {
        "visited_on": act.today.isoformat(),
        "office_area": 24,
        "commitments": [{"row_key": row["row_key"], "found": "full", "note": None} for row in shown["commitments"]],
        "dimensions": [
            {"row_key": row["row_key"], "score": 86 + number % 3, "note": None}
            for number, row in enumerate(shown["dimensions"])
        ],
        "opinion": "材料与现场一致，建设成效明显。",
        "no_conflict": True,
        "signature": act.actor.name,
    }


def tell_host_leaving(play: Play) -> None:
    """Play a change of host up to 省委教育工委's decision."""
    play.go(9)
    with play.acting(LEAVING) as act:
        studio = _studio_of(play, act)
        wish_change(act, studio=studio.public_id)
        found = succession.open_change(act.session, studio.id)
        if found is None:
            raise LookupError(f"no change of {studio.id} is under way")
        change = found.public_id
    play.do(LEAVING, Where("host_change", change, "state_case"), lambda act, task_id: _stated(play, act, task_id))
    play.go(5)
    agreed = {"political_attestation": "yes", "opinion": "情况属实，同意变更。", "signer": "党委书记"}
    play.do(
        "school_university",
        Where("host_change", change, "consent"),
        lambda act, task_id: {
            **agreed,
            "seal_doc": play.give(act, task_id)("seal", ""),
            "decision": "agree",
        },
    )


def _studio_of(play: Play, act: Act) -> Studio:
    host_id = play.cast.people[LEAVING].id
    return next(
        each for each in dashboard.running(act.session, dashboard.Scope(act.today), 50) if each.host_id == host_id
    )


def _stated(play: Play, act: Act, task_id: str) -> Values:
    give, began = play.give(act, task_id), add_years(act.today, -5).isoformat()
    return {
        "cause": "transfer",
        "reason": "组织安排到其他学院工作。",
        "doc": give("host_change", ""),
        "successor": play.cast.people[_NEXT].public_id,
        "birth_date": add_years(act.today, -39).isoformat(),
        "branch_kind": "teacher",
        "appointments": [
            {
                "row_key": "a1",
                "post": "secretary",
                "branch": "self",
                "from": began,
                "to": None,
                "doc": give("appointments", "a1"),
            }
        ],
        "titles": [
            {"row_key": "t1", "level": "副高", "held_from": began, "basis": "appointed", "doc": give("titles", "t1")}
        ],
        "agrees": True,
        "decision": "state",
    }
