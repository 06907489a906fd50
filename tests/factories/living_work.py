"""What people hand in at each element of a studio's cases, and how long they let it wait."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from app.domain.amounts import yuan_of
from app.store.models import MoneyKind

if TYPE_CHECKING:
    from tests.factories.lives import Life, Lives, Waiting

Filled = tuple[str, dict[str, Any]]
Fill = Callable[["Lives", "Life", "Waiting"], Filled]
_HEADINGS = ("C2", "C3.1", "C3.2", "C3.3")
_YEARS = "一二三"


@dataclass(frozen=True, slots=True)
class Work:
    """How a task is filled in: who does it, and what it says; ``least`` and ``most``: days until it is done."""

    fill: Fill
    least: int = 1
    most: int = 25

    def days(self, chance: Random) -> int:
        """In how many days it is done: one in eight comes late, and late is up to three months."""
        if self.most == 25 and chance.random() < 1 / 8:
            return chance.randint(30, 90)
        return chance.randint(self.least, self.most)


def _by(lane: str, values: Mapping[str, Any]) -> Fill:
    return lambda _world, life, _task: (life.person(lane), dict(values))


def _file(world: "Lives", login: str, task: "Waiting", owner: str, row_key: str = "") -> list[str]:
    with world.stage.acting(world.province.people[login]) as act:
        return [world.upload(act, task.id, owner, row_key)]


def _rows(world: "Lives", login: str, task: "Waiting", name: str, **columns: Any) -> list[dict[str, Any]]:
    return [{"row_key": row["row_key"], **columns} for row in world.context(login, task.id).get(name) or ()]


def _year(task: "Waiting") -> int:
    return next(number for number, word in enumerate(_YEARS, start=1) if f"第{word}年度" in task.title)


def _yuan(life: "Life", year: int, kind: MoneyKind) -> str:
    """Some amount with its fen, noted in the test's own book."""
    fen = life.chance.randint(1, 5_000_000)
    life.money[year, kind] += fen
    return yuan_of(fen).replace(",", "")


