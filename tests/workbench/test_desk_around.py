import pytest

from tests.conftest import DeskFor
from workbench.desk import roll
from workbench.domain.errors import ConflictError, InvalidError, NotFoundError

PUPIL = "B880600121630"


def test_people_come_in_the_order_in_which_they_are_called(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    roll.around_add(
        desk, PUPIL, {"kind": "professional", "name": "A. Reid", "role": "social-worker", "order": "1"}
    )
    roll.around_add(desk, PUPIL, {"kind": "contact", "name": "Gran", "phone": "01632 960111"})
    names = [(person.kind, person.order, person.name) for person in roll.around(desk, PUPIL)]
    assert names == [
        ("parent", 1, "Patel"),
        ("parent", 2, "Boyle"),
        ("contact", 3, "Gran"),
        ("professional", 1, "A. Reid"),
    ]


def test_editing_and_removing(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    first = roll.around(desk, PUPIL)[0]
    edited = roll.around_edit(desk, first.id, {"phone": "01632 960999", "lives_with": "yes"}, rev=first.rev)
    assert (edited.phone, edited.lives_with, edited.name) == ("01632 960999", True, first.name)
    with pytest.raises(ConflictError):
        roll.around_edit(desk, first.id, {"phone": "1"}, rev=first.rev)
    roll.around_remove(desk, first.id)
    assert first.id not in [person.id for person in roll.around(desk, PUPIL)]
    acts = [entry["act"] for entry in desk.store.entries()][-2:]
    assert acts == ["around.edited", "around.removed"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "name"),
        ({}, "name"),
        ({"name": "x", "kind": "friend"}, "kind"),
        ({"name": "x", "order": "0"}, "order"),
        ({"name": "x", "lives_with": "often"}, "lives_with"),
        ({"name": "x", "age": "40"}, "no field"),
        ({"name": "x" * 201}, "200"),
    ],
)
def test_what_cannot_be_taken(desk_for: DeskFor, fields: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidError, match=words):
        roll.around_add(desk_for("attendance"), PUPIL, fields)


def test_unknown_people_are_not_found(desk_for: DeskFor) -> None:
    with pytest.raises(NotFoundError):
        roll.around_edit(desk_for("attendance"), "N-NOSUCH", {"phone": "1"})
    with pytest.raises(NotFoundError):
        roll.around_remove(desk_for("attendance"), "N-NOSUCH")
