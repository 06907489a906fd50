"""The steps of an application's way, each as the people of the demonstration do it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.units import Track
from app.services.acting import Act
from app.services.applications import start_application
from app.services.demonstration.playing import Fill, Play, Values, Where, known
from app.services.demonstration.profiles import Profile, statement
from app.services.paper_intake import enter_paper
from app.services.programme.deadlines import dates_of
from app.services.review_requests import ask_review
from app.services.tasks import complete_task
from app.store.queries import cycles, lines
from app.store.queries.cases import case_about

_GROUPS: Mapping[Track, str] = {Track.UNIVERSITY: "C4.3", Track.SCHOOL: "C4.4"}
_SIDES: Mapping[Track, tuple[str, str, str]] = {
    Track.UNIVERSITY: ("superior_university", "school_university", "discipline_university"),
    Track.SCHOOL: ("superior_school", "party_school", "discipline_school"),
}


@dataclass(frozen=True, slots=True)
class Host:
    """A made-up host about to apply: the login, what the profile leaves to a person.

    ``shares``: papers that another one offers, too; ``scanned``: papers that are pictures of the paper one.
    """

    login: str
    certificate_only: bool = False
    issuer_unknown: bool = False
    shares: tuple[str, ...] = ()
    scanned: tuple[str, ...] = ()

    @property
    def track(self) -> Track:
        """The track, as the login says it."""
        return Track.SCHOOL if "school" in self.login or "attached" in self.login else Track.UNIVERSITY


@dataclass(frozen=True, slots=True)
class Applied:
    """An application on its way."""

    key: str
    host: Host

    def at(self, element: str) -> Where:
        """Return the place of an element of its case."""
        return Where("application", self.key, element)


def begin(play: Play, cycle: str, host: Host) -> tuple[Applied, str]:
    """Start an application; return it and the task in which its form waits."""
    branch = play.cast.branch_of(host.login)
    with play.acting(host.login) as act:
        started = start_application(act, cycle=cycle, branch=branch.public_id)
    return Applied(started.public_id, host), started.task_id


def apply(play: Play, cycle: str, host: Host) -> Applied:
    """Start an application, fill in its form and submit it."""
    applied, task_id = begin(play, cycle, host)
    with play.acting(host.login) as act:
        complete_task(act, task_id=task_id, data=filled(play, act, task_id, (cycle, host)), revision=0)
    play.settle()
    return applied


def apply_on_paper(play: Play, cycle: str, host: Host) -> Applied:
    """Let the superior Party organisation enter and submit an application that came in on paper."""
    clerk = _SIDES[host.track][0]
    branch, public_id = play.cast.branch_of(host.login), play.cast.people[host.login].public_id
    with play.acting(clerk) as act:
        started = enter_paper(act, cycle=cycle, branch=branch.public_id, host=public_id)
    with play.acting(clerk) as act:
        values = filled(play, act, started.task_id, (cycle, host))
        del values["signature"]
        scan = play.give(act, started.task_id)("paper_doc", "")
        paper = {"received_on": act.today.isoformat(), "paper_doc": scan, "compared": True}
        complete_task(act, task_id=started.task_id, data={**values, **paper}, revision=0)
    play.settle()
    return Applied(started.public_id, host)


def filled(play: Play, act: Act, task_id: str, who: tuple[str, Host]) -> dict[str, Any]:
    """Return the application form filled in, its papers uploaded."""
    cycle, host = who
    found = cycles.cycle_by_public_id(act.session, cycle)
    if found is None:
        raise LookupError(f"no cycle {cycle}")
    branch = play.cast.branch_of(host.login)
    line = lines.line_of(act.session, branch.id, act.today)
    profile = Profile(
        name=play.cast.people[host.login].name,
        school=next(unit.name for unit in line if unit.kind.value in {"school", "university"}),
        place=line[-2].name.removesuffix("教育工作部门"),
        track=host.track,
        seed=host.login,
        certificate_only=host.certificate_only,
        issuer_unknown=host.issuer_unknown,
    )
    give = play.give(act, task_id, _GROUPS[host.track], shared=host.shares, scanned=host.scanned)
    return statement(profile, dates_of(found).as_of, give)


def attest(play: Play, applied: Applied) -> None:
    """Let the three bodies say yes."""
    superior, school, discipline = _SIDES[applied.host.track]
    yes = {"political_attestation": "yes", "staffing_met": "yes", "staff_count": 2, "signer": "党委书记"}
    clean = {"clean_record": "yes", "signer": "负责人"}
    play.do(superior, applied.at("attest_superior"), _sealed(play, "attest_superior", yes))
    play.do(school, applied.at("declare_school"), _sealed(play, "declare_school", clean))
    play.do(discipline, applied.at("declare_discipline"), _sealed(play, "declare_discipline", clean))


def _sealed(play: Play, element: str, values: Values) -> Fill:
    return lambda act, task_id: {**values, "seal_doc": play.give(act, task_id)(element, "")}


def review(play: Play, login: str, applied: Applied, decision: str = "recommend", opinion: str = "") -> None:
    """Do the initial review: flags ruled in the host's favour, every original checked."""

    def fill(act: Act, task_id: str) -> Values:
        shown = known(act, task_id)
        ruled = {"verdict": "met", "reason": "已核对聘任名册和原件，予以认定。"} if decision == "recommend" else {}
        return {
            "rulings": [{"row_key": row["row_key"], **ruled} for row in shown["rulings"]],
            "originals": [{"row_key": row["row_key"], "checked": True} for row in shown["originals"]],
            "opinion": opinion or "材料齐全，条件符合，建议推荐。",
            "decision": decision,
        }

    play.do(login, applied.at("initial_review"), fill)


