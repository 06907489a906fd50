"""Applications as their host sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.engine.feel import value_or_null
from app.services.acting import Act
from app.services.applications import MyApplication, Startable
from app.services.late import KeptDraft
from app.web.due import Due, due_of
from app.web.forms import FormView, present_form
from app.web.forms.presenting import Filling
from app.web.states import Shown, state_shown
from app.web.tasks.working import files_shown, other_track


@dataclass(frozen=True, slots=True)
class Choice:
    """A branch with which one may apply in a call, and the time left."""

    start: Startable
    due: Due


@dataclass(frozen=True, slots=True)
class Mine:
    """One of one's own applications. A live one that was not submitted is a draft."""

    application: MyApplication
    state: Shown

    @property
    def is_draft(self) -> bool:
        """Tell whether it can be given up without a trace in the selection."""
        return self.application.submitted_at is None and self.application.state == "live"

    @property
    def was_not_sent(self) -> bool:
        """Tell whether it ended as a draft, which can still be read."""
        return self.application.submitted_at is None and self.application.state == "lapsed"

    @property
    def may_withdraw(self) -> bool:
        """Tell whether withdrawing may be asked for; the case itself knows whether it is too late."""
        return self.application.submitted_at is not None and self.application.state == "live"


def choices_of(found: Sequence[Startable], act: Act) -> tuple[Choice, ...]:
    """Return where one may apply, with the time left in each call."""
    return tuple(Choice(each, due_of(each.deadline_at, act)) for each in found)


def mine_of(found: Sequence[MyApplication]) -> tuple[Mine, ...]:
    """Return one's own applications with their states in words."""
    return tuple(Mine(each, state_shown(each.state.value)) for each in found)


def draft_of(kept: KeptDraft) -> FormView:
    """Return a kept draft as it is read, never written."""
    context = {"case": {"track": kept.track}}
    filling = Filling(kept.values, context, value_or_null, {}, files_shown(kept.files), other_track(context))
    return present_form(kept.form, filling, is_read=True)
