"""What was handed in at each step of a case, in the words of its form: to be read without a system."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.adapters.documents.spreadsheet import Cell, Sheet
from app.domain.forms.form import Form
from app.domain.forms.schema import Access, Field, FieldKind
from app.domain.roles import POLICIES, RoleKey
from app.services.acting import Act
from app.services.course import KNOWING, SEALED
from app.services.deployed import form_of
from app.store.models import FormSubmission, Person

_OPINIONS = ("opinion", "reason", "comment", "reply", "finding", "answer", "summary")
Submissions = Sequence[tuple[FormSubmission, Person]]


def is_sealed(act: Act, lane: str | None) -> bool:
    """Reviewers' names and words are for those who run the selection only (C5.3b)."""
    return lane in SEALED and not any(act.actor.holds(role) for role in KNOWING)


def opinions(act: Act, submissions: Submissions) -> Sheet:
    """Return who decided and said what at each step."""
    listed = [
        (
            form.title,
            POLICIES[RoleKey(form.lane)].name if form.lane in set(RoleKey) else "",
            "—" if is_sealed(act, form.lane) else person.name,
            form.at,
            _decided(act, form),
            next((str(form.data[key]) for key in _OPINIONS if form.data.get(key)), ""),
        )
        for form, person in submissions
    ]
    return Sheet("意见", ("环节", "角色", "姓名", "时间", "决定", "意见"), listed)


def contents(act: Act, submissions: Submissions, files: Mapping[str, str]) -> Sheet:
    """Return everything that was filled in, a line an answer; ``files``: the names of evidence by public id."""
    listed: list[Sequence[Cell]] = []
    for handed_in, _ in submissions:
        if handed_in.form_version_id is not None and not is_sealed(act, handed_in.lane):
            form = form_of(act.session, handed_in.form_version_id)
            answers = _answers(form, handed_in.data, files)
            listed += [(handed_in.title, handed_in.at, *answer) for answer in answers]
    return Sheet("填报内容", ("环节", "时间", "部分", "行", "项目", "内容"), listed)


def _answers(form: Form, data: Mapping[str, Any], files: Mapping[str, str]) -> Iterator[tuple[str, Cell, str, str]]:
    for field in form.fields:
        if told := _told(field, data.get(field.key), files):
            yield "", None, field.label.zh, told
    for rows in form.rows:
        for number, row in enumerate(data.get(rows.key) or (), start=1):
            for field in rows.fields:
                if told := _told(field, row.get(field.key), files):
                    yield rows.label.zh, number, field.label.zh, told


def _told(field: Field, value: Any, files: Mapping[str, str]) -> str:
    """Write an answer as its form shows it; blank where nobody gave one."""
    if field.access is Access.HIDDEN or value is None or value in ("", []):
        return ""
    if field.kind is FieldKind.FILES:
        return "、".join(files.get(each, each) for each in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    words = {option.value: option.label for option in field.choices.fixed}
    return "、".join(str(words.get(each, each)) for each in (value if isinstance(value, list) else [value]))


def _decided(act: Act, handed_in: FormSubmission) -> str:
    version = handed_in.form_version_id
    return form_of(act.session, version).decided(handed_in.data) if version is not None else ""
