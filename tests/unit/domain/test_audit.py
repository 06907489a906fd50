"""The chain's arithmetic: any change anywhere is found."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audit import (
    GENESIS,
    SALT_BYTES,
    Algorithm,
    AuditEvent,
    ChainFault,
    ChainRow,
    Finding,
    Head,
    NotCanonical,
    body_of,
    canonical,
    commitment,
    event_hash,
    microseconds,
    read_body,
    verify_chain,
)

CASE = "c1"


def event(seq, prev, **changes):
    usual = {"case": CASE, "seq": seq, "prev": prev, "at": 1_000_000 * seq, "real_at": 2_000_000 * seq}
    words = {"actor": "p1", "action": "complete_task", "object": "task/初评", "result": "done", "role": "prelim"}
    return AuditEvent(**(usual | words | changes))


def chain(length, algorithm=Algorithm.SHA256):
    rows, prev = [], GENESIS
    for seq in range(1, length + 1):
        body = body_of(event(seq, prev, algorithm=algorithm))
        rows.append(ChainRow(CASE, seq, body, prev, event_hash(body, algorithm)))
        prev = rows[-1].event_hash
    return rows, Head(CASE, length, prev)


def rewritten(row, **changes):
    """The row with another body, columns and hash made to fit it."""
    told = replace(read_body(row.body), **changes)
    body = body_of(told)
    return replace(row, body=body, seq=told.seq, prev_hash=told.prev, event_hash=event_hash(body, Algorithm.SHA256))


def test_a_body_is_canonical_json():
    body = body_of(event(1, GENESIS))
    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert read_body(body) == event(1, GENESIS)


def test_the_hash_is_that_of_a_leaf():
    assert event_hash(b"x", Algorithm.SHA256) == hashlib.sha256(b"\x00x").hexdigest()
    assert event_hash(b"", Algorithm.SM3) == hashlib.new("sm3", b"\x00").hexdigest()


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize("length", [0, 1, 5])
def test_an_untouched_chain_verifies(algorithm, length):
    assert verify_chain(*chain(length, algorithm)) is None


def test_a_chain_may_change_its_hash_function_on_the_way():
    rows, head = chain(2)
    body = body_of(event(3, head.hash, algorithm=Algorithm.SM3))
    rows.append(ChainRow(CASE, 3, body, head.hash, event_hash(body, Algorithm.SM3)))
    assert verify_chain(rows, Head(CASE, 3, rows[-1].event_hash)) is None


@given(st.integers(0, 3), st.sampled_from(["actor", "action", "object", "result", "role", "personal", "source"]))
def test_a_rewritten_event_breaks_the_next_link_or_the_head(place, field):
    rows, head = chain(4)
    rows[place] = rewritten(rows[place], **{field: "x"})
    fault = ChainFault.HEAD_DIFFERS if place == 3 else ChainFault.LINK_BROKEN
    assert verify_chain(rows, head) == Finding(CASE, min(place + 2, 4), fault)


@given(st.integers(0, 3))
def test_a_removed_event_is_missed(place):
    rows, head = chain(4)
    del rows[place]
    fault = ChainFault.HEAD_DIFFERS if place == 3 else ChainFault.SEQUENCE_BROKEN
    assert verify_chain(rows, head) == Finding(CASE, 3 if place == 3 else place + 1, fault)


def test_an_event_of_another_case_is_found():
    rows, head = chain(2)
    rows[1] = replace(rewritten(rows[1], case="c2"), case="c2")
    assert verify_chain(rows, head) == Finding(CASE, 2, ChainFault.SEQUENCE_BROKEN)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"body": b"{}"}, ChainFault.UNREADABLE),
        ({"body": b"\xff"}, ChainFault.UNREADABLE),
        ({"body": b"[" * 100_000}, ChainFault.UNREADABLE),
        ({"seq": 7}, ChainFault.COLUMNS_DIFFER),
        ({"case": "c2"}, ChainFault.COLUMNS_DIFFER),
        ({"prev_hash": "00"}, ChainFault.COLUMNS_DIFFER),
        ({"event_hash": "00"}, ChainFault.HASH_DIFFERS),
    ],
)
def test_a_damaged_row_is_found(change, fault):
    rows, head = chain(3)
    rows[1] = replace(rows[1], **change)
    assert verify_chain(rows, head) == Finding(CASE, 2, fault)


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: b" " + body,
        lambda body: body.replace(b'":', b'": ', 1),
        lambda body: body.replace("初评".encode(), b"\\u521d\\u8bc4"),
        lambda body: body.replace(b'"seq":1', b'"seq":1.0'),
        lambda body: body.replace(b'"seq":1', b'"seq":2,"seq":1'),
    ],
)
def test_another_encoding_of_the_same_event_is_found(damage):
    rows, _ = chain(1)
    body = damage(rows[0].body)
    row = replace(rows[0], body=body, event_hash=event_hash(body, Algorithm.SHA256))
    assert verify_chain([row], Head(CASE, 1, row.event_hash)) == Finding(CASE, 1, ChainFault.NOT_CANONICAL)


@pytest.mark.parametrize("body", [b'{"version":2}', b"null", b'"x"'])
def test_what_is_no_event_of_this_version_is_not_read(body):
    assert read_body(body) is None


@pytest.mark.parametrize("word", [b'"md5"', b"[]", b"7", b"null"])
def test_an_unknown_hash_function_is_not_read(word):
    assert read_body(body_of(event(1, GENESIS)).replace(b'"sha256"', word)) is None


@pytest.mark.parametrize("value", [1.5, None, True, 2**53, "e\u0301", "\ud800", ["x"], {"x": 1}])
def test_only_integers_and_composed_text_are_canonical(value):
    with pytest.raises(NotCanonical) as refusal:
        canonical({"name": value})
    assert refusal.value.params == {"field": "name"}


def test_a_commitment_hides_and_binds():
    payload = {"name": "某人", "phone": "13900000000"}
    salt = bytes(range(SALT_BYTES))
    committed = commitment(salt, payload, Algorithm.SHA256)
    assert committed == hashlib.sha256(b"\x02" + salt + canonical(payload)).hexdigest()
    assert committed != commitment(bytes(SALT_BYTES), payload, Algorithm.SHA256)
    assert committed != commitment(salt, payload | {"phone": "13900000001"}, Algorithm.SHA256)
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"short", payload, Algorithm.SHA256)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001 - zone comes next
def test_microseconds_are_exact_and_know_no_zone(naive, hours):
    moment = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    back = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds(moment))
    assert back == moment
