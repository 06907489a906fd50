"""Refusals that studios come with: rooms, money, days, documents (C6)."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "money_invalid": Refusal(
        _l("This is no amount of money"),
        _l("%(amount)s: give yuan above nothing and below 100 million, with two decimals at most (%(clause)s)."),
    ),
    "area_invalid": Refusal(
        _l("This is no area"), _l("%(area)s: give square metres above nothing, with two decimals at most (%(clause)s).")
    ),
    "office_too_small": Refusal(
        _l("The rooms are too small"),
        _l("Together they have %(area)s m²; at least 15 m² are needed (%(clause)s). Add another room."),
    ),
    "outside_building_year": Refusal(
        _l("The day does not belong to this year"),
        _l("%(day)s lies outside the year, or has not come yet (%(clause)s). Give a day of the year up to today."),
    ),
    "building_year_not_over": Refusal(
        _l("The year is not over yet"), _l("A year’s report is taken once the year is over (%(clause)s).")
    ),
    "wrong_payer": Refusal(
        _l("Money cannot come from there"),
        _l("A studio is paid by its school and by who supports it by the plan (%(clause)s). Choose one of them."),
    ),
    "money_line_incomplete": Refusal(
        _l("Line %(line)s is not complete"), _l("A receipt names who paid, a spending its heading (%(clause)s).")
    ),
    "certificate_unknown": Refusal(
        _l("No certificate has this number"), _l("Copy the number as it stands on the certificate, with its brackets.")
    ),
    "feed_unknown": Refusal(
        _l("This calendar does not exist"), _l("Its owner may have revoked the address. Sign in and make a new one.")
    ),
    "obligations_unit_unknown": Refusal(_l("There is no such unit"), _l("Choose a unit of the list.")),
    "studio_unknown": Refusal(
        _l("There is no such studio"), _l("It may not be for you. The list of studios shows those you may see.")
    ),
}
