"""The audit trail: whole chains, found faults, histories and exports that nothing can be smuggled into."""

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from app.domain.audit import Algorithm, ChainFault, read_body
from app.services import audit
from app.services.acting import Act
from app.store.models import AuditEvent, AuditHead, AuditPersonal
from tests.factories.acts import Stage
from tests.factories.errands import begin, finish, found


def _two_steps(stage: Stage) -> int:
    people = found(stage)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    return case.id


def test_every_chain_is_whole(stage: Stage) -> None:
    _two_steps(stage)
    with stage.reading() as act:
        report = audit.verify(act.session)
        events = len(act.session.scalars(select(AuditEvent)).all())
    assert (report.holds, report.chains, report.events) == (True, 2, events)


def test_an_event_says_who_what_when_where(stage: Stage) -> None:
    people = found(stage)
    with stage.acting(people.checker) as act:
        details = audit.Details(role="prelim", definition="abc")
        audit.record(act, case_id=7, action="look", object="thing/1", result="seen", details=details)
    with stage.reading() as act:
        row = act.session.scalars(select(AuditEvent).where(AuditEvent.case_id == 7)).one()
    event = read_body(row.body)
    assert event is not None
    assert (event.case, event.seq, event.prev, event.actor, event.action) == ("7", 1, "", str(people.checker), "look")
    assert (event.object, event.result, event.role, event.definition) == ("thing/1", "seen", "prelim", "abc")
    assert event.at == event.real_at == int(stage.clock.now().timestamp()) * 1_000_000


@pytest.mark.parametrize(("seq", "prev"), [(2, "0" * 64), (4, None), (3, "0" * 64), (0, None)])
def test_the_database_takes_no_event_that_does_not_follow(stage: Stage, seq: int, prev: str | None) -> None:
    case_id = _two_steps(stage)
    with stage.reading() as act:
        end = act.session.get_one(AuditHead, case_id).hash
    row = AuditEvent(
        case_id=case_id,
        case_seq=seq,
        body=b"",
        prev_hash=end if prev is None else prev,
        event_hash="1" * 64,
        at=stage.clock.now(),
        action="forge",
        object="x",
    )
    with pytest.raises(IntegrityError), stage.acting() as act:
        act.session.add(row)


def test_words_are_kept_in_one_form(stage: Stage) -> None:
    found(stage)
    with stage.acting() as act:
        audit.record(act, case_id=6, action="look", object="cafe\u0301")
    with stage.reading() as act:
        assert act.session.scalars(select(AuditEvent.object).where(AuditEvent.case_id == 6)).one() == "café"
        assert audit.verify(act.session).holds


def test_nothing_is_recorded_of_what_was_rolled_back(stage: Stage) -> None:
    case_id = _two_steps(stage)
    with pytest.raises(ZeroDivisionError), stage.acting() as act:  # noqa: PT012 - the transaction is what is tested
        audit.record(act, case_id=case_id, action="look", object="x")
        raise ZeroDivisionError
    with stage.reading() as act:
        assert act.session.get_one(AuditHead, case_id).seq == 2
        assert audit.verify(act.session).holds


def test_events_of_one_transaction_chain_up(stage: Stage) -> None:
    found(stage)
    with stage.acting() as act, stage.database.statements() as counted:
        for number in range(3):
            audit.record(act, case_id=9, action="count", object=str(number))
        before_commit = len(counted.statements)
    with stage.reading() as act:
        assert audit.verify(act.session).holds
        assert act.session.get_one(AuditHead, 9).seq == 3
    assert before_commit <= 4


def _tamper(act: Act, case_id: int, what: str) -> None:
    last = (AuditEvent.case_id == case_id, AuditEvent.case_seq == 2)
    event = act.session.scalars(select(AuditEvent).where(*last)).one()
    if what == "body":
        body = event.body.replace(b'"complete_task"', b'"complete_fast"')
        act.session.execute(update(AuditEvent).where(*last).values(body=body))
    elif what == "column":
        act.session.execute(update(AuditEvent).where(*last).values(action="something_else"))
    elif what == "person":
        act.session.execute(update(AuditEvent).where(*last).values(person_id=None))
    elif what == "gone":
        act.session.execute(delete(AuditEvent).where(*last))
    elif what == "first_gone":
        act.session.execute(delete(AuditEvent).where(AuditEvent.case_id == case_id, AuditEvent.case_seq == 1))
    elif what == "all_gone":
        act.session.execute(delete(AuditEvent).where(AuditEvent.case_id == case_id))
    else:
        act.session.execute(delete(AuditHead).where(AuditHead.case_id == case_id))


