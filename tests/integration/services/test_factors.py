"""The second factor: codes of an authenticator app and recovery codes, each good once; guesses slowed down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from app.services import audit
from app.services.acting import NotAllowed
from app.services.factors import (
    NothingPending,
    SecondFactorUnreadable,
    SecondFactorWrong,
    begin_authenticator,
    confirm_authenticator,
    factors_of,
    renew_recovery_codes,
    reset_factors,
    verify_second_factor,
)
from app.services.guessing import SignInLocked
from app.services.outside import ports_of
from app.store.models import Authenticator, RecoveryCode
from tests.factories.acts import Stage
from tests.factories.errands import People, found


@pytest.fixture
def people(stage: Stage) -> People:
    return found(stage, models=False)


def code_at(secret: str, moment: datetime) -> str:
    return pyotp.TOTP(secret).at(int(moment.timestamp()))


def enrol(stage: Stage, person_id: int) -> str:
    """Let a person take an authenticator app into use; a minute passes."""
    with stage.acting(person_id) as act:
        secret = begin_authenticator(act).secret
    with stage.acting(person_id) as act:
        confirm_authenticator(act, code=code_at(secret, stage.clock.now()))
    stage.clock.move(minutes=1)
    return secret


def verify(stage: Stage, person_id: int, code: str) -> None:
    with stage.acting() as act:
        verify_second_factor(act, person_id=person_id, code=code)


def test_an_app_is_in_use_once_its_first_code_came(stage: Stage, people: People) -> None:
    with stage.acting(people.host) as act:
        offered = begin_authenticator(act)
    with stage.acting(people.host) as act:
        assert begin_authenticator(act) == offered
        assert not factors_of(act, person_id=people.host).any
    assert offered.address.startswith("otpauth://totp/")
    code = code_at(offered.secret, stage.clock.now())
    with pytest.raises(SecondFactorWrong), stage.acting(people.host) as act:
        confirm_authenticator(act, code=str((int(code) + 1) % 1_000_000).zfill(6))
    with stage.acting(people.host) as act:
        confirm_authenticator(act, code=f"{code[:3]} {code[3:]}")
        assert factors_of(act, person_id=people.host).authenticator_since == stage.clock.now()
    with pytest.raises(NothingPending), stage.acting(people.host) as act:
        confirm_authenticator(act, code=code)


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_code_is_taken_within_half_a_minute(stage: Stage, people: People, seconds: int) -> None:
    secret = enrol(stage, people.host)
    verify(stage, people.host, code_at(secret, stage.clock.now() + timedelta(seconds=seconds)))


@pytest.mark.parametrize("seconds", [-60, 60])
def test_an_older_or_a_later_code_is_not(stage: Stage, people: People, seconds: int) -> None:
    secret = enrol(stage, people.host)
    stage.clock.move(minutes=1)
    with pytest.raises(SecondFactorWrong):
        verify(stage, people.host, code_at(secret, stage.clock.now() + timedelta(seconds=seconds)))


def test_no_code_is_taken_twice(stage: Stage, people: People) -> None:
    secret = enrol(stage, people.host)
    code = code_at(secret, stage.clock.now())
    verify(stage, people.host, code)
    with pytest.raises(SecondFactorWrong):
        verify(stage, people.host, code)
    with pytest.raises(SecondFactorWrong):
        verify(stage, people.host, code_at(secret, stage.clock.now() - timedelta(seconds=30)))
    stage.clock.move(seconds=30)
    verify(stage, people.host, code_at(secret, stage.clock.now()))


def test_of_two_who_send_one_code_at_once_one_is_let_in(stage: Stage, people: People) -> None:
    code = code_at(enrol(stage, people.host), stage.clock.now())

    def attempt(_: int) -> bool:
        try:
            verify(stage, people.host, code)
        except SecondFactorWrong:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]


def test_recovery_codes_are_good_once_each_until_renewed(stage: Stage, people: People) -> None:
    with stage.acting(people.host) as act:
        codes = renew_recovery_codes(act)
    assert (len(codes), len(set(codes))) == (10, 10)
    verify(stage, people.host, f" {codes[0].upper()} ")
    with pytest.raises(SecondFactorWrong):
        verify(stage, people.host, codes[0])
    with pytest.raises(SecondFactorWrong):
        verify(stage, people.checker, codes[1])
    with stage.acting(people.host) as act:
        assert factors_of(act, person_id=people.host).recovery_codes == 9
        renewed = renew_recovery_codes(act)
    with pytest.raises(SecondFactorWrong):
        verify(stage, people.host, codes[1])
    verify(stage, people.host, renewed[0])


def test_whoever_has_no_second_factor_has_no_code_either(stage: Stage, people: People) -> None:
    for code in ("", "000000", "  ", "ａｂｃ"):
        with pytest.raises(SecondFactorWrong):
            verify(stage, people.host, code)


def test_a_burst_of_wrong_codes_rests_the_factor_and_not_the_password(stage: Stage, people: People) -> None:
    secret = enrol(stage, people.host)
    for _ in range(5):
        with pytest.raises(SecondFactorWrong):
            verify(stage, people.host, "nothing")
    with pytest.raises(SignInLocked) as refused:
        verify(stage, people.host, code_at(secret, stage.clock.now()))
    assert refused.value.params == {"until": stage.clock.now() + timedelta(minutes=1)}
    stage.clock.move(minutes=1)
    verify(stage, people.host, code_at(secret, stage.clock.now()))
    with stage.reading() as act:
        said = [row.result for row in audit.history(act, case_id=audit.OFFICE) if row.action == "second_factor"]
    assert said == ["refused"] * 5


def test_secrets_are_sealed_and_codes_digested(stage: Stage, people: People) -> None:
    secret = enrol(stage, people.host)
    with stage.acting(people.host) as act:
        codes = renew_recovery_codes(act)
        kept = act.session.scalars(select(RecoveryCode.digest)).all()
        sealed = act.session.get_one(Authenticator, people.host).sealed
    assert sealed is not None
    assert secret.encode() not in sealed
    assert not {code.replace("-", "") for code in codes} & set(kept)


def test_another_secret_key_opens_nothing(stage: Stage, people: People, tmp_path) -> None:
    secret = enrol(stage, people.host)
    stage.ports = ports_of(stage.database, evidence_root=tmp_path, secret_key="another key")
    with pytest.raises(SecondFactorUnreadable):
        verify(stage, people.host, code_at(secret, stage.clock.now()))


def test_a_new_app_takes_the_place_of_the_old_one(stage: Stage, people: People) -> None:
    old = enrol(stage, people.host)
    new = enrol(stage, people.host)
    assert old != new
    with pytest.raises(SecondFactorWrong):
        verify(stage, people.host, code_at(old, stage.clock.now()))
    verify(stage, people.host, code_at(new, stage.clock.now()))


def test_lost_factors_are_taken_away_by_the_security_administrator(stage: Stage, people: People) -> None:
    enrol(stage, people.host)
    enrol(stage, people.secadmin)
    with pytest.raises(NotAllowed), stage.acting(people.sysadmin) as act:
        reset_factors(act, person_id=people.host)
    with pytest.raises(NotAllowed), stage.acting(people.secadmin) as act:
        reset_factors(act, person_id=people.secadmin)
    with stage.acting(people.secadmin) as act:
        reset_factors(act, person_id=people.host)
        assert not factors_of(act, person_id=people.host).any
