"""Blind review (C5.3b): an application as reviewers may see it while they may not know whose it is."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from app.domain.forms import FieldKind
from app.domain.units import TRACK_NAMES, UnitKind
from app.domain.veil import Short, covered, shorts_from_json, words_of
from app.services.acting import Act
from app.services.hooks import Case
from app.services.programme.material import CaseFile, Material, material_of
from app.services.programme.wording import day_text
from app.services.veiling import code_of
from app.store.models import Application
from app.store.queries import applications, merging
from app.store.queries.lines import line_of

_ASKED_AGAIN = frozenset({"signature", "birth_date", "paper_doc", "received_on"})
"""Parts of the form that tell who applies and nothing of the work; a scan of the signed paper shows the whole of it."""


def telling_words(act: Act, case: Case) -> tuple[str | Short, ...]:
    """Return the words by which the application's host, branch or school could be known, short forms the office keeps
    among them.
    """
    found = applications.application_row(act.session, case.id)
    if found is None:
        return ()
    line = [unit for unit in line_of(act.session, found.branch.id, act.today) if unit.kind is not UnitKind.PROVINCE]
    renamed = merging.renames_of(act.session, {unit.id for unit in line})
    former = [name for unit in line for _, name in renamed.get(unit.id, ())]
    shorts = [short for unit in line for short in shorts_from_json(unit.short_forms)]
    return (*words_of([found.host.name], [*(unit.name for unit in line), *former]), *shorts)


def veiled_panel(act: Act, case: Case) -> dict[str, Any]:
    """Return the panels ``material`` and ``summary`` of a blind review."""
    return {"material": veiled_material(act, case), "summary": _summary(act, case)}


def veiled_material(act: Act, case: Case) -> Material | None:
    """Return what was submitted with every telling word covered, files by what they prove."""
    found = material_of(act, case)
    if found is None:
        return None
    values = {key: value for key, value in found.values.items() if key not in _ASKED_AGAIN}
    shown = covered(values, telling_words(act, case))
    kept = {each: found.files[each] for each in named_files(found) if each in found.files}
    return Material(found.form, shown, _renamed(kept))


def named_files(material: Material) -> list[str]:
    """Return the files that the submitted form names, in its order, but for those that tell who applies."""
    values = {key: value for key, value in material.values.items() if key not in _ASKED_AGAIN}
    fields = [(values, field) for field in material.form.fields]
    fields += [
        (row, field) for rows in material.form.rows for row in values.get(rows.key) or () for field in rows.fields
    ]
    listed = [row.get(field.key) or () for row, field in fields if field.kind is FieldKind.FILES]
    return list(dict.fromkeys(each for ids in listed for each in ids))


def texts_given(submitted: Mapping[str, Any]) -> frozenset[str]:
    """Return every text of a submitted form but for the parts that tell who applies: a file is named by one of them."""
    return frozenset(_texts({key: value for key, value in submitted.items() if key not in _ASKED_AGAIN}))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)


def _renamed(files: dict[str, CaseFile]) -> dict[str, CaseFile]:
    """A file's own name may tell whose it is: it is called by what it proves and a number."""
    numbers = count(1)
    return {key: replace(file, file_name=f"{file.proves or '材料'} {next(numbers)}") for key, file in files.items()}


def _summary(act: Act, case: Case) -> list[tuple[str, str]]:
    found = applications.application_row(act.session, case.id)
    if found is None:
        return []
    application: Application = found.application
    pairs = [
        ("评审编号", code_of(act, case.business_key)),
        ("类别", TRACK_NAMES[application.track]),
        ("申报领域", covered(application.field or "", telling_words(act, case))),
        ("基准日", day_text(found.cycle.as_of) if found.cycle.as_of else ""),
        ("批次", found.cycle.title),
    ]
    return [(label, value) for label, value in pairs if value]
