from datetime import date

import pytest

from tests.conftest import DeskFor
from workbench.desk import roll
from workbench.desk.clock import FixedClock
from workbench.domain.errors import ConflictError, InvalidError, NotFoundError
from workbench.domain.pupils import Pupil

ADA = {
    "surname": "Lis",
    "forename": "Ada",
    "born": "1 Feb 2013",
    "year": "Year 8",
    "class": "8A",
    "starts": "2026-11-30",
}


def test_the_roll_is_sorted_by_name(desk_for: DeskFor) -> None:
    pupils = roll.pupils(desk_for("attendance"))
    assert len(pupils) == 96
    assert pupils == sorted(pupils, key=lambda p: (p.surname.casefold(), p.forename.casefold(), p.id))


def test_a_pupil_is_found_by_id_and_by_number(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    kofi = roll.find(desk, "g880600123946")
    assert (kofi.surname, kofi.forename, kofi.class_) == ("St. John", "Kofi", "10A")
    assert roll.find(desk, kofi.id) == kofi


@pytest.mark.parametrize("ref", ["", "P-NOSUCH", "Z000000000000", "Kofi", "[/]"])
def test_anything_else_is_not_found(desk_for: DeskFor, ref: str) -> None:
    with pytest.raises(NotFoundError):
        roll.find(desk_for("attendance"), ref)


def test_classes_count_who_is_on_roll(desk_for: DeskFor) -> None:
    classes = roll.classes(desk_for("staff"))
    assert list(classes)[:2] == ["7A", "7B"]
    assert sum(classes.values()) == 96


@pytest.mark.parametrize("user", ["staff", "auditor"])
def test_staff_and_auditors_see_names_and_classes_only(desk_for: DeskFor, user: str) -> None:
    seen = roll.find(desk_for(user), "L880600118954")
    whole = roll.find(desk_for("dsl"), "L880600118954")
    assert whole.address
    assert whole.groups == ("youth_justice",)
    assert (seen.name, seen.class_) == (whole.name, whole.class_)
    assert (seen.address, seen.postcode, seen.groups) == ("", "", ())


def test_adding_a_pupil(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    ada = roll.add(desk, {**ADA, "social_worker": "yes", "groups": "grt,service", "home_la": "South"})
    assert ada.id.startswith("P-")
    assert ada == roll.find(desk, ada.id)
    assert (ada.year, ada.starts, ada.baseline) == (8, date(2026, 11, 30), False)
    assert (ada.groups, ada.social_worker, ada.home_la) == (("grt", "service"), True, "South")
    entry = list(desk.store.entries())[-1]
    assert (entry["act"], entry["actor"]) == ("pupil.added", "attendance")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"surname": ""}, "surname"),
        ({"born": "2027-01-01"}, "future"),
        ({"born": "yesterday"}, "born"),
        ({"year": "13"}, "years 7 to 11"),
        ({"class": "../9B"}, "class"),
        ({"upn": "A880600119001"}, "check letter"),
        ({"upn": "G880600123946"}, "already"),
        ({"starts": "2010-01-01"}, "before being born"),
        ({"groups": "rich"}, "groups"),
        ({"boarder": "perhaps"}, "boarder"),
        ({"left": "2026-01-01"}, "no field"),
        ({"surname": "x" * 201}, "200"),
        ({"postcode": "x" * 13}, "postcode"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_written(
    desk_for: DeskFor, fields: dict[str, str], words: str
) -> None:
    desk = desk_for("attendance")
    before = desk.store.head
    with pytest.raises(InvalidError, match=words):
        roll.add(desk, {**ADA, **fields})
    assert desk.store.head == before


def test_a_new_pupil_needs_a_name_and_dates(desk_for: DeskFor) -> None:
    with pytest.raises(InvalidError, match="forename, born, year, class, starts"):
        roll.add(desk_for("attendance"), {"surname": "Lis"})


def test_editing_keeps_the_rest(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    before = roll.find(desk, "G880600123946")
    after = roll.edit(
        desk, before.id, {"class": "10B", "address": "", "looked_after_by": "South"}, rev=before.rev
    )
    assert (after.class_, after.address, after.looked_after_by) == ("10B", "", "South")
    assert (after.surname, after.born, after.rev) == (before.surname, before.born, before.rev + 1)


def test_a_stale_revision_is_told_with_both_versions(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    seen = roll.find(desk, "G880600123946")
    roll.edit(desk_for("dsl"), seen.id, {"class": "10B"})
    with pytest.raises(ConflictError) as caught:
        roll.edit(desk, seen.id, {"class": "9B"}, rev=seen.rev)
    assert (caught.value.theirs["class_"], caught.value.yours["class_"]) == ("10B", "9B")
    assert roll.find(desk, seen.id).class_ == "10B"


def test_no_edit_takes_a_name_off_the_roll(desk_for: DeskFor) -> None:
    with pytest.raises(InvalidError, match="no field"):
        roll.edit(desk_for("dsl"), "G880600123946", {"left": "2026-11-23"})


def test_an_empty_edit_is_refused(desk_for: DeskFor) -> None:
    with pytest.raises(InvalidError):
        roll.edit(desk_for("dsl"), "G880600123946", {})


def test_somebody_who_starts_later_is_listed_and_not_counted(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("attendance")
    ada = roll.add(desk, ADA)
    assert ada in roll.pupils(desk)
    assert sum(roll.classes(desk).values()) == 96
    clock.set("2026-11-30T09:00")
    assert sum(roll.classes(desk).values()) == 97


def test_an_id_of_another_kind_is_no_pupil(desk_for: DeskFor) -> None:
    assert isinstance(roll.find(desk_for("dsl"), "G880600123946"), Pupil)
    person = roll.around(desk_for("dsl"), "G880600123946")[0]
    with pytest.raises(NotFoundError):
        roll.find(desk_for("dsl"), person.id)
