"""Refusals of installation, audit and command line."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "unsafe_demonstration": Refusal(
        _l("A demonstration serves this machine only"),
        _l("Its accounts share a password that everybody can read. Bind it to 127.0.0.1 instead of %(host)s."),
    ),
    "no_demonstration": Refusal(
        _l("These data are no whole demonstration"),
        _l(
            "Its first start was interrupted, or the data are real. Remove the folder %(instance)s to begin anew, or "
            "serve without --demonstration."
        ),
    ),
    "archive_corrupt": Refusal(
        _l("%(file)s is no whole backup"),
        _l("It fails at %(reason)s. Nothing was restored: take another copy of it, or an earlier backup."),
    ),
    "archive_exists": Refusal(
        _l("There is a file %(file)s already"), _l("A backup never overwrites one. Choose another name or a folder.")
    ),
    "archive_newer": Refusal(
        _l("%(file)s was made by a later version of the product"),
        _l("It is of version %(version)s. Update the product, then restore; nothing was changed."),
    ),
    "archive_other_database": Refusal(
        _l("The backup is of another kind of database"),
        _l("It was made on %(made)s, and this is %(here)s. Name such a database in SHUANGYOU_DATABASE_URL."),
    ),
    "target_not_empty": Refusal(
        _l("There are data already"),
        _l(
            "%(place)s is not empty, and nothing is overwritten. Name an empty database and another SHUANGYOU_INSTANCE."
        ),
    ),
    "file_lost": Refusal(
        _l("The file %(sha256)s is missing or damaged"),
        _l("No backup was made. Put the file back from an earlier backup, then try again."),
    ),
    "restored_otherwise": Refusal(
        _l("What was restored is not what was backed up"),
        _l("It differs in: %(what)s. Do not use it: empty the database and the folder, take another backup."),
    ),
    "tool_missing": Refusal(
        _l("%(tool)s is not installed here"),
        _l("Install PostgreSQL's client programs (Debian, Ubuntu: postgresql-client; openEuler, Kylin: postgresql)."),
    ),
    "tool_failed": Refusal(_l("%(tool)s ended with an error"), _l("It says: %(reason)s. Nothing was changed.")),
    "one_process_only": Refusal(
        _l("The embedded database serves one process"),
        _l("%(processes)s processes need PostgreSQL: name its address in SHUANGYOU_DATABASE_URL."),
    ),
    "unknown_setting": Refusal(_l("The setting %(name)s cannot be read"), _l("%(value)s is not a value it may have.")),
    "not_canonical": Refusal(
        _l("This cannot be written into the audit chain"), _l("%(field)s holds a value of the wrong kind.")
    ),
    "hash_algorithm_missing": Refusal(
        _l("This machine lacks the hash function %(algorithm)s"), _l("Install it, or choose another in the settings.")
    ),
    "contact_invalid": Refusal(
        _l("This contact cannot be kept"),
        _l("Name an office or a person, and a telephone number or a mail address as one would dial or write it."),
    ),
    "clock_step_invalid": Refusal(
        _l("The clock cannot go that far"),
        _l("Enter a whole number from 1 to 400, or a moment that exists; nothing was moved."),
    ),
    "entry_invalid": Refusal(
        _l("The field %(field)s cannot have this value"), _l("%(value)s was not taken; correct it and send it again.")
    ),
    "audit_unreadable": Refusal(
        _l("An event of the audit chain cannot be read"),
        _l("Case %(case)s, event %(seq)s: somebody changed the database. Tell the auditor at once."),
    ),
    "cases_unreadable": Refusal(_l("The file is not JSON"), _l("%(file)s: %(reason)s")),
    "not_installed": Refusal(
        _l("The database has not been set up"), _l("Run: shuangyou init. The database asked was %(url)s.")
    ),
    "clock_only_forward": Refusal(
        _l("The clock moves forward only"), _l("Choose a later moment, at most five years ahead.")
    ),
    "not_a_demonstration": Refusal(
        _l("The clock can be moved in a demonstration only"), _l("Here the programme's time is the machine's.")
    ),
    "file_unreadable": Refusal(_l("The file cannot be read"), _l("%(file)s: %(reason)s")),
    "output_unwritable": Refusal(_l("The file cannot be written"), _l("%(file)s: %(reason)s")),
    "input_ended": Refusal(
        _l("The input ended before everything was answered"), _l("Run the command again; nothing was changed.")
    ),
    "notice_unknown": Refusal(
        _l("There is no such notice"), _l("Perhaps it was somebody else's. Go back to your notices.")
    ),
    "notice_text_refused": Refusal(
        _l("This text cannot be used"),
        _l(
            "%(found)s is not allowed here. The text may name: %(known)s. Nothing was saved; correct it and save again."
        ),
    ),
    "notice_choice_refused": Refusal(
        _l("This cannot be chosen"), _l("This kind of notice has to reach you by mail. Nothing was changed.")
    ),
    "address_invalid": Refusal(
        _l("This address cannot be used"),
        _l("Enter a mail address such as name@example.org, or a mobile number of 11 digits. %(address)s is neither."),
    ),
    "code_not_sent": Refusal(
        _l("No code can be sent"), _l("The system administrator has not set up this channel. Choose another one.")
    ),
    "code_too_often": Refusal(
        _l("A code was sent just now"), _l("Wait a minute before you ask for another; ten a day are the most.")
    ),
    "code_wrong": Refusal(
        _l("The code does not fit"),
        _l("Look at the latest message, or have a new code sent: one is good for 10 minutes."),
    ),
    "message_unknown": Refusal(_l("There is no such message"), _l("Go back to the list of outgoing messages.")),
}
