"""Forms on a page: form-js schemas as accessible HTML, one template per component, working without JavaScript."""

from flask import Blueprint

from app.web.forms.blocks import FileShown, FormView
from app.web.forms.presenting import present_form

bp = Blueprint("forms", __name__, template_folder="templates")
"""No routes: it brings the templates."""

__all__ = ["FileShown", "FormView", "bp", "present_form"]
