"""``shuangyou panel draw-check``: a published draw repeated without a database (C5.3a)."""

import json

import pytest
from click.testing import CliRunner

from app.cli.panel import panel
from app.domain.drawing import Draw
from app.services.panel.drawing import as_json

RECORD = dict(as_json(Draw("cycle", 1, "0712", "n", tuple("abcdefghij"), 5, 5, {"case": frozenset("abcdefg")})))


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({}, 0, "the same"),
        ({"taken": list("abcde")}, 1, "differs: taken"),
        ({"word": "0713"}, 1, "differs: seed, order"),
        ({"register": None}, 2, "no record of a draw"),
    ],
)
def test_a_record_is_repeated_or_found_to_differ(tmp_path, changes, code, says):
    file = tmp_path / "draw.json"
    file.write_text(json.dumps({**RECORD, **changes}))
    result = CliRunner().invoke(panel, ["draw-check", str(file)])
    assert result.exit_code == code
    assert says in result.output
