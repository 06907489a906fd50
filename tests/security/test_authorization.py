"""The authorization table: every route and service × every role × own and foreign objects, kept to be read."""

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from werkzeug.routing.converters import NumberConverter

from app.domain.roles import RoleKey
from app.web.access import access_of
from tests.factories.demonstrations import Office
from tests.security.doors import AREAS, Door, routes, services
from tests.security.matrix import PEOPLE, table

FRAGMENT = {"HX-Request": "true"}
KEPT = Path(__file__).parents[1] / "golden" / "authorization.csv"


def written(office: Office, doors: Iterable[Door]) -> list[str]:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table(office, doors))
    return text.getvalue().splitlines()


def everything(office: Office) -> list[str]:
    head = ",".join(("door", "on", "declared", *PEOPLE))
    return [head, *written(office, (*routes(office.web), *services()))]


def test_every_route_declares_who_may_open_it(tried_office: Office) -> None:
    web = tried_office.web
    assert [route.name for route in routes(web) if access_of(web, route.rule.endpoint) is None] == []


def test_everybody_may_do_what_the_table_says_and_nothing_else(sqlite_office: Office) -> None:
    found = everything(sqlite_office)
    if os.environ.get("WRITE_GOLDEN"):
        KEPT.write_text("\n".join([*found, ""]))
    assert found == KEPT.read_text().splitlines()
    assert sqlite_office.failures == []


@pytest.mark.postgres
def test_services_admit_the_same_people_on_postgresql(postgres_tried_office: Office) -> None:
    """Routes add no SQL of their own to what services ask: the whole table is the long form."""
    found = written(postgres_tried_office, services())
    assert found == KEPT.read_text().splitlines()[-len(found) :]
    assert found[0].split(",")[2] == "service"


@pytest.mark.long
@pytest.mark.postgres
def test_the_whole_table_holds_on_postgresql(postgres_tried_office: Office) -> None:
    assert everything(postgres_tried_office) == KEPT.read_text().splitlines()
    assert postgres_tried_office.failures == []


@pytest.mark.parametrize("login", ["secretariat", "auditor", "sysadmin", "secadmin", "designer", "host_university"])
def test_no_address_takes_a_number_that_can_be_counted_up(sqlite_office: Office, login: str) -> None:
    guest, counted = sqlite_office.enter(login), dict.fromkeys({*AREAS.values(), "model kind", "model"}, "1")
    found = {}
    for route in routes(sqlite_office.web):
        if set(route.objects) & {"public_id", "task_id", "case"}:
            assert not any(isinstance(kind, NumberConverter) for kind in route.rule._converters.values())
            token = {"csrf_token": guest.token()} if route.method != "GET" else None
            answer = guest.client.open(route.address(counted), method=route.method, data=token, headers=FRAGMENT)
            found[route.name] = answer.status_code
    assert {name: status for name, status in found.items() if status < 400} == {}


def test_every_role_has_its_column() -> None:
    assert set(RoleKey) <= set(PEOPLE)


OWN_AFFAIRS = (
    *("/sign-", "/profile", "/publicity/", "/notices", "/help/hints", "/second-factor", "/my-data", "/api/v1/tokens"),
    *("/confirm", "/go-on", "/calendar", "/rules/<public_id>/publicity", "/inbox/selected", "/inbox/together"),
    *("/api/v1/cases", "/api/v1/evidence"),
)
"""What is nobody's business but one's own, or everybody's: signing in, one's account and notices, an objection. The
last two refuse an empty body before they look at who sends it; the services behind them have rows of their own.
"""


def kept() -> list[dict[str, str]]:
    return list(csv.DictReader(KEPT.read_text().splitlines()))


def test_the_auditor_changes_nothing() -> None:
    changes = [row for row in kept() if row["door"].split()[0] in {"POST", "PUT", "PATCH", "DELETE"}]
    assert changes
    allowed = [row["door"].split()[1] for row in changes if row["auditor"] in {"yes", "yes*"}]
    assert [path for path in allowed if not path.startswith(OWN_AFFAIRS)] == []


def test_who_has_not_signed_in_gets_nothing_that_is_not_public() -> None:
    answered = {row["public"] for row in kept() if row["declared"] not in {"public", "service"}}
    assert answered <= {"sign-in", "-"}


def test_a_declared_role_is_what_admits() -> None:
    for row in kept():
        admitted = set(row["declared"].split("|"))
        if row["declared"] not in {"public", "signed in", "service"}:
            others = {role: row[role] for role in PEOPLE if role != "public" and not admitted & set(role.split("+"))}
            assert set(others.values()) <= {"no", "-"}, row


def test_what_is_not_theirs_is_open_to_nobody() -> None:
    tables = [row for row in kept() if row["on"] in {"foreign", "barred", "nothing"}]
    leaks = [(row["door"], row["on"], role) for row in tables for role in PEOPLE if row[role] in {"yes", "yes*"}]
    assert leaks == [("applications.self_check", "barred", "host+prelim")]  # their own application, on another's desk