def ask_for_review(play: Play, applied: Applied) -> None:
    """Let a host ask for the review of a rejection: the unit is to explain it."""
    grounds = {"grounds": "论文所载刊物由省级部门主管，附版权页复印件，请予复核。"}
    with play.acting(applied.host.login) as act:
        case = case_about(act.session, "application", applied.key)
        complete_task(act, task_id=ask_review(act, case=case).task_id, data=grounds, revision=0)
    play.settle()


def countersign(play: Play, applied: Applied) -> None:
    """Let the county agree."""
    opinion = {"decision": "agree", "opinion": "情况属实，同意推荐。"}
    play.do("county", applied.at("county_countersign"), opinion)


def through_review(play: Play, cycle: str, hosts: Iterable[tuple[Host, str]]) -> list[Applied]:
    """Let hosts apply and be recommended, each by the reviewer named."""
    with play.together():
        found = [(apply(play, cycle, host), reviewer) for host, reviewer in hosts]
    play.work()
    with play.together():
        for applied, _ in found:
            attest(play, applied)
    play.work()
    with play.together():
        for applied, reviewer in found:
            review(play, reviewer, applied)
    return [applied for applied, _ in found]


def check_format(play: Play, login: str, applied: Applied, decision: str = "complete", element: str = "") -> None:
    """Do the format check; one that returns the materials finds the evidence incomplete."""
    checks = dict.fromkeys(("form_complete", "evidence_complete", "seals_complete", "publicity_complete"), "yes")
    if decision == "return":
        checks["evidence_complete"] = "no"
    opinion = "论文首页不清晰，请补交。" if decision == "return" else "齐全、规范。"
    values = {**checks, "opinion": opinion, "decision": decision}
    play.do(login, applied.at(element or "format_check"), values)


def score(play: Play, applied: Applied, points: Mapping[str, int]) -> None:
    """Let experts score, each a number of points up and down around their own."""
    with play.together():
        for login, middle in points.items():
            play.do(login, applied.at("material_review"), _scores(middle))


def _scores(middle: int) -> Fill:
    def fill(act: Act, task_id: str) -> Values:
        shown = known(act, task_id)
        rows = [
            {"row_key": row["row_key"], "score": middle + (number % 3 - 1) * 2, "comment": None}
            for number, row in enumerate(shown["criteria"])
        ]
        return {"criteria": rows, "comment": "思路清晰，实绩突出，可进一步凝练特色。", "no_conflict": True}

    return fill
