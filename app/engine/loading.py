"""From stored artefacts to a definition, parsed once and shared."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from app.engine.definition import Definition, Source
from app.engine.dmn import Decision, load_decisions
from app.engine.errors import ModelRefused, ModelUnreadable
from app.engine.events import Message
from app.engine.findings import Finding, finding
from app.engine.lint.graph import BPMN, Model, read_model
from app.engine.nodes.activities import ScopeNode
from app.engine.nodes.events import CatchNode, ThrowNode
from app.engine.nodes.graph import Graph
from app.engine.nodes.tasks import ActionNode, DecisionNode
from app.engine.parsing.process import ProcessReader
from app.engine.xml import local, namespace, read_xml

MOST_DEFINITIONS: Final = 64
"""Parsed definitions kept; a definition takes about as many kilobytes as its files."""
_kept: OrderedDict[tuple[str, str | None], Definition] = OrderedDict()
_lock = threading.Lock()


def load_definition(sources: Sequence[Source], process_id: str | None = None) -> Definition:
    """The process ``process_id`` of ``sources`` with all that it calls and decides.

    Without an id it is the executable process of the first BPMN source, or the one there that no other calls. Parsed
    once for the same contents; the result is shared between threads. Refuses only what cannot run: a released model
    was linted when it was released. Raises `ModelUnreadable` and `ModelRefused`.
    """
    digest = digest_of(sources)
    with _lock:
        if (known := _kept.get((digest, process_id))) is not None:
            _kept.move_to_end((digest, process_id))
            return known
    definition = _read(sources, process_id, digest)
    with _lock:
        _kept[digest, process_id] = definition
        while len(_kept) > MOST_DEFINITIONS:
            _kept.popitem(last=False)
    return definition


def digest_of(sources: Sequence[Source]) -> str:
    """SHA-256 over the names and contents of ``sources``, in hexadecimal."""
    total = hashlib.sha256()
    for source in sources:
        total.update(hashlib.sha256(source.name.encode()).digest())
        total.update(hashlib.sha256(source.content).digest())
    return total.hexdigest()


def _read(sources: Sequence[Source], process_id: str | None, digest: str) -> Definition:
    models: list[tuple[Source, Model]] = []
    tables: dict[str, Decision] = {}
    for source in sources:
        root = read_xml(source.content, source.name)
        if local(root) == "definitions" and namespace(root) == BPMN:
            models.append((source, read_model(root)))
        elif local(root) == "definitions" and "/spec/DMN/" in namespace(root):
            tables.update(load_decisions(source.content, source.name))
        else:
            raise ModelUnreadable(source=source.name, reason="neither a BPMN nor a DMN file")
    return _assemble(models, tables, process_id or _only_process(models), digest)


def _only_process(models: list[tuple[Source, Model]]) -> str:
    if not models:
        raise ModelUnreadable(source="", reason="there is no BPMN file")
    source, model = models[0]
    called = {node.element.get("calledElement") for node in model.nodes() if node.kind == "callActivity"}
    ids = [process.id for process in model.processes]
    callers = [process for process in ids if process not in called]
    if len(ids) == 1 or len(callers) == 1:
        return (callers or ids)[0]
    raise ModelUnreadable(source=source.name, reason=f"which of the executable processes {ids} is meant?")


class _Assembly:
    """Reads the wanted process and, one after another, the processes that it calls."""

    def __init__(self, models: list[tuple[Source, Model]]) -> None:
        self._homes = {process.id: (model, process) for _, model in reversed(models) for process in model.processes}
        self.graphs: dict[str, Graph] = {}
        self.readers: list[ProcessReader] = []
        self.findings: list[Finding] = []

    def read(self, process_id: str) -> None:
        """Read a process once, and what it calls."""
        waiting = [process_id]
        while waiting:
            wanted = waiting.pop()
            if wanted not in self.graphs:
                reader = ProcessReader(*self._homes[wanted])
                reader.read()
                self.readers.append(reader)
                self.graphs |= reader.graphs
                self.findings += reader.findings
                waiting += self._called(reader)

    def has(self, process_id: str) -> bool:
        """Whether some source has that executable process."""
        return process_id in self._homes

    def _called(self, reader: ProcessReader) -> list[str]:
        called = [node for graph in reader.graphs.values() for node in graph.nodes() if isinstance(node, ScopeNode)]
        for node in called:
            if node.inside not in self.graphs and not self.has(node.inside):
                self.findings.append(
                    finding(node.element.id if node.element else None, "unknown_process", id=node.inside)
                )
        return [node.inside for node in called if self.has(node.inside)]


def _assemble(
    models: list[tuple[Source, Model]], tables: dict[str, Decision], process_id: str, digest: str
) -> Definition:
    assembly = _Assembly(models)
    if not assembly.has(process_id):
        raise ModelUnreadable(
            source=models[0][0].name if models else "", reason=f"there is no executable process {process_id!r}"
        )
    assembly.read(process_id)
    if assembly.findings:
        raise ModelRefused(assembly.findings)
    elements = {key: value for reader in reversed(assembly.readers) for key, value in reader.elements.items()}
    nodes = [node for graph in assembly.graphs.values() for node in graph.nodes()]
    events = [node.event for node in nodes if isinstance(node, CatchNode | ThrowNode)]
    return Definition(
        process_id=process_id,
        name=assembly.readers[0].name,
        digest=digest,
        elements=MappingProxyType(elements),
        user_tasks={key: value for key, value in elements.items() if value.kind == "userTask"},
        messages={
            each.name: tuple(part.id for part in each.properties) for each in events if isinstance(each, Message)
        },
        decisions=frozenset(node.decision for node in nodes if isinstance(node, DecisionNode)),
        starters=assembly.readers[0].starters,
        actions=frozenset(node.action for node in nodes if isinstance(node, ActionNode)),
        graphs=assembly.graphs,
        tables=tables,
    )
