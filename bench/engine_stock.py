"""The library as it comes, with FEEL for Python and the same actions: what the engine's figures compare with."""

import time
from collections.abc import Callable
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask
from SpiffWorkflow.util.task import TaskState

from app.engine.expressions import SCRIPTS
from bench.engine_case import FORMS, MODELS, act


class Action(ServiceTask):
    """The library leaves to its users what a service task does."""

    def _execute(self, task: Any) -> bool:
        task.data.update(act(self.bpmn_id, task.data))
        return True


class Parser(BpmnParser):
    """The library's parser with our service task."""

    OVERRIDE_PARSER_CLASSES = {full_tag("serviceTask"): (TaskParser, Action)}  # noqa: RUF012 - the library's own way


def run(clock: Callable[[], float]) -> tuple[float, int, int]:
    """A whole grant, deserialised and serialised at every step: time of the steps, their number, the largest state."""
    parser = Parser()
    parser.add_bpmn_str((MODELS / "grant.bpmn").read_bytes())
    serializer = BpmnWorkflowSerializer(
        BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, Action: BpmnTaskSpecConverter})
    )
    workflow = BpmnWorkflow(parser.get_spec("grant"), parser.get_subprocess_specs("grant"), script_engine=SCRIPTS)
    workflow.do_engine_steps()
    state = serializer.serialize_json(workflow)
    spent, steps, largest = 0.0, 0, 0
    while not workflow.completed:
        begun = clock()
        workflow = serializer.deserialize_json(state)
        workflow.script_engine = SCRIPTS
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        if task is None:
            # the library's timers look at the machine's clock
            time.sleep(0.002)
            workflow.refresh_timers()
            workflow.do_engine_steps()
            state = serializer.serialize_json(workflow)
            continue
        task.set_data(**FORMS[task.task_spec.bpmn_id or task.task_spec.name.removesuffix(" [child]")])
        task.run()
        workflow.do_engine_steps()
        state = serializer.serialize_json(workflow)
        spent, steps, largest = spent + clock() - begun, steps + 1, max(largest, len(state))
    return spent, steps, largest
