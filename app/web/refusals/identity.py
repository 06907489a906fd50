"""Refusals about signing in, roles, people and units."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "not_for_your_role": Refusal(
        _l("This page is not yours to open"),
        _l("It belongs to: %(roles)s. If you should hold that role, ask the security administrator."),
    ),
    "access_undeclared": Refusal(
        _l("This page is closed"), _l("Nobody may open it yet. Please tell the system administrator.")
    ),
    "not_allowed": Refusal(
        _l("This is not yours to do"),
        _l("It needs: %(needed)s. If you should hold that role, ask the security administrator."),
    ),
    "sign_in_failed": Refusal(
        _l("Login and password do not match"),
        _l("Check both and try again. After several wrong tries the account rests for a while."),
    ),
    "sign_in_locked": Refusal(
        _l("Too many wrong tries: nothing is taken for a while"),
        _l("Try again after %(until)s. If the password is forgotten, ask the system administrator for a set-up code."),
    ),
    "password_wrong": Refusal(
        _l("The present password is not right"), _l("Nothing was changed. Type the present password again.")
    ),
    "password_too_weak": Refusal(_l("The new password is too weak"), _l("It %(weaknesses)s. Choose another one.")),
    "password_used_before": Refusal(
        _l("This password was yours before"),
        _l("The last %(remembered)s passwords may not come back. Choose another one."),
    ),
    "second_factor_wrong": Refusal(
        _l("This code is not right"),
        _l(
            "Wait for the app's next code and type that: each code is good once, for about a minute. Check that the "
            "phone's time is set automatically. A recovery code serves as well."
        ),
    ),
    "second_factor_unreadable": Refusal(
        _l("Your authenticator app cannot be checked any more"),
        _l("The installation's secret key was changed. Ask the security administrator to reset your second factor."),
    ),
    "nothing_pending": Refusal(
        _l("No authenticator app waits for being confirmed"), _l("Open the page again and begin anew.")
    ),
    "last_factor": Refusal(
        _l("This is the last second factor of a role that needs one"),
        _l("Add the new app or passkey first, then remove this one."),
    ),
    "set_up_code_wrong": Refusal(
        _l("Login and code do not match, or the code was used or has run out"),
        _l("Check both. A code is good once, for three days; the system administrator gives you a new one."),
    ),
    "passkey_refused": Refusal(
        _l("The passkey was not accepted"),
        _l("Reload the page and try again. If it is refused once more, sign in another way and make a new passkey."),
    ),
    "passkey_unknown": Refusal(_l("There is no such passkey"), _l("It may have been removed. Reload the page.")),
    "passkeys_full": Refusal(
        _l("You have %(most)s passkeys already"), _l("Remove one that you no longer use, then make the new one.")
    ),
    "session_unknown": Refusal(_l("This session has ended already"), _l("Reload the page: it shows those still open.")),
    "not_registered": Refusal(
        _l("%(login)s has no account on this platform"),
        _l("Your office knows you, but you are not registered here. Ask the system administrator to add this login."),
    ),
    "single_sign_on_failed": Refusal(
        _l("Signing in through %(name)s did not work"),
        _l("Try again in a minute, or sign in with your password. If it stays so, tell the system administrator."),
    ),
    "roles_incompatible": Refusal(
        _l("One person may not hold both roles"),
        _l(
            "%(person)s holds %(held)s at %(unit)s from %(valid_from)s to %(valid_to)s; %(granted)s cannot be held"
            " beside it. Give the new role to somebody else, or end the other first."
        ),
    ),
    "role_held_already": Refusal(
        _l("%(person)s holds this role already"),
        _l("%(held)s at %(unit)s from %(valid_from)s to %(valid_to)s. Choose days that do not overlap."),
    ),
    "not_in_your_units": Refusal(
        _l("This unit is not yours to look after"),
        _l("A unit administrator acts for their own unit and those under it. Ask the administrator of the unit above."),
    ),
    "unit_is_closed": Refusal(
        _l("%(unit)s has been merged or closed"), _l("Nothing new begins there. Choose the unit that took its place.")
    ),
    "document_missing": Refusal(
        _l("The document is missing"), _l("Write the number or title of the document by which the unit changes.")
    ),
    "unit_name_missing": Refusal(_l("The new name is missing"), _l("Write a name that differs from the present one.")),
    "change_ahead": Refusal(_l("This day is still to come"), _l("Write the change down on its day or after.")),
    "superior_unfit": Refusal(
        _l("The unit cannot stand under %(unit)s"),
        _l("Choose a superior of a fitting kind that does not stand under it."),
    ),
    "merge_unfit": Refusal(
        _l("%(unit)s cannot go into %(into)s"), _l("Choose another unit of the same kind that is not closed.")
    ),
    "lists_running": Refusal(
        _l("Both units have a list of their own in a running cycle"),
        _l("Wait until %(cycle)s is announced, then merge them."),
    ),
    "unit_busy": Refusal(
        _l("The unit cannot be closed yet"),
        _l("%(below)s units stand under it and %(waiting)s tasks wait on its desks. Merge it into another instead."),
    ),
    "unit_code_taken": Refusal(_l("The code %(unit)s cannot be used"), _l("It is blank, or another unit has it.")),
    "sheet_unreadable": Refusal(_l("The file cannot be read"), _l("%(reason)s. Nothing was changed.")),
    "import_unknown": Refusal(
        _l("This file is no longer here"),
        _l("It was applied, forgotten, or tried out more than a day ago. Choose it again and try it out."),
    ),
    "import_moved": Refusal(
        _l("The data has moved meanwhile; nothing was applied"),
        _l("Below stands what the file would do now. Look at it again and confirm."),
    ),
    "import_refused": Refusal(
        _l("There is nothing to apply"),
        _l("Rows are refused, or everything is as it is already. Correct the file and try it out again."),
    ),
    "identity_number_taken": Refusal(
        _l("Somebody else has this identity number"), _l("Check the number; two people never share one.")
    ),
    "no_number": Refusal(_l("No identity number is kept"), _l("There is nothing to show.")),
    "correction_blank": Refusal(_l("Nothing is written"), _l("Write it in words, %(most)s characters at most.")),
    "correction_unknown": Refusal(
        _l("This request is not there to be answered"),
        _l("It is answered already, it is your own, or it belongs to another unit."),
    ),
    "day_in_use": Refusal(
        _l("This day cannot be taken out any more"),
        _l("It is past, or something is counted with it already. Enter it anew with what holds."),
    ),
    "identity_number_wrong": Refusal(
        _l("The identity number is wrong"), _l("Check its 18 characters: the last one follows from the others.")
    ),
    "role_not_held_here": Refusal(
        _l("This unit has no such role"), _l("Choose a unit of the kind that holds the role %(role)s.")
    ),
    "term_reversed": Refusal(
        _l("The term ends before it starts"), _l("Correct the dates: from %(valid_from)s to %(valid_to)s.")
    ),
    "person_unknown": Refusal(_l("There is no such person"), _l("Go back to the list of people and choose again.")),
    "login_taken": Refusal(_l("The login %(login)s is taken"), _l("Choose another login; nothing was created.")),
    "login_invalid": Refusal(
        _l("This login cannot be used"),
        _l("A login has 2 to 40 letters, digits or the signs . _ - and the person's name is not left blank."),
    ),
    "holding_unknown": Refusal(
        _l("This role is no longer held"), _l("It may have been ended meanwhile. Reload the page.")
    ),
    "already_begun": Refusal(
        _l("The first administrators have been appointed"), _l("Further people are created by the administrators.")
    ),
    "unit_unknown": Refusal(
        _l("There is no unit %(unit)s"), _l("Check the code or the full name, or import the unit first.")
    ),
    "units_refused": Refusal(
        _l("The list of units has %(count)s faults"),
        _l("Nothing of it was taken. The first: %(first)s. Correct the file and import it again."),
    ),
    "no_acting_unit": Refusal(
        _l("No unit can act for this branch"),
        _l("Its line of superiors lacks: %(wanted)s. The system administrator completes the tree of units."),
    ),
    "acting_undecided": Refusal(
        _l("A person must choose the unit that acts"), _l("The provincial committee decides; nothing is guessed.")
    ),
    "schooling_not_admitted": Refusal(
        _l("Schools of this kind cannot apply in this cycle"),
        _l("The cycle's rules page shows which kinds are admitted."),
    ),
}
