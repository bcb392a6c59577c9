from datetime import date

import hypothesis.strategies as st
from hypothesis import given

from workbench.domain.pupils import Pupil
from workbench.domain.redaction import Redactor


def child(own_id: str, forename: str, surname: str) -> Pupil:
    born, starts = date(2012, 5, 1), date(2023, 9, 1)
    return Pupil(id=own_id, surname=surname, forename=forename, born=born, year=9, class_="9B", starts=starts)


def test_a_full_name_goes_in_either_order_and_case() -> None:
    redact = Redactor([child("P-1", "Ann", "Lee"), child("P-2", "Ann", "Lee-Ray")])
    assert redact("Ann Lee, LEE, ANN and Lee Ann") == "P-1, P-1 and P-1"
    assert redact("Ann Lee-Ray met Annie Leeson") == "P-2 met Annie Leeson"


def test_it_reaches_into_lists_and_objects_and_leaves_the_rest() -> None:
    redact = Redactor([child("P-1", "[/]", "(.*)")])
    assert redact({"a": ["said [/] (.*).", 3, None]}) == {"a": ["said P-1.", 3, None]}
    assert redact(("x", True)) == ["x", True]


@given(st.text())
def test_without_children_nothing_changes(text: str) -> None:
    assert Redactor([])(text) == text
