"""A task being worked on: what is typed, what is wrong with it, what the form may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.forms import Group, Problem
from app.engine.feel import value_or_null
from app.services.evidence import EvidenceFile
from app.services.viewing import TaskView
from app.web.forms import FileShown
from app.web.forms.presenting import Filling


@dataclass(frozen=True, slots=True)
class Working:
    """A task being worked on: ``values`` as typed, what is wrong with them, and the step of the form in view."""

    view: TaskView
    values: Mapping[str, Any]
    errors: Mapping[str, Problem]
    revision: int
    saved_at: datetime | None
    step: Group | None = None

    @property
    def filling(self) -> Filling:
        """Return the form on its way, as the presenter takes it."""
        return Filling(
            self.values,
            self.view.context,
            value_or_null,
            self.errors,
            files_by_id(self.view),
            other_track(self.view.context),
        )


def files_by_id(view: TaskView) -> dict[str, FileShown]:
    """Return the files of the case as thumbnails show them."""
    return files_shown(view.files)


def files_shown(files: Iterable[EvidenceFile]) -> dict[str, FileShown]:
    """Return files by their public ids as thumbnails show them."""
    return {
        each.public_id: FileShown(
            each.public_id, each.file_name, each.size, each.pages, each.is_scanned, each.is_infected
        )
        for each in files
    }


def without(clauses: tuple[str, ...], other: str) -> tuple[str, ...]:
    """Return ``clauses`` without those of the other track's six items."""
    return tuple(each for each in clauses if not other or not each.startswith(other))


def other_track(context: Mapping[str, Any]) -> str:
    """Return the clause of the six items of the track that this case is not on."""
    case = context.get("case")
    track = case.get("track") if isinstance(case, Mapping) else None
    return {"university": "C4.4", "school": "C4.3"}.get(str(track), "")
