"""A cohort from the call to the announcement, played through the pages by everybody concerned.

What one person has done on a page once, the rest of the cohort is laid down with: see ``tests.factories.cohorts``.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from app.services.studios import studio_name
from tests.browser import joint, steps
from tests.browser.conftest import CommandLine, serving, visiting
from tests.browser.office import Office
from tests.browser.steps import SCHOOL, UNIVERSITY, Entrant
from tests.factories.cohorts import MORE_HOSTS, Cohort, found_cohort

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("cohort")]

TITLE = "“双优”党支部书记工作室申报"
EXPERTS = tuple(f"expert{number}" for number in range(1, 8))
ATTESTING = {
    UNIVERSITY: ("superior_university", "school_university", "discipline_university"),
    SCHOOL: ("superior_school", "party_school", "discipline_school"),
}
ATTESTATIONS = ("上级党组织证明", "学校党组织声明", "纪检机构声明")
CITY = ("prelim_city", "prelim_city2")
REVIEWERS = {
    "U01": ("prelim_undertaking", "prelim_undertaking2"),
    "U02": ("prelim_university", "prelim_university2"),
    "U03": ("prelim_university", "prelim_university2"),
}
FORMAT_CHECK = {"secretariat": "形式审查", "province_committee": "工委形式审查"}
ANNOUNCED, STRUCK, NOT_SHORTLISTED = "已公布", "未通过审定", "未入围"
REMOVED, LEFT = "未上报", "超出本单位推荐名额，本次不推荐。"


@dataclass(frozen=True)
class Size:
    """How large a cohort is: who types on the pages, who else applies, how many a unit may recommend, and places."""

    typed: tuple[Entrant, ...]
    others: tuple[str, ...]
    quota: int
    places: tuple[int, int]
    slots: int
    """How many slots of the defense are held on the pages."""


SMALL = Size(
    typed=(Entrant("host_university", UNIVERSITY), Entrant("host_school", SCHOOL)),
    others=("host_university2", "host_university3", "host_university4", "host_school2", "host_school3"),
    quota=3,
    places=(2, 2),
    slots=1,
)
WHOLE = Size(
    typed=(Entrant("host_university", UNIVERSITY), Entrant("host_school", SCHOOL)),
    others=(
        *(f"host_university{number}" for number in range(2, 12)),
        "host_undertaking",
        "host_earlier",
        *(f"host_school{number}" for number in range(2, 11)),
        *MORE_HOSTS,
    ),
    quota=6,
    places=(8, 3),
    slots=3,
)


@dataclass
class Way:
    """A cohort on its way: what the pages have shown so far, by the hosts' logins."""

    office: Office
    cohort: Cohort
    size: Size
    listed: list[str] = field(default_factory=list)
    removed: str = ""
    chosen: list[str] = field(default_factory=list)
    struck: str = ""
    defense: str = ""

    def __post_init__(self) -> None:
        self.title = TITLE
        self.logins = [*(each.login for each in self.size.typed), *self.size.others]
        self.studios = {login: studio_name(self.cohort.cast.branch_of(login).name) for login in self.logins}
        self.hosts = {studio: login for login, studio in self.studios.items()}

    @property
    def judged(self) -> list[str]:
        """Whose applications come before the panel, the best first."""
        return [login for login in self.logins if login in self.listed and login != self.removed]

    def points(self, login: str) -> int:
        """What an application is worth: no two are alike."""
        return 95 - self.logins.index(login)

    def reviewers(self, login: str) -> tuple[str, str]:
        """Who reviews a host's application and who releases the list it stands on."""
        return REVIEWERS.get(self.cohort.cast.branches[login].partition("-")[0], CITY)

    def studio_in(self, text: str) -> str:
        """The host whose studio a text names."""
        return self.hosts[next(studio for studio in self.hosts if studio in text)]


@pytest.fixture
def way(request, chromium, tmp_path) -> Iterator[Way]:
    """The cohort's own installation, served."""
    cohort = found_cohort(tmp_path)
    with serving(CommandLine(tmp_path)) as server, visiting(chromium, server) as visit:
        yield Way(Office(visit), cohort, request.param)
    cohort.installation.database.close()


@pytest.mark.parametrize(
    "way", [SMALL, pytest.param(WHOLE, marks=pytest.mark.long)], ids=["seven", "thirty"], indirect=True
)
def test_a_cohort_reaches_the_announcement(way, tmp_path):
    call(way)
    apply(way)
    review(way)
    list_and_publish(way)
    object_to_one(way)
    form_the_panel(way)
    review_materials(way)
    defend(way)
    conclude(way)
    announce(way)
    look_back(way)
    export_history(way)
    assert CommandLine(tmp_path)("audit", "verify").returncode == 0


