"""A measured number and the bar that it must clear."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of README: ``bar`` is the bound as text, such as ``<= 1.5``; ``holds`` says whether it was met."""

    name: str
    value: float
    unit: str
    bar: str
    holds: bool

    def line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def at_most(name: str, value: float, unit: str, bound: float) -> Figure:
    """A figure that is good if it is small."""
    return Figure(name, round(value, 3), unit, f"<= {bound:g}", value <= bound)


def aimed(name: str, value: float, unit: str, aim: float) -> Figure:
    """A figure that is reported; ``aim`` is where it should come to be."""
    return Figure(name, round(value, 3), unit, f"aim {aim:.3g}", holds=True)


def at_least(name: str, value: float, unit: str, bound: float) -> Figure:
    """A figure that is good if it is large."""
    return Figure(name, round(value, 3), unit, f">= {bound:g}", value >= bound)
