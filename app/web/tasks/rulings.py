"""The decisions a person makes on flags: rows of the form's ``rulings`` list, drawn beside their clauses."""

from collections.abc import Mapping, Sequence

from flask_babel import ngettext

from app.domain.forms import Form
from app.web.forms.blocks import Control, FormView, Listing, RowShown
from app.web.forms.presenting import Filling
from app.web.forms.rows import rows_shown

RULINGS = "rulings"


def rulings_in(form: Form | None, filling: Filling, form_view: FormView) -> Mapping[str, tuple[RowShown, ...]]:
    """Return the rows of the form's rulings by the clause each is about; nothing where the form has no such list."""
    rows = next((rows for rows in form.rows if rows.key == RULINGS and not rows.grows), None) if form else None
    listing = next((block for block in form_view.blocks if isinstance(block, Listing) and block.name == RULINGS), None)
    if rows is None or listing is None:
        return {}
    found: dict[str, tuple[RowShown, ...]] = {}
    for values, row in zip(rows_shown(rows, filling.values, filling.context), listing.rows, strict=True):
        clause = str(values.get("clause") or "")
        found[clause] = (*found.get(clause, ()), row)
    return found


def open_rulings(rulings: Mapping[str, tuple[RowShown, ...]]) -> tuple[str, ...]:
    """Return the clauses that nobody has ruled on yet."""
    return tuple(clause for clause, rows in rulings.items() if not all(_is_ruled(row) for row in rows))


def _is_ruled(row: RowShown) -> bool:
    choices = [block for block in row.blocks if isinstance(block, Control) and block.options]
    return any(option.is_chosen for block in choices for option in block.options)


def open_text(clauses: Sequence[str]) -> str:
    """Write how many clauses must still be ruled on; empty once there are none."""
    if not clauses:
        return ""
    told = ngettext("one clause must be decided", "%(num)d clauses must be decided", len(clauses))
    return f"{told} ({', '.join(clauses)})"
