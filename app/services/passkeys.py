"""Passkeys (WebAuthn level 2): as a second factor after the password, or alone, where the device checks its owner."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import orjson
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from app.domain.errors import DomainError, Kind
from app.services import audit, guessing
from app.services.acting import Act
from app.services.factors import check_left
from app.store import on_rollback
from app.store.models import Passkey, Person
from app.store.queries import identity as queries

GOOD_FOR = timedelta(minutes=5)
"""How long a challenge may be answered."""

_MOST_PASSKEYS = 20
_LONGEST_NAME = 60
_VERIFIED = UserVerificationRequirement.REQUIRED


class PasskeyRefused(DomainError):
    """The passkey's answer does not prove anything: another challenge, address or key, or an old answer."""

    code = "passkey_refused"
    kind = Kind.FORBIDDEN


class PasskeyUnknown(DomainError):
    """There is no such passkey. Params: ``passkey``."""

    code = "passkey_unknown"
    kind = Kind.NOT_FOUND


class PasskeysFull(DomainError):
    """Somebody has as many passkeys as anybody needs. Params: ``most``."""

    code = "passkeys_full"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Site:
    """The site as browsers know it: ``host`` is what passkeys are bound to, ``origin`` where answers come from."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser is asked: ``options`` as JSON for ``navigator.credentials``, the ``challenge`` in them."""

    options: str
    challenge: bytes


def ask_for_new(act: Act, *, site: Site) -> Asked:
    """Ask the acting person's browser for a new passkey; those there are already are not offered again."""
    person = _person(act)
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=person.public_id.encode(),
        user_name=person.login,
        user_display_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_descriptors(act, person.id),
    )
    return Asked(options_to_json(options), options.challenge)


def add_passkey(act: Act, *, site: Site, challenge: bytes, answer: str, name: str) -> None:
    """Keep a new passkey of the acting person. Raises ``PasskeyRefused``, ``PasskeysFull``."""
    if len(queries.passkeys(act.session, act.person_id)) >= _MOST_PASSKEYS:
        raise PasskeysFull(most=_MOST_PASSKEYS)
    made = _registered(site, challenge, answer)
    _spend(act, challenge)
    if queries.passkey(act.session, made.credential_id) is not None:
        raise PasskeyRefused
    row = Passkey(
        person_id=act.person_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name.strip()[:_LONGEST_NAME],
        made_at=act.real_now,
    )
    act.session.add(row)
    _record(act, "add_passkey")


def ask_to_sign(*, site: Site) -> Asked:
    """Ask whoever is there for a passkey of this site: the device must check its owner, and says who it is."""
    options = generate_authentication_options(rp_id=site.host, user_verification=_VERIFIED)
    return Asked(options_to_json(options), options.challenge)


def ask_person_to_sign(act: Act, *, site: Site, person_id: int) -> Asked:
    """Ask a known person, who has proved one factor, for one of their passkeys."""
    options = generate_authentication_options(rp_id=site.host, allow_credentials=_descriptors(act, person_id))
    return Asked(options_to_json(options), options.challenge)


def verify_passkey(act: Act, *, site: Site, challenge: bytes, answer: str, person_id: int | None = None) -> int:
    """Check a passkey's answer and return whose it is.

    ``person_id`` None: the passkey alone lets somebody in, so its device must have checked its owner.
    Raises ``PasskeyRefused``, ``SignInLocked``.
    """
    guessing.refuse_locked(act, guessing.address_of(act))
    row = queries.passkey(act.session, _credential_id(answer))
    person = act.session.get(Person, row.person_id) if row else None
    if row is None or person is None or not person.active or person_id not in {None, row.person_id}:
        raise _counted(act)
    try:
        proof = _authenticated(site, challenge, answer, row, alone=person_id is None)
    except PasskeyRefused:
        raise _counted(act) from None
    _spend(act, challenge)
    row.sign_count, row.used_at = proof.new_sign_count, act.real_now
    return row.person_id


def remove_passkey(act: Act, *, public_id: str) -> None:
    """Take one of one's passkeys away. Raises ``PasskeyUnknown``, ``LastFactor``."""
    found = [row for row in queries.passkeys(act.session, act.person_id) if row.public_id == public_id]
    if not found:
        raise PasskeyUnknown(passkey=public_id)
    act.session.delete(found[0])
    check_left(act)
    _record(act, "remove_passkey")


def _descriptors(act: Act, person_id: int) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=row.credential_id) for row in queries.passkeys(act.session, person_id)]


def _credential_id(answer: str) -> bytes:
    try:
        return base64url_to_bytes(str(orjson.loads(answer)["rawId"]))
    except (ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error


def _registered(site: Site, challenge: bytes, answer: str) -> VerifiedRegistration:
    try:
        return verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused from error


def _authenticated(site: Site, challenge: bytes, answer: str, row: Passkey, *, alone: bool) -> VerifiedAuthentication:
    try:
        return verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=alone,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRefused from error


def _spend(act: Act, challenge: bytes) -> None:
    """Use a challenge up: an answer that was overheard proves nothing a second time."""
    digest = sha256(challenge).hexdigest()
    if not queries.spend_challenge(act.session, digest, now=act.real_now, until=act.real_now + 2 * GOOD_FOR):
        raise PasskeyRefused


def _counted(act: Act) -> PasskeyRefused:
    on_rollback(act.session, lambda session: _count(act.within(session)))
    return PasskeyRefused()


def _count(act: Act) -> None:
    guessing.count_guess(act, guessing.address_of(act))
    audit.record(act, case_id=audit.OFFICE, action="use_passkey", object="person/unknown", result="refused")


def _person(act: Act) -> Person:
    """Return who acts. Raises ``NotAllowed`` for the public and the system."""
    return act.session.get_one(Person, act.person_id)


def _record(act: Act, action: str) -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"person/{_person(act).public_id}")
