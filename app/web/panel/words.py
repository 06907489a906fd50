"""How ties and invitations are called."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.domain.recusal import TieKind
from app.services.panel.experts import InvitationState

INVITATIONS: Mapping[InvitationState, LazyString] = {
    InvitationState.INVITED: _l("not answered yet"),
    InvitationState.ACCEPTED: _l("accepted, pledge signed"),
    InvitationState.DECLINED: _l("declined"),
    InvitationState.EXPIRED: _l("no answer in time"),
    InvitationState.WITHDRAWN: _l("taken back"),
    InvitationState.REFUSED: _l("not confirmed"),
}

TIES: Mapping[TieKind, LazyString] = {
    TieKind.KIN: _l("kin"),
    TieKind.ADVISER: _l("adviser or student"),
    TieKind.COAUTHOR: _l("published together"),
    TieKind.DECLARED: _l("other tie"),
}
