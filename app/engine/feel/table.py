"""A whole decision table in one call of the FEEL machine: dates computed by an input stay dates in the cells."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.engine.feel.errors import FeelError
from app.engine.feel.machine import MachineLimit, machine, packed, restarting


class Hit(NamedTuple):
    """A rule that matched: its position and its results by output."""

    rule: int
    outputs: list[Any]


class CellError(FeelError):
    """An expression of a table that failed; ``place``: ``rule``, ``column``, ``output`` positions where they apply."""

    def __init__(self, code: str, detail: str, place: Mapping[str, int]) -> None:
        self.place = place
        super().__init__(code, "", detail)


def run_table(key: str, script: str, context: Mapping[str, Any]) -> list[Hit]:
    """Matching rules of the table ``script`` (JSON as ``feelDefineTable`` of the bundle takes it) over ``context``.

    ``key`` names the script and is different for different scripts. Raises `CellError`.
    """
    try:
        with restarting():
            answer = _answer(key, script, packed(context))
    except TypeError as unfit:
        raise CellError("not_json", str(unfit), {}) from unfit
    except MachineLimit as limit:
        raise CellError("limit", str(limit), {}) from limit
    if error := answer.get("error"):
        raise CellError(error["code"], error["detail"], error["place"] or {})
    return [Hit(hit["rule"], hit["outputs"]) for hit in answer["value"]]


def _answer(key: str, script: str, context: str) -> dict[str, Any]:
    answer = machine().call("feelTable", key, context)
    if answer.get("missing"):
        machine().call("feelDefineTable", key, script)
        answer = machine().call("feelTable", key, context)
    return answer
