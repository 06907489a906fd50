"""How studios of earlier years are taken over from a list."""

from flask_babel import ngettext

from app.domain.roles import RoleKey
from app.domain.roster.studios import COLUMNS
from app.services.taking_over import take_over, template, try_studios, view_studios
from app.web.affairs.words import studio_fault
from app.web.importing import Importing

STUDIOS = Importing(
    roles=(RoleKey.PROVINCE_COMMITTEE,),
    template=template,
    try_out=try_studios,
    view=view_studios,
    apply=take_over,
    pages=("affairs/import.html", "affairs/trial.html"),
    shown=lambda _act: {"columns": COLUMNS},
    fault=studio_fault,
    said=lambda count: ngettext("One studio is taken over.", "%(num)d studios are taken over.", count),
    then=lambda: "dashboard.show",
    file_name="studios.xlsx",
)
