"""Decision tables and forms, files of other kinds, and files that were made to do harm."""

import json
import re
import tomllib
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import findings
from app.engine.errors import ModelUnreadable
from app.engine.lint import MAX_FINDINGS, lint
from app.engine.xml import MAX_BYTES
from tests.factories.sketch import HEAD, sketch
from tests.factories.tables import decision, dmn, table

ENGINE = Path(findings.__file__).parents[1]


def codes(content, severity="error", **known):
    return [(each.element, each.code) for each in lint(content, **known) if each.severity == severity]


# ---- decisions


def one(*rows, **options):
    return dmn(decision(table(*rows, **options)))


def test_good_tables_pass():
    assert lint(one((">= 3", "1"), ("< 3", '"x"'))) == []
    assert lint(one(("-", 'date("2026-01-01")'), inputs=["date(a.b)"], policy="FIRST")) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("> > 3", "1"), ("r1", "feel_syntax")),
        (("now() > ?", "1"), ("r1", "feel_forbidden")),
        (("-", "the answer"), ("r1", "feel_spaced_name")),
        (("-", "frobnicate(1)"), ("r1", "feel_unknown_function")),
        (("-", "1 +"), ("r1", "feel_syntax")),
    ],
)
def test_cells_are_read(row, expected):
    assert codes(one(row)) == [expected]


def test_input_expressions_and_allowed_values_are_read():
    assert codes(one(("-", "1"), inputs=["Applicant Age"])) == [("i1", "feel_spaced_name")]
    logic = table(("-", "1")).replace(
        "</inputExpression>", "</inputExpression><inputValues><text>1 +</text></inputValues>"
    )
    assert codes(dmn(decision(logic))) == [("i1", "feel_syntax")]
    assert codes(dmn(decision("<literalExpression><text>today()</text></literalExpression>"))) == [
        ("d", "feel_forbidden")
    ]


def test_names_of_tables_are_checked_where_they_are_known():
    first = decision(table(("-", "1"), inputs=["age"], outputs=["group"]), "grouping")
    second = decision(table(("-", "group + fee"), inputs=["grouping"]), "d", ["grouping"])
    assert codes(dmn(first, second), known_names=frozenset({"age", "fee"})) == []
    assert codes(dmn(first, second), known_names=frozenset({"age"})) == [("r1", "undeclared_name")]


def test_rules_with_the_same_conditions():
    assert codes(one(("> 1", "1"), ("> 1", "2"))) == [("r2", "dmn_duplicate_rule")]
    assert codes(one(("", "1"), ("-", "1"), policy="ANY")) == []
    assert codes(one(("", "1"), ("-", "2"), policy="ANY")) == [("r2", "dmn_duplicate_rule")]
    assert codes(one(("", "1"), ("-", "2"), policy="FIRST")) == []
    assert codes(one(("", "1"), ("-", "2"), policy="FIRST"), "warning") == [("r2", "dmn_hidden_rule")]


def test_structure_of_tables_is_told_like_feel():
    assert codes(one(("-", "1"), policy="COLLECT")) == [("t", "dmn_hit_policy")]
    assert codes(dmn()) == [("file", "dmn_no_decision")]


# ---- forms


def form(*components):
    return json.dumps({"type": "default", "schemaVersion": 16, "components": components}).encode()


GOOD_FORM = (
    {"type": "text", "text": "说明"},
    {"type": "textfield", "key": "name", "label": "姓名", "validate": {"required": True, "pattern": "[一-龥]+"}},
    {
        "type": "select",
        "key": "track",
        "values": [{"label": "高校", "value": "university"}, {"label": "学校", "value": "school"}],
    },
    {"type": "number", "key": "years", "conditional": {"hide": '=track != "school"'}},
    {"type": "group", "components": [{"type": "checkbox", "key": "pledge"}]},
    {"type": "dynamiclist", "path": "rows", "components": [{"type": "textfield", "key": "name"}]},
)


def test_a_good_form_passes():
    assert lint(form(*GOOD_FORM)) == []


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        ({"type": "iframe", "url": "https://example.org"}, ("iframe", "form_component")),
        ({"type": "html", "content": "<b>x</b>"}, ("html", "form_component")),
        ({"type": "textfield"}, ("textfield", "form_key")),
        ({"type": "textfield", "key": "a b"}, ("a b", "form_key")),
        ({"type": "textfield", "key": "name"}, ("name", "form_duplicate_key")),
        ({"type": "group", "components": [{"type": "textfield", "key": "name"}]}, ("name", "form_duplicate_key")),
        ({"type": "number", "key": "n", "conditional": {"hide": "=n ="}}, ("n", "feel_syntax")),
        ({"type": "number", "key": "n", "conditional": {"hide": "=today() = n"}}, ("n", "feel_forbidden")),
        ({"type": "text", "id": "t", "text": "Dear {{name}}"}, ("t", "form_template")),
        ({"type": "select", "key": "s", "values": []}, ("s", "form_options")),
        ({"type": "radio", "key": "s", "values": [{"value": "a"}, {"value": "a"}]}, ("s", "form_options")),
        ({"type": "radio", "key": "s", "values": [{"label": "a"}]}, ("s", "form_options")),
        ({"type": "textfield", "key": "p", "validate": {"pattern": "["}}, ("p", "form_pattern")),
        ({"key": "x"}, (None, "form_shape")),
        ("x", (None, "form_shape")),
    ],
)
def test_bad_components(component, expected):
    assert codes(form(*GOOD_FORM, component)) == [expected]


