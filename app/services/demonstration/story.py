"""What has happened in the demonstration by the present: one cycle a stage, so that every role has work waiting."""

from app.services.acting import Act
from app.services.demonstration.accounts import HOST_BRANCHES
from app.services.demonstration.afterwards import tell_host_leaving, tell_term_over
from app.services.demonstration.building import tell_attached, tell_building, tell_county, tell_plan_handed_in
from app.services.demonstration.desk import hear, plan
from app.services.demonstration.joint import (
    Schedule,
    announce,
    approve_all,
    conclude_provincial,
    decide_shortlist,
    draft_call,
    form_panel,
    open_cycle,
    release_lists,
    replace_one,
)
from app.services.demonstration.playing import Play, Where
from app.services.demonstration.steps import (
    Applied,
    Host,
    apply,
    apply_on_paper,
    ask_for_review,
    attest,
    begin,
    check_format,
    countersign,
    filled,
    review,
    score,
    through_review,
)
from app.services.deploying import DraftModel, in_force, save_draft_model
from app.services.my_data import About, ask_correction
from app.services.objections import Complaint, lodge_objection, lodge_provincial
from app.services.tasks import save_draft
from app.store.models import IdentityKind, ModelKind
from app.store.queries import publicity

_CITY = ("prelim_city", "prelim_city2")
_UNIVERSITY = ("prelim_university", "prelim_university2")
_UNDERTAKING = ("prelim_undertaking", "prelim_undertaking2")
_RELEASING = {"620100": _CITY, "U01": _UNDERTAKING, "U02": _UNIVERSITY, "U03": _UNIVERSITY}
_SCANNED = {"host_university5": ("commendations",)}
_MISMATCH = "所列述职评议等次与上级党组织通报不符，请核实。"
_EXPERTS = ("expert1", "expert2", "expert3", "expert4", "expert5")


def tell(play: Play) -> None:
    """Live through the past, the oldest cycle first."""
    tell_announced(play)
    tell_building(play)
    tell_provincial(play)
    tell_approval(play)
    under_review = tell_review(play)
    tell_lists(play)
    tell_open(play)
    play.go(12)
    tell_county(play)
    tell_term_over(play)
    tell_host_leaving(play)
    tell_plan_handed_in(play)
    tell_next(play)
    tell_asked(play)
    play.go(0)
    tell_attached(play)
    replace_one(play, under_review, "expert5", "因公出国，不能按期评审")


def tell_announced(play: Play) -> None:
    """Play a cycle that was announced most of a year ago."""
    play.go(420)
    cycle = open_cycle(
        play,
        "{year}年度“双优”党支部书记工作室申报",
        Schedule(420, 390, 380, 330),
        places_university=1,
        places_school=1,
        later_review_working_days=0,
    )
    cases = _judged(play, cycle, ("host_university7", "host_university6", "host_school7"), (418, 378, 350))
    worth = dict(zip(cases, (91, 84, 88), strict=True))
    for case, points in worth.items():
        score(play, case, _around(points))
    hear(play, "年度申报答辩", worth)
    play.go(340)
    decide_shortlist(play, cycle, {cases[0].key, cases[2].key})
    approve_all(play, cycle)
    play.go(319)
    conclude_provincial(play, cycle)
    play.go(318)
    announce(play, cycle, "年度工作室入选名单")


def tell_provincial(play: Play) -> None:
    """Play a cycle up to its provincial publicity: one objection to be taken up, one to be ruled."""
    play.go(240)
    cycle = open_cycle(play, "{year}年度专项申报", Schedule(240, 210, 200, 150), places_university=1)
    (case,) = _judged(play, cycle, ("host_university9",), (238, 198, 170))
    score(play, case, _around(89))
    hear(play, "专项申报答辩", {case: 89})
    play.go(4)
    decide_shortlist(play, cycle, {case.key})
    approve_all(play, cycle)
    play.go(1)
    objection = _object(play, case, _MISMATCH, approved_in=cycle)
    _investigated(play, "province_committee", "provincial_objection", objection)
    _object(play, case, "一篇论文的署名单位与公布的学校不一致，请核实。", approved_in=cycle)


