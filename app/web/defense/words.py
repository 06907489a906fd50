"""What the states of a slot are called, with the chip each is shown as."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.domain.states import SlotState
from app.web.states import Shown

SLOTS: Mapping[SlotState, Shown] = {
    SlotState.WAITING: Shown(_l("Not called yet"), "", "clock"),
    SlotState.CALLED: Shown(_l("Called in"), "info", "user"),
    SlotState.PRESENTING: Shown(_l("Speaking"), "human", "player-play"),
    SlotState.QUESTIONS: Shown(_l("Questions"), "human", "help"),
    SlotState.SCORING: Shown(_l("Scores are given"), "info", "pencil"),
    SlotState.HELD: Shown(_l("Recorded"), "met", "circle-check"),
    SlotState.ABSENT: Shown(_l("Did not come"), "not", "circle-x"),
}
"""Every state of a slot."""