def test_a_form_nested_without_end():
    lists = b'{"type": "dynamiclist", "path": "rows", "components": [' * 300 + b"]}" * 300
    assert codes(b'{"components": [' + lists + b"]}") == []
    deep = b'{"components": [{"type": "text", "x": ' + b"[" * 900 + b"]" * 900 + b"}]}"
    assert codes(deep) == []


@pytest.mark.parametrize("content", [b"{}", b"[]", b'{"components": 3}'])
def test_json_that_is_no_form(content):
    assert codes(content) == [(None, "form_shape")]


# ---- files


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        b"<a>",
        b"{",
        b"\xff\xfe\x00",
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<a>&undefined;</a>",
        b"<a>" * 5000,
        b" " * (MAX_BYTES + 1),
        b"[" * 100_000,
    ],
)
def test_unreadable_files(content):
    with pytest.raises(ModelUnreadable):
        lint(content)


def test_entities_that_multiply():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    with pytest.raises(ModelUnreadable):
        lint(f'<!DOCTYPE a [<!ENTITY e0 "aaaaaaaaaa">{entities}]><a b="&e11;">&e11;</a>'.encode())


@pytest.mark.parametrize("content", [b"<a/>", b'<definitions xmlns="urn:x"/>', b"<html><body/></html>"])
def test_xml_of_another_kind(content):
    assert codes(content) == [(None, "not_a_model")]


def test_other_encodings_are_read():
    text = sketch("start s\nuser a name=初评\nend e\ns -> a -> e").decode()
    for encoding in ("gbk", "utf-16", "utf-8-sig"):
        declared = encoding.removesuffix("-sig")
        assert lint(f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(encoding)) == []


def test_a_huge_drawing_is_refused_at_once():
    tasks = "\n".join(f"task t{n}\nt{n - 1} -> t{n}" for n in range(1, 4000))
    assert codes(sketch(f"start s\ntask t0\nend e\ns -> t0\n{tasks}\nt3999 -> e")) == [(None, "too_large")]
    assert codes(one(*[("-", "1")] * 6000)) == [(None, "too_large")]


def test_many_hostile_expressions_cost_no_more_than_a_few():
    bomb = "(" * 1900 + "x{}" + ")" * 1900
    flows = "\n".join(f"end e{n}\ng -> e{n} : {bomb.format(n)}" for n in range(40))
    found = codes(sketch(f"start s\nxor g\nend e\ns -> g\ng -> e (default)\n{flows}"))
    assert [code for _, code in found] == ["feel_limit"] * 3


def test_findings_are_cut_and_errors_come_first():
    flows = "\n".join(f"user u-{n}\nend e{n}\ng -> u-{n} : x == {n}\nu-{n} -> e{n}" for n in range(400))
    found = lint(sketch(f"start s\nxor g\nend e\ns -> g\ng -> e (default)\n{flows}"))
    assert len(found) == MAX_FINDINGS + 1
    assert {each.severity for each in found[:MAX_FINDINGS]} == {"error"}
    assert found[-1].code == "too_many_findings"


XML = st.recursive(
    st.sampled_from(
        ["userTask", "startEvent", "endEvent", "exclusiveGateway", "sequenceFlow", "process", "lane", "flowNodeRef"]
    ),
    lambda inner: st.tuples(
        st.sampled_from(["process", "subProcess", "laneSet", "boundaryEvent"]), st.lists(inner, max_size=4)
    ),
    max_leaves=12,
)
WORDS = st.sampled_from(["a", "b", "", "a b", "${x}", "P1D", "=x", "true"])


@given(tree=XML, words=st.lists(WORDS, min_size=6, max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_tree_of_elements_gets_findings(tree, words):
    def xml(node):
        tag, inner = node if isinstance(node, tuple) else (node, [])
        names = ("id", "sourceRef", "targetRef", "attachedToRef", "default", "isExecutable")
        attributes = " ".join(f'{name}="{escape(word)}"' for name, word in zip(names, words, strict=True))
        return f"<{tag} {attributes}>{words[0]}{''.join(map(xml, inner))}</{tag}>"

    found = lint(f"{HEAD}{xml(tree)}</definitions>".encode())
    assert all(each.message and each.instead for each in found)


@given(st.binary(max_size=200))
def test_any_bytes_are_judged_or_unreadable(content):
    for prefix in (b"", b"<", b"{", HEAD.encode()):
        with pytest.raises(ModelUnreadable):
            assert not lint(prefix + content + b"\x00")


# ---- words


def test_every_code_has_words_and_every_word_is_used():
    table = tomllib.loads((ENGINE / "findings" / "texts.toml").read_text("utf-8"))
    moves = ENGINE.parent.glob("services/moving_*.py")
    files = [*ENGINE.rglob("*.py"), ENGINE.parent / "cli" / "models.py", *moves]
    source = "".join(path.read_text("utf-8") for path in files)
    used = set(re.findall(r'"([a-z_]+)"', source))
    feel_codes = set(re.findall(r"``([a-z_]+)``", (ENGINE / "feel" / "errors.py").read_text("utf-8")))
    # made from a code of FEEL or from the kind of value that is wanted
    made = {f"feel_{code}" for code in feel_codes} | {"not_boolean", "not_number", "not_list"}
    assert {code for code in table if code not in used | made} == set()
    assert findings.texts().keys() == table.keys()
