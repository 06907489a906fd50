"""The decisions a person makes on flags: rows of the form's ``rulings`` list, drawn beside their clauses."""

from collections.abc import Mapping

from app.domain.forms import Form
from app.web.forms.blocks import FormView, Listing, RowShown
from app.web.forms.presenting import Filling, rows_shown

RULINGS = "rulings"


def rulings_in(form: Form | None, filling: Filling, form_view: FormView) -> Mapping[str, tuple[RowShown, ...]]:
    """Return the rows of the form's rulings by the clause each is about; nothing where the form has no such list."""
    rows = next((rows for rows in form.rows if rows.key == RULINGS and not rows.grows), None) if form else None
    listing = next((block for block in form_view.blocks if isinstance(block, Listing) and block.name == RULINGS), None)
    if rows is None or listing is None:
        return {}
    found: dict[str, tuple[RowShown, ...]] = {}
    for values, row in zip(rows_shown(rows, filling), listing.rows, strict=True):
        clause = str(values.get("clause") or "")
        found[clause] = (*found.get(clause, ()), row)
    return found
