"""Refusals at the defense desk."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "defense_unknown": Refusal(
        _l("There is no such session"), _l("The desk lists every session; the case may not be planned in one yet.")
    ),
    "slot_not_so": Refusal(
        _l("The slot has moved on, or is not that far"),
        _l("Reload the desk: somebody else may have taken the step. Nothing was changed."),
    ),
    "session_incomplete": Refusal(
        _l("The session is not complete"), _l("Give it a title and a room, and choose cases of one cycle.")
    ),
    "case_not_plannable": Refusal(
        _l("A case cannot be heard in this session"),
        _l("It is planned in another session already, or is not with its experts. Nothing was planned."),
    ),
    "word_missing": Refusal(
        _l("Lots are drawn with the word of a witness"),
        _l("Write who gives the word, and the word; at most %(longest)s characters each."),
    ),
    "lots_drawn": Refusal(_l("The lots are drawn already"), _l("They are drawn once; the page of the lots shows how.")),
    "out_of_turn": Refusal(
        _l("It is not this case's turn"),
        _l("Cases are heard one at a time in the order of their lots. Lot %(lot)s comes first."),
    ),
    "not_reviewed": Refusal(
        _l("The materials of this case are still being reviewed"),
        _l("Its defense can begin once every expert has handed in their review."),
    ),
    "identity_unchecked": Refusal(
        _l("The host's identity has not been checked"),
        _l("Hosts defend in person (C5.3c). Check a document and record it first."),
    ),
    "not_seated": Refusal(
        _l("This person does not sit in this slot"), _l("They stand aside from the case, or another panel hears it.")
    ),
    "score_locked": Refusal(_l("The score is locked"), _l("A score that was given stays. Nothing was changed.")),
    "sheet_keyed": Refusal(
        _l("This sheet cannot be keyed by you"),
        _l("Two different people key it once each, never its own expert. The chair settles entries that differ."),
    ),
    "sheets_agree": Refusal(
        _l("There is nothing to settle"),
        _l("The chair settles two entries that differ, with a reason, unless they keyed one of them."),
    ),
    "bench_not_odd": Refusal(
        _l("The case cannot be judged by %(voting)s members"),
        _l("An odd number of at least five is needed after recusal (C5.3a). Seat another member of the panel."),
    ),
    "aside_unexplained": Refusal(_l("Standing aside needs a reason"), _l("Write it in a few words.")),
    "defense_score_invalid": Refusal(
        _l("“%(score)s” is no score"), _l("Give a number from 0 to 100, with at most one decimal.")
    ),
    "defense_not_held": Refusal(
        _l("The defense is not over on the desk"),
        _l("Take its slot to the end there, or note that the host did not come; then record it."),
    ),
    "template_not_releasable": Refusal(
        _l("Version %(version)s cannot be released"),
        _l("Somebody other than who proposed it releases it, once, and not behind a newer one in use."),
    ),
    "ranking_not_ready": Refusal(
        _l("The scores are not complete"),
        _l("%(open)s cases are still being reviewed or heard. A report is made from all scores together."),
    ),
    "scores_outstanding": Refusal(
        _l("Scores are missing"), _l("Still to score: %(names)s. Nothing was recorded; what you typed is kept.")
    ),
}