@pytest.mark.parametrize(
    ("what", "seq", "fault"),
    [
        ("body", 2, ChainFault.HASH_DIFFERS),
        ("column", 2, ChainFault.COLUMNS_DIFFER),
        ("person", 2, ChainFault.COLUMNS_DIFFER),
        ("gone", 1, ChainFault.HEAD_DIFFERS),
        ("first_gone", 1, ChainFault.SEQUENCE_BROKEN),
        ("all_gone", 0, ChainFault.HEAD_DIFFERS),
        ("head", 2, ChainFault.HEAD_DIFFERS),
    ],
)
def test_every_change_behind_our_back_is_found(stage: Stage, what: str, seq: int, fault: ChainFault) -> None:
    case_id = _two_steps(stage)
    with stage.acting() as act:
        _tamper(act, case_id, what)
    with stage.reading() as act:
        (finding,) = audit.verify(act.session).findings
    assert (finding.case, finding.seq, finding.fault) == (str(case_id), seq, fault)


def _personal(stage: Stage) -> int:
    found(stage)
    with stage.acting() as act:
        details = audit.Details(personal={"phone": "13800000000"})
        audit.record(act, case_id=5, action="note", object="x", details=details)
    with stage.reading() as act:
        return act.session.scalars(select(AuditPersonal.event_id)).one()


def test_personal_data_can_be_erased_and_the_chain_holds(stage: Stage) -> None:
    _personal(stage)
    with stage.reading() as act:
        body = act.session.scalars(select(AuditEvent.body).where(AuditEvent.case_id == 5)).one()
        assert audit.verify(act.session).holds
    assert b"138" not in body
    with stage.acting() as act:
        act.session.execute(delete(AuditPersonal))
    with stage.reading() as act:
        assert audit.verify(act.session).holds


def test_personal_data_cannot_be_changed(stage: Stage) -> None:
    event_id = _personal(stage)
    with stage.acting() as act:
        where = AuditPersonal.event_id == event_id
        act.session.execute(update(AuditPersonal).where(where).values(payload=b'{"phone":"13900000000"}'))
    with stage.reading() as act:
        assert [finding.fault for finding in audit.verify(act.session).findings] == [ChainFault.COLUMNS_DIFFER]


def test_the_other_hash_function(stage: Stage) -> None:
    found(stage)
    stage.ports = replace(stage.ports, audit_hash=Algorithm.SM3)
    with stage.acting() as act:
        audit.record(act, case_id=3, action="note", object="x")
    with stage.reading() as act:
        event = read_body(act.session.scalars(select(AuditEvent.body).where(AuditEvent.case_id == 3)).one())
        assert audit.verify(act.session).holds
    assert event is not None
    assert event.algorithm == "sm3"


def test_a_history_names_people_and_forms(stage: Stage) -> None:
    case_id = _two_steps(stage)
    with stage.reading() as act, stage.database.statements() as counted:
        rows = audit.history(act, case_id=case_id)
    assert len(counted.statements) == 1
    assert [(row.seq, row.name, row.action, row.at) for row in rows] == [
        (1, "", "start_case", stage.clock.now()),
        (2, "host先生", "complete_task", stage.clock.now()),
    ]
    assert rows[1].object.startswith("ask/")
    assert " form " in rows[1].object
    assert (rows[1].role, rows[1].result) == ("host", "revision 2: opened check")


def test_histories_can_be_read_on(stage: Stage) -> None:
    _two_steps(stage)
    with stage.reading() as act:
        every = audit.history(act, case_id=None)
        first = audit.history(act, case_id=None, limit=3)
        rest = audit.history(act, case_id=None, after=first[-1].id)
    assert [row.id for row in first + rest] == [row.id for row in every]


@pytest.mark.parametrize("smuggled", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", "＝1"])
def test_no_cell_of_an_export_is_a_formula(stage: Stage, smuggled: str) -> None:
    found(stage)
    with stage.acting() as act:
        audit.record(act, case_id=4, action="note", object=smuggled)
    with stage.reading() as act:
        exported = audit.as_csv(audit.history(act, case_id=4))
    header, row = csv.reader(io.StringIO(exported, newline=""))
    cell = row[header.index("object")]
    assert cell in {smuggled, f"'{smuggled}"}
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


def test_a_body_that_is_no_event_is_told(stage: Stage) -> None:
    case_id = _two_steps(stage)
    with stage.acting() as act:
        act.session.execute(text("UPDATE audit_event SET body = :body"), {"body": b"{}"})
    with stage.reading() as act, pytest.raises(audit.AuditUnreadable) as refused:
        audit.history(act, case_id=case_id)
    assert refused.value.params == {"case": case_id, "seq": 1}
