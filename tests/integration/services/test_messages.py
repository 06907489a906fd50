"""Messages are stored with the act that sends them, wait for their receiver, and reach exactly one."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.services.messages import Post, key_hash, post, post_all
from app.services.unattended import hand_over
from app.store.models import Instance, Message
from app.store.queries.messaging import deliverable
from tests.factories.acts import Stage
from tests.factories.errands import begin, found, go_to


def test_a_message_is_said_once(stage: Stage) -> None:
    found(stage)
    with stage.acting() as act:
        told = [post(act, name="go_on", key={"case": "x"}, dedupe_key="once", data={"n": n}) for n in (1, 2)]
    with stage.reading() as act:
        (message,) = act.session.scalars(select(Message)).all()
    assert told == [True, False]
    assert (message.name, message.key, message.payload, message.delivered_at) == (
        "go_on",
        {"case": "x"},
        {"n": 1},
        None,
    )


def test_many_new_messages_are_one_statement(stage: Stage) -> None:
    found(stage)
    posts = [Post("go_on", {"case": str(number)}, f"go_on:{number}") for number in range(40)]
    with stage.acting() as act, stage.database.statements() as counted:
        post_all(act, posts)
    assert len(counted.statements) == 1
    with pytest.raises(IntegrityError), stage.acting() as act:
        post_all(act, posts[:1])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("a", {"x": "1", "y": "2"}), ("a", {"y": "2", "x": "1"}), True),
        (("a", {"x": "1"}), ("b", {"x": "1"}), False),
        (("a", {"x": "1"}), ("a", {"x": "1", "y": "2"}), False),
        (("a", {"x": "1"}), ("a", {"y": "1"}), False),
        (("a", {}), ("a", {"x": "1"}), False),
    ],
)
def test_message_and_receiver_meet_by_name_and_whole_key(one, other, same) -> None:
    assert (key_hash(*one) == key_hash(*other)) is same


def test_only_what_somebody_waits_for_is_handed_over(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    with stage.acting() as act:
        key = act.session.get_one(Instance, case.id).business_key
        post(act, name="go_on", key={"case": key}, dedupe_key="early")
        post(act, name="go_on", key={"case": "nobody"}, dedupe_key="nobody")
        assert list(deliverable(act.session, 10)) == []
    go_to(stage, people, case, "go_on")
    with stage.reading() as act:
        (message_id,) = act.session.scalars(select(Message.id).where(Message.dedupe_key == "early")).all()
        assert [tuple(row) for row in deliverable(act.session, 10)] == [(message_id, case.id)]


def test_a_message_is_handed_over_once(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "go_on")
    with stage.acting() as act:
        key = act.session.get_one(Instance, case.id).business_key
        post(act, name="go_on", key={"case": key}, dedupe_key="now")
    with stage.reading() as act:
        message_id = act.session.scalars(select(Message.id)).one()
    with stage.acting() as act:
        first = hand_over(act, message_id=message_id, instance_id=case.id)
    with stage.acting() as act:
        second = hand_over(act, message_id=message_id, instance_id=case.id)
    with stage.reading() as act:
        message = act.session.get_one(Message, message_id)
        assert act.session.get_one(Instance, case.id).next_due_at is not None
    assert (first, second) == (True, False)
    assert (message.delivered_to_id, message.delivered_at) == (case.id, stage.clock.now())
