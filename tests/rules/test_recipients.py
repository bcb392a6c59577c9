from typing import Any

import msgspec
import pytest

from rules.recipients import recipients
from tests.rules.rulekit import SCHOOL, D, pupil

EAST = msgspec.structs.replace(SCHOOL, kind="maintained", maintained_by="East")


@pytest.mark.parametrize(
    ("word", "facts", "whom"),
    [
        ("la:statutory", {}, ("la:North",)),
        ("la:home", {}, ()),
        ("la:home", {"home_la": "South"}, ("la:South",)),
        ("la:home", {"home_la": "North"}, ()),
        ("la:placing", {"placing_la": "West"}, ("la:West",)),
        ("la:care", {"looked_after_by": "West"}, ("la:West",)),
        ("social-care", {}, ("social-care:North",)),
        ("social-care", {"home_la": "South"}, ("social-care:South",)),
        ("social-worker?", {"child_protection_plan": True}, ()),
        ("social-worker?", {"social_worker": True}, ("social-worker",)),
        ("social-worker:any", {}, ()),
        ("social-worker:any", {"child_protection_plan": True}, ("social-worker",)),
        ("social-worker:any", {"section_47": True}, ("social-worker",)),
        ("social-worker:any", {"looked_after_by": "West"}, ("social-worker",)),
        ("virtual-school?", {}, ()),
        ("virtual-school?", {"looked_after_by": "West"}, ("virtual-school:West",)),
        ("yot?", {"groups": frozenset({"youth_justice"})}, ("yot",)),
        ("yot?", {"other_professionals": ("yot",)}, ("yot",)),
        ("yot?", {}, ()),
        ("ewo?", {"other_professionals": ("ewo", "school-nurse")}, ("ewo",)),
        ("professionals?", {"other_professionals": ("ewo", "school-nurse")}, ("school-nurse",)),
        ("yot", {}, ("yot",)),
        ("parents", {}, ("parents",)),
    ],
)
def test_a_word_becomes_whom_it_means(word: str, facts: dict[str, Any], whom: tuple[str, ...]) -> None:
    assert recipients([word], SCHOOL, pupil(D(2024, 9, 4), **facts)) == whom


def test_the_statutory_authority_is_the_maintaining_one_of_a_maintained_school() -> None:
    assert recipients(["la:statutory"], EAST, None) == ("la:East",)


def test_nobody_is_told_twice_and_nobody_of_no_pupil() -> None:
    who = pupil(D(2024, 9, 4), home_la="South", placing_la="South")
    assert recipients(["la:home", "la:placing", "dsl", "dsl"], SCHOOL, who) == ("la:South", "dsl")
    assert recipients(["social-worker:any", "dsl"], SCHOOL, None) == ("dsl",)
