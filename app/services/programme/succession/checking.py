"""The successor checked against C4.1 as of the change: shown clause by clause, decided by 省委教育工委 (C6.1b)."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain import eligibility
from app.domain.clauses import clause
from app.domain.eligibility import EligibilitySettings, parse_partial
from app.domain.eligibility.personal import ClauseFinding, judge_clauses
from app.domain.eligibility.verdicts import Verdict
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.eligibility import DECISIONS, rulebook
from app.services.hooks import Case
from app.services.programme.facts import files_of, stated
from app.services.programme.judging import tables_of
from app.services.programme.subjects import last_values, settings_of
from app.services.programme.succession.subjects import change_of, track_of_studio
from app.services.programme.wording import day_text
from app.store.models import Studio
from app.store.queries import cycles

_CHECKED = ("C4.1a", "C4.1b", "C4.1c", "C4.1d")

VERDICT_NAMES: Mapping[Verdict, str] = {
    Verdict.MET: "符合",
    Verdict.NOT_MET: "不符合",
    Verdict.NEEDS_HUMAN: "须由省委教育工委认定",
}


@action("check_successor")
def check_successor(ctx: ActionContext) -> Mapping[str, Any]:
    """Judge C4.1 of the successor as of today and keep what was found; a shortfall refuses nothing by itself."""
    act, (change, studio) = ctx.act, change_of(ctx.act, ctx.case)
    found = judge_successor(act, ctx.case, studio)
    change.checks = [_row(each) for each in found]
    change.checked_on = act.today
    change.shortfall = any(each.verdict is not Verdict.MET for each in found)
    act.session.flush()
    return {"check": {"shortfall": change.shortfall}}


def judge_successor(act: Act, case: Case, studio: Studio) -> list[ClauseFinding]:
    """Return what C4.1 says of the successor with the statement and the school's word, by the tables in force."""
    values, consent = last_values(act, case, "state_case"), last_values(act, case, "consent")
    tables, track = tables_of(act, case), track_of_studio(act, studio)
    settings = settings_of(cycles.cycle(act.session, studio.cycle_id))
    raw = stated({**values, "field": studio.direction}, files_of(act.session, case.id).honour_of, tables["award_level"])
    raw |= {"political_attestation": consent.get("political_attestation") == "yes"}
    subject = eligibility.Application(
        id=case.business_key,
        track=track,
        as_of=act.today,
        settings=EligibilitySettings(settings.age_reading, settings.appraisal_years, settings.tenure_branch),
        facts=parse_partial(raw, track).facts,
    )
    judged = judge_clauses(subject, rulebook(track, tables[DECISIONS[track]]))
    return [each for each in judged if each.clause in _CHECKED]


def _row(found: ClauseFinding) -> dict[str, Any]:
    return {
        "clause": found.clause,
        "what": clause(found.clause).title,
        "found": _FOUND[found.clause](found.params),
        "verdict": found.verdict.value,
        "verdict_name": VERDICT_NAMES[found.verdict],
    }


def _attested(params: Mapping[str, Any]) -> str:
    del params
    return "以所在学校党组织的证明为准"


def _tenure(params: Mapping[str, Any]) -> str:
    serving = "现任本支部书记" if params["serving"] else "未见现任本支部书记的任职文件"
    missing = f"；缺任职文件 {params['papers_missing']} 段" if params["papers_missing"] else ""
    return (
        f"任职 {params['months']} 个月 {params['days']} 天（要求 {params['needed_months']} 个月），{serving}{missing}"
    )


def _title(params: Mapping[str, Any]) -> str:
    return f"聘任 {params.get('appointed') or '无'}，持有 {params.get('held') or '无'}"


def _age(params: Mapping[str, Any]) -> str:
    earliest = params.get("earliest_birth_date")
    since = f"，须 {day_text(earliest)} 以后出生" if earliest else ""
    return f"{params.get('age', '未填')} 周岁{since}"


_FOUND: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "C4.1a": _attested,
    "C4.1b": _tenure,
    "C4.1c": _title,
    "C4.1d": _age,
}
