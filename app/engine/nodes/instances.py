"""Multi-instance activities: one instance for every item, all at once or one after another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.engine.definition import Element
from app.engine.library import LIVE
from app.engine.merging import difference
from app.engine.nodes.base import Node
from app.engine.nodes.loops import Container

if TYPE_CHECKING:
    from app.engine.nodes.graph import Graph
    from app.engine.token import Data, Token

Items = list[tuple[str | int, Any]]
"""Position or name of each item in the collection, and the item."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A data item of the model, found in the data under one of its ``names`` (its id, its name)."""

    names: tuple[str, ...]

    def present(self, data: Mapping[str, Any]) -> str | None:
        """The name under which the data has it."""
        return next((name for name in self.names if name in data), None)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a multi-instance activity goes (BPMN 2.0, 10.3.8); texts are FEEL.

    ``collection`` or ``cardinality`` says how often. ``item`` are the names under which an instance sees its item.
    ``result``: what an instance contributes to ``outputs``; ``by_position``: at its item's place, else as they come.
    ``completion``: when true after an instance, the others are cancelled.
    """

    sequential: bool = False
    collection: str | Variable | None = None
    cardinality: str | None = None
    item: tuple[str, ...] = ()
    result: str | Variable | None = None
    outputs: str | None = None
    by_position: bool = False
    completion: str | None = None

    @property
    def is_in_place(self) -> bool:
        """Whether results replace the items of the collection."""
        return isinstance(self.collection, Variable) and self.outputs in self.collection.names

    @property
    def own_names(self) -> set[str]:
        """Names that mean something inside an instance only."""
        return {*self.item, *(self.result.names if isinstance(self.result, Variable) else ())}


class MultiInstanceNode(Container):
    """Begins, counts and collects instances.

    What they leave behind is kept beside the whole's data until it is over: instances inherit data that does not
    change. ``done`` and ``gone`` count finished and cancelled instances, ``kept`` has what they wrote besides results.
    """

    def __init__(self, graph: "Graph", name: str, element: Element, each: Node, plan: Plan) -> None:
        super().__init__(graph, name, element, each)
        self.plan = plan

    def enter(self, token: "Token") -> None:
        """Begin the first instance, or all."""
        collection = None if self.plan.cardinality is not None else self._collection(token)
        items = self._counted(token) if self.plan.cardinality is not None else self._listed(token, collection)
        token.internal_data.update(
            done=0, gone=0, kept={}, total=len(items), outputs=self._empty(collection, len(items))
        )
        if not items:
            token.data = self.so_far(token)
            self.pass_over(token)
            return
        token.host()
        if self.plan.sequential:
            token.internal_data["rest"] = items
            self._begin_next(token)
        else:
            for index, (slot, item) in enumerate(items):
                self._begin(token, index, slot, item)

    def _begin_next(self, token: "Token") -> None:
        internal = token.internal_data
        (slot, item), *internal["rest"] = internal["rest"]
        self._begin(token, internal["done"] + internal["gone"], slot, item)

    def _begin(self, token: "Token", index: int, slot: str | int, item: Any) -> None:
        self.begin(token, dict.fromkeys(self.plan.item, item), item=index, slot=slot)

    # ---- how often

    def _counted(self, token: "Token") -> Items:
        count = token.evaluate(self.plan.cardinality or "")
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise token.incident("bad_cardinality", f"{self.plan.cardinality!r} gave {count!r}, not a number of times")
        if count > MOST_INSTANCES:
            raise token.incident("bad_cardinality", f"{count} instances are more than {MOST_INSTANCES}")
        return [(index, index) for index in range(count)]

    def _listed(self, token: "Token", collection: Any) -> Items:
        if isinstance(collection, dict):
            return list(collection.items())
        if isinstance(collection, list):
            return list(enumerate(collection))
        raise token.incident("bad_collection", f"{self.plan.collection} gave {collection!r}, not a list")

    def _collection(self, token: "Token") -> Any:
        wanted = self.plan.collection
        if isinstance(wanted, Variable):
            name = wanted.present(token.data)
            return None if name is None else token.data[name]
        return token.evaluate(wanted or "null")

    # ---- results

    def _empty(self, collection: Any, count: int) -> Any:
        if self.plan.is_in_place:
            return collection
        if isinstance(collection, dict):
            return {}
        return [None] * count if self.plan.by_position else []

    def collect(self, token: "Token", child: "Token") -> None:
        """Keep what the instance contributes; go on, begin the next, or stop early."""
        internal = token.internal_data
        internal["done"] += 1
        if self.plan.outputs is not None:
            internal["outputs"] = self._with_result(internal["outputs"], child)
        written, _ = difference(token.data, child.data)
        internal["kept"] = {
            **internal["kept"],
            **{name: written[name] for name in written.keys() - self.plan.own_names},
        }
        last = child.data
        child.drop()
        if not self._is_over(token) and self._is_enough(token, last):
            self._finish(token)
        else:
            self._proceed(token)

    def lost(self, token: "Token", child: "Token") -> None:
        """A cancelled instance contributes nothing and holds nothing up."""
        token.internal_data["gone"] += 1
        child.drop()
        self._proceed(token)

    def _with_result(self, outputs: Any, child: "Token") -> Any:
        slot, value = child.internal_data["slot"], self._result(child)
        if isinstance(outputs, dict):
            return {**outputs, slot: value}
        if self.plan.by_position or self.plan.is_in_place:
            return [*outputs[:slot], value, *outputs[slot + 1 :]]
        return [*outputs, value]

    def _result(self, child: "Token") -> Any:
        wanted = self.plan.result
        if isinstance(wanted, Variable):
            name = wanted.present(child.data)
            if name is None:
                raise child.incident("no_result", f"the instance left no {' or '.join(wanted.names)}")
            return child.data[name]
        return None if wanted is None else child.evaluate(wanted)

    def so_far(self, token: "Token") -> "Data":
        """The data with what the finished instances left behind."""
        return {**token.data, **token.internal_data["kept"], **self._collected(token)}

    def _collected(self, token: "Token") -> dict[str, Any]:
        return {} if self.plan.outputs is None else {self.plan.outputs: token.internal_data["outputs"]}

    # ---- the end

    def _is_over(self, token: "Token") -> bool:
        internal = token.internal_data
        return bool(internal["done"] + internal["gone"] == internal["total"])

    def _is_enough(self, token: "Token", last: "Data") -> bool:
        if self.plan.completion is None:
            return False
        return token.holds(self.plan.completion, {**last, **self._collected(token), **counters(token)})

    def _proceed(self, token: "Token") -> None:
        if self._is_over(token):
            self._finish(token)
        elif self.plan.sequential:
            self._begin_next(token)

    def _finish(self, token: "Token") -> None:
        token.ready()
        rest = list(token.offspring)
        data = self.so_far(token)
        token.internal_data = {"total": token.internal_data["total"]}
        for child in rest:
            child.cancel()
        token.data = data


MOST_INSTANCES = 10_000
"""A cardinality above this is a mistake in the model's data."""


def counters(token: "Token") -> dict[str, int]:
    """What a completion condition may count, under the names of BPMN 2.0 and those of Camunda 8."""
    internal = token.internal_data
    numbers = {
        "Instances": internal["total"],
        "CompletedInstances": internal["done"],
        "ActiveInstances": sum(child.has(LIVE) for child in token.offspring),
        "TerminatedInstances": internal["gone"],
    }
    return {f"{prefix}{name}": value for name, value in numbers.items() for prefix in ("nrOf", "numberOf")}
