"""The tables, area by area. Rows carry columns only; what belongs together is joined by queries."""

from app.store.models.application import Application, ApplicationState, ClauseFinding, FindingKind, Verdict
from app.store.models.audit import AuditEvent, AuditHead, AuditPersonal
from app.store.models.base import Base
from app.store.models.casework import Incident, Instance, InstanceParty, StoredState, Trail
from app.store.models.cycle import CalendarOverride, Cycle, CycleSettingsVersion, ProgrammeClock
from app.store.models.deployment import Deployment, DeploymentItem, Model, ModelKind, ModelVersion
from app.store.models.evidence import Evidence, EvidenceUse, ScanState
from app.store.models.inbox import ExclusionReason, FormDraft, FormSubmission, InboxRow, OpenTask, Queue, TaskExclusion
from app.store.models.messaging import CohortDecision, CohortMember, Idempotency, Message, Outbox, Subscription
from app.store.models.organisation import Person, Programme, Role, RoleHolding, Unit, UnitEdge
from app.store.models.panel import DefenseRecord, Expert, PanelMember, Recusal, Score
from app.store.models.publicity import IdentityKind, ItemState, Objection, PublicityItem, PublicityWindow, UnitList
from app.store.models.section4 import (
    Appointment,
    Appraisal,
    Award,
    Commendation,
    CommitteeWork,
    Declaration,
    Publication,
    Title,
)

__all__ = [
    "Application",
    "ApplicationState",
    "Appointment",
    "Appraisal",
    "AuditEvent",
    "AuditHead",
    "AuditPersonal",
    "Award",
    "Base",
    "CalendarOverride",
    "ClauseFinding",
    "CohortDecision",
    "CohortMember",
    "Commendation",
    "CommitteeWork",
    "Cycle",
    "CycleSettingsVersion",
    "Declaration",
    "DefenseRecord",
    "Deployment",
    "DeploymentItem",
    "Evidence",
    "EvidenceUse",
    "ExclusionReason",
    "Expert",
    "FindingKind",
    "FormDraft",
    "FormSubmission",
    "Idempotency",
    "IdentityKind",
    "InboxRow",
    "Incident",
    "Instance",
    "InstanceParty",
    "ItemState",
    "Message",
    "Model",
    "ModelKind",
    "ModelVersion",
    "Objection",
    "OpenTask",
    "Outbox",
    "PanelMember",
    "Person",
    "Programme",
    "ProgrammeClock",
    "Publication",
    "PublicityItem",
    "PublicityWindow",
    "Queue",
    "Recusal",
    "Role",
    "RoleHolding",
    "ScanState",
    "Score",
    "StoredState",
    "Subscription",
    "TaskExclusion",
    "Title",
    "Trail",
    "Unit",
    "UnitEdge",
    "UnitList",
    "Verdict",
]