def call(way: Way) -> None:
    """One office drafts the call, another releases it; it is public at once."""
    office, day = way.office, way.office.today()
    joint.begin_call(office.desk("province_committee"), way.title, day.year)
    office.shoot("province_committee", "01-cycles")
    settings = {
        "unit_quota": way.size.quota,
        "blind": True,
        "places_university": way.size.places[0],
        "places_school": way.size.places[1],
    }
    office.desk("secretariat").open("拟订申报通知", way.title)
    office.shoot("secretariat", "02-draft")
    joint.draft_call(office.desk("secretariat"), way.title, day, settings)
    office.desk("province_committee2").open("审发申报通知", way.title)
    office.shoot("province_committee2", "03-release")
    joint.release_call(office.desk("province_committee2"), way.title)
    office.looked_for(lambda: says(office.public, "/", way.title), "the call is not public")
    office.shoot("", "04-call")


def says(page: Page, address: str, text: str) -> str | None:
    """What a page says, once it says ``text``."""
    page.goto(address)
    shown = page.locator("main").inner_text()
    return shown if text in shown else None


def apply(way: Way) -> None:
    """Some apply on the pages, every form looked at; the rest of the cohort applies with them."""
    for entrant in way.size.typed:
        fill_in(way.office, entrant)
        for login, task in zip(ATTESTING[entrant.track], ATTESTATIONS, strict=True):
            steps.attest(way.office.desk(login), task, entrant)
        way.cohort.applied[entrant.login] = way.cohort.find(entrant.login)
    way.cohort.apply(way.size.others)


def fill_in(office: Office, entrant: Entrant) -> None:
    """Fill in the form with its evidence, watch the self-check agree, pledge, submit, and check the receipt."""
    desk = office.desk(entrant.login)
    as_of = office.reference_day()
    steps.start(desk, entrant)
    steps.state_person(desk, entrant)
    steps.state_career(desk, entrant, as_of)
    check = desk.page.locator("#self-body")
    expect(check).to_contain_text("六选三：满足 0 项")
    steps.state_commendation(desk, as_of)
    expect(check).to_contain_text("六选三：满足 1 项")
    steps.state_works(desk, as_of)
    office.shoot(entrant.login, "05-attested-step")
    steps.pledge(desk, entrant)
    expect(check).to_contain_text("六选三：满足 3 项")
    expect(check).to_contain_text("按规则能查到的都已齐全")
    desk.complete()
    office.shoot(entrant.login, "06-submitted")
    entrant.case = desk.page.url
    entrant.receipt = desk.page.locator("main").get_by_text(re.compile(r"^SQ-")).first.inner_text()
    assert "办理中" in office.receipt_says(entrant.receipt)


def review(way: Way) -> None:
    """The first application is returned once and corrected; all are recommended."""
    first = way.size.typed[0]
    reviewer, host = way.office.desk(way.reviewers(first.login)[0]), way.office.desk(first.login)
    steps.review(reviewer, first, "return", "任职文件缺第 2 页，请补充。")
    host.open("修改申报材料", first.studio)
    expect(host.page.locator("main")).to_contain_text("任职文件缺第 2 页，请补充。")
    way.office.shoot(first.login, "07-correct")
    steps.correct(host, first)
    for entrant in way.size.typed:
        reviewer = way.office.desk(way.reviewers(entrant.login)[0])
        steps.review(reviewer, entrant, "recommend", "材料齐全，条件符合，建议推荐。")
    way.cohort.review({login: way.reviewers(login)[0] for login in way.size.others})


def list_and_publish(way: Way) -> None:
    """Each unit ranks within its quota and a second person releases its list; everybody can read it."""
    office = way.office
    office.move_clock("days", 51)
    units = {(way.cohort.cast.branches[login].partition("-")[0], way.reviewers(login)) for login in way.logins}
    lists = sorted({reviewers if reviewers == CITY else (unit, *reviewers) for unit, reviewers in units})
    for *_, first, second in lists:
        board = joint.look_at_board(office.desk(first))
        assert "名额" in board
        office.shoot(first, f"08-board-{first}")
        office.desk(first).see("排序推荐名单", way.title)
        kept = joint.rank_within(
            office.desk(first), way.title, [each.studio for each in way.size.typed], way.size.quota
        )
        way.listed += [way.hosts[studio] for studio in kept]
        joint.release_list(office.desk(second), way.title)
    way.office.move_clock("working_days", 1)
    for login in way.listed:
        shown = office.looked_for(partial(office.publicity, way.studios[login], "[href^='/publicity/']"), login)
        assert "5 个工作日" in shown
    office.shoot("", "10-publicity")


