"""Gateways: choices are conditions that must be true or false, joins count tokens by the flow they came on."""

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from app.engine.library import WAITING
from app.engine.merging import meet
from app.engine.nodes.base import Flow, Node
from app.engine.nodes.graph import live_elsewhere

if TYPE_CHECKING:
    from app.engine.scope import Scope
    from app.engine.token import Token


class ExclusiveNode(Node):
    """The first flow whose condition is true, else the default; none is an incident. Tokens pass one by one."""

    def leave(self, token: "Token") -> None:
        """Take one flow."""
        for flow in self.flows:
            if not flow.is_default and (flow.condition is None or token.holds(flow.condition)):
                self.send(token, [flow])
                return
        self.send(token, default_of(self.flows, token))


def default_of(flows: Sequence[Flow], token: "Token") -> list[Flow]:
    """The default flow; raises `EngineIncident` if there is none."""
    default = [flow for flow in flows if flow.is_default]
    if not default:
        raise token.incident("no_flow", "no condition is true and there is no default flow")
    return default


class Join(Node):
    """A gateway that waits for several tokens and goes on with one."""

    def arrive(self, token: "Token", flow: Flow | None = None) -> None:
        """Remember the way the token came on; a gateway with one way in does not wait."""
        if flow is not None and len(self.arriving) > 1:
            token.internal_data["flow"] = flow.id
        super().arrive(token, flow)

    def enter(self, token: "Token") -> None:
        """Wait, if there is anything to wait for."""
        if "flow" in token.internal_data:
            token.wait()
        else:
            token.ready()

    def arrived(self, scope: "Scope") -> "dict[str, Token]":
        """The longest waiting token of each flow."""
        first: dict[str, Token] = {}
        for token in scope.tasks.values():
            if token.node is self and token.has(WAITING):
                first.setdefault(token.internal_data["flow"], token)
        return first

    def join(self, tokens: "list[Token]") -> None:
        """Go on with one token that carries what all of them changed."""
        survivor = tokens[-1]
        if len(tokens) > 1:
            fork, data = meet(tokens)
            survivor.move_below(fork)
            survivor.data = data
            for token in tokens[:-1]:
                token.close()
                token.drop()
        del survivor.internal_data["flow"]
        survivor.ready()


class ParallelNode(Join):
    """One token from every flow, one token onto every flow (BPMN 2.0, 13.4.1); excess tokens stay for the next time."""

    def enter(self, token: "Token") -> None:
        """Join as soon as every flow has brought a token."""
        super().enter(token)
        if token.has(WAITING):
            arrived = self.arrived(token.scope)
            if len(arrived) == len(self.arriving):
                self.join(sorted(arrived.values(), key=attrgetter("serial")))


class InclusiveNode(Join):
    """Every flow whose condition is true, else the default; joins what can still come (BPMN 2.0, 13.4.3)."""

    upstream: dict[str, frozenset[str]]

    def prepare(self) -> None:
        """Learn once, when the graph is complete, from where each flow into this gateway can be reached."""
        self.upstream = self.graph.upstream(self)

    def leave(self, token: "Token") -> None:
        """Take every flow whose condition is true."""
        chosen = [
            flow
            for flow in self.flows
            if not flow.is_default and (flow.condition is None or token.holds(flow.condition))
        ]
        self.send(token, chosen or default_of(self.flows, token))

    def try_join(self, scope: "Scope") -> bool:
        """Join if no other token can still reach a flow that has brought none; whether it did.

        A token that can also reach a flow which has brought one does not hold the gateway up.
        """
        arrived = self.arrived(scope)
        if not arrived or self._may_still_come(scope, arrived):
            return False
        self.join(sorted(arrived.values(), key=attrgetter("serial")))
        return True

    def _may_still_come(self, scope: "Scope", arrived: "dict[str, Token]") -> bool:
        missing = [reach for flow, reach in self.upstream.items() if flow not in arrived]
        present = [reach for flow, reach in self.upstream.items() if flow in arrived]
        return any(
            any(token.node.name in reach for reach in missing)
            and not any(token.node.name in reach for reach in present)
            for token in live_elsewhere(scope.tasks.values(), self)
        )
