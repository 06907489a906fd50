"""DMN files from rows of text."""

from collections.abc import Sequence
from html import escape

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="file" name="file" namespace="t">'


def table(
    *rows: Sequence[str],
    inputs: Sequence[str] = ("a",),
    outputs: Sequence[str] = ("o",),
    policy: str = "UNIQUE",
    more: str = "",
) -> str:
    """A decisionTable: a row has the tests, then the results; rules are ``r1`` …; ``more`` goes before the inputs."""
    columns = "".join(
        f'<input id="i{n}"><inputExpression><text>{escape(text)}</text></inputExpression></input>'
        for n, text in enumerate(inputs, 1)
    )
    columns += "".join(f'<output id="o{n}" name="{name}"/>' for n, name in enumerate(outputs, 1))
    return f'<decisionTable id="t" hitPolicy="{policy}">{more}{columns}{_rules(rows, len(inputs))}</decisionTable>'


def _rules(rows: Sequence[Sequence[str]], tests: int) -> str:
    shown = ""
    for number, row in enumerate(rows, 1):
        cells = "".join(f"<inputEntry><text>{escape(text)}</text></inputEntry>" for text in row[:tests])
        cells += "".join(f"<outputEntry><text>{escape(text)}</text></outputEntry>" for text in row[tests:])
        shown += f'<rule id="r{number}">{cells}</rule>'
    return shown


def decision(logic: str, key: str = "d", requires: Sequence[str] = ()) -> str:
    """A decision of that logic; ``requires`` are ids of decisions."""
    needs = "".join(
        f'<informationRequirement id="{key}_{each}"><requiredDecision href="#{each}"/></informationRequirement>'
        for each in requires
    )
    return f'<decision id="{key}" name="{key}">{needs}{logic}</decision>'


def dmn(*decisions: str, more: str = "") -> bytes:
    """A DMN file."""
    return f"{HEAD}{more}{''.join(decisions)}</definitions>".encode()
