"""A process of its own that assigns experts to cases with HiGHS: exact, and 60 MB that a web process need not hold.

A question is ``cases``, ``experts`` (numbers), ``reviewers``, ``cap`` (or null), ``tied`` and ``fits`` (lists of
case × experts + expert), ``seconds``. Every case gets ``reviewers`` experts none of whom is tied to it, nobody more
than ``cap``. Of what is possible, the fewest pairs whose fields do not fit are best, then the evenest loads (the sum of
their squares; beyond twice the mean a load costs the same for each further case). Where nothing is possible the answer
says by how much: the lowest cap for everybody that would do, and the fewest cases above single caps.
"""

import json
import os
import select
import sys
import time
from typing import Any

import highspy
import numpy as np

_IDLE_SECONDS = 60
_HALF = 0.5


class Network:
    """The constraints: pairs that may be, each case's number, each expert's load in steps that cost more and more."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.cases, self.experts = asked["cases"], asked["experts"]
        self.seconds, self.cap = asked["seconds"], asked["cap"]
        may = np.ones((self.cases, self.experts), dtype=bool)
        may.flat[asked["tied"]] = False
        fits = np.zeros((self.cases, self.experts), dtype=bool)
        fits.flat[asked["fits"]] = True
        self.free = may.sum(axis=1)
        self.wanted = np.minimum(self.free, asked["reviewers"])
        self.case, self.expert = np.nonzero(may)
        self.misfit = ~fits[self.case, self.expert]
        most = self.cases if self.cap is None else min(self.cap, self.cases)
        mean = int(self.wanted.sum()) // max(self.experts, 1)
        self.steps = min(most, 2 * mean + 10)
        self.beyond = most - self.steps

    def best(self) -> dict[str, Any]:
        """The cheapest assignment within the caps: its pairs, what it costs, and the bound that proves it."""
        steps = np.arange(1, self.steps + 1)
        costs = np.concatenate([2.0 * steps - 1, [2.0 * self.steps + 1]])
        uppers = np.concatenate([np.ones(self.steps), [float(self.beyond)]])
        pair_costs = np.where(self.misfit, 2.0 * self.steps + 2, 0.0)
        solver = self._solver(pair_costs, costs, uppers)
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return {"outcome": "impossible", **self.changes()}
        info = self._solved(solver)
        is_best = status == highspy.HighsModelStatus.kOptimal and info.mip_gap == 0
        return {
            "outcome": "optimal" if is_best else "within_gap",
            "pairs": self._taken(solver),
            "cost": info.objective_function_value,
            "bound": info.mip_dual_bound,
            "gap": info.mip_gap,
        }

    def changes(self) -> dict[str, Any]:
        """What would have to change for everybody to be judged: caps only, ties stay what they are.

        The loads with the least sum of squares have the lowest maximum and the least excess over any cap at once: they
        are the least majorized of an M-convex set (Murota, Discrete Convex Analysis).
        """
        if self.cap is None:
            return {"over": {}, "cap_needed": None}
        steps = np.arange(1, self.cases + 1)
        pairs = np.zeros(len(self.case))
        solver = self._solver(pairs, 2.0 * steps - 1, np.ones(self.cases))
        self._solved(solver)
        taken = np.array(solver.getSolution().col_value)[: len(pairs)] > _HALF
        loads = np.bincount(self.expert[taken], minlength=self.experts)
        over = {str(place): int(load - self.cap) for place, load in enumerate(loads) if load > self.cap}
        return {"over": over, "cap_needed": int(loads.max()) if over else None}

    def _solved(self, solver: "highspy.Highs") -> "highspy.HighsInfo":
        info = solver.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            status = solver.modelStatusToString(solver.getModelStatus())
            raise RuntimeError(f"nothing found in {self.seconds} s: {status}")
        return info

    def _solver(self, pairs: Any, steps: Any, uppers: Any) -> "highspy.Highs":
        """A solver loaded with the network: pairs first, then each expert's steps of load."""
        many, few = len(self.case), len(steps) * self.experts
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = many + few, self.cases + self.experts
        lp.col_cost_ = np.concatenate([pairs, np.tile(steps, self.experts)])
        lp.col_lower_ = np.zeros(many + few)
        lp.col_upper_ = np.concatenate([np.ones(many), np.tile(uppers, self.experts)])
        lp.row_lower_ = lp.row_upper_ = np.concatenate([self.wanted.astype(float), np.zeros(self.experts)])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate([np.arange(0, 2 * many, 2), 2 * many + np.arange(few + 1)])
        of_pairs = np.column_stack([self.case, self.cases + self.expert]).ravel()
        of_steps = self.cases + np.repeat(np.arange(self.experts), len(steps))
        lp.a_matrix_.index_ = np.concatenate([of_pairs, of_steps])
        lp.a_matrix_.value_ = np.concatenate([np.ones(2 * many), -np.ones(few)])
        lp.integrality_ = [highspy.HighsVarType.kInteger] * (many + few)
        solver = highspy.Highs()  # type: ignore[no-untyped-call] # the library's constructor
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("time_limit", float(self.seconds)),
            ("mip_rel_gap", 0.0),
        ):
            solver.setOptionValue(option, value)
        solver.passModel(lp)
        solver.run()
        return solver

    def _taken(self, solver: "highspy.Highs") -> list[int]:
        values = np.array(solver.getSolution().col_value)[: len(self.case)]
        taken = np.nonzero(values > _HALF)[0]
        return [int(place) for place in self.case[taken] * self.experts + self.expert[taken]]


def answered(asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to one question."""
    begun = time.perf_counter()
    network = Network(asked)
    short = {
        str(place): int(asked["reviewers"] - free)
        for place, free in enumerate(network.free)
        if free < asked["reviewers"]
    }
    found = {"outcome": "impossible", "short": short, **network.changes()} if short else network.best()
    return {**found, "seconds": time.perf_counter() - begun}


def main() -> None:
    """Answer one question after another; end when nobody has asked for a while."""
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # whatever the solver prints by itself is no answer
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    while select.select([asked], [], [], _IDLE_SECONDS)[0] and (line := asked.readline()):
        try:
            content = json.dumps(answered(json.loads(line))).encode()
        except (RuntimeError, ValueError) as error:
            answers.write(json.dumps({"error": str(error)}).encode() + b"\n")
        else:
            answers.write(json.dumps({"size": len(content)}).encode() + b"\n" + content)
        answers.flush()


if __name__ == "__main__":
    main()
