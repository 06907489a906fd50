"""Section 4 judged for one case: the form's values and the declarations, by the tables and settings the case is on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import eligibility
from app.domain.cycle import CycleSettings
from app.domain.eligibility import Assessment, EligibilitySettings, Gap, Rulebook, parse_partial
from app.services.acting import Act
from app.services.deployed import decisions_of
from app.services.eligibility import DECISIONS, rulebook
from app.services.hooks import At, Case
from app.services.programme.deadlines import dates_of
from app.services.programme.facts import Files, declared, files_of, stated
from app.services.programme.subjects import settings_of
from app.store.models import Application, Evidence, EvidenceUse
from app.store.queries import applications as rows
from app.store.queries import cycles, evidence
from app.store.queries.within import within
from app.store.remembered import remembered


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment with what it was made from.

    ``gaps``: what was typed but cannot be used yet; ``rows``: for each list, the form's row behind each row judged.
    ``rule_version`` names the table and the settings that judged.
    """

    application: Application
    subject: eligibility.Application
    rules: Rulebook
    assessment: Assessment
    gaps: tuple[Gap, ...]
    rows: Mapping[str, tuple[int, ...]]
    settings: CycleSettings
    rule_version: str


def judge(act: Act, case: Case, values: Mapping[str, Any] | None = None, *, files: Files | None = None) -> Judged:
    """Judge a case's application as submitted, or (``values``) as typed. Raises ``RuleMissing``, ``DecisionFailed``.

    ``files``: those of the case, where they are at hand.
    """
    found = rows.stated_by(act.session, case.id)
    application, tables = found.application, tables_of(act, case)
    settings = _settings(act, found)
    held = files or files_of(act.session, case.id)
    given = application.snapshot if values is None else values
    raw = stated(given or {}, held.honour_of, tables["award_level"]) | declared(found.declarations)
    partial = parse_partial(raw, application.track)
    subject = eligibility.Application(
        id=application.public_id,
        track=application.track,
        as_of=dates_of(found.cycle).as_of,
        settings=EligibilitySettings(settings.age_reading, settings.appraisal_years, settings.tenure_branch),
        facts=partial.facts,
    )
    rules = rulebook(application.track, tables[DECISIONS[application.track]])
    return Judged(
        application=application,
        subject=subject,
        rules=rules,
        assessment=eligibility.assess(subject, rules),
        gaps=partial.gaps,
        rows=partial.rows,
        settings=settings,
        rule_version=_version(case, application, settings),
    )


def judged_at(act: Act, at: At) -> Judged:
    """Judge the application that a task is about, once for all who ask while the task is shown or completed."""
    key = ("judged", at.task_id)
    return within(act.session, key, lambda: judge(act, at.case, files=Files(digests_at(act, at))))


def digests_at(act: Act, at: At) -> Mapping[str, str]:
    """Return the files of a task's case by public id, each with the digest of its bytes."""
    return {file.public_id: file.sha256 for _, file in uses_at(act, at)}


def uses_at(act: Act, at: At) -> Sequence[tuple[EvidenceUse, Evidence]]:
    """Return what a task's case uses as evidence, read once while the task is shown or completed."""
    return within(act.session, ("uses", at.task_id), lambda: evidence.uses_of(act.session, at.case.id))


def tables_of(act: Act, case: Case) -> Mapping[str, bytes]:
    """Return the decision tables that a case runs on; a deployment never changes, so the process remembers them."""
    key = ("tables", case.rules_id)
    found = remembered(act.session, key, lambda: decisions_of(act.session, case.rules_id))
    if found is None:
        raise LookupError(f"deployment {case.rules_id} holds no tables")
    return found


def _settings(act: Act, found: rows.Stated) -> CycleSettings:
    """An application keeps the settings' version under which it was submitted."""
    application, cycle = found.application, found.cycle
    if application.submitted_at is None or application.settings_version == cycle.settings_version:
        return settings_of(cycle)
    return cycles.settings_of_version(act.session, cycle.id, application.settings_version)


def _version(case: Case, application: Application, settings: CycleSettings) -> str:
    return f"{DECISIONS[application.track]} · 部署 {case.rules_id} · 设置第 {settings.version} 版"
