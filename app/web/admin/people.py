"""Routes of people and the roles they hold: who is there is one administrator's duty, who holds what another's."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.administration import READERS, give_role, roles_to_give, view_person
from app.services.listing import list_people
from app.services.own_password import issue_set_up_code
from app.services.people import NewPerson, create_person, end_role
from app.services.person_files import person_file
from app.services.terms import ending_terms
from app.web.access import access
from app.web.acting import acting, reading
from app.web.addresses import number_asked
from app.web.admin import reading as forms
from app.web.admin.accounts import code_page, view_account
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
    person = NewPerson(forms.field("login"), forms.field("name"), unit_code=forms.code("unit"))
    try:
        with acting() as act:
            added = create_person(act, person=person)
            issued = issue_set_up_code(act, person_id=added.id)
    except DomainError as error:
        return Response(_people(refusal=refusal_of(error)), STATUS[error.kind])
    return code_page(issued, public_id=added.public_id, name=person.name)


@access(*READERS, RoleKey.UNIT_ADMIN)
def show_person(public_id: str) -> str:
    """Show a person with every role they hold or held."""
    return person_page(public_id)


def person_page(public_id: str, **shown: object) -> str:
    """Write a person's page."""
    with reading() as act:
        person = view_person(act, public_id=public_id)
        account = view_account(act, person_id=person.id)
        file = person_file(act, person_id=person.id)
        shown |= {"account": account, "file": file, "roles": roles_to_give(act), "today": act.today}
    return render_template("admin/person.html", person=person, typed=request.form, **shown)


@access(RoleKey.SECADMIN, RoleKey.UNIT_ADMIN, confirmed=True)
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
