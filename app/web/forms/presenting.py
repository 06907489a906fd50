"""From a form, its values and its errors to the blocks that the templates draw."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flask_babel import gettext

from app.domain.forms import (
    Access,
    Feel,
    Field,
    FieldKind,
    FieldNotYours,
    Form,
    Group,
    Label,
    Part,
    Problem,
    Prose,
    Rows,
    Rule,
    in_ranks,
    is_hidden,
    options_of,
    row_name,
)
from app.domain.forms.rules import LONGEST
from app.domain.forms.schema import CHOOSERS, LISTS, rows_within, text_of
from app.domain.scoring import round_half_up
from app.web.english import listing_said, said
from app.web.forms.blocks import (
    Block,
    Complaint,
    Control,
    FileShown,
    FormView,
    Line,
    Listing,
    OptionShown,
    RowShown,
    Section,
    Words,
)
from app.web.forms.faults import place, sentence
from app.web.forms.prose import prose
from app.web.forms.rows import kind_of, rows_shown
from app.web.forms.scoring import scored, shares
from app.web.forms.telling import READ, plain
from app.web.languages import language


@dataclass(frozen=True, slots=True)
class Filling:
    """A form on its way: values as typed over what the form may see, its problems, and the files it may show by id.

    ``other_track``: the clause of section 4 that does not concern this case; its ids are not shown.
    """

    values: Mapping[str, Any]
    context: Mapping[str, Any]
    feel: Feel
    errors: Mapping[str, Problem]
    files: Mapping[str, FileShown]
    other_track: str = ""


def present_form(
    form: Form, filling: Filling, *, step: Group | None = None, is_read: bool = False, root: str = ""
) -> FormView:
    """Return ``form``, or one ``step`` of it, ready to draw.

    ``is_read``: nothing can be edited any more. ``root`` stands before every name, for a second form on a page.
    """
    presenter = _Presenter(form, filling, language(), is_read, root)
    shown = form.parts if step is None else step.parts
    verdict = form.verdict
    return FormView(
        blocks=presenter.blocks(shown, filling.values, root, () if step is None else step.clauses),
        verdict=presenter.control(verdict, filling.values, "") if verdict else None,
        complaints=tuple(presenter.complaint(path, problem, step) for path, problem in filling.errors.items()),
    )


def present_control(form: Form, filling: Filling, path: str) -> Control:
    """Return the one field at ``path``. Raises ``FieldNotYours`` where the form has none."""
    field = form.field_at(path)
    if field is None:
        raise FieldNotYours(field=path)
    key, _, rest = path.partition("-")
    number = rest.partition("-")[0]
    rows = next((rows for rows in form.rows if rows.key == key), None) if number else None
    listed = rows_shown(rows, filling.values, filling.context) if rows else []
    values = listed[int(number)] if rows and int(number) < len(listed) else filling.values
    prefix = f"{key}-{number}-" if number else ""
    return _Presenter(form, filling, language(), is_read=False).control(field, values, prefix)


def hidden_parts(form: Form, filling: Filling) -> list[str]:
    """Return the HTML ids of the parts that a condition hides with the values as they are now."""
    presenter = _Presenter(form, filling, "", is_read=False)
    return presenter.hidden_names(form.parts, filling.values, "")


@dataclass(frozen=True, slots=True)
class _Presenter:
    form: Form
    filling: Filling
    tongue: str
    is_read: bool
    root: str = ""

    def blocks(
        self, parts: tuple[Part, ...], values: Mapping[str, Any], prefix: str, told: tuple[str, ...] = ()
    ) -> tuple[Block, ...]:
        """Return the blocks of ``parts``; ``told``: clauses that the heading above them names already."""
        found = (self._block(part, values, prefix, told) for part in parts)
        return tuple(block for block in found if block is not None)

    def _block(self, part: Part, values: Mapping[str, Any], prefix: str, told: tuple[str, ...]) -> Block | None:
        match part:
            case Field():
                is_elsewhere = part.is_verdict or part.access is Access.HIDDEN
                return None if is_elsewhere else self.control(part, values, prefix, told)
            case Group():
                return self._section(part, values, prefix)
            case Rows():
                return self._listing(part, values)
            case Prose():
                return Words(prose(self._say(part.text)), self._hides(part.hide, values))
            case Rule():
                return Line()

    def _section(self, group: Group, values: Mapping[str, Any], prefix: str) -> Section | Listing:
        section = Section(
            name=prefix + group.key,
            label=self._say(group.label),
            hint=self._say(group.hint),
            clauses=self.clauses(group.clauses),
            blocks=self.blocks(group.parts, values, prefix, group.clauses),
            is_hidden=self._hides(group.hide, values),
        )
        listings = [block for block in section.blocks if isinstance(block, Listing)]
        words = tuple(block for block in section.blocks if isinstance(block, Words))
        if len(listings) == 1 and len(words) + 1 == len(section.blocks):
            hint = section.hint or listings[0].hint
            shown = replace(listings[0], label=section.label, hint=hint, words=words)
            return replace(shown, is_hidden=section.is_hidden, is_whole=True)
        return section

    def clauses(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return the clauses that concern this case."""
        other = self.filling.other_track
        return tuple(each for each in ids if not other or not each.startswith(other))

    def _listing(self, rows: Rows, values: Mapping[str, Any]) -> Listing:
        columns = [column for column in rows.fields if column.access is not Access.HIDDEN]
        shown = rows_shown(rows, self.filling.values, self.filling.context)
        scores = scored(shown) if rows.is_rubric else shares(shown, rows.sums)
        return Listing(
            kind=kind_of(rows, is_read=self.is_read),
            name=self.root + rows.key,
            label=self._say(rows.label),
            hint=self._say(rows.hint),
            clauses=self.clauses(rows.clauses),
            rows=tuple(self._row(rows, index, row) for index, row in in_ranks(rows, shown)),
            heads=tuple(self._say(column.label) for column in columns),
            error=self._error(rows.key),
            is_hidden=self._hides(rows.hide, values),
            rank=rows.rank,
            chosen=rows.chosen,
            sums=rows.sums,
            total=str(round_half_up(sum(scores, Fraction()))),
            scored=len(scores),
        )

    def _row(self, rows: Rows, index: int, row: Mapping[str, Any]) -> RowShown:
        name = f"{self.root}{rows.key}-{index}"
        blocks = self.blocks(rows.columns, {**self.filling.values, **row}, f"{name}-")
        return RowShown(name, row_name(rows, row), index + 1, blocks)

    def control(self, field: Field, values: Mapping[str, Any], prefix: str, told: tuple[str, ...] = ()) -> Control:
        value = values.get(field.key)
        options = self._options(field, value)
        files = tuple(self._file(each) for each in _listed(value)) if field.kind is FieldKind.FILES else ()
        return Control(
            kind=field.kind.value,
            name=prefix + field.key,
            label=self._say(field.label),
            hint=self._say(field.hint),
            value="" if field.kind in LISTS else text_of(value),
            text=self._text(field, value, options),
            options=options,
            files=files,
            clauses=tuple(each for each in self.clauses(field.clauses) if each not in told),
            limits=_limits(field),
            error=self._error(prefix + field.key),
            is_required=field.rules.required,
            is_read=self.is_read or field.access is Access.READ,
            is_hidden=self._hides(field.hide, values),
        )

    def _text(self, field: Field, value: Any, options: tuple[OptionShown, ...]) -> str:
        text = READ.get(field.kind, plain)(value, options)
        return listing_said(text) if field.access is Access.READ else text

    def _options(self, field: Field, value: Any) -> tuple[OptionShown, ...]:
        if field.kind not in CHOOSERS:
            return ()
        chosen = {text_of(each) for each in (_listed(value) if field.kind in LISTS else [value])}
        offered = options_of(field.choices, self.filling.context, self.filling.feel)
        return tuple(OptionShown(each.text, said(each.label), each.text in chosen) for each in offered)

    def _file(self, public_id: Any) -> FileShown:
        return self.filling.files.get(str(public_id)) or FileShown(str(public_id), gettext("File not found"), 0)

    def _hides(self, condition: str | None, values: Mapping[str, Any]) -> bool:
        return condition is not None and is_hidden(
            self.form, condition, {**self.filling.context, **values}, self.filling.feel
        )

    def hidden_names(self, parts: tuple[Part, ...], values: Mapping[str, Any], prefix: str) -> list[str]:
        """Return the names of the hidden parts among ``parts``, in their rows too."""
        names = []
        for part in parts:
            if isinstance(part, Field | Group | Rows) and self._hides(part.hide, values):
                names += [prefix + part.key, *(prefix + rows.key for rows in rows_within((part,)))]
            if isinstance(part, Group):
                names += self.hidden_names(part.parts, values, prefix)
            if isinstance(part, Rows):
                for index, row in enumerate(rows_shown(part, self.filling.values, self.filling.context)):
                    names += self.hidden_names(part.columns, {**values, **row}, f"{part.key}-{index}-")
        return names

    def complaint(self, path: str, problem: Problem, step: Group | None) -> Complaint:
        """Return the summary's entry for one problem."""
        text = sentence(problem, self.tongue)
        home = self.form.step_of(path)
        is_here = step is None or home is None or home.key == step.key
        named = text if not path else f"{place(self.form, path, self.tongue)}{_COLON[self.tongue]}{text}"
        return Complaint(path or "form", named, "" if is_here or home is None else home.key)

    def _error(self, path: str) -> str:
        problem = self.filling.errors.get(path)
        return "" if problem is None else sentence(problem, self.tongue)

    def _say(self, label: Label) -> str:
        return label.spoken(self.tongue)


_COLON = {"zh": "：", "en": ": "}


def _limits(field: Field) -> dict[str, Any]:
    """Return the attributes that spare a person a mistake; the server judges all the same."""
    rules = field.rules
    if field.kind in LONGEST:
        return {"maxlength": rules.max_length or LONGEST[field.kind]}
    if field.kind is FieldKind.NUMBER:
        bounds = {"min": rules.minimum, "max": rules.maximum}
        return {name: bound for name, bound in bounds.items() if bound is not None}
    return {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
