"""What the eligibility rules found, in words: a sentence for every reason code and every hint."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from app.domain.cycle import AgeReading
from app.domain.eligibility.hints import Hint
from app.domain.eligibility.personal import ClauseFinding
from app.web.languages import language
from app.web.presenting import full_day

MONTHS = 12

REASONS = {
    "not_declared": lazy_gettext("not declared yet"),
    "declared_no": lazy_gettext("declared as not fulfilled"),
    "not_given": lazy_gettext("not filled in yet"),
    "field_blank": lazy_gettext("not filled in yet"),
    "tenure_short": lazy_gettext("service is too short"),
    "not_serving": lazy_gettext("not secretary of this branch on the reference day"),
    "no_paper": lazy_gettext("only enough with the periods that have no appointment paper: a person decides"),
    "title_below": lazy_gettext("the post is below the level asked for"),
    "certificate_only": lazy_gettext("a certificate, but no appointment: a person decides"),
    "other_branch_intermediate": lazy_gettext(
        "intermediate level, in a branch that is not of teachers: a person decides"
    ),
    "over_age": lazy_gettext("over the age limit"),
    "no_document": lazy_gettext("no document uploaded"),
    "out_of_window": lazy_gettext("not within the last three years"),
    "level_below": lazy_gettext("the level is too low"),
    "level_unknown": lazy_gettext("the level is not known: a person decides"),
    "issuer_not_party": lazy_gettext("the issuer does not count for this item"),
    "issuer_other": lazy_gettext("an issuer of another kind: a person decides"),
    "rank_lower": lazy_gettext("a department ranks one level lower: a person decides"),
    "not_secretary": lazy_gettext("only a commendation of the secretary counts here"),
    "not_first_author": lazy_gettext("not the first author"),
    "not_editor_in_chief": lazy_gettext("not the chief editor"),
    "book_author": lazy_gettext("author, not chief editor, of a book: a person decides"),
    "grade_below": lazy_gettext("the grade is below good"),
    "year_open": lazy_gettext("the year is not over"),
    "outside_years": lazy_gettext("outside the years that this call counts: a person decides"),
    "project_open": lazy_gettext("the project is not completed"),
    "participant": lazy_gettext("participant, not leader: a person decides"),
    "honour_other": lazy_gettext("an honour of another kind: a person decides"),
    "evidence_open": lazy_gettext("three are reached only if a person accepts what is open"),
    "items_short": lazy_gettext("fewer than three"),
}
"""Why a rule does not say yes, by the rule's reason code."""

SOURCES = {
    "appointments": lazy_gettext("Appointments"),
    "titles": lazy_gettext("Professional posts"),
    "commendations": lazy_gettext("Commendations"),
    "publications": lazy_gettext("Papers and books"),
    "appraisals": lazy_gettext("Appraisals"),
    "committee_works": lazy_gettext("Projects and honours of the committee"),
    "awards": lazy_gettext("Awards of students and teams"),
}
"""The lists of section 4."""


def reasons_text(codes: tuple[str, ...]) -> str:
    """Return the sentence for several codes; a code without words stands as it is."""
    return _joined(str(REASONS.get(code, code)) for code in codes if code)


def facts_text(finding: ClauseFinding) -> str:
    """Return what a clause was judged by and, if it is not met, why."""
    told = _FACTS.get(finding.clause)
    return _joined([*(told(finding.params) if told else ()), reasons_text((finding.reason,))])


def length_text(months: int) -> str:
    """Write a length of service: 6 年 1 个月."""
    years, rest = divmod(months, MONTHS)
    parts = [ngettext("%(num)d year", "%(num)d years", years)] if years else []
    if rest or not years:
        parts.append(ngettext("%(num)d month", "%(num)d months", rest))
    return " ".join(parts)


def _tenure(params: Mapping[str, Any]) -> list[str]:
    told = [gettext("%(length)s with papers", length=length_text(params["months"]))]
    told.append(gettext("serving now") if params["serving"] else gettext("not serving on the reference day"))
    if params["needed_months"] is not None and params["months"] < params["needed_months"]:
        told.append(gettext("%(length)s are asked for", length=length_text(params["needed_months"])))
    if params["papers_missing"]:
        missing = params["papers_missing"]
        told.append(ngettext("one period has no paper", "%(num)d periods have no paper", missing))
    return told


def _title(params: Mapping[str, Any]) -> list[str]:
    appointed, held = params.get("appointed"), params.get("held")
    told = [gettext("%(level)s, appointed", level=_LEVELS[appointed])] if appointed else []
    if held and held != appointed:
        told.append(gettext("%(level)s, by certificate", level=_LEVELS[held]))
    return told


def _age(params: Mapping[str, Any]) -> list[str]:
    told = []
    if "earliest_birth_date" in params:
        day = full_day(params["earliest_birth_date"])
        told.append(gettext("born on or after %(day)s", day=day))
    if "age" in params:
        told.append(gettext("%(age)d years old on the reference day", age=params["age"]))
    return told


_FACTS: Mapping[str, Callable[[Mapping[str, Any]], list[str]]] = {"C4.1b": _tenure, "C4.1c": _title, "C4.1d": _age}

_LEVELS = {
    "初级": lazy_gettext("junior"),
    "中级": lazy_gettext("intermediate"),
    "副高": lazy_gettext("associate senior"),
    "正高": lazy_gettext("senior"),
}


def readings_text(params: Mapping[str, Any]) -> str:
    """Return the note on the two readings of the age limit where they differ; it changes no verdict (C4.1d)."""
    if not params.get("readings_differ"):
        return ""
    if params["reading"] is AgeReading.COMPLETED_YEARS:
        return str(
            gettext("Read up to the birthday itself, the verdict would differ. This call counts completed years.")
        )
    return str(gettext("In completed years, the verdict would differ. This call counts up to the birthday itself."))


def hint_text(hint: Hint) -> str:
    """Return what is missing for an item, in words a host can act on."""
    params = hint.params
    if hint.code == "more_needed":
        return str(
            ngettext(
                "one more piece of the same kind",
                "%(num)d more pieces of the same kind",
                params["needs"] - params["has"],
            )
        )
    if hint.code == "year_missing":
        return str(gettext("the appraisal of %(year)d", year=params["year"]))
    place = gettext("%(list)s, no. %(number)d", list=SOURCES[params["source"]], number=params["index"] + 1)
    if hint.code == "word_needed":
        return str(gettext("%(place)s: %(what)s", place=place, what=reasons_text(params["reasons"])))
    what = REASONS["no_document"] if hint.code == "document_missing" else REASONS[hint.code]
    return str(gettext("%(place)s: %(what)s", place=place, what=what))


def listed(names: Iterable[str]) -> str:
    """Write several names one after the other: 甲、乙."""
    return ("、" if language() == "zh" else ", ").join(names)


def _joined(parts: Any) -> str:
    return str(gettext(", ")).join(part for part in parts if part)
