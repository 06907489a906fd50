"""What the audit trail's words are called on pages."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.domain.audit import ChainFault

ACTIONS: Mapping[str, LazyString] = {
    "start_case": _l("Case begun"),
    "complete_task": _l("Task completed"),
    "claim_task": _l("Task taken"),
    "release_task": _l("Task given back"),
    "deliver_message": _l("Message delivered"),
    "pass_time": _l("Time passed"),
    "sign_in": _l("Signed in"),
    "begin_session": _l("Session begun"),
    "confirm_identity": _l("Identity confirmed"),
    "sign_out": _l("Signed out"),
    "end_session": _l("Session ended"),
    "issue_set_up_code": _l("Set-up code issued"),
    "take_set_up_code": _l("Set-up code used"),
    "prove_password": _l("Password asked"),
    "add_passkey": _l("Passkey added"),
    "remove_passkey": _l("Passkey removed"),
    "use_passkey": _l("Passkey used"),
    "remove_authenticator": _l("Authenticator app removed"),
    "second_factor": _l("Second factor asked"),
    "use_recovery_code": _l("Recovery code used"),
    "add_authenticator": _l("Authenticator app added"),
    "renew_recovery_codes": _l("Recovery codes renewed"),
    "reset_factors": _l("Second factors reset"),
    "change_password": _l("Password changed"),
    "create_person": _l("Person added"),
    "activate_person": _l("Person let in again"),
    "deactivate_person": _l("Person shut out"),
    "reset_password": _l("Password reset"),
    "grant_role": _l("Role given"),
    "end_role": _l("Role ended"),
    "import_units": _l("Units imported"),
    "try_import": _l("File tried out"),
    "apply_import": _l("File imported"),
    "discard_import": _l("File forgotten"),
    "write_unit": _l("Unit written"),
    "rename_unit": _l("Unit renamed"),
    "move_unit": _l("Unit placed under another superior"),
    "merge_units": _l("Units merged"),
    "split_unit": _l("Unit split"),
    "close_unit": _l("Unit closed"),
    "change_person": _l("Person changed"),
    "export_roster": _l("List exported"),
    "export_own_data": _l("Own data taken along"),
    "reveal_number": _l("Own identity number looked at"),
    "ask_correction": _l("Correction asked for"),
    "answer_correction": _l("Correction answered"),
    "leave_day": _l("Day taken out of the calendar"),
    "return_task": _l("Task returned to the desk"),
    "deploy": _l("Deployment made"),
    "save_draft_model": _l("Model drafted"),
    "release_version": _l("Model released"),
    "move_clock": _l("Clock moved"),
    "enter_days": _l("Calendar changed"),
    "set_contact": _l("Contact of a unit changed"),
    "resolve_incident": _l("Incident resolved"),
    "read_notice": _l("Notice read"),
    "read_all_notices": _l("All notices read"),
    "choose_notices": _l("Ways of being told chosen"),
    "choose_quiet_hours": _l("Quiet hours chosen"),
    "ask_contact_code": _l("Code for an address sent"),
    "prove_contact": _l("Address confirmed"),
    "forget_contact": _l("Address removed"),
    "resend_message": _l("Message sent again"),
    "drop_message": _l("Message given up"),
    "open_call": _l("Call opened"),
    "extend_deadline": _l("Deadline extended"),
    "open_publicity": _l("List put up"),
    "extend_publicity": _l("Window extended"),
    "open_objection_file": _l("File of an objection opened"),
    "escalate_inquiry": _l("Late inquiry reported"),
    "ask_opening": _l("Opening of an identity asked for"),
    "answer_opening": _l("Opening of an identity answered"),
    "look_at_identity": _l("Identity of an objector looked at"),
    "lodge_objection": _l("Objection lodged"),
    "rule_objection": _l("Objection ruled"),
    "issue_receipt": _l("Receipt issued"),
    "number_paper": _l("Paper numbered"),
    "make_paper": _l("Paper made"),
    "skip_paper_template": _l("Word template could not be filled in"),
    "replace_paper_template": _l("Word template replaced"),
    "export_case": _l("Case exported"),
    "check_originals": _l("Originals checked"),
    "assign_prelim": _l("Reviewing unit set"),
    "assign_experts": _l("Experts assigned"),
    "remind_reviewers": _l("Reviewers reminded"),
    "escalate_correction": _l("Late correction reported"),
    "announce": _l("Result announced"),
    "add_evidence": _l("File uploaded"),
    "refuse_evidence": _l("Infected file refused"),
    "lock_evidence": _l("Infected file locked"),
    "change_notice_text": _l("Notice's text changed"),
    "reset_notice_text": _l("Notice's text reset"),
    "issue_token": _l("Token given out"),
    "revoke_token": _l("Token revoked"),
    "remove_evidence": _l("File taken out"),
    "back_up": _l("Backup made"),
    "restore": _l("Backup restored"),
}
"""Actions by their words in the trail; one that is not here is shown as it stands."""

FAULTS: Mapping[ChainFault, LazyString] = {
    ChainFault.UNREADABLE: _l("its body cannot be read"),
    ChainFault.NOT_CANONICAL: _l("its body is not in canonical form"),
    ChainFault.COLUMNS_DIFFER: _l("the columns beside it say something else"),
    ChainFault.SEQUENCE_BROKEN: _l("an event is missing or out of order"),
    ChainFault.LINK_BROKEN: _l("it does not follow on the event before it"),
    ChainFault.HASH_DIFFERS: _l("its hash is not that of its body"),
    ChainFault.HEAD_DIFFERS: _l("the chain ends elsewhere than it should"),
}

HEADS: Mapping[str, LazyString] = {
    "id": _l("No."),
    "case_id": _l("Case number"),
    "seq": _l("Event"),
    "at": _l("Programme time"),
    "real_at": _l("Real time"),
    "name": _l("Who"),
    "role": _l("Role"),
    "action": _l("Action"),
    "object": _l("Object"),
    "result": _l("Result"),
    "source": _l("Address"),
    "definition": _l("Definition"),
    "event_hash": _l("Hash"),
}
"""Headings of an export by the fields of an event."""


def action_name(action: str) -> str:
    """Write an action of the trail."""
    return str(ACTIONS.get(action, action))


def fault_text(fault: ChainFault) -> str:
    """Write what is wrong with a chain."""
    return str(FAULTS[fault])
