"""From a task as the services show it to its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext

from app.domain.eligibility import Assessment
from app.domain.forms import Problem
from app.domain.roles import RoleKey
from app.engine.feel import value_or_null
from app.services.programme.material import Material
from app.services.viewing import Step, TaskView
from app.store.queries.reviews import REVIEW
from app.web.due import Due
from app.web.english import listing_said, said
from app.web.forms import FileShown, present_form
from app.web.forms.blocks import Block, Control, FormView, Listing, RowShown, Section
from app.web.forms.presenting import Filling
from app.web.languages import language
from app.web.presenting import role_name
from app.web.tasks.assessing import show_assessment
from app.web.tasks.onward import Way, afterwards, names_ahead
from app.web.tasks.page import (
    Beside,
    Crumb,
    Head,
    Pair,
    Panel,
    Past,
    Progress,
    SelfCheckShown,
    Sheet,
    Standing,
    TaskPage,
    VerdictButton,
)
from app.web.tasks.places import places_of
from app.web.tasks.rulings import RULINGS, open_rulings, rulings_in
from app.web.tasks.stepping import steps_of
from app.web.tasks.working import Working, files_by_id, other_track, without

PERSONAL = frozenset({RoleKey.HOST, RoleKey.EXPERT})
"""Lanes whose tasks go to one person: nothing to claim there, nothing to give back."""

NEGATIVE = frozenset({"reject", "refuse", "veto", "object", "strike", "dismissed"})
"""Verdicts that end something for somebody: outlined, and never beside the one that agrees."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the page says besides the form: the time left, what a long form still asks for (by path), the self-check,
    the ways on, and whether the reader may know the reviewers.
    """

    due: Due
    lacking: Mapping[str, Problem]
    self_check: SelfCheckShown | None
    ways: tuple[Way, ...]
    knows_reviewers: bool


def build_page(working: Working, around: Around) -> TaskPage:
    """Return the page of a task."""
    view = working.view
    standing = _standing(view)
    form_view = _form_view(working, standing)
    return TaskPage(
        address=url_for("tasks.show_task", task_id=view.id),
        case_address=url_for("cases.show_case", public_id=view.case.public_id) if view.case.public_id else "",
        head=_head(view, around.due),
        standing=standing,
        sheet=_sheet(working, form_view, around),
        beside=_beside(working, form_view, around),
        revision=working.revision,
        saved_at=working.saved_at,
    )


def _form_view(working: Working, standing: Standing) -> FormView:
    form = working.view.form
    if form is None:
        return FormView(())
    return present_form(form, working.filling, step=working.step, is_read=not standing.is_open)


def _standing(view: TaskView) -> Standing:
    is_personal = view.element.lane in PERSONAL
    is_free = view.assignee is None
    return Standing(
        is_open=view.is_mine or is_free,
        is_mine=view.is_mine or (is_free and is_personal),
        may_release=view.is_mine and not is_personal,
        holder=view.assignee or "",
    )


def _head(view: TaskView, due: Due) -> Head:
    form, tongue = view.form, language()
    title = form.title.spoken(tongue) if form and tongue == "en" else said(view.element.name)
    called = title if view.title == view.element.name else said(view.title)
    heading = (
        gettext("%(task)s: %(case)s", task=called, case=listing_said(view.case.title)) if view.case.title else called
    )
    brief = form.brief if form else None
    return Head(
        task=title,
        lane=view.element.lane or "",
        heading=str(heading),
        subtitle=role_name(view.element.lane) if view.element.lane else "",
        crumbs=(Crumb(str(gettext("My inbox")), url_for("inbox.show")), Crumb(called, "")),
        what=(brief.what.spoken(tongue) if brief else "") or title,
        todo=(brief.todo.spoken(tongue) if brief else "") or view.element.documentation,
        basis=brief.basis.spoken(tongue) if brief else "",
        clauses=without(view.element.clauses, other_track(view.context)),
        due=due,
    )


def _sheet(working: Working, form_view: FormView, around: Around) -> Sheet:
    view = working.view
    rulings = _rulings(working, form_view)
    blocks = tuple(block for block in form_view.blocks if not _is_elsewhere(block, rulings))
    return Sheet(
        panels=(_step_panel(working, blocks),) if working.step else panels_of(blocks, _form_title(view)),
        complaints=form_view.complaints,
        steps=steps_of(working, around.lacking, around.self_check),
        verdict=_verdict(form_view.verdict),
        rulings=rulings,
        takes_files=view.form is not None and view.form.takes_files,
        complete_label=_complete_label(view),
        open_rulings=open_rulings(rulings),
    )


def _rulings(working: Working, form_view: FormView) -> Mapping[str, tuple[RowShown, ...]]:
    view = working.view
    return rulings_in(view.form, working.filling, form_view) if view.panels.get("assessment") else {}


def still_open(working: Working) -> tuple[str, ...]:
    """Return the clauses that must still be ruled on, as they are being typed."""
    form = working.view.form
    return open_rulings(_rulings(working, present_form(form, working.filling))) if form else ()


def _complete_label(view: TaskView) -> str:
    return str(gettext("Submit") if view.element.lane == RoleKey.HOST else gettext("Complete"))


def _is_elsewhere(block: Block, rulings: Mapping[str, tuple[RowShown, ...]]) -> bool:
    """Rulings stand beside their clauses; where there is nothing to rule, the list is not drawn at all."""
    return isinstance(block, Listing) and block.name == RULINGS and (bool(rulings) or not block.rows)


def _form_title(view: TaskView) -> str:
    return view.form.title.spoken(language()) if view.form else view.element.name


def _step_panel(working: Working, blocks: tuple[Block, ...]) -> Panel:
    step = working.step
    if step is None:
        raise LookupError("no step is in view")
    tongue, clauses = language(), without(step.clauses, other_track(working.view.context))
    return Panel(step.key, step.label.spoken(tongue), step.hint.spoken(tongue), clauses, blocks)


def panels_of(blocks: Sequence[Block], title: str) -> tuple[Panel, ...]:
    """Put blocks into panels: a group or a table has its own, what stands loose goes under the form's ``title``."""
    panels: list[Panel] = []
    loose: list[Block] = []
    for block in blocks:
        if isinstance(block, Section):
            panels += _loose(loose, title)
            panels.append(_panel(block, block.name, block.blocks))
        elif isinstance(block, Listing) and (block.is_whole or block.kind in ("fixed", "rubric")):
            panels += _loose(loose, title)
            bare = (replace(block, is_bare=True),)
            panels.append(_panel(block, f"{block.name}-panel", bare))
        else:
            loose.append(block)
    return (*panels, *_loose(loose, title))


