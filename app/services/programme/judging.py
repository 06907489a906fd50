"""Section 4 judged for one case: the form's values and the declarations, by the tables and settings the case is on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain import eligibility
from app.domain.cycle import CycleSettings
from app.domain.eligibility import Assessment, EligibilitySettings, Gap, Rulebook, parse_partial
from app.services.acting import Act
from app.services.deployed import decisions_of
from app.services.eligibility import DECISIONS, rulebook
from app.services.hooks import At, Case
from app.services.programme.facts import declared, files_of, stated
from app.services.programme.subjects import cycle_of, settings_of
from app.store.models import Application
from app.store.queries import applications as rows
from app.store.queries import cycles
from app.store.queries.within import within
from app.store.remembered import remembered


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment with what it was made from.

    ``gaps``: what was typed but cannot be used yet; ``rows``: for each list, the form's row behind each row judged.
    ``rule_version`` names the table and the settings that judged.
    """

    subject: eligibility.Application
    rules: Rulebook
    assessment: Assessment
    gaps: tuple[Gap, ...]
    rows: Mapping[str, tuple[int, ...]]
    settings: CycleSettings
    rule_version: str


def judge(act: Act, case: Case, application: Application, values: Mapping[str, Any] | None = None) -> Judged:
    """Judge an application as submitted, or (``values``) as typed. Raises ``RuleMissing``, ``DecisionFailed``."""
    tables = tables_of(act, case)
    settings = _settings(act, case, application)
    files = files_of(act.session, case.id)
    said = declared(rows.declarations_of(act.session, application.id))
    raw = stated(values or application.snapshot or {}, files.honour_of, tables["award_level"]) | said
    partial = parse_partial(raw, application.track)
    subject = eligibility.Application(
        id=application.public_id,
        track=application.track,
        as_of=_as_of(act, case),
        settings=EligibilitySettings(settings.age_reading, settings.appraisal_years, settings.tenure_branch),
        facts=partial.facts,
    )
    rules = rulebook(application.track, tables[DECISIONS[application.track]])
    return Judged(
        subject=subject,
        rules=rules,
        assessment=eligibility.assess(subject, rules),
        gaps=partial.gaps,
        rows=partial.rows,
        settings=settings,
        rule_version=_version(case, application, settings),
    )


def judged_at(act: Act, at: At, application: Application) -> Judged:
    """Judge the application that a task is about, once for all who ask while the task is shown or completed."""
    return within(act.session, ("judged", at.task_id), lambda: judge(act, at.case, application))


def tables_of(act: Act, case: Case) -> Mapping[str, bytes]:
    """Return the decision tables that a case runs on; a deployment never changes, so the process remembers them."""
    key = ("tables", case.deployment_id)
    found = remembered(act.session, key, lambda: decisions_of(act.session, case.deployment_id))
    if found is None:
        raise LookupError(f"deployment {case.deployment_id} holds no tables")
    return found


def _settings(act: Act, case: Case, application: Application) -> CycleSettings:
    """An application keeps the settings' version under which it was submitted."""
    cycle = cycle_of(act, case)
    if application.submitted_at is None or application.settings_version == cycle.settings_version:
        return settings_of(cycle)
    return cycles.settings_of_version(act.session, cycle.id, application.settings_version)


def _as_of(act: Act, case: Case) -> date:
    day = cycle_of(act, case).as_of
    if day is None:
        raise LookupError(f"the cycle of case {case.id} was never opened")
    return day


def _version(case: Case, application: Application, settings: CycleSettings) -> str:
    return f"{DECISIONS[application.track]} · 部署 {case.deployment_id} · 设置第 {settings.version} 版"
