"""Who reviews an application: urged when late, told upward, replaced without losing what others scored (C5.3b)."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.domain.errors import DomainError
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, excludes, form_context
from app.services.panel.seating import groups_of
from app.services.programme.reviewing import recused
from app.services.programme.subjects import application_of, settings_of
from app.store.models import Application, Cycle, ExclusionReason, Person
from app.store.queries import applications, assigned, panel, reviews, urging

REMINDED_PRIORITY = 90


class NotEnoughReviewers(DomainError):
    """Too few members of the panel are left to review an application. Params: ``wanted``, ``found``, ``clause``."""

    code = "not_enough_reviewers"


@action("remind_reviewers")
def remind_reviewers(ctx: ActionContext) -> None:
    """Put overdue reviews on top of their experts' inboxes and record it; nothing is scored by time."""
    urging.raise_priority(ctx.act.session, ctx.case.id, reviews.REVIEW, REMINDED_PRIORITY)
    _record(ctx, "remind_reviewers", "overdue")


@form_context("application", "handle_overdue")
def reviewers_of(act: Act, at: At) -> Mapping[str, Any]:
    """Return who reviews the case and who has not handed in; never what anybody scored."""
    application_id = applications.application_id_of(act.session, at.case.id)
    done = [(person, "已提交") for _, person in panel.scores_of(act.session, [application_id])]
    open_ = [(person, "未提交") for person, _ in reviews.asked(act.session, at.case.id)]
    rows = [{"row_key": person.public_id, "name": person.name, "state": state} for person, state in (*open_, *done)]
    return {"reviewers": rows}


@excludes("application", "handle_overdue")
def recused_from_handling(act: Act, at: At) -> list[tuple[int, ExclusionReason]]:
    """Return the experts who stand aside from this case."""
    return recused(act, at)


@action("supplement_reviewers")
def supplement_reviewers(ctx: ActionContext) -> Mapping[str, Any]:
    """Draw by lot as many further members of the panel as reviews are missing; what was scored stays.

    Who was waited for in vain is asked again only where nobody else is left. Raises ``NotEnoughReviewers``.
    """
    act, application = ctx.act, application_of(ctx.act, ctx.case)
    wanted = ctx.data["limits"]["least_reviews"] - ctx.data["materials"]["scores"]
    before = ctx.data["panel"]
    found = _spare(act, application)
    if len(found) < wanted:
        raise NotEnoughReviewers(wanted=wanted, found=len(found), clause="C5.3b")
    drawn = _drawn(application, found, frozenset(before["experts"]))[:wanted]
    assigned.assign_more(act.session, application.id, [person.id for person in drawn], act.now)
    chosen = [person.public_id for person in drawn]
    _record(ctx, "supplement_reviewers", " ".join(chosen))
    return {"panel": {**before, "experts": chosen}}


def _spare(act: Act, application: Application) -> Sequence[Person]:
    groups = groups_of(act.session.get_one(Cycle, application.cycle_id))
    keys = groups.keys_for(application.track, application.field or "")
    return reviews.spare_members(act.session, application.cycle_id, application.id, keys)


def check_reviewers(act: Act, application: Application, aside: Collection[int]) -> None:
    """Check that the panel can review an application again without ``aside``, of nobody named all of it.

    Raises ``NotEnoughReviewers``.
    """
    least = settings_of(act.session.get_one(Cycle, application.cycle_id)).least_reviews
    given = [person.id for _, person in panel.scores_of(act.session, [application.id])]
    left = [each for each in given if each not in aside] if aside else []
    free = {person.id for person in _spare(act, application)} | (set() if aside else set(given))
    wanted = least - len(left)
    if len(free) < wanted:
        raise NotEnoughReviewers(wanted=wanted, found=len(free), clause="C5.3b")


def _drawn(application: Application, people: Sequence[Person], late: frozenset[str]) -> list[Person]:
    """By the lowest digest over application and person, which anybody can draw again; who was late comes last."""

    def lot(person: Person) -> tuple[bool, str]:
        drawn = hashlib.sha256(f"{application.public_id}:{person.public_id}".encode()).hexdigest()
        return person.public_id in late, drawn

    return sorted(people, key=lot)


def _record(ctx: ActionContext, name: str, result: str) -> None:
    audit.record(ctx.act, case_id=ctx.case.id, action=name, object=f"task/{reviews.REVIEW}", result=result)
