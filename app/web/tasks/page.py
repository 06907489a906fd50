"""A task's page as its templates draw it: every decision made, every word in the page's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.services.objectors import HandedIn
from app.services.programme.duplicates import DuplicateShown
from app.services.programme.material import CaseFile
from app.web.due import Due
from app.web.forms.blocks import Block, Complaint, FileShown, RowShown
from app.web.tasks.assessing import AssessmentShown, ItemShown


class Crumb(NamedTuple):
    """A step of the way back; without an address it is where one is."""

    label: str
    address: str


class Notice(NamedTuple):
    """Something a person must know before anything else."""

    title: str
    text: str


class Pair(NamedTuple):
    """A line of the case's summary."""

    label: str
    value: str


class Afterwards(NamedTuple):
    """What happens once the task is done; ``verdict`` the button that leads there, if several do."""

    verdict: str
    text: str


class Place(NamedTuple):
    """Another page on which a task is worked on."""

    endpoint: str
    label: str
    address: str


class Past(NamedTuple):
    """An entry of the timeline."""

    title: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A titled part of the left column; ``part``: the part of the form that it shows and that may be hidden.

    ``is_empty``: nothing of it is in view as long as no answer brings a part of it out.
    """

    name: str
    label: str
    hint: str
    clauses: tuple[str, ...]
    blocks: tuple[Block, ...]
    is_hidden: bool = False
    part: str = ""
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step of a long form. ``is_about_six``: its lists are the six items."""

    key: str
    number: int
    label: str
    state: str
    is_done: bool
    is_current: bool
    is_about_six: bool = False


@dataclass(frozen=True, slots=True)
class VerdictButton:
    """A button that completes the task with a verdict; ``style`` is its class."""

    name: str
    value: str
    label: str
    style: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage of the case: ``state`` done, here, ahead or back."""

    state: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SelfCheckShown:
    """The self-check beside an application: what the rules see, what to do before submission."""

    shown: AssessmentShown
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the columns: where one is, what is asked, by when, and why; ``lane``: whose work it is."""

    task: str
    lane: str
    heading: str
    subtitle: str
    crumbs: tuple[Crumb, ...]
    what: str
    todo: str
    basis: str
    clauses: tuple[str, ...]
    due: Due


@dataclass(frozen=True, slots=True)
class Standing:
    """How the person stands to the task: ``holder`` has claimed it; ``is_open``: this person may work on it now."""

    is_open: bool
    is_mine: bool
    may_release: bool
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form on the page: its panels, or the panel of the current step, what is wrong in it, and its buttons."""

    panels: tuple[Panel, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    steps: tuple[StepShown, ...] = ()
    verdict: tuple[VerdictButton | None, ...] = ()
    rulings: Mapping[str, tuple[RowShown, ...]] = field(default_factory=dict)
    open_rulings: tuple[str, ...] = ()
    complete_label: str = ""
    takes_files: bool = False

    @property
    def step(self) -> StepShown | None:
        """Return the step shown."""
        return next((step for step in self.steps if step.is_current), None)

    @property
    def earlier(self) -> str:
        """Return the key of the step before, empty if there is none."""
        return self._beside(-1)

    @property
    def later(self) -> str:
        """Return the key of the step after, empty if there is none."""
        return self._beside(1)

    def _beside(self, distance: int) -> str:
        at = self.step.number - 1 + distance if self.step else -1
        return self.steps[at].key if 0 <= at < len(self.steps) else ""


@dataclass(frozen=True, slots=True)
class Beside:
    """The right column, and what the left one shows above the form.

    ``papers``: files handed in before, ``shelf``: evidence read beside a rubric; ``places``: where else one works.
    """

    check: AssessmentShown | None = None
    self_check: SelfCheckShown | None = None
    material: tuple[Panel, ...] = ()
    summary: tuple[Pair, ...] = ()
    progress: tuple[Progress, ...] = ()
    afterwards: tuple[Afterwards, ...] = ()
    timeline: tuple[Past, ...] = ()
    handed_in: tuple[HandedIn, ...] = ()
    papers: tuple[CaseFile, ...] = ()
    shelf: tuple[FileShown, ...] = ()
    duplicates: tuple[DuplicateShown, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def marks(self) -> Mapping[str, ItemShown]:
        """Return how each of the six items stands, for the lists of the form."""
        return {item.item: item for item in self.self_check.shown.items} if self.self_check else {}


@dataclass(frozen=True, slots=True)
class TaskPage:
    """The whole page. ``address``: of the task; ``revision``: of the draft it shows, saved at ``saved_at``."""

    address: str
    case_address: str
    head: Head
    standing: Standing
    sheet: Sheet
    beside: Beside
    revision: int
    saved_at: datetime | None
    refusal: Notice | None = None
