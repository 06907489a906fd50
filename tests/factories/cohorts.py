"""An installation with the demonstration's people and nothing under way yet: where a whole cohort applies.

What a test does not do on the pages is laid down here through the services, by the same people, at the programme's
present: the steps in which nothing new is seen any more.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from app.adapters.clock import StandingClock
from app.cli.installation import Installation, put_together
from app.config import PROJECT, read_settings
from app.domain.roles import RoleKey
from app.jobs.worker import Worker
from app.services import programme
from app.services.demonstration import desk, steps
from app.services.demonstration.organisation import FOUNDED, Cast, build_organisation
from app.services.demonstration.playing import Play
from app.services.demonstration.steps import Applied, Host
from app.services.installing import install
from app.services.people import Grant, NewPerson, add_holding, add_person
from app.store.models import Application, Cycle, InboxRow, Instance, OpenTask, Person

JOINED = programme

MORE_HOSTS: Mapping[str, str] = {
    "host_university12": "U02-F1-B3",
    "host_university13": "U02-F2-B3",
    "host_university14": "U03-F1-B3",
    "host_university15": "U03-F2-B3",
    "host_university16": "U03-F3-B2",
    "host_university17": "U03-F3-B3",
    "host_university18": "U01-F2-B1",
}
"""Login → branch of hosts whom the demonstration does not have."""

ALSO = {"host_earlier": "U03-F2-B2"}


class Cohort:
    """The installation, and its people at work on what is left to them."""

    def __init__(self, installation: Installation, cast: Cast) -> None:
        self.installation = installation
        self.cast = cast
        self.applied: dict[str, Applied] = {}

    @contextmanager
    def at_work(self) -> Iterator[Play]:
        """The people at work at the programme's present; the server's own worker may be at work beside them."""
        database, clock = self.installation.database, self.installation.clock
        database.remembered.forget()  # the server's process may have moved the clock since

        def run_until_quiet(now: datetime) -> None:
            Worker(database, self.installation.ports, StandingClock(now)).run_until_quiet()

        play = Play(database, self.installation.ports, self.cast, clock.real_now(), run_until_quiet)
        play.now = clock.now()
        yield play
        play.work()

    def cycle(self) -> str:
        """The public id of the only cycle."""
        with self.installation.database.reading() as session:
            return session.scalars(select(Cycle.public_id)).one()

    def find(self, login: str) -> Applied:
        """The application that a host began on the pages."""
        with self.installation.database.reading() as session:
            query = select(Application.public_id).where(Application.host_id == self.cast.people[login].id)
            return Applied(session.scalars(query).one(), Host(login))

    def whose(self, task_id: str) -> str:
        """The login of the host with whose case a task is concerned."""
        with self.installation.database.reading() as session:
            query = select(Instance.business_key).join(OpenTask, OpenTask.instance_id == Instance.id)
            key = session.scalars(query.where(OpenTask.id == task_id)).one()
        return next(login for login, applied in self.applied.items() if applied.key == key)

    # the way of an application

    def apply(self, logins: Sequence[str]) -> None:
        """Let these hosts apply, and the three bodies attest."""
        with self.at_work() as play:
            cycle = self.cycle()
            with play.together():
                found = [steps.apply(play, cycle, Host(login)) for login in logins]
            play.work()
            with play.together():
                for applied in found:
                    steps.attest(play, applied)
        self.applied.update((applied.host.login, applied) for applied in found)

    def review(self, reviewers: Mapping[str, str]) -> None:
        """Recommend these hosts' applications, each by the reviewer named."""
        with self.at_work() as play, play.together():
            for login, reviewer in reviewers.items():
                steps.review(play, reviewer, self.applied[login])

    def check_format(self, logins: Sequence[str]) -> None:
        """Find these hosts' materials complete, each at the desk that ``checking`` names."""
        with self.at_work() as play, play.together():
            for login in logins:
                steps.check_format(play, *self._desk(login))

    def checking(self, login: str) -> str:
        """Who checks a host's materials: the undertaking unit does not check its own (C6.5)."""
        is_own = self.cast.branches[login].startswith("U01-")
        return "province_committee" if is_own else "secretariat"

    def _desk(self, login: str) -> tuple[str, Applied, str, str]:
        who = self.checking(login)
        element = "format_check_committee" if who == "province_committee" else "format_check"
        return who, self.applied[login], "complete", element

    def score(self, points: Mapping[str, int]) -> None:
        """Hand in every review still open, each expert a little above or below what a host's case is worth."""
        with self.at_work() as play:
            for number in range(1, 8):
                expert = f"expert{number}"
                for login in self._waiting_for(expert, points):
                    steps.score(play, self.applied[login], {expert: points[login] + number % 3 - 1})

    def _waiting_for(self, expert: str, logins: Mapping[str, int]) -> list[str]:
        """Whose cases wait for an expert's scores."""
        with self.at_work() as play, play.acting(expert) as act:
            query = (
                select(Instance.business_key)
                .join(OpenTask, OpenTask.instance_id == Instance.id)
                .join(InboxRow, InboxRow.task_id == OpenTask.id)
                .where(OpenTask.element_id == "material_review", InboxRow.queue_id.in_(tuple(act.actor.queue_ids)))
            )
            waiting = set(act.session.scalars(query))
        return [login for login in logins if self.applied[login].key in waiting]

    def defend(self, session: str, points: Mapping[str, int]) -> None:
        """Hold the slots of these hosts in the order of their lots and record them."""
        cases = {self.applied[login].key: login for login in points}
        with self.at_work() as play:
            with play.acting("secretariat") as act:
                order = [slot.case for slot in desk.view_desk(act, session=session).slots if slot.case in cases]
            for case in order:
                with play.together():
                    desk.hold(play, session, case, points[cases[case]])
                desk.record(play, self.applied[cases[case]])


def found_cohort(instance: Path) -> Cohort:
    """Found the installation in a folder, ready to be served as a demonstration: its people, no call yet."""
    installation = put_together(read_settings({"SHUANGYOU_INSTANCE": str(instance)}, demonstration=True))
    installation.bring_up_to_date()
    with installation.acting() as act:
        install(act, root=PROJECT)
    with installation.acting() as act:
        cast = build_organisation(replace(act, now=FOUNDED))
        people, known = dict(cast.people), cast.people["host_university"]
        for number, (login, branch) in enumerate(MORE_HOSTS.items(), start=1):
            added = add_person(act, NewPerson(login, f"祝同舟{number}"))
            people[login] = act.session.get_one(Person, added.id)
            people[login].password_hash = known.password_hash
            add_holding(act, added.id, Grant(RoleKey.HOST, cast.units[branch].id, FOUNDED.date()))
    (instance / "demonstration").touch()
    return Cohort(installation, Cast(people, cast.units, {**cast.branches, **MORE_HOSTS, **ALSO}))
