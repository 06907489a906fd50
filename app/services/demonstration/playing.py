"""A past lived through again: every step done through the services by the person whose task it was."""

import io
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.services.accounts import load_actor
from app.services.acting import Act, Actor, Ports
from app.services.demonstration.organisation import Cast
from app.services.demonstration.papers import paper, scan
from app.services.demonstration.profiles import Give
from app.services.evidence import Purpose, Upload, store_evidence
from app.services.tasks import complete_task
from app.services.viewing import view_task
from app.store import Database, Session
from app.store.queries.waiting import task_for

_PAPERS: Mapping[str, tuple[str, str]] = {
    "appointments": ("任职文件", "C4.1b"),
    "titles": ("职称聘任文件", "C4.1c"),
    "commendations": ("表彰决定", ".1"),
    "publications": ("论文首页", ".2"),
    "appraisals": ("考核通报", ".3"),
    "paper_doc": ("纸质申报书扫描件", "C5.1"),
    "attest_superior": ("盖章扫描件", "C4.1a"),
    "declare_school": ("盖章扫描件", "C4.5b"),
    "declare_discipline": ("盖章扫描件", "C4.5b"),
    "self_assessment": ("佐证材料", "C6.2"),
    "seal": ("盖章扫描件", "C4.1a"),
    "host_change": ("工作调动通知", "C6.1b"),
}
"""For each list of files: what they are called, and the clause they prove, in full or as an item of the six."""

Values = Mapping[str, Any]
Fill = Callable[[Act, str], Values]
"""Given who acts and on which task, returns what is handed in."""


@dataclass(frozen=True, slots=True)
class Where:
    """A task: of which process and subject (public id), at which element."""

    process: str
    subject: str
    element: str


def known(act: Act, task_id: str) -> Values:
    """Return what a task's form shows and starts with."""
    view = view_task(act, task_id=task_id)
    return {**view.context, **view.draft.data}


class Play:
    """The cast at work at a moment of the past that only moves by ``go``."""

    def __init__(
        self,
        database: Database,
        ports: Ports,
        cast: Cast,
        real_now: datetime,
        run_until_quiet: Callable[[datetime], None],
    ) -> None:
        self.cast = cast
        self.real_now = real_now
        self.now = real_now
        self._database = database
        self._ports = ports
        self._run_until_quiet = run_until_quiet
        self._session: Session | None = None
        self._actors: dict[str, Actor] = {}

    def go(self, days_ago: float) -> None:
        """Let it be so many days before the present, and everything due by then be done."""
        self.now = self.real_now - timedelta(days=days_ago)
        self.work()

    def work(self) -> None:
        """Hand over messages, let timers fire."""
        self._run_until_quiet(self.now)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let what the block does land as one transaction: a first start waits for fewer writes to the disk."""
        with self._database.transaction() as session:
            self._session = session
            try:
                yield
            finally:
                self._session = None

    @contextmanager
    def acting(self, login: str) -> Iterator[Act]:
        """Act as somebody, in a transaction of their own unless several acts land together."""
        if self._session is not None:
            yield self._act(self._session, login)
        else:
            with self._database.transaction() as session:
                yield self._act(session, login)

    @contextmanager
    def in_public(self) -> Iterator[Act]:
        """Act as somebody unknown who has not signed in."""
        with self._database.transaction() as session:
            yield Act(session, Actor(None, "公众"), self.now, self.real_now, self._ports)

    def _act(self, session: Session, login: str) -> Act:
        if login not in self._actors:
            found = load_actor(session, self.cast.people[login].id, self.now)
            if found is None:
                raise LookupError(f"{login} holds nothing at {self.now}")
            self._actors[login] = found  # in the demonstration nobody gains or loses a role
        return Act(session, self._actors[login], self.now, self.real_now, self._ports)

    def do(self, login: str, where: Where, fill: Values | Fill) -> None:
        """Complete somebody's task with values, or with what ``fill`` makes of it, and let the case go on."""
        with self.acting(login) as act:
            task_id = task_for(act.session, where.process, where.subject, where.element, act.actor.queue_ids)
            values = fill(act, task_id) if callable(fill) else fill
            complete_task(act, task_id=task_id, data=values, revision=0)
        self.settle()

    def settle(self) -> None:
        """Let what was just done have its effects, unless it is still to land together with more."""
        if self._session is None:
            self.work()

    def give(
        self,
        act: Act,
        task_id: str,
        group: str = "C4.3",
        *,
        shared: Collection[str] = (),
        scanned: Collection[str] = (),
    ) -> Give:
        """Return what uploads a paper for a row of the task's form; ``group``: the clause of the track's six items.

        No two papers are alike, but for those ``shared`` with another application; ``scanned`` ones are a picture.
        """

        def upload(owner: str, row_key: str) -> list[str]:
            name, clause = _PAPERS[owner]
            content = paper(owner if owner in shared else f"{owner} {row_key} {task_id[:8]}")
            purpose = Purpose(owner, row_key, clause if clause.startswith("C") else f"{group}{clause}")
            content, ending = (scan(), "jpg") if owner in scanned else (content, "pdf")
            upload = Upload(f"{name}{row_key[1:]}.{ending}", io.BytesIO(content))
            return [store_evidence(act, task_id=task_id, upload=upload, purpose=purpose).public_id]

        return upload
