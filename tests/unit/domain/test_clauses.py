"""The catalogue of clauses."""

import pytest

from app.domain.clauses import CLAUSES, SECTIONS, UnknownClause, clause, clause_ids

IDS = """
C2 C3.1 C3.2 C3.3 C4.1a C4.1b C4.1c C4.1d C4.2
C4.3 C4.3.1 C4.3.2 C4.3.3 C4.3.4 C4.3.5 C4.3.6 C4.4 C4.4.1 C4.4.2 C4.4.3 C4.4.4 C4.4.5 C4.4.6 C4.5a C4.5b
C5.1 C5.2a C5.2b C5.3a C5.3b C5.3c C5.3d C5.3e C6.1a C6.1b C6.2 C6.3 C6.4 C6.5 C6.6 C6.7
"""


def test_the_catalogue_holds_every_clause_in_the_plans_order():
    assert list(CLAUSES) == IDS.split()
    assert [each.order for each in CLAUSES.values()] == list(range(len(IDS.split())))


def test_every_clause_has_its_words_and_its_section():
    assert [key for key, each in CLAUSES.items() if not (each.title and each.english and each.text)] == []
    assert {each.section for each in CLAUSES.values()} == set(SECTIONS)


def test_a_clause_is_found_by_its_id():
    assert (clause("C5.2b").title, clause("C5.2b").english, clause("C5.2b").section) == ("公示", "Publicity", 5)


def test_an_unknown_clause_is_refused():
    with pytest.raises(UnknownClause) as refusal:
        clause("C9.9")
    assert refusal.value.params == {"id": "C9.9"}


def test_a_list_of_ids_is_put_in_order_and_each_is_known():
    assert clause_ids(" C5.1  C4.1a C5.1 ") == ("C4.1a", "C5.1")
    assert clause_ids("") == ()
    with pytest.raises(UnknownClause):
        clause_ids("C5.1 C0")
