"""The engine room: BPMN, DMN and FEEL. The only room that imports SpiffWorkflow; no database, no clock, no web."""

from app.engine.commands import Command, Complete, Deliver, Start, Tick
from app.engine.definition import Definition, Element, Following, Source
from app.engine.errors import BpmnError, EngineIncident, ModelRefused, ModelUnreadable, TaskNotOpen
from app.engine.loading import load_definition
from app.engine.outcome import OpenTask, Outcome, SentMessage, Subscription, TrailEntry, TrailState
from app.engine.ports import ActionCall, Runtime
from app.engine.runtime import step, task_data

__all__ = [
    "ActionCall",
    "BpmnError",
    "Command",
    "Complete",
    "Definition",
    "Deliver",
    "Element",
    "EngineIncident",
    "Following",
    "ModelRefused",
    "ModelUnreadable",
    "OpenTask",
    "Outcome",
    "Runtime",
    "SentMessage",
    "Source",
    "Start",
    "Subscription",
    "TaskNotOpen",
    "Tick",
    "TrailEntry",
    "TrailState",
    "load_definition",
    "step",
    "task_data",
]
