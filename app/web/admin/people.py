"""Routes of people and the roles they hold: who is there is one administrator's duty, who holds what another's."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.administration import READERS, give_role, roles_to_give, view_person
from app.services.listing import list_people
from app.services.people import NewPerson, create_person, end_role, reset_password, set_active
from app.services.person_files import person_file
from app.services.terms import ending_terms
from app.web.access import access
from app.web.acting import acting, reading
from app.web.addresses import number_asked
from app.web.admin import reading as forms
from app.web.errors import STATUS
from app.web.refusals import refusal_of

_PAGE = 50


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the administrators' blueprint."""
    bp.get("/people")(show_people)
    bp.post("/people")(add_person)
    bp.get("/terms")(show_terms)
    bp.get("/people/<public_id>")(show_person)
    bp.post("/people/<public_id>/roles")(give)
    bp.post("/people/<public_id>/end")(end)
    bp.post("/people/<public_id>/access")(admit)
    bp.post("/people/<public_id>/password")(renew_password)


@access(*READERS, RoleKey.UNIT_ADMIN)
def show_people() -> str:
    """Show people with the roles they hold."""
    return _people()


def _people(**shown: object) -> str:
    text = request.args.get("text", "").strip()[:100]
    with reading() as act:
        after = number_asked("after") or 0
        people = list_people(act, search=text, after=after, limit=_PAGE + 1)
    following = people[_PAGE - 1].id if len(people) > _PAGE else None
    return render_template(
        "admin/people.html", people=people[:_PAGE], text=text, following=following, typed=request.form, **shown
    )


@access(*READERS, RoleKey.UNIT_ADMIN)
def show_terms() -> str:
    """Show whose terms end soon."""
    with reading() as act:
        terms = ending_terms(act)
    return render_template("admin/terms.html", terms=terms)


@access(RoleKey.SYSADMIN, RoleKey.UNIT_ADMIN)
def add_person() -> Answer:
    """Add somebody who can sign in but holds nothing yet."""
    unit = forms.code("unit")
    person = NewPerson(forms.field("login"), forms.field("name"), request.form.get("password", ""), unit)
    try:
        with acting() as act:
            added = create_person(act, person=person)
    except DomainError as error:
        return Response(_people(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("%(name)s can sign in. The security administrator gives roles.", name=person.name))
    return redirect(url_for("admin.show_person", public_id=added.public_id))


@access(*READERS, RoleKey.UNIT_ADMIN)
def show_person(public_id: str) -> str:
    """Show a person with every role they hold or held."""
    return person_page(public_id)


def person_page(public_id: str, **shown: object) -> str:
    """Write a person's page."""
    with reading() as act:
        person = view_person(act, public_id=public_id)
        roles = roles_to_give(act)
        file = person_file(act, person_id=person.id)
    return render_template(
        "admin/person.html", person=person, file=file, roles=roles, today=act.today, typed=request.form, **shown
    )


@access(RoleKey.SECADMIN, RoleKey.UNIT_ADMIN)
def give(public_id: str) -> Answer:
    """Let a person hold a role at a unit."""
    try:
        wanted = forms.role_wanted()
        with acting() as act:
            give_role(act, public_id=public_id, wanted=wanted)
    except DomainError as error:
        return Response(person_page(public_id, refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The role is given."))
    return redirect(url_for("admin.show_person", public_id=public_id))


@access(RoleKey.SECADMIN, RoleKey.UNIT_ADMIN)
def end(public_id: str) -> Answer:
    """Let a role end with a day."""
    try:
        last_day = forms.day("last_day")
        with acting() as act:
            end_role(act, holding_id=forms.number("holding"), last_day=last_day)
    except DomainError as error:
        return Response(person_page(public_id, refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The role ends as you said."))
    return redirect(url_for("admin.show_person", public_id=public_id))


@access(RoleKey.SYSADMIN, RoleKey.UNIT_ADMIN)
def admit(public_id: str) -> Answer:
    """Let a person sign in, or no longer."""
    is_active = forms.field("active") == "yes"
    with acting() as act:
        set_active(act, person_id=view_person(act, public_id=public_id).id, active=is_active)
    flash(gettext("They can sign in again.") if is_active else gettext("They can no longer sign in."))
    return redirect(url_for("admin.show_person", public_id=public_id))


@access(RoleKey.SYSADMIN, RoleKey.UNIT_ADMIN)
def renew_password(public_id: str) -> Answer:
    """Give a person a new password."""
    try:
        with acting() as act:
            person = view_person(act, public_id=public_id)
            reset_password(act, person_id=person.id, password=request.form.get("password", ""))
    except DomainError as error:
        return Response(person_page(public_id, refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The new password holds at once, and the lock is lifted."))
    return redirect(url_for("admin.show_person", public_id=public_id))
