"""The parts of SpiffWorkflow that this room builds on, with the types that the library does not declare.

At run time these names are the library's own; the skeletons below exist for the type checker only.
"""

from typing import TYPE_CHECKING, Any, Final

__all__ = [
    "COMPLETED",
    "FINISHED",
    "FUTURE",
    "LIVE",
    "READY",
    "STARTED",
    "WAITING",
    "BpmnProcessSpec",
    "BpmnSpecMixin",
    "BpmnSubWorkflow",
    "BpmnWorkflow",
    "PythonScriptEngine",
    "ScriptEnvironment",
    "Task",
    "TaskState",
]

if TYPE_CHECKING:

    class TaskState:
        """Library: states as bits, rising with a task's life."""

        FUTURE: int
        WAITING: int
        READY: int
        STARTED: int
        COMPLETED: int
        CANCELLED: int
        FINISHED_MASK: int

    class Task:
        """Library: a node of the tree that an instance grows."""

        id: str
        workflow: Any
        task_spec: Any
        internal_data: dict[str, Any]
        _parent: str | None
        _children: list[str]
        _state: int

        def __init__(self, workflow: Any, task_spec: Any, parent: Any = None, **more: Any) -> None: ...

    class ScriptEnvironment:
        """Library: what evaluates the expressions of a model."""

    class PythonScriptEngine:
        """Library: asks an environment."""

        environment: Any

        def __init__(self, environment: ScriptEnvironment) -> None: ...

    class BpmnProcessSpec:
        """Library: the graph of one process."""

        name: str
        start: Any
        task_specs: dict[str, Any]

        def __init__(self, name: str) -> None: ...

    class BpmnSpecMixin:
        """Library: one node of a process graph."""

        name: str
        manual: bool
        _inputs: list[str]
        _outputs: list[str]

        def __init__(self, wf_spec: Any, bpmn_id: str) -> None: ...
        def connect(self, taskspec: Any) -> None:
            """Library: add an edge."""

    class BpmnWorkflow:
        """Library: a running instance."""

        spec: Any
        tasks: dict[str, Any]
        subprocesses: dict[str, Any]
        completed: bool
        script_engine: Any

        def __init__(
            self, spec: Any, subprocess_specs: Any, script_engine: Any, *, deserializing: bool = False
        ) -> None: ...

    class BpmnSubWorkflow:
        """Library: a running sub-process or called process."""

        spec: Any
        tasks: dict[str, Any]
        completed: bool
        top_workflow: Any
        script_engine: Any

        def __init__(
            self, spec: Any, parent_task_id: str, top_workflow: Any, *, deserializing: bool = False
        ) -> None: ...

else:
    from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment as ScriptEnvironment
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
    from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
    from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.task import Task
    from SpiffWorkflow.util.task import TaskState

FUTURE: Final = TaskState.FUTURE
WAITING: Final = TaskState.WAITING
READY: Final = TaskState.READY
STARTED: Final = TaskState.STARTED
COMPLETED: Final = TaskState.COMPLETED
FINISHED: Final = TaskState.FINISHED_MASK
LIVE: Final = WAITING | READY | STARTED
"""Tokens that are somewhere: they wait for an event, for a person, or for what runs inside them."""
