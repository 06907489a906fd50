"""A paper comes about in three steps: an event orders it; it is numbered with its facts; its files are made.

The event's own transaction only queues the order. The number is taken in a short transaction of its own, in which
numbers follow one another without a gap. Typesetting runs while nothing is locked, from the facts kept with the number.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.adapters.documents import typesetting, word
from app.domain.cycle import settings_from_json
from app.domain.errors import DomainError
from app.domain.papers import PAPERS, PaperKind, paper_number
from app.domain.time import SHANGHAI
from app.services import audit
from app.services.acting import Act
from app.services.hooks import Case
from app.services.landing import case_of
from app.services.outbox import enqueue, handles
from app.services.papers.in_word import layout_of, word_facts
from app.store.models import Cycle, Instance, Paper, PaperTemplate
from app.store.queries import papers as rows
from app.store.types import new_public_id

ORDER = "order_paper"
"""The work that numbers a paper."""

MAKE = "make_paper"
"""The work that makes a numbered paper's files."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a paper is about: the case, the moment, and what the event itself said (JSON values)."""

    case: Case
    at: datetime
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """What a paper says: its title and everything its layout prints (JSON values).

    ``number``: given by the office itself; None: the next of its kind and year.
    """

    title: str
    facts: Mapping[str, Any]
    number: str | None = None


Compose = Callable[[Act, Event], Content]
_COMPOSERS: dict[PaperKind, Compose] = {}


def composes(kind: PaperKind) -> Callable[[Compose], Compose]:
    """Register the decorated function as what a kind of paper says."""

    def register(function: Compose) -> Compose:
        known = _COMPOSERS.setdefault(kind, function)
        if known is not function:
            raise ValueError(f"{kind} is composed twice")
        return function

    return register


@dataclass(frozen=True, slots=True)
class Order:
    """A paper wanted: its kind, and ``key``, which names the event among all that a case may have.

    ``subject``: what the public knows it by, where that is not what the case is about.
    """

    kind: PaperKind
    key: str = ""
    subject: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)


def order_paper(act: Act, case: Case, order: Order) -> None:
    """Have a paper made after this transaction has committed; the same event orders it once."""
    payload = {
        "kind": order.kind.value,
        "case": case.id,
        "key": f"{order.kind}:{case.id}:{order.key}",
        "by": act.actor.person_id,
        "at": act.now.isoformat(),
        "subject": order.subject or case.business_key,
        "about": dict(order.about),
    }
    enqueue(act, kind=ORDER, payload=payload)


@handles(ORDER)
def number_paper(act: Act, payload: Mapping[str, Any]) -> None:
    """Give an ordered paper its number and keep its facts; its files are made next."""
    if rows.is_ordered(act.session, payload["key"]):
        return
    kind, at = PaperKind(payload["kind"]), datetime.fromisoformat(payload["at"])
    case = case_of(act.session.get_one(Instance, payload["case"]))
    content = _COMPOSERS[kind](act, Event(case, at, payload["about"]))
    year = at.astimezone(SHANGHAI).year
    sequence = None if content.number else rows.next_number(act.session, kind, year)
    number = content.number or paper_number(_pattern(act, case), kind, year, sequence or 0)
    paper = Paper(
        public_id=new_public_id(),
        kind=kind,
        key=payload["key"],
        year=year,
        sequence=sequence,
        number=number,
        title=content.title,
        subject=payload["subject"],
        facts=dict(content.facts),
        cycle_id=case.cycle_id or 0,
        instance_id=case.id,
        by_id=payload["by"],
        dated=at,
        missing=[],
    )
    act.session.add(paper)
    act.session.flush()
    audit.record(act, case_id=case.id, action="number_paper", object=f"paper/{paper.public_id}", result=number)
    enqueue(act, kind=MAKE, payload={"paper": paper.id})


def _pattern(act: Act, case: Case) -> str:
    cycle = act.session.get_one(Cycle, case.cycle_id)
    return settings_from_json(cycle.settings).document_numbers


@dataclass(frozen=True, slots=True)
class Files:
    """A paper's files, kept in the store: digest and size; ``word`` None: the kind has none.

    ``trouble``: the code of what was wrong with the office's template, so that ours was taken.
    """

    pdf: tuple[str, int]
    word: tuple[str, int] | None
    template_id: int | None
    missing: tuple[str, ...]
    trouble: str


def prepare_paper(act: Act, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Typeset a numbered paper and keep its files: the bytes are on the disk before a row names them."""
    paper = act.session.get_one(Paper, payload["paper"])
    if paper.pdf_sha256 is not None:
        return {"files": None}
    facts = {**paper.facts, "number": paper.number, "title": paper.title}
    printed = typesetting.typeset(layout_of(paper.kind), facts, at=paper.dated)
    template = rows.template_in_force(act.session, paper.kind) if PAPERS[paper.kind].in_word else None
    written, trouble = _written(act, paper, template, facts) if PAPERS[paper.kind].in_word else (None, "")
    template_id = template.id if template and not trouble else None
    return {"files": Files(_kept(act, printed.content), written, template_id, printed.missing, trouble)}


def _written(
    act: Act, paper: Paper, template: PaperTemplate | None, facts: Mapping[str, Any]
) -> tuple[tuple[str, int], str]:
    """The paper in Word; should the office's template fail with these facts, ours is taken and the trouble recorded."""
    trouble, told = "", word_facts(facts)
    if template is not None:
        try:
            return _kept(act, word.fill(act.ports.files.get(template.sha256), told, at=paper.dated)), ""
        except DomainError as error:
            trouble = error.code
    return _kept(act, word.fill(word.standard_template(layout_of(paper.kind)), told, at=paper.dated)), trouble


def _kept(act: Act, content: bytes) -> tuple[str, int]:
    return act.ports.files.put(content), len(content)


@handles(MAKE, prepare=prepare_paper, may_wait=True)
def make_paper(act: Act, payload: Mapping[str, Any]) -> None:
    """Name the files of a paper; once made it never changes."""
    files: Files | None = payload["files"]
    paper = act.session.get_one(Paper, payload["paper"])
    if files is None or paper.pdf_sha256 is not None:
        return
    paper.pdf_sha256, paper.pdf_size = files.pdf
    if files.word is not None:
        paper.word_sha256, paper.word_size = files.word
        paper.template_id = files.template_id
    paper.missing, paper.made_at = list(files.missing), act.now
    act.session.flush()
    if files.trouble:
        what = f"paper/{paper.public_id}"
        audit.record(act, case_id=paper.instance_id, action="skip_paper_template", object=what, result=files.trouble)
    audit.record(
        act, case_id=paper.instance_id, action="make_paper", object=f"paper/{paper.public_id}", result=files.pdf[0]
    )
