"""Every hole of the list has a test that bears its name."""

import re
from pathlib import Path

from tests.security.holes import HOLES

_TEST = re.compile(r"^def test_hole_(\w+?)(?:__\w+)?\(", re.MULTILINE)


def test_every_hole_is_a_test() -> None:
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_holes_*.py")]
    assert {name for text in texts for name in _TEST.findall(text)} == set(HOLES)