def object_to_one(way: Way) -> None:
    """Somebody objects to the school listed last; it is upheld, and the item leaves the list; the others go on."""
    office = way.office
    way.removed = [login for login in way.listed if "school" in login][-1]
    office.publicity(way.studios[way.removed], "[href^='/publicity/']")
    objection = joint.lodge(office.desk(""), way.studios[way.removed])
    office.shoot("", "11-objection")
    joint.examine(office.desk(CITY[0]), office.desk(CITY[1]), "upheld")
    office.looked_for(lambda: says(office.public, objection, "该项已移出名单"), "the ruling is not told")
    office.move_clock("working_days", 6)
    for login in way.judged:
        who = way.cohort.checking(login)
        office.desk(who).see(FORMAT_CHECK[who], way.studios[login])
    for entrant in way.size.typed:
        steps.check_format(office.desk("secretariat"), entrant)
    typed = {entrant.login for entrant in way.size.typed}
    way.cohort.check_format([login for login in way.judged if login not in typed])


def form_the_panel(way: Way) -> None:
    """The panel is drawn, proposed, accepts and pledges, is assigned and confirmed."""
    office, secretariat = way.office, way.office.desk("secretariat")
    office.move_clock("days", 40)  # past the reporting cut-off: whoever is not on a list by now is left out
    secretariat.see("提出专家组名单", way.title)
    draw = joint.draw_panel(secretariat, way.title, len(EXPERTS))
    office.shoot("secretariat", "13-drawn")
    office.public.goto(draw)
    assert not named(office.public.content(), way)
    joint.propose_drawn(secretariat, way.title)
    for login in EXPERTS:
        steps.accept_invitation(office.desk(login), way.title)
    office.shoot(EXPERTS[0], "14-accepted")
    secretariat.see("核对分派方案", way.title)
    matrix = joint.look_at_matrix(secretariat, way.title)
    assert "最优（已证明）" in matrix
    office.shoot("secretariat", "15-matrix")
    secretariat.open("核对分派方案", way.title)
    secretariat.decide("forward")
    office.desk("province_committee").open("确认专家组", way.title)
    office.shoot("province_committee", "16-confirm")
    office.desk("province_committee").decide("confirm")


def named(text: str, way: Way) -> list[str]:
    """The experts whom a text names."""
    return [login for login in EXPERTS if way.cohort.cast.people[login].name in text]


def review_materials(way: Way) -> None:
    """Every expert scores on the pages, not knowing whose case it is; the rest of the scores come in."""
    for number, login in enumerate(EXPERTS):
        desk = way.office.desk(login)
        desk.page.goto("/reviews")
        if not number:
            way.office.shoot(login, "17-reviews")
        desk.open("材料评审", "")
        shown = desk.page.content()
        telling = [*way.studios.values(), *(way.cohort.cast.people[host].name for host in way.logins)]
        assert [word for word in telling if word in shown] == []
        if not number:
            way.office.shoot(login, "18-review")
        joint.score(desk, way.points(way.cohort.whose(desk.page.url.rpartition("/")[2])))
    way.cohort.score({login: way.points(login) for login in way.judged})


def defend(way: Way) -> None:
    """Slots are held by the clock: scores from phones and from a sheet keyed twice; the chair records them."""
    office, desk = way.office, way.office.desk("secretariat")
    office.desk("panel_chair").see("答辩", "")
    way.defense = joint.plan_defense(desk)
    office.shoot("secretariat", "19-lots")
    names = {way.cohort.cast.people[login].name: login for login in EXPERTS}
    heard = []
    for number in range(way.size.slots):
        studio = steps.hold(desk, way.defense)
        heard.append(way.studio_in(studio))
        seated = desk.page.locator("[aria-labelledby^='bench-'] td.name b").all_inner_texts()
        office.shoot("secretariat", f"20-desk-{number}")
        if not number:
            by_sheet(way, seated.pop(0))
        for name in seated:
            joint.score_by_phone(office.desk(names[name]), way.studios[heard[-1]], way.points(heard[-1]))
        steps.finish(desk, way.defense)
        record(way, heard[-1])
    rest = {each: way.points(each) for each in way.judged if each not in heard}
    way.cohort.defend(way.defense.rpartition("/")[2], rest)


