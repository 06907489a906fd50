"""A cycle played through the services, each step by the person whose task it is."""

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.domain.time import SHANGHAI
from app.jobs.worker import Worker
from app.services import programme
from app.services.applications import start_application
from app.services.cycles import create_cycle, view_cycle
from app.services.defense.holding import Step, check_identity, take_step
from app.services.defense.planning import Plan, draw_lots, plan_session
from app.services.defense.scoring import give_score
from app.services.defense.viewing import view_desk
from app.services.evidence import Purpose, Upload, store_evidence
from app.services.outbox import kinds_that_may_wait
from app.services.tasks import complete_task
from app.services.viewing import view_task
from app.store.models import Application, Cycle, InboxRow, Instance, OpenTask, UnitList
from app.store.queries.casework import instance_of
from tests.factories.acts import Stage
from tests.factories.programme import WORKPLACES, Province, build_province

JOINED = programme
SEAL = {"signer": "签发人"}


def pdf(text: str) -> bytes:
    """A tiny file that its first bytes show to be a PDF."""
    objects = "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj"
    return f"%PDF-1.4\n% {text}\n{objects}\ntrailer<</Root 1 0 R>>\n%%EOF\n".encode()


class Play:
    """The province's people at work."""

    def __init__(self, stage: Stage, *, with_papers: bool = False) -> None:
        """``with_papers``: papers are typeset and evidence is compared at once; else they wait for ``catch_up``."""
        self.stage = stage
        self.province: Province = build_province(stage)
        leaving = () if with_papers else kinds_that_may_wait()
        self.worker = Worker(stage.database, stage.ports, stage.clock, leaving=leaving)
        self.costs: dict[str, list[tuple[int, int]]] = {}

    def work(self) -> None:
        """Do what is due."""
        counts = self.worker.run_until_quiet()
        assert counts.failed == 0

    def catch_up(self) -> None:
        """Do what was left waiting, by which no case goes on."""
        stage = self.stage
        assert Worker(stage.database, stage.ports, stage.clock).run_until_quiet().failed == 0

    def go_to(self, moment: datetime) -> None:
        """Let time pass and the worker do what falls due."""
        self.stage.clock.time = moment
        self.work()

    def task(self, element: str, case: str | None = None, person: str | None = None) -> str:
        """The id of the one open task of an element: of a case (its subject's public id) or a person's inbox."""
        with self.stage.database.reading() as session:
            query = select(OpenTask.id).join(Instance, Instance.id == OpenTask.instance_id)
            query = query.where(OpenTask.element_id == element)
            if case is not None:
                query = query.where(Instance.business_key == case)
            found = list(session.scalars(query.order_by(OpenTask.opened_at, OpenTask.item)))
        if person is not None:
            found = [each for each in found if self._is_for(each, person)]
        assert len(found) == 1, (element, case, person, found)
        return found[0]

    def _is_for(self, task_id: str, person: str) -> bool:
        with self.stage.reading(self.province.people[person]) as act:
            return task_id in _inbox_of(act)

    def open_elements(self, case: str) -> list[str]:
        with self.stage.database.reading() as session:
            query = select(OpenTask.element_id).join(Instance, Instance.id == OpenTask.instance_id)
            return sorted(session.scalars(query.where(Instance.business_key == case)))

    def do(self, person: str, element: str, values: Mapping[str, Any], case: str | None = None, **at: Any) -> None:
        """Complete a task with values; the files its form asks for are uploaded first."""
        task_id = self.task(element, case, at.get("inbox_of"))
        given = dict(values)
        with self.stage.acting(self.province.people[person]) as act:
            for owner in given.pop("_files", ()):
                given[owner] = [self.upload(act, task_id, owner)]
        self.complete(person, element, task_id, given)
        self.work()

    def complete(self, person: str, element: str, task_id: str, values: Mapping[str, Any]) -> None:
        """Complete a task and note what it cost."""
        actor = self.stage.actor(self.province.people[person])
        with self.stage.database.statements() as counted, self.stage.acting_as(actor) as act:
            complete_task(act, task_id=task_id, data=values, revision=0)
        self.costs.setdefault(element, []).append((len(counted.statements), counted.commits))

    def upload(self, act: Any, task_id: str, owner: str, row_key: str = "", text: str = "") -> str:
        name = f"{owner}{row_key}.pdf"
        content = pdf(f"{task_id}{owner}{row_key}{text}")
        purpose = Purpose("seal" if owner == "seal_doc" else owner, row_key)
        return store_evidence(act, task_id=task_id, upload=Upload(name, io.BytesIO(content)), purpose=purpose).public_id

    def context(self, person: str, task_id: str) -> Mapping[str, Any]:
        with self.stage.reading(self.province.people[person]) as act:
            return view_task(act, task_id=task_id).context

    def outcome(self, process: str, subject: str) -> str | None:
        """The end event a case came to, None while it runs."""
        with self.stage.database.reading() as session:
            found = instance_of(session, process, subject)
            assert found is not None
            return found.outcome

    def application(self, case: str) -> Application:
        with self.stage.database.reading() as session:
            return session.scalars(select(Application).where(Application.public_id == case)).one()

    # the cycle

    def open_cycle(self, **changes: Any) -> str:
        """Draft and release a call that opens today and closes in 30 days."""
        with self.stage.acting(self.province.people["province"]) as act:
            cycle = create_cycle(act, title="2026年度申报", year=2026)
        self.do("secretariat", "draft_call", self.call(**changes), cycle)
        self.do("province", "release_call", {"decision": "release"}, cycle)
        return cycle

    def call(self, **changes: Any) -> dict[str, Any]:
        today = self.stage.clock.now().astimezone(SHANGHAI).date()
        task_id = self.task("draft_call")
        with self.stage.reading(self.province.people["secretariat"]) as act:
            values = dict(view_task(act, task_id=task_id).draft.data)
        return {
            **values,
            "title": "2026年度申报",
            "year": 2026,
            "text": "请按要求申报。",
            "opens_on": today.isoformat(),
            "deadline_on": (today + timedelta(days=30)).isoformat(),
            "deadline_time": "17:30",
            "later_review_working_days": 0,
            "list_cut_off_on": (today + timedelta(days=50)).isoformat(),
            "reporting_cut_off_on": (today + timedelta(days=90)).isoformat(),
            "provincial_publicity": False,
            **changes,
        }

    def cycle_of(self, case: str) -> str:
        """The public id of an application's cycle."""
        with self.stage.database.reading() as session:
            return session.get_one(Cycle, self.application(case).cycle_id).public_id

    def case_page(self, case: str) -> str:
        """The public id of an application's case."""
        with self.stage.database.reading() as session:
            found = instance_of(session, "application", case)
            assert found is not None
            return found.public_id

    # an application

    def apply(self, person: str, code: str, cycle: str, **changes: Any) -> str:
        """Start and submit an application that section 4 allows; return its public id."""
        unit = self.province.units[code]
        with self.stage.acting(self.province.people[person]) as act:
            started = start_application(act, cycle=cycle, branch=unit.public_id)
            values = self.form(act, started.task_id, person, **changes)
        self.complete(person, "fill_in", started.task_id, values)
        self.work()
        return started.public_id

    def form(self, act: Any, task_id: str, person: str, **changes: Any) -> dict[str, Any]:
        """The application form filled in, every row with its own file."""
        as_of = date(2026, 4, 1)

        def row(owner: str, key: str, **columns: Any) -> dict[str, Any]:
            return {"row_key": key, "doc": [self.upload(act, task_id, owner, key)], **columns}

        values = {
            "birth_date": "1985-05-01",
            "branch_kind": "teacher",
            "field": "党建与业务融合",
            "results": "有积累，有实绩。",
            "appointments": [
                row("appointments", "a1", post="secretary", branch="self", **{"from": "2019-01-01", "to": None})
            ],
            "titles": [row("titles", "t1", level="副高", held_from="2018-01-01", basis="appointed")],
            "commendations": [
                row(
                    "commendations", "c1", title="先进党支部", issuer="中共甘肃省委", issuer_kind="party_org",
                    level="province", holder="secretary", date="2025-06-01",
                )
            ],
            "publications": [
                row(
                    "publications", f"p{number}", kind="paper", title=f"论文{number}", venue="学报",
                    venue_level="province", role="first_author", date="2025-03-01",
                )
                for number in (1, 2)
            ],
            "appraisals": [
                row("appraisals", f"y{year}", year=year, grade="好") for year in (as_of.year - 2, as_of.year - 1)
            ],
            "committee_works": [],
            "awards": [],
            "pledge": True,
            "signature": f"人员{person}",
        }  # fmt: skip
        if changes.pop("track", None):
            values.pop("branch_kind")
        values["titles"][0]["basis"] = changes.pop("basis", "appointed")
        return {**values, **changes}

    def attest(self, case: str, kind: str) -> None:
        """Let the three bodies say yes; ``kind``: u(niversity) or s(chool)."""
        yes = {"political_attestation": "yes", "staffing_met": "yes", "staff_count": 2, **SEAL, "_files": ["seal_doc"]}
        clean = {"clean_record": "yes", **SEAL, "_files": ["seal_doc"]}
        self.do(f"superior_{kind}", "attest_superior", yes, case)
        self.do(f"school_{kind}", "declare_school", clean, case)
        self.do(f"discipline_{kind}", "declare_discipline", clean, case)

    def review(self, person: str, case: str, decision: str, **changes: Any) -> None:
        """The initial review as its page offers it."""
        task_id = self.task("initial_review", case)
        context = self.context(person, task_id)
        originals = [{"row_key": row["row_key"], "checked": True} for row in context["originals"]]
        rulings = [{"row_key": row["row_key"]} for row in context["rulings"]]
        values = {"rulings": rulings, "originals": originals, "opinion": "已初评。", "decision": decision, **changes}
        self.do(person, "initial_review", values, case)

    def fixed(self, person: str, element: str, key: str, case: str | None = None) -> list[dict[str, Any]]:
        """The rows of a fixed list as the task shows them, keys only, to be filled in."""
        context = self.context(person, self.task(element, case))
        return [{"row_key": row["row_key"]} for row in context[key]]

    # the unit's list

    def rank(self, person: str, unit: str, off: tuple[str, ...] = ()) -> None:
        """Recommend every candidate of the unit's list but those ``off`` it, in the order shown."""
        task_id = self.task("rank_list", self.list_of(unit))
        rows, place = [], 0
        for row in self.context(person, task_id)["items"]:
            if row["application"] in off:
                rows.append({"row_key": row["row_key"], "recommended": False, "rank": None, "reason": "本次不推荐"})
            else:
                place += 1
                rows.append({"row_key": row["row_key"], "recommended": True, "rank": place, "reason": None})
        self.do(person, "rank_list", {"items": rows, "opinion": "同意推荐。"}, self.list_of(unit))

    def release(self, person: str, unit: str, decision: str = "release") -> None:
        """Decide on the unit's ranked list."""
        case = self.list_of(unit)
        rows = self.fixed(person, "release_list", "items", case)
        self.do(person, "release_list", {"items": rows, "decision": decision, "opinion": "已核对。"}, case)

    def list_of(self, unit: str) -> str:
        """The public id of the unit's only list."""
        with self.stage.database.reading() as session:
            query = select(UnitList.public_id).where(UnitList.unit_id == self.province.units[unit].id)
            return session.scalars(query).one()

    # selection

    def format_check(self, person: str, case: str, decision: str, element: str = "format_check") -> None:
        """Check a case's format; what is not complete comes with an opinion."""
        word = "yes" if decision == "complete" else "no"
        checks = {
            f"{name}_complete": "yes" if name != "evidence" else word
            for name in ("form", "evidence", "seals", "publicity")
        }
        self.do(person, element, {**checks, "opinion": "审查意见。", "decision": decision}, case)

    def form_panel(self, experts: tuple[str, ...]) -> None:
        """Propose, invite and confirm these experts, who all accept."""
        self.propose_panel(experts)
        for each in experts:
            self.answer(each)
        self.work()
        self.do("secretariat", "adjust_assignment", {"decision": "forward", "opinion": None})
        rows = self.fixed("province", "confirm_panel", "experts")
        self.do("province", "confirm_panel", {"experts": rows, "decision": "confirm", "opinion": None})

    def propose_panel(self, experts: tuple[str, ...]) -> None:
        """Propose these experts, whoever was drawn."""
        chosen = {self.province.public_ids[each] for each in experts}
        shown = self.context("secretariat", self.task("propose_panel"))["experts"]
        rows = [{"row_key": row["row_key"], "voting": row["person"] in chosen, "note": "专业对口。"} for row in shown]
        self.do("secretariat", "propose_panel", {"experts": rows, "proposal": "按专业组成。"})

    def answer(self, expert: str, decision: str = "accept", **values: Any) -> None:
        """Let an invited expert answer; who accepts signs the pledge."""
        signed = {"pledge": True, "signature": f"人员{expert}"} if decision == "accept" else {"reason": "出差。"}
        task_id = self.task("answer_invitation", person=expert)
        self.complete(expert, "answer_invitation", task_id, {"conflicts": [], **signed, "decision": decision, **values})

    def score(self, expert: str, case: str, points: int) -> None:
        """Let an expert give the same points for every criterion."""
        task_id = self.task("material_review", case, expert)
        shown = self.context(expert, task_id)["criteria"]
        rows = [{"row_key": row["row_key"], "score": points, "comment": None} for row in shown]
        self.complete(
            expert, "material_review", task_id, {"criteria": rows, "comment": "评审意见。", "no_conflict": True}
        )
        self.work()

    def defend(self, case: str, points: int, *, attended: bool = True) -> None:
        """Hear a case in a session of its own, in which every expert gives the same points, and record it."""
        self.hear((case,), points, attended=attended)
        self.do("chair", "defense", {"record": "答辩记录。"}, case)

    def hear(self, cases: tuple[str, ...], points: int, *, attended: bool = True) -> str:
        """Hear cases in one session on the desk; return its public id. The chair records them afterwards."""
        plan = Plan("答辩", "第一评审室", self.stage.clock.now(), cases)
        with self.stage.acting(self.province.people["secretariat"]) as act:
            session = plan_session(act, plan=plan)
            draw_lots(act, session=session, word="见证", witness="见证人")
        for case in self.lots(session):
            self.hold(case, attended=attended)
            for expert in self.seated(session, case) if attended else ():
                with self.stage.acting(self.province.people[expert]) as act:
                    give_score(act, case=case, score=str(points))
        return session

    def hold(self, case: str, *, attended: bool = True) -> None:
        """Take a slot from the call to its end."""
        way = (Step.BEGIN, Step.QUESTIONS, Step.FINISH) if attended else (Step.ABSENT,)
        with self.stage.acting(self.province.people["secretariat"]) as act:
            take_step(act, case=case, step=Step.CALL)
            if attended:
                check_identity(act, case=case, document="居民身份证")
            for step in way:
                take_step(act, case=case, step=step)

    def lots(self, session: str) -> list[str]:
        """The cases of a session in the order drawn."""
        with self.stage.reading(self.province.people["secretariat"]) as act:
            return [slot.case for slot in view_desk(act, session=session).slots]

    def seated(self, session: str, case: str) -> list[str]:
        """The logins of the experts who sit in a case's slot."""
        logins = {public_id: login for login, public_id in self.province.public_ids.items()}
        with self.stage.reading(self.province.people["secretariat"]) as act:
            slot = next(slot for slot in view_desk(act, session=session).slots if slot.case == case)
        return [logins[seat.expert] for seat in slot.seats if seat.left_for is None]

    def judges_of(self, case: str) -> list[str]:
        """The logins of the experts with an open review of the case."""
        return [each for each in WORKPLACES if self._reviews(each, case)]

    def _reviews(self, expert: str, case: str) -> bool:
        with self.stage.reading(self.province.people[expert]) as act:
            query = select(OpenTask.id).join(Instance, Instance.id == OpenTask.instance_id)
            query = query.where(Instance.business_key == case, OpenTask.element_id == "material_review")
            return bool(_inbox_of(act) & set(act.session.scalars(query)))

    def shortlist(self, chosen: tuple[str, ...], *, present: int = 5, votes: int = 5) -> None:
        """Shortlist these cases with all votes; the others get none."""
        rows = [
            {
                "row_key": row["row_key"],
                "votes": votes if row["application"] in chosen else 0,
                "shortlisted": row["application"] in chosen,
                "reason": None,
            }
            for row in self.context("chair", self.task("decide_shortlist"))["items"]
        ]
        values = {"expected": 5, "present": present, "recused": 0, "items": rows, "minutes": "评议纪要。"}
        self.do("chair", "decide_shortlist", values)

    def approve(self, struck: tuple[str, ...] = ()) -> None:
        """Approve every shortlisted case but those ``struck``."""
        rows = [
            {
                "row_key": row["row_key"],
                "decision": "strike" if row["application"] in struck else "approve",
                "reason": "不予通过" if row["application"] in struck else None,
            }
            for row in self.context("province", self.task("approve_list"))["items"]
        ]
        self.do("province", "approve_list", {"items": rows, "meeting": "工委会议", "opinion": "同意。"})

    def announce(self) -> None:
        """Draft and release the announcement."""
        rows = self.fixed("secretariat", "prepare_announcement", "items")
        document = {
            "document_number": "甘教工委〔2026〕18号",
            "announced_on": "2026-07-01",
            "title": "关于公布结果的通知",
            "text": "现予公布。",
        }
        self.do("secretariat", "prepare_announcement", {**document, "items": rows})
        self.do("province", "release_announcement", {"decision": "release", "opinion": None})

    def cycle(self, public_id: str) -> Any:
        """The cycle's public page."""
        with self.stage.reading() as act:
            return view_cycle(act, public_id=public_id)


def _inbox_of(act: Any) -> frozenset[str]:
    query = select(InboxRow.task_id).where(InboxRow.queue_id.in_(act.actor.queue_ids))
    return frozenset(act.session.scalars(query))
