"""An application of each track, from the call to the announcement, played through the pages by everybody concerned."""

import csv
import re
from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.desk import Desk
from tests.browser.steps import SCHOOL, UNIVERSITY, Entrant

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

_ATTESTING = {
    UNIVERSITY: ("superior_university", "school_university", "discipline_university"),
    SCHOOL: ("superior_school", "party_school", "discipline_school"),
}
_ATTESTATIONS = ("上级党组织证明", "学校党组织声明", "纪检机构声明")
_REVIEWERS = {UNIVERSITY: ("prelim_university", "prelim_university2"), SCHOOL: ("prelim_city", "prelim_city2")}
_PANEL = ("expert1", "expert2", "expert3", "expert4", "expert5")


class Office:
    """Everybody's desks; each signs in when first needed."""

    def __init__(self, visit: Callable) -> None:
        self._visit = visit
        self._desks: dict[str, Desk] = {}

    def desk(self, login: str) -> Desk:
        if login not in self._desks:
            self._desks[login] = Desk(self._visit(login).page)
        return self._desks[login]

    @property
    def public(self):
        if "" not in self._desks:
            self._desks[""] = Desk(self._visit().page)
        return self._desks[""].page

    def move_clock(self, field: str, amount: int) -> date:
        """Move the programme's clock ahead as the administrator; return its new day."""
        page = self.desk("sysadmin").page
        page.goto("/admin/clock")
        page.fill(f"#{field}", str(amount))
        page.locator(".clock-step", has=page.locator(f"#{field}")).locator("button").click()
        expect(page.locator(".flash")).to_be_visible()
        return self.today()

    def today(self) -> date:
        """The day of the programme's clock, as every page shows it."""
        shown = re.search(r"(\d+)年(\d+)月(\d+)日", self.public.locator(".clockline").inner_text())
        assert shown
        return date(*map(int, shown.groups()))


_LOOKS, _LOOK_AGAIN_MS = 40, 500


@pytest.fixture
def office(visit) -> Office:
    return Office(visit)


def test_an_application_of_each_track_reaches_the_announcement(office, shuangyou):
    university, school = Entrant("host_university8", UNIVERSITY), Entrant("host_school8", SCHOOL)
    entrants = (university, school)
    office.public.goto("/")
    cycle = office.public.locator("h1").inner_text()

    for entrant in entrants:
        apply(office, entrant)
        attest(office, entrant)
    review_with_a_return(office, school)
    steps.review(office.desk("prelim_university"), university, "recommend", "材料齐全，条件符合，建议推荐。")
    list_and_publish(office, entrants, cycle)
    check_and_score(office, entrants, cycle)
    number = decide_and_announce(office, entrants, cycle)

    read_announcement(office, entrants, number)
    export_history(office, university)
    assert shuangyou("audit", "verify").returncode == 0


def apply(office: Office, entrant: Entrant) -> None:
    """Fill in the form with its evidence, watch the self-check agree, pledge, submit, and check the receipt."""
    desk = office.desk(entrant.login)
    as_of = reference_day(office)
    steps.start(desk, entrant)
    steps.state_person(desk, entrant)
    steps.state_career(desk, entrant, as_of)
    check = desk.page.locator("#self-body")
    expect(check).to_contain_text("六选三：满足 0 项")
    steps.state_commendation(desk, as_of)
    expect(check).to_contain_text("六选三：满足 1 项")
    steps.state_works(desk, as_of)
    steps.pledge(desk, entrant)
    expect(check).to_contain_text("六选三：满足 3 项")
    expect(check).to_contain_text("按规则能查到的都已齐全")
    desk.complete()
    entrant.case = desk.page.url
    entrant.receipt = desk.page.locator("main").get_by_text(re.compile(r"^SQ-")).first.inner_text()
    assert "办理中" in receipt_says(office, entrant)


def reference_day(office: Office) -> date:
    """The day as of which the conditions are judged, as the public page says it."""
    office.public.goto("/")
    shown = re.search(r"以\s*(\d+)年(\d+)月(\d+)日\s*为基准日", office.public.locator("main").inner_text())
    assert shown
    return date(*map(int, shown.groups()))


def receipt_says(office: Office, entrant: Entrant) -> str:
    """What anybody learns who types the receipt's number."""
    office.public.goto("/receipt")
    office.public.fill("main input[name=number]", entrant.receipt)
    office.public.locator("main form button.btn-main").click()
    expect(office.public.locator("main dl.kv")).to_contain_text(entrant.receipt)
    return office.public.locator("main dl.kv").inner_text()


def attest(office: Office, entrant: Entrant) -> None:
    """Let the three bodies attest and declare."""
    for login, task in zip(_ATTESTING[entrant.track], _ATTESTATIONS, strict=True):
        steps.attest(office.desk(login), task, entrant)


def review_with_a_return(office: Office, entrant: Entrant) -> None:
    """Return the application once; the host sees why, corrects and hands it in again; then it is recommended."""
    reviewer, host = office.desk(_REVIEWERS[entrant.track][0]), office.desk(entrant.login)
    steps.review(reviewer, entrant, "return", "任职文件缺第 2 页，请补充。")
    host.open("修改申报材料", entrant.studio)
    expect(host.page.locator("main")).to_contain_text("任职文件缺第 2 页，请补充。")
    steps.correct(host, entrant)
    steps.review(reviewer, entrant, "recommend", "补充齐全，建议推荐。")


