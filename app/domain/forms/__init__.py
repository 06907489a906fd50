"""Forms: form-js schemas read, filled in, and judged, whatever the browser did. No HTML and no database here.

A form's values are plain JSON: a blank is null, a tick a boolean, a ticked list or evidence a list, a number a number,
a date ISO text, a repeated list its rows, each with a stable ``row_key``. Drafts hold them as typed; only
``Form.validate`` gives values that may be kept.
"""

from app.domain.forms.choosing import Feel, is_hidden, options_of
from app.domain.forms.form import Form
from app.domain.forms.ownership import row_name, served_rows
from app.domain.forms.parsing import parse_form
from app.domain.forms.problems import Fault, FieldNotYours, FormInvalid, FormUnreadable, Invalid, Problem, Valid
from app.domain.forms.ranking import in_ranks, moved
from app.domain.forms.schema import ROW_KEY, Access, Field, FieldKind, Group, Label, Part, Prose, Rows, Rule

__all__ = [
    "ROW_KEY",
    "Access",
    "Fault",
    "Feel",
    "Field",
    "FieldKind",
    "FieldNotYours",
    "Form",
    "FormInvalid",
    "FormUnreadable",
    "Group",
    "Invalid",
    "Label",
    "Part",
    "Problem",
    "Prose",
    "Rows",
    "Rule",
    "Valid",
    "in_ranks",
    "is_hidden",
    "moved",
    "options_of",
    "parse_form",
    "row_name",
    "served_rows",
]