def _draft(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    values: dict[str, Any] = {"title": task.title, "text": "正文。"}
    if "建设方案" in task.title:
        values["commitments"] = [
            {"row_key": str(number), "heading": heading, "text": f"任务{number}", "measure": "三年完成"}
            for number, heading in enumerate(life.chance.sample(_HEADINGS, 2), start=1)
        ]
    if "年度" in task.title:
        values["tasks"] = _rows(world, life.host, task, "tasks", planned="若干")
    return life.host, values


def _approve(lane: str) -> Fill:
    def fill(_world: "Lives", life: "Life", _task: "Waiting") -> Filled:
        back = life.chance.random() < 1 / 8
        return life.person(lane), {"decision": "return" if back else "approve", "opinion": "请细化。" if back else None}

    return fill


def _support(world: "Lives", life: "Life", _task: "Waiting") -> Filled:
    """The first of them is 省委教育工委's own, whatever chance says."""
    life.done["settled"] = world.stage.clock.now()
    approver = life.chance.choice(("own", "province")) if life.number else "province"
    payer = life.chance.choice(("none", "province")) if life.number else "province"
    return "province", {"plan_approval": approver, "payer": payer, "opinion": "与主办高校商定。"}


def _file_document(_world: "Lives", life: "Life", _task: "Waiting") -> Filled:
    back = life.chance.random() < 1 / 10
    return "province", {
        "decision": "return" if back else "file",
        "faults": ["unsealed"] if back else [],
        "opinion": None,
    }


def _conditions(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    login = life.person("school_party")
    rooms = [
        {"row_key": key, "name": key, "area": area, "photos": _file(world, login, task, "rooms", key)}
        for key, area in (("r1", "9.5"), ("r2", "5.50"))
    ]
    plan = _file(world, login, task, "plan_page")
    amount = _yuan(life, _year(task), MoneyKind.PLEDGE)
    return login, {"plan_page": "第3页", "plan_doc": plan, "rooms": rooms, "amount": amount, "policy": "有保障。"}


def _pledge(lane: str) -> Fill:
    def fill(world: "Lives", life: "Life", task: "Waiting") -> Filled:
        login = life.person(lane)
        if life.chance.random() < 1 / 6:
            return login, {"decision": "none", "opinion": "本年预算未列。"}
        amount = _yuan(life, _year(task), MoneyKind.PLEDGE)
        doc = _file(world, login, task, "pledges")
        return login, {"decision": "pledge", "amount": amount, "document": "预算", "doc": doc}

    return fill


def _activity(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    values = {
        "kind": life.chance.choice(("demonstration", "training", "exchange", "service")),
        "title": "活动", "place": "报告厅", "held_on": world.today.isoformat(), "people": life.chance.randint(1, 200),
        "commitment": None, "summary": "效果好。",
    }  # fmt: skip
    files = {owner: _file(world, life.host, task, owner) for owner in ("sign_in", "photos")}
    return life.host, {**values, **files}


def _money(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    year, entries = _year(task), []
    for number in range(life.chance.randint(1, 3)):
        key = f"e{number}"
        line = {"row_key": key, "on_day": world.today.isoformat(), "note": "摘要"}
        if life.chance.random() < 1 / 2:
            line |= {"kind": "receipt", "payer": "school", "amount": _yuan(life, year, MoneyKind.RECEIPT)}
        else:
            line |= {"kind": "spending", "heading": "training", "amount": _yuan(life, year, MoneyKind.SPENDING)}
        entries.append({**line, "doc": _file(world, life.host, task, "entries", key)})
    return life.host, {"handler": "经办", "entries": entries}


def _report(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    life.done["report", _year(task)] = world.stage.clock.now()
    listed = _rows(world, life.host, task, "commitments", fulfilment="done", reported="若干")
    doc = _file(world, life.host, task, "reports")
    values = {"achievements": "完成。", "difficulties": None, "proposals": None, "commitments": listed}
    return life.host, {**values, "doc": doc}


def _review(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    login = life.person("school_party")
    return login, {"grade": "good", "comment": "较好。", "commitments": _rows(world, login, task, "commitments")}


def _reexamine(_world: "Lives", life: "Life", _task: "Waiting") -> Filled:
    decision = "veto" if life.chance.random() < 1 / 5 else "clear"
    return "province", {"finding": "已核实。", "document_number": "甘教工委〔2028〕4号", "decision": decision}


def _state_change(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    if not world.in_term(life) or life.chance.random() < 1 / 8:
        return life.host, {"decision": "withdraw"}
    served = {"row_key": "a1", "post": "secretary", "branch": "self", "from": "2022-01-01", "to": None}
    title = {"row_key": "t1", "level": "副高", "held_from": "2015-01-01", "basis": "appointed"}
    return life.host, {
        "cause": "transfer",
        "reason": "调离。",
        "doc": _file(world, life.host, task, "host_change"),
        "successor": world.province.public_ids[life.done["successor"]],
        "birth_date": "1990-05-01",
        "branch_kind": "teacher" if life.school == "U2F" else None,
        "appointments": [{**served, "doc": _file(world, life.host, task, "appointments", "a1")}],
        "titles": [{**title, "doc": _file(world, life.host, task, "titles", "t1")}],
        "agrees": True,
        "decision": "state",
    }


def _consent(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    login = life.person("school_party")
    decision = life.chance.choice(("agree", "agree", "agree", "return", "refuse"))
    values = {"political_attestation": "yes", "opinion": "情况属实。", "signer": "书记", "decision": decision}
    return login, {**values, "seal_doc": _file(world, login, task, "seal_doc")}


def _decide(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    decision = "approve" if world.in_term(life) and life.chance.random() < 7 / 8 else "refuse"
    shown = world.context("province", task.id)
    values = {
        "checks": [{"row_key": row["row_key"]} for row in shown["checks"]],
        "document_number": "甘教工委函〔2028〕9号",
        "opinion": "已研究。",
        "decision": decision,
    }
    if shown["shortfall"] == "yes":
        values["shortfall_reason"] = "工作需要。"
    if decision == "approve":
        life.host = life.done["successor"]
        life.hosts.append((life.host, world.today))
    return "province", values


def _self_assess(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    life.done["assessed"] = world.stage.clock.now()
    shown = world.context(life.host, task.id)
    listed = [
        {
            "row_key": row["row_key"], "kept": "full", "account": "已完成。",
            "doc": _file(world, life.host, task, "self_assessment", row["row_key"]),
        }
        for row in shown["commitments"]
    ]  # fmt: skip
    dimensions = _rows(world, life.host, task, "dimensions", account="良好。")
    return life.host, {"commitments": listed, "dimensions": dimensions, "summary": "总结。", "pledge": True}


_INSPECTORS = ("expert3", "expert4", "expert5")


def _name(world: "Lives", _life: "Life", task: "Waiting") -> Filled:
    chosen = {world.province.public_ids[login] for login in _INSPECTORS}
    shown = world.context("province", task.id)["experts"]
    listed = [{"row_key": row["row_key"], "chosen": row["person"] in chosen, "note": None} for row in shown]
    return "province", {"experts": listed, "visit_on": world.today.isoformat()}


def _inspect(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    login = next(each for each in _INSPECTORS if world._is_for(task.id, each))
    good = life.chance.random() < 3 / 4
    values = {
        "visited_on": world.today.isoformat(),
        "office_area": 15,
        "commitments": _rows(world, login, task, "commitments", found="full" if good else "not", note=None),
        "dimensions": _rows(world, login, task, "dimensions", score=92 if good else 62, note=None),
        "photos": _file(world, login, task, "inspection"),
        "opinion": "情况属实。",
        "no_conflict": True,
        "signature": "签名",
    }
    return login, values


def _conclude(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    decision = {"通过": "pass", "暂缓通过": "defer", "不予通过": "fail"}[
        world.context("province", task.id)["proposal_name"]
    ]
    if decision == "defer" and "deferred" in life.done:
        decision = "fail"
    values = {
        "inspections": _rows(world, "province", task, "inspections"),
        "document_number": "甘教工委〔2031〕7号",
        "opinion": "同意。",
        "decision": decision,
    }
    if decision == "defer":
        life.done["deferred"] = True
        values |= {"deferred_until": (world.today + timedelta(days=90)).isoformat(), "to_mend": "补充材料"}
    else:
        life.done["concluded"] = world.stage.clock.now()
    return "province", values


def _rectify(world: "Lives", life: "Life", task: "Waiting") -> Filled:
    return life.host, {"account": "已整改。", "doc": _file(world, life.host, task, "rectification")}


WORK: Mapping[str, Work] = {
    "draft_document": Work(_draft),
    "approve_school": Work(_approve("school_party")),
    "approve_county": Work(_approve("county")),
    "approve_city": Work(_approve("prelim")),
    "approve_province": Work(_approve("province_committee")),
    "decide_support": Work(_support),
    "file_document": Work(_file_document),
    "school_conditions": Work(_conditions),
    "pledge_county": Work(_pledge("county")),
    "pledge_city": Work(_pledge("prelim")),
    "pledge_province": Work(_pledge("province_committee")),
    "record_activity": Work(_activity, 60, 240),
    "record_money": Work(_money, 50, 200),
    "yearly_report": Work(_report),
    "review_report": Work(_review),
    "write_problem": Work(_by("host", {"kind": "difficulty", "title": "困难", "text": "情况。"})),
    "acknowledge_problem": Work(_by("superior_party", {"answer": "已研究。"})),
    "reexamine_studio": Work(_reexamine),
    "state_case": Work(_state_change),
    "consent": Work(_consent),
    "decide": Work(_decide),
    "self_assess": Work(_self_assess),
    "name_inspectors": Work(_name),
    "inspect": Work(_inspect),
    "conclude": Work(_conclude),
    "rectify": Work(_rectify),
}
"""What is handed in at each element."""
