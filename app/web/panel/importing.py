"""How the register of experts is taken from a sheet."""

from app.domain.roles import RoleKey
from app.domain.roster.experts import COLUMNS
from app.services.panel.importing import apply_experts, template, try_experts, view_experts
from app.web.admin.words import row_fault
from app.web.importing import Importing, counted

EXPERTS = Importing(
    roles=(RoleKey.SECRETARIAT,),
    template=template,
    try_out=try_experts,
    view=view_experts,
    apply=apply_experts,
    pages=("panel/import.html", "panel/trial.html"),
    shown=lambda _act: {"columns": COLUMNS},
    fault=row_fault,
    said=counted,
    then=lambda: "panel.register",
    file_name="experts.xlsx",
)