def _panel(block: Section | Listing, name: str, blocks: tuple[Block, ...]) -> Panel:
    return Panel(name, block.label, block.hint, block.clauses, blocks, block.is_hidden, block.name)


def _loose(blocks: list[Block], title: str) -> list[Panel]:
    taken = tuple(blocks)
    blocks.clear()
    is_empty = all(block.is_hidden for block in taken)
    return [Panel("form", title, "", (), taken, is_empty=is_empty)] if taken else []


def _verdict(control: Control | None) -> tuple[VerdictButton | None, ...]:
    """Return the buttons from left to right, None where the draft's stands: the one that agrees comes last."""
    if control is None:
        return ()
    buttons = [
        VerdictButton(control.name, option.text, option.label, "btn-no" if option.text in NEGATIVE else "btn-line")
        for option in control.options
    ]
    main = [VerdictButton(each.name, each.value, each.label, "btn-main") for each in buttons[:1]]
    against = [each for each in buttons[1:] if each.style == "btn-no"]
    others = [each for each in reversed(buttons[1:]) if each.style != "btn-no"]
    return (*against, None, *others, *main) if not others else (None, *against, *others, *main)


def _beside(working: Working, form_view: FormView, around: Around) -> Beside:
    view = working.view
    material: Material | None = view.panels.get("material")
    files = {**files_by_id(view), **(_files_of(material) if material else {})}
    assessment: Assessment | None = view.panels.get("assessment")
    values = material.values if material else working.values
    return Beside(
        check=show_assessment(assessment, values, files) if assessment else None,
        self_check=around.self_check,
        material=_material(view, material, files) if material else (),
        summary=_summary(view),
        progress=_progress(view, around),
        afterwards=afterwards(around.ways, form_view.verdict),
        duplicates=view.panels.get("duplicates") or (),
        papers=view.panels.get("papers") or (),
        shelf=tuple(_files_of(material).values()) if material and view.element.id == REVIEW else (),
        timeline=tuple(Past(said(each.title), each.at, _who(each, around)) for each in reversed(view.steps)),
        handed_in=view.panels.get("handed_in") or (),
        places=places_of(view),
    )


def _files_of(material: Material) -> dict[str, FileShown]:
    return {
        each.public_id: FileShown(
            each.public_id, each.file_name, each.size, each.pages, each.is_scanned, each.is_infected
        )
        for each in material.files.values()
    }


def _material(view: TaskView, material: Material, files: Mapping[str, FileShown]) -> tuple[Panel, ...]:
    context = {**view.context, **material.values}
    filling = Filling(material.values, context, value_or_null, {}, files, other_track(view.context))
    blocks = present_form(material.form, filling, is_read=True, root="submitted-").blocks
    return panels_of(blocks, material.form.title.spoken(language()))


def _summary(view: TaskView) -> tuple[Pair, ...]:
    return tuple(Pair(said(str(label)), listing_said(str(value))) for label, value in view.panels.get("summary") or ())


def _who(step: Step, around: Around) -> str:
    """Reviewers are named only to those who may know them."""
    is_veiled = step.lane == RoleKey.EXPERT and not around.knows_reviewers
    return role_name(RoleKey.EXPERT) if is_veiled else step.name


def _progress(view: TaskView, around: Around) -> tuple[Progress, ...]:
    """What was done (each task once, at its latest), the task in hand, and what may come next."""
    done = {step.element_id: step for step in view.steps if step.element_id != view.element.id}
    passed = [
        Progress("done", said(step.title), _who(step, around))
        for step in sorted(done.values(), key=lambda step: step.at)
    ]
    here = said(view.title)
    titles = {said(step.title) for step in done.values()} | {here}
    ahead = [Progress("ahead", name) for name in names_ahead(around.ways) if name not in titles]
    return (*passed, Progress("here", here, view.assignee or ""), *ahead)