def tell_approval(play: Play) -> None:
    """Play a cycle up to 省委教育工委's final approval."""
    play.go(230)
    cycle = open_cycle(play, "{year}年度补充申报", Schedule(230, 200, 190, 140), places_university=1, places_school=1)
    cases = _judged(play, cycle, ("host_university4", "host_school6"), (228, 188, 160))
    worth = dict(zip(cases, (87, 90), strict=True))
    for case, points in worth.items():
        score(play, case, _around(points))
    hear(play, "补充申报答辩", worth)
    play.go(6)
    decide_shortlist(play, cycle, {case.key for case in cases})


def tell_review(play: Play) -> str:
    """Play a cycle up to the experts' reviews and the first defense; return it."""
    play.go(140)
    schedule = Schedule(140, 110, 100, 20)
    cycle = open_cycle(play, "{year}年第一批申报", schedule, places_university=1, places_school=1, blind=True)
    cases = _judged(play, cycle, ("host_university5", "host_school5"), (138, 98, 4))
    score(play, cases[0], {"expert2": 86, "expert3": 90, "expert4": 88})
    score(play, cases[1], _around(85))
    plan(play, "第一批申报答辩", [case.key for case in cases])
    return cycle


def _around(points: int) -> dict[str, int]:
    """What five experts give a case that is worth about so many points."""
    return {login: points + difference for login, difference in zip(_EXPERTS, (0, 3, -2, 1, -4), strict=True)}


def _judged(play: Play, cycle: str, logins: tuple[str, ...], days: tuple[float, float, float]) -> list[Applied]:
    """Let hosts apply, be listed, be checked, and be assigned their experts, at these days before the present."""
    applied, listed, assigned = days
    play.go(applied)
    hosts = [Host(login, scanned=_SCANNED.get(login, ())) for login in logins]
    reviewers = ["prelim_city" if "school" in login else "prelim_university" for login in logins]
    cases = through_review(play, cycle, zip(hosts, reviewers, strict=True))
    play.go(listed)
    release_lists(play, cycle, {unit: _RELEASING[unit] for unit in map(_reviewing_unit, hosts)})
    for later in (8, 12, 20):
        play.go(listed - later)
    with play.together():
        for case in cases:
            check_format(play, "secretariat", case)
    play.work()
    play.go(assigned)
    form_panel(play, cycle, _EXPERTS)
    return cases


def _reviewing_unit(host: Host) -> str:
    """The code of the unit that reviews the host's case: every school of the story lies in one city."""
    return "620100" if "school" in host.login else HOST_BRANCHES[host.login].split("-")[0]


def tell_lists(play: Play) -> None:
    """Play a cycle up to its lists: one to be ranked, one in publicity with an objection, two at the format check."""
    play.go(75)
    cycle = open_cycle(play, "{year}年第二批申报", Schedule(75, 50, 33, -45))
    play.go(73)
    logins = ("host_university3", "host_university9", "host_university6", "host_school4", "host_school9")
    sharing = dict.fromkeys(logins[:2], ("commendations",))
    reviewers = {login: "prelim_city" if "school" in login else "prelim_university" for login in logins}
    hosts = [(Host(login, shares=sharing.get(login, ())), reviewers[login]) for login in logins]
    more = [(Host("host_undertaking"), "prelim_undertaking"), (Host("host_university4"), "prelim_university")]
    cases = through_review(play, cycle, [*hosts, *more])
    play.go(32)
    release_lists(play, cycle, {unit: _RELEASING[unit] for unit in ("U03", "U01")})
    for days in (25, 22, 18, 4):
        play.go(days)
    check_format(play, "secretariat", cases[2], "return")
    play.go(2)
    release_lists(play, cycle, {"620100": _CITY})
    play.go(1)
    _object(play, cases[4], "申报材料中所列论文的作者次序与刊物所载不一致，请核实。")
    _investigated(play, _CITY[0], "objection", _object(play, cases[3], _MISMATCH))


