"""A concern without a sign-in: in seconds, by nobody proven, and nothing is shown for it."""

import pytest

from tests.conftest import DeskFor
from workbench.desk import concerns, roll, unproven
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import FolderError, InvalidError, NotFoundError

WORRY = "She did not want to go home."


def nobody(desk_for: DeskFor) -> Desk:
    desk = desk_for("dsl")
    return Desk(desk.store, desk.clock)


def child_of(desk_for: DeskFor) -> str:
    return roll.pupils(desk_for("dsl"))[0].id


def test_the_entry_has_the_name_that_was_picked_and_no_role_that_anybody_has(desk_for: DeskFor) -> None:
    own = unproven.report(nobody(desk_for), "staff", child_of(desk_for), WORRY)
    entry = list(desk_for("dsl").store.entries())[-1]
    assert (entry["act"], entry["actor"], entry["role"], entry["subject"]) == (
        "concern.reported", "staff", "unproven", own,
    )  # fmt: skip
    assert WORRY not in str(entry)
    concern = concerns.show(desk_for("dsl"), own)
    assert (concern.by, concern.proven, concern.text) == ("staff", False, WORRY)


def test_with_the_sign_in_it_is_staff(desk_for: DeskFor) -> None:
    own = concerns.report(desk_for("staff"), child_of(desk_for), WORRY)
    entry = list(desk_for("dsl").store.entries())[-1]
    assert (entry["actor"], entry["role"]) == ("staff", "staff")
    assert concerns.show(desk_for("dsl"), own).proven


def test_whoever_is_signed_in_does_not_matter(desk_for: DeskFor) -> None:
    """The app's desk at the lock is still that of who worked there last."""
    unproven.report(desk_for("leader"), "staff", child_of(desk_for), WORRY)
    entry = list(desk_for("dsl").store.entries())[-1]
    assert (entry["actor"], entry["role"]) == ("staff", "unproven")


def test_one_about_the_dsl_does_not_open_for_them(desk_for: DeskFor) -> None:
    own = unproven.report(nobody(desk_for), "staff", child_of(desk_for), WORRY, about=["dsl"])
    assert own not in [each.id for each in concerns.concerns(desk_for("dsl"))]
    assert own in [each.id for each in concerns.concerns(desk_for("deputy"))]


def test_a_child_is_found_by_the_beginning_of_a_name_and_shown_by_name_and_class_alone(
    desk_for: DeskFor,
) -> None:
    pupil = roll.pupils(desk_for("dsl"))[0]
    for typed in (
        pupil.surname,
        f"{pupil.forename} {pupil.surname[:3]}",
        f"{pupil.surname}, {pupil.forename}".upper(),
    ):
        found = unproven.children(nobody(desk_for), typed)
        assert unproven.Child(pupil.id, pupil.surname, pupil.forename, pupil.class_) in found
    assert unproven.Child.__struct_fields__ == ("id", "surname", "forename", "class_")
    assert unproven.children(nobody(desk_for), "Nobodysname") == []


@pytest.mark.parametrize("typed", ["", " ", "a", ", a"])
def test_one_letter_shows_nobody(desk_for: DeskFor, typed: str) -> None:
    with pytest.raises(InvalidError, match="at least 2 letters"):
        unproven.children(nobody(desk_for), typed)


def test_no_more_than_a_few_are_shown(desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch) -> None:
    pupil = roll.pupils(desk_for("dsl"))[0]
    monkeypatch.setattr(unproven, "MOST", 0)
    with pytest.raises(InvalidError, match="names begin so"):
        unproven.children(nobody(desk_for), pupil.surname)


def test_those_who_left_are_not_shown(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = roll.pupils(desk)[0]
    with desk.change("pupil.edited", subject=pupil.id) as tx:
        tx.put("pupils", "pupils", {**desk.docs("pupils", "pupils")[pupil.id], "left": "2026-11-20"})
    assert pupil.id not in [each.id for each in unproven.children(nobody(desk_for), pupil.surname)]
    with pytest.raises(NotFoundError):
        unproven.report(nobody(desk_for), "staff", pupil.id, WORRY)


def test_a_clock_that_is_wrong_stops_no_concern(desk_for: DeskFor) -> None:
    desk, name = nobody(desk_for), roll.pupils(desk_for("dsl"))[0].surname
    desk = Desk(desk.store, FixedClock("2019-01-02T09:00:00"))
    child = unproven.children(desk, name)[0].id
    assert unproven.report(desk, "staff", child, WORRY).startswith("CN-")


@pytest.mark.parametrize(
    ("user", "text", "about"),
    [
        ("nobody", WORRY, ()),
        ("", WORRY, ()),
        ("staff", "  ", ()),
        ("staff", WORRY, ("x",)),
        ("staff", "w" * 30_000, ()),
    ],
)
def test_what_is_not_taken_leaves_nothing(
    desk_for: DeskFor, user: str, text: str, about: tuple[str, ...]
) -> None:
    desk = nobody(desk_for)
    child, before = child_of(desk_for), len(list(desk.store.entries()))
    with pytest.raises(InvalidError):
        unproven.report(desk, user, child, text, about)
    assert len(list(desk.store.entries())) == before


def test_a_folder_that_cannot_be_written_to_says_so(
    desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, child = nobody(desk_for), child_of(desk_for)
    monkeypatch.setattr(desk.store, "_readonly", "the disk is read-only")
    with pytest.raises(FolderError, match="only be read"):
        unproven.report(desk, "staff", child, WORRY)
