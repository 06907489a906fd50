"""What every process model must be, beside drawn well: clean, standard, named, tied to roles, actions and clauses."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree

import app.services.programme  # noqa: F401  # registers the actions that service tasks name
from app.domain.clauses import clause_ids
from app.domain.roles import POLICIES, RoleKey
from app.engine.dmn import load_decisions
from app.engine.lint import lint
from app.services.actions import known_actions
from app.web import states
from tests.bpmn.drawing import BPMN, NODES, PROCESSES, ROOT, SY, TASKS, model_path

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CLAUSE = re.compile(r"C[2-6](?:\.\d[a-z]?(?:\.\d)?)?")
WITHOUT_ID = {
    "conditionExpression", "correlationPropertyRef", "correlationPropertyRetrievalExpression", "dataPath",
    "documentation", "extensionElements", "flowNodeRef", "incoming", "messagePath", "multiInstanceLoopCharacteristics",
    "outgoing", "timeCycle", "timeDate", "timeDuration",
}  # fmt: skip


@pytest.fixture(params=PROCESSES)
def process(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def root(process: str) -> etree._Element:
    return etree.parse(model_path(process)).getroot()


def elements(root: etree._Element, kinds: set[str] | frozenset[str]) -> Iterator[etree._Element]:
    for element in root.iter(f"{BPMN}*"):
        if etree.QName(element).localname in kinds:
            yield element


def words(element: etree._Element) -> str:
    return "".join(each.text or "" for each in element.findall(f"{BPMN}documentation"))


def test_the_folder_holds_these_processes() -> None:
    assert sorted(path.stem for path in (ROOT / "bpmn").glob("*/*.bpmn")) == list(PROCESSES)


def test_every_process_is_called_something_in_words() -> None:
    assert states.PROCESSES.keys() == set(PROCESSES)


def test_lint_finds_nothing_at_all(process: str) -> None:
    decisions = {key for path in (ROOT / "bpmn/decisions").glob("*.dmn") for key in load_decisions(path.read_bytes())}
    found = lint(
        model_path(process).read_bytes(),
        known_actions=frozenset(known_actions()),
        known_decisions=frozenset(decisions),
        known_processes=frozenset(PROCESSES),
    )
    assert found == []


def test_the_file_is_valid_by_the_standard_schema(root: etree._Element) -> None:
    spec = find_spec("SpiffWorkflow")
    assert spec is not None
    assert spec.origin is not None
    schema = etree.XMLSchema(etree.parse(Path(spec.origin).parent / "bpmn/parser/schema/BPMN20.xsd"))
    assert (schema.validate(root), str(schema.error_log)) == (True, "")


def test_the_process_is_called_like_its_folder(root: etree._Element, process: str) -> None:
    assert [(each.get("id"), each.get("isExecutable")) for each in root.iter(f"{BPMN}process")] == [(process, "true")]


def test_every_element_has_an_id_of_its_own(root: etree._Element) -> None:
    named = [each for each in root.iter(f"{BPMN}*") if etree.QName(each).localname not in WITHOUT_ID]
    ids = [each.get("id") for each in named]
    assert [each.tag for each in named if not each.get("id")] == []
    assert sorted(ids, key=str) == sorted(set(ids), key=str)


def test_names_are_chinese(root: etree._Element) -> None:
    kinds = NODES | {"lane", "process", "participant", "error", "correlationProperty"}
    assert [each.get("id") for each in elements(root, kinds) if not CHINESE.search(each.get("name", ""))] == []


def test_every_way_of_a_decision_is_named(root: etree._Element) -> None:
    deciding = {each.get("id") for each in elements(root, {"exclusiveGateway"})}
    ways = [flow for flow in elements(root, {"sequenceFlow"}) if flow.get("sourceRef") in deciding]
    assert [flow.get("id") for flow in ways if not CHINESE.search(flow.get("name", ""))] == []


def test_every_decision_has_a_default(root: etree._Element) -> None:
    assert [each.get("id") for each in elements(root, {"exclusiveGateway"}) if not each.get("default")] == []


def test_lanes_are_roles(root: etree._Element) -> None:
    lanes = [(each.get("id", ""), each.get("name")) for each in root.iter(f"{BPMN}lane")]
    assert lanes == [(key, POLICIES[RoleKey(key)].name) for key, _ in lanes]


def test_every_node_stands_in_one_lane(root: etree._Element) -> None:
    standing = [each.text for each in root.iter(f"{BPMN}flowNodeRef")]
    assert sorted(standing, key=str) == sorted((each.get("id") for each in elements(root, NODES)), key=str)


def test_work_carries_the_clauses_it_serves(root: etree._Element) -> None:
    ends = {"startEvent", "endEvent", "parallelGateway"}
    serving = list(elements(root, (NODES | {"process"}) - ends))
    assert [each.get("id") for each in serving if not clause_ids(each.get(f"{SY}clauses", ""))] == []


def test_work_says_in_words_which_clauses_it_serves(root: etree._Element) -> None:
    speaking = [*elements(root, TASKS | {"process", "subProcess"})]
    silent = [each.get("id") for each in speaking if not CLAUSE.findall(words(each))]
    strange = [
        (each.get("id"), clause)
        for each in elements(root, NODES | {"process"})
        for clause in CLAUSE.findall(words(each))
        if clause not in clause_ids(each.get(f"{SY}clauses", ""))
    ]
    assert (silent, strange) == ([], [])


def test_messages_find_their_case(root: etree._Element) -> None:
    sent = {each.get("id") for each in root.iter(f"{BPMN}message")}
    found = [each.get("messageRef") for each in root.iter(f"{BPMN}correlationPropertyRetrievalExpression")]
    used = {each.get("messageRef") for each in root.iter(f"{BPMN}messageEventDefinition")}
    assert (sorted(found, key=str), used) == (sorted(sent, key=str), sent)


def test_due_dates_are_stated_where_somebody_else_waits(root: etree._Element) -> None:
    """Only first drafts have none, the host's and one entered from paper: the cycle's deadline, which may move."""
    dated = (f"{SY}workingDays", f"{SY}due")
    timeless = [each.get("id") for each in root.iter(f"{BPMN}userTask") if not any(map(each.get, dated))]
    assert sorted(timeless) in ([], ["enter_paper", "fill_in"])