def by_sheet(way: Way, name: str) -> None:
    """Two people key one expert's sheet differently; the chair settles it."""
    office = way.office
    joint.key_sheet(office.desk("secretariat"), way.defense, name, "90")
    joint.key_sheet(office.desk("secretariat2"), way.defense, name, "91")
    office.desk("panel_chair").page.goto(way.defense)
    office.shoot("panel_chair", "21-differ")
    joint.settle_sheet(office.desk("panel_chair"), way.defense, name, "90")


def record(way: Way, login: str) -> None:
    """Record a defense held on the desk, from the desk's own link."""
    chair = way.office.desk("panel_chair")
    chair.page.goto(way.defense)
    chair.page.locator("tr", has_text=way.studios[login]).get_by_role("link", name="登记").click()
    chair.fill({"record": "主持人本人到场，陈述清楚。"})
    way.office.shoot("panel_chair", "22-record")
    chair.complete()


def conclude(way: Way) -> None:
    """The panel reads ranking and leniency, votes, its record is made; the committee strikes one and approves."""
    office, chair = way.office, way.office.desk("panel_chair")
    chair.see("确定入围对象", way.title)
    cycle = f"/cycles/{way.cohort.cycle()}"
    chair.page.goto(f"{cycle}/ranking")
    office.shoot("panel_chair", "23-ranking")
    joint.have_leniency_reported(chair, cycle)
    office.looked_for(partial(joint.reported, chair, cycle), "no leniency report")
    office.shoot("panel_chair", "24-leniency")
    for school, places in enumerate(way.size.places):
        way.chosen += [login for login in way.judged if ("school" in login) is bool(school)][:places]
    chair.open("确定入围对象", way.title)
    office.shoot("panel_chair", "25-vote")
    joint.decide_shortlist(chair, way.title, [way.studios[login] for login in way.chosen], len(EXPERTS))
    way.struck = way.chosen[1]
    committee = office.desk("province_committee")
    committee.open("逐件审定", way.title)
    office.shoot("province_committee", "26-approve")
    joint.approve_all_but(committee, way.title, way.studios[way.struck])


def announce(way: Way) -> None:
    """What was approved is public, then announced by two offices, with its document."""
    office = way.office
    approved = way.studios[way.chosen[0]]
    shown = office.looked_for(partial(office.publicity, approved, "[href$='/publicity']"), "not public")
    assert way.studios[way.struck] not in shown
    office.shoot("", "27-provincial")
    office.move_clock("working_days", 6)
    steps.conclude_publicity(office.desk("province_committee2"), way.title)
    number = steps.prepare_announcement(office.desk("secretariat"), way.title, office.today())
    office.desk("province_committee2").open("审发公布文件", way.title)
    office.shoot("province_committee2", "28-announcement")
    office.desk("province_committee2").decide("release")
    shown = office.looked_for(lambda: says(office.public, "/", number), "nothing is announced")
    office.shoot("", "29-announced")
    for login in way.judged:
        is_announced = login in way.chosen and login != way.struck
        assert (way.studios[login] in shown) is is_announced, login
    document = f"/rules/{way.cohort.cycle()}/announcement.pdf"
    office.looked_for(partial(joint.made, office.desk(""), document), "no document")


def look_back(way: Way) -> None:
    """Every applicant sees the outcome and the reason that may be shown, and nobody who judged."""
    ends = dict.fromkeys(way.logins, LEFT) | dict.fromkeys(way.listed, NOT_SHORTLISTED)
    ends |= dict.fromkeys(way.chosen, ANNOUNCED) | {way.removed: REMOVED, way.struck: STRUCK}
    seen = set()
    for login, end in ends.items():
        page = way.office.desk(login).page
        page.goto("/cases?process=application")
        page.locator("main td.name a", has_text=way.studios[login]).first.click()
        expect(page.locator("h1")).to_contain_text(way.studios[login])
        assert end in page.locator("main").inner_text(), login
        assert named(page.content(), way) == [], login
        if end not in seen:
            way.office.shoot(login, f"30-outcome-{len(seen)}")
        seen.add(end)
    assert len(seen) == len({ANNOUNCED, STRUCK, NOT_SHORTLISTED, REMOVED, LEFT})


def export_history(way: Way) -> None:
    """The auditor opens a case's whole history and takes it along as CSV."""
    page, entrant = way.office.desk("auditor").page, way.size.typed[0]
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