def list_and_publish(office: Office, entrants: tuple[Entrant, ...], cycle: str) -> None:
    """Two people a unit rank and release its list; it is public for as many working days as the rules say."""
    office.move_clock("days", 16)
    for entrant in entrants:
        first, second = _REVIEWERS[entrant.track]
        steps.rank(office.desk(first), cycle, entrant)
        office.desk(second).open("签发推荐名单", cycle)
        office.desk(second).fill({"opinion": "同意签发。"})
        office.desk(second).decide("release")
    for entrant in entrants:
        window = window_of(office, entrant)
        assert "5 个工作日" in window
    office.move_clock("working_days", 6)
    for entrant in entrants:
        office.desk("secretariat").see("形式审查", entrant.studio)
        assert "已上报" in window_of(office, entrant)


def looked_for(office: Office, look: Callable[[], str | None], what: str) -> str:
    """What a page shows once work that goes on in the background has come that far."""
    for _ in range(_LOOKS):
        if (found := look()) is not None:
            return found
        office.public.wait_for_timeout(_LOOK_AGAIN_MS)
    raise AssertionError(what)


def window_of(office: Office, entrant: Entrant) -> str:
    """The public page of the list on which the applicant stands."""
    return looked_for(office, lambda: shown_window(office, entrant), f"no public list shows {entrant.studio}")


def shown_window(office: Office, entrant: Entrant) -> str | None:
    """The same, as long as it is public already."""
    office.public.goto("/publicity")
    links = office.public.locator("main a[href^='/publicity/']")
    for address in [each.get_attribute("href") or "" for each in links.all()]:
        office.public.goto(address)
        shown = office.public.locator("main").inner_text()
        if entrant.studio in shown:
            return shown
    return None


def check_and_score(office: Office, entrants: tuple[Entrant, ...], cycle: str) -> None:
    """Check the format, form the panel, let every expert score, hear the defenses."""
    for entrant in entrants:
        steps.check_format(office.desk("secretariat"), entrant)
    office.move_clock("days", 30)  # past the reporting cut-off: whoever is not on a list by now is left out
    names = [office.desk(login).name for login in _PANEL]
    steps.propose_panel(office.desk("secretariat"), cycle, names)
    for login in _PANEL:
        steps.accept_invitation(office.desk(login), cycle)
    office.desk("secretariat").open("核对分派方案", cycle)
    office.desk("secretariat").decide("forward")
    office.desk("province_committee").open("确认专家组", cycle)
    office.desk("province_committee").decide("confirm")
    for entrant in entrants:
        for login in _PANEL:
            steps.score(office.desk(login), entrant, 90)
    hear(office, entrants)


def hear(office: Office, entrants: tuple[Entrant, ...]) -> None:
    """Draw lots, hold each slot by the clock, let every expert score, record it."""
    operator = office.desk("secretariat")
    address = steps.plan_defense(operator, entrants)
    for _ in entrants:
        studio = steps.hold(operator, address)
        entrant = next(each for each in entrants if each.studio in studio)
        for login in _PANEL:
            steps.give_score(office.desk(login), entrant, 92)
        steps.finish(operator, address)
        steps.record_defense(office.desk("panel_chair"), entrant)


def decide_and_announce(office: Office, entrants: tuple[Entrant, ...], cycle: str) -> str:
    """Shortlist, approve, draft and release the announcement; return its number."""
    steps.decide_shortlist(office.desk("panel_chair"), cycle, entrants)
    steps.approve(office.desk("province_committee"), cycle)
    looked_for(office, partial(shown_to_all, office, entrants), "the approved list is not public")
    office.move_clock("working_days", 6)
    steps.conclude_publicity(office.desk("province_committee2"), cycle)
    number = steps.prepare_announcement(office.desk("secretariat"), cycle, office.today())
    office.desk("province_committee2").open("审发公布文件", cycle)
    office.desk("province_committee2").decide("release")
    return number


def shown_to_all(office: Office, entrants: tuple[Entrant, ...]) -> str | None:
    """The page of the provincial publicity, once it shows everybody who was approved."""
    office.public.goto("/publicity")
    links = office.public.locator("main a[href$='/publicity'][href^='/rules/']")
    for address in [each.get_attribute("href") or "" for each in links.all()]:
        office.public.goto(address)
        shown = office.public.locator("main").inner_text()
        if all(entrant.studio in shown for entrant in entrants):
            return shown
    return None


def announced_to(office: Office, entrant: Entrant) -> str | None:
    """What the receipt's number says, once it is the announcement."""
    said = receipt_says(office, entrant)
    return said if "已公布" in said else None


def read_announcement(office: Office, entrants: tuple[Entrant, ...], number: str) -> None:
    """Everybody can read it: on the public page, on the case's page, at the receipt's number."""
    page = office.public
    for entrant in entrants:
        looked_for(office, partial(announced_to, office, entrant), f"{entrant.studio} is not announced")
        host = office.desk(entrant.login).page
        host.goto(entrant.case)
        expect(host.locator("main")).to_contain_text("已公布")
        page.goto("/")
        expect(page.locator("main")).to_contain_text(entrant.studio)
    expect(page.locator("main")).to_contain_text(number)


def export_history(office: Office, entrant: Entrant) -> None:
    """The auditor opens the case's whole history and takes it along as CSV."""
    page = office.desk("auditor").page
    page.goto("/audit")
    page.fill("main input[type=search], main input[name=text]", entrant.receipt)
    page.press("main input[type=search], main input[name=text]", "Enter")
    page.wait_for_load_state()
    page.locator("main a[href^='/audit/cases/']").first.click()
    expect(page.locator("h1")).to_contain_text(entrant.studio)
    with page.expect_download() as download:
        page.locator("a[href$='.csv']").first.click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) > 30
