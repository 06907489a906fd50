"""From the session cookie to a person, and a session begun, renewed or ended."""

from flask import request, session, url_for
from flask_login import login_user, logout_user

from app.domain.identity import SignInWay
from app.domain.roles import RoleKey
from app.services.acting import Actor
from app.services.sessions import Moment, begin_session, confirm_session, enter, is_to_be_noted, note_seen, sign_out
from app.web.acting import SignedIn, acting
from app.web.wiring import wiring

_ROOMS = {
    RoleKey.AUDITOR: "audit.search",
    RoleKey.SYSADMIN: "admin.overview",
    RoleKey.SECADMIN: "admin.overview",
    RoleKey.DESIGNER: "workshop.list_models",
    RoleKey.PUBLISHER: "workshop.list_models",
}
"""Where those begin who take no case work: their inbox is always empty. A unit administrator may take some as well."""

_LONGEST_TOKEN = 100


def load_person(token: str) -> SignedIn | None:
    """Return the person of a session; None if it holds no longer, or its person may not sign in any more."""
    if len(token) > _LONGEST_TOKEN:
        return None
    parts = wiring()
    moment = Moment(parts.clock.now(), parts.clock.real_now(), parts.ports.sign_in)
    with parts.database.reading() as opened:
        entered = enter(opened, token=token, moment=moment)
    if entered is None:
        return None
    if entered.actor.session_id is not None and is_to_be_noted(entered, moment.real_now):
        with parts.database.transaction() as opened:
            note_seen(opened, session_id=entered.actor.session_id, real_now=moment.real_now)
    is_confirmed = entered.is_confirmed(moment.policy, moment.real_now)
    return SignedIn(entered.actor, key=token, due=entered.due, is_confirmed=is_confirmed)


def begin(person_id: int, way: SignInWay) -> SignedIn:
    """Begin a session of its own: nothing of an earlier one survives (session fixation)."""
    with acting() as act:
        token = begin_session(act, person_id=person_id, way=way, device=request.user_agent.string)
    session.clear()
    return _keep(token)


def renew() -> None:
    """Note that the person has proved again who they are; the session goes on under another token."""
    with acting() as act:
        token = confirm_session(act)
    _keep(token)


def _keep(token: str) -> SignedIn:
    person = load_person(token)
    if person is None:
        raise LookupError("a session that was just begun is not there")
    login_user(person)
    session.permanent = True
    return person


def end() -> None:
    """End the session of this browser."""
    with acting() as act:
        sign_out(act)
    logout_user()
    session.clear()


def first_page(person: Actor) -> str:
    """Return the address at which a person begins: the inbox, or the room of a role without case work."""
    if {each.role for each in person.held} == {RoleKey.UNIT_ADMIN}:
        return url_for("admin.overview")
    return url_for(next((room for role, room in _ROOMS.items() if person.holds(role)), "inbox.show"))