def _investigated(play: Play, login: str, process: str, objection: str) -> None:
    """Bring an objection before whoever rules it: another person than the investigator."""
    taken_up = {"verified": "verified", "grounded": "grounded", "decision": "accept"}
    play.do(login, Where(process, objection, "screen_objection"), taken_up)
    found = {"findings": "已调阅通报原件，所列等次与通报一致。", "proposal": "建议不成立。"}
    play.do(login, Where(process, objection, "investigate_objection"), found)


def _object(play: Play, case: Applied, body: str, *, approved_in: str = "") -> str:
    """Object to an item of its unit's list, or of the list approved in a cycle; return the objection's number."""
    complaint = Complaint(
        application=case.key,
        identity_kind=IdentityKind.REAL_NAME,
        identity="简明远",
        contact="0931-0000000",
        body=body,
    )
    with play.in_public() as act:
        if approved_in:
            return lodge_provincial(act, cycle=approved_in, complaint=complaint).public_id
        window = publicity.window_showing(act.session, case.key)
        return lodge_objection(act, window=window, complaint=complaint).public_id


def tell_open(play: Play) -> None:
    """Play the cycle that takes applications now: drafts, attestations, initial reviews, a correction, a rejection."""
    play.go(16)
    schedule = Schedule(16, -5, -15, -40)
    cycle = open_cycle(
        play, "{year}年第三批申报", schedule, places_university=2, places_school=2, county_countersign=True
    )
    play.go(9)
    university = Host("host_university11", certificate_only=True)
    school = Host("host_school10", issuer_unknown=True)
    others = ("host_university10", "host_university9", "host_school3", "host_attached")
    with play.together():
        applied = [apply(play, cycle, host) for host in (university, school, *map(Host, others))]
    play.work()
    with play.together():
        for case in applied:
            attest(play, case)
    play.work()
    countersign(play, applied[1])
    play.go(3)
    review(play, "prelim_university", applied[2], "return", "任职文件缺第 2 页，请补充。")
    review(play, "prelim_university", applied[3], "reject", "两篇论文的刊物均不在省级以上刊物目录内。")
    ask_for_review(play, applied[3])
    apply(play, cycle, Host("host_school2"))
    apply_on_paper(play, cycle, Host("host_university2"))
    play.go(1)
    _draft(play, cycle, Host("host_university"), missing=("signature", "pledge"))
    _draft(play, cycle, Host("host_school"), missing=("signature", "pledge", "publications", "commendations"))


def _draft(play: Play, cycle: str, host: Host, missing: tuple[str, ...]) -> None:
    """Leave a form half filled in; what is missing comes later."""
    _, task_id = begin(play, cycle, host)
    with play.acting(host.login) as act:
        values = filled(play, act, task_id, (cycle, host))
        values["appraisals"] = values["appraisals"][:1]
        kept = {key: value for key, value in values.items() if key not in missing}
        save_draft(act, task_id=task_id, data=kept, revision=0)


def tell_next(play: Play) -> None:
    """Draft the next year's call and a change of a form, each to be released by a second person."""
    play.go(2)
    draft_call(play, "{year}年度申报（拟）", Schedule(-40, -70, -85, -120))
    with play.acting("designer") as act:
        save_draft_model(act, draft=_changed_form(act))


def tell_asked(play: Play) -> None:
    """Let a host ask the unit's administrator to put right what is kept about them."""
    play.go(1)
    with play.acting("host_university3") as act:
        ask_correction(act, about=About.UNIT, text="我已调到数理与信息学院教工第一党支部工作，请更正所在单位。")


def _changed_form(act: Act) -> DraftModel:
    """The county's form with a longer opinion."""
    form = next(each for each in in_force(act) if each.key == "application/county_countersign")
    content = form.content.replace(b'"maxLength": 1000', b'"maxLength": 1500')
    return DraftModel(ModelKind.FORM, form.key, "县区会签", content, "会签意见放宽到 1500 字")
