from datetime import date

import pytest

from tests.conftest import DeskFor
from workbench.desk import registers, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import FileFaultsError, InvalidError, NotFoundError

TODAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 20)
CLASS = "9B"


def class_of(desk: Desk) -> list[str]:
    return [pupil.id for pupil in roll.pupils(desk) if pupil.class_ == CLASS]


def code(desk: Desk, pupil: str, on: date = TODAY, session: str = "AM") -> str:
    rows = registers.view(desk, CLASS, on).rows
    return next(row.marks.get((on, session), "") for row in rows if row.pupil.id == pupil)


def acts(desk: Desk) -> list[tuple[str, str | None, str | None]]:
    return [(entry["act"], entry["subject"], entry["why"]) for entry in desk.store.entries()]


def test_a_mark_is_a_draft_until_the_register_is_taken(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    first, *_ = class_of(desk)
    assert registers.mark(desk, first, TODAY, "AM", "n") == "N"
    assert code(desk, first) == "N"
    assert registers.mark(desk, first, TODAY, "AM", "\\") == "/"
    assert code(desk, first) == "/"
    assert registers.mark(desk, first, TODAY, "AM", None) == ""
    assert code(desk, first) == ""
    assert acts(desk)[-1] == ("mark.drafted", first, "2026-11-23AM")


def test_present_is_written_with_the_sessions_own_sign(desk_for: DeskFor, clock: FixedClock) -> None:
    clock.set("2026-11-23T13:12")
    desk = desk_for("staff")
    assert registers.mark(desk, class_of(desk)[0], TODAY, "PM", "/") == "\\"


def test_minutes_late_stand_beside_the_mark_and_go_with_it(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    first = class_of(desk)[0]
    registers.mark(desk, first, TODAY, "AM", "L", minutes=12)
    row = next(row for row in registers.view(desk, CLASS).rows if row.pupil.id == first)
    assert (row.marks[(TODAY, "AM")], row.notes[(TODAY, "AM")].minutes) == ("L", 12)
    registers.mark(desk, first, TODAY, "AM", "/")
    row = next(row for row in registers.view(desk, CLASS).rows if row.pupil.id == first)
    assert row.notes == {}
    registers.mark(desk, first, TODAY, "AM", "L", minutes=5)
    row = next(row for row in registers.view(desk, CLASS).rows if row.pupil.id == first)
    assert row.notes[(TODAY, "AM")].minutes == 5


@pytest.mark.parametrize(
    ("on", "session", "wanted", "minutes", "words"),
    [
        (TODAY, "AM", "Q9", None, "no attendance code"),
        (TODAY, "AM", "", 5, "Minutes"),
        (TODAY, "AM", "N", 5, "Minutes"),
        (TODAY, "AM", "L", 0, "Minutes"),
        (TODAY, "AM", "L", 999, "Minutes"),
        (TODAY, "PM", "/", None, "future"),
        (TODAY, "EVENING", "/", None, "AM or PM"),
        (date(2026, 11, 24), "AM", "N", None, "future"),
        (date(2026, 11, 21), "AM", "N", None, "no school day"),
        (date(2026, 10, 28), "AM", "N", None, "half term"),
        (date(2026, 12, 25), "AM", "C", None, "no school day"),
        (date(2030, 1, 8), "AM", "C", None, "no school day"),
        (FRIDAY, "AM", "N", None, "amend"),
    ],
)
def test_what_cannot_be_marked_says_why(
    desk_for: DeskFor, on: date, session: str, wanted: str, minutes: int | None, words: str
) -> None:
    desk = desk_for("staff")
    head = desk.store.head
    with pytest.raises(InvalidError) as caught:
        registers.mark(desk, class_of(desk)[0], on, session, wanted, minutes=minutes)
    assert words in str(caught.value)
    assert desk.store.head == head


def test_planned_codes_may_be_entered_ahead_and_count_as_marked(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("staff")
    first, *others = class_of(desk)
    tuesday = date(2026, 11, 24)
    assert registers.mark(desk, first, tuesday, "AM", "M") == "M"
    clock.set("2026-11-24T09:00")
    assert registers.rest_present(desk, CLASS, tuesday, "AM") == len(others)
    registers.take(desk, CLASS, tuesday, "AM")
    assert code(desk, first, tuesday) == "M"


def test_nobody_is_marked_before_they_start(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    fields = {"surname": "Lis", "forename": "Ada", "born": "2013-02-01", "year": "9", "class": CLASS}
    ada = roll.add(desk, {**fields, "starts": "2026-11-25"})
    with pytest.raises(InvalidError, match="starts on 2026-11-25"):
        registers.mark(desk, ada.id, TODAY, "AM", "/")
    registers.rest_present(desk, CLASS, TODAY, "AM")
    registers.take(desk, CLASS, TODAY, "AM")
    assert code(desk, ada.id) == ""


def test_a_register_of_a_class_in_four_acts(desk_for: DeskFor) -> None:
    """Two absent by hand, the rest present, take it."""
    desk = desk_for("staff")
    first, second, *others = class_of(desk)
    start = len(acts(desk))
    registers.mark(desk, first, TODAY, "AM", "N")
    registers.mark(desk, second, TODAY, "AM", "I")
    assert registers.rest_present(desk, CLASS, TODAY, "AM") == len(others)
    taken = registers.take(desk, CLASS, TODAY, "AM")
    assert (taken.class_, taken.by, taken.how) == (CLASS, "staff", "taken")
    assert acts(desk)[start:] == [
        ("mark.drafted", first, "2026-11-23AM"),
        ("mark.drafted", second, "2026-11-23AM"),
        ("mark.drafted", CLASS, "2026-11-23AM"),
        ("register.taken", CLASS, "register.take:9B:2026-11-23AM"),
    ]
    assert [code(desk, pupil) for pupil in (first, second, others[0])] == ["N", "I", "/"]


def test_nobody_left_to_mark_writes_nothing(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    registers.rest_present(desk, CLASS, TODAY, "AM")
    head = desk.store.head
    assert registers.rest_present(desk, CLASS, TODAY, "AM") == 0
    assert desk.store.head == head


def test_a_register_with_a_gap_is_not_taken(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    registers.mark(desk, class_of(desk)[0], TODAY, "AM", "/")
    with pytest.raises(InvalidError, match="no mark yet"):
        registers.take(desk, CLASS, TODAY, "AM")
    assert registers.view(desk, CLASS).taken == {}


def test_no_register_is_taken_twice(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    registers.rest_present(desk, CLASS, TODAY, "AM")
    registers.take(desk, CLASS, TODAY, "AM")
    for again in (registers.take, registers.rest_present):
        if again is registers.take:
            with pytest.raises(InvalidError, match="was taken by staff"):
                again(desk, CLASS, TODAY, "AM")
    with pytest.raises(InvalidError, match="was imported by dsl"):
        registers.take(desk, CLASS, FRIDAY, "AM")


@pytest.mark.parametrize("on", [date(2026, 11, 24), date(2026, 11, 22), date(2026, 11, 2)])
def test_no_register_on_days_without_sessions_or_ahead(desk_for: DeskFor, on: date) -> None:
    with pytest.raises(InvalidError):
        registers.take(desk_for("staff"), CLASS, on, "AM")


def test_an_unknown_class_is_not_found(desk_for: DeskFor) -> None:
    with pytest.raises(NotFoundError, match="9Z"):
        registers.take(desk_for("staff"), "9Z", TODAY, "AM")
    with pytest.raises(NotFoundError):
        registers.view(desk_for("staff"), "9Z")


def test_lines_of_a_command_take_a_register(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    first, second, third, *_ = class_of(desk)
    upn = roll.find(desk, second).upn
    start = len(acts(desk))
    registers.take_lines(desk, CLASS, "AM", f"{first} n\n\n{upn}\tL 12\r\n{third} \\\n", rest_present=True)
    assert [code(desk, pupil) for pupil in (first, second, third)] == ["N", "L", "/"]
    assert acts(desk)[start:] == [("register.taken", CLASS, "register.take:9B:2026-11-23AM")]


def test_lines_without_the_rest_must_name_everybody(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    with pytest.raises(InvalidError, match="no mark yet"):
        registers.take_lines(desk, CLASS, "AM", f"{class_of(desk)[0]} N")
    lines = "\n".join(f"{pupil} /" for pupil in class_of(desk))
    assert registers.take_lines(desk, CLASS, "AM", lines).on == TODAY


def test_faulty_lines_are_named_and_nothing_is_written(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    first, second, *_ = class_of(desk)
    stranger = next(pupil.id for pupil in roll.pupils(desk) if pupil.class_ != CLASS)
    lines = (
        f"{first} N\n{first} I\n{stranger} N\n{second} QQ\n{second}\n{second} N 5\n{second} L x\n\x1b[2J N\n"
    )
    head = desk.store.head
    with pytest.raises(FileFaultsError) as caught:
        registers.take_lines(desk, CLASS, "AM", lines, rest_present=True)
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [
        (2, "pupil"),
        (3, "pupil"),
        (4, "code"),
        (5, ""),
        (6, "minutes"),
        (7, "minutes"),
        (8, ""),
    ]
    assert desk.store.head == head


def test_a_register_of_an_earlier_day_is_written_at_the_clocks_time(
    desk_for: DeskFor, clock: FixedClock
) -> None:
    clock.set("2026-11-24T16:00")
    desk = desk_for("staff")
    taken = registers.take_lines(desk, CLASS, "PM", "", rest_present=True, on=TODAY)
    assert (taken.on, taken.at) == (TODAY, "2026-11-24T16:00:00+00:00")


def test_an_earlier_first_day_is_remembered(desk_for: DeskFor) -> None:
    desk = desk_for("staff")
    assert desk.school().registers_since == date(2026, 11, 3)  # the first day of the imported registers
    registers.mark(desk, class_of(desk)[0], date(2026, 9, 4), "AM", "/")
    assert desk.school().registers_since == date(2026, 9, 4)


def test_the_view_of_a_week(desk_for: DeskFor) -> None:
    view = registers.view(desk_for("staff"), CLASS, FRIDAY)
    assert [day.isoformat() for day in view.days] == [f"2026-11-{day}" for day in (16, 17, 18, 19, 20)]
    assert view.closed == {}
    assert len(view.taken) == 10
    assert (view.opens["AM"], view.closes["AM"]) == ("08:55", "09:25")
    assert view.marked == view.due == dict.fromkeys(view.marked, 10)
    ines = next(row for row in view.rows if row.pupil.forename == "Ines")
    assert (ines.percent, ines.run, ines.warning) == (7.1, 12, "day 12")
    assert ines.spark[-1] == 0.0
    assert len(ines.spark) == 6


def test_the_view_of_a_week_with_closed_days(desk_for: DeskFor) -> None:
    view = registers.view(desk_for("staff"), CLASS, date(2026, 11, 2))
    assert view.closed == {date(2026, 11, 2): "INSET"}


def test_the_codes_of_a_day(desk_for: DeskFor) -> None:
    choices = {choice.code: choice for choice in registers.code_choices(desk_for("staff"), TODAY)}
    assert choices["L"].needs == "minutes"
    assert choices["C1"].planned
    old = {choice.code for choice in registers.code_choices(desk_for("staff"), date(2020, 1, 6))}
    assert {"H", "J", "Y"} <= old
    assert not {"J1", "C1", "Y1"} & old
    with pytest.raises(InvalidError, match="in force"):
        registers.code_choices(desk_for("staff"), date(2006, 8, 31))


def test_amending_keeps_the_original_and_who_and_why(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("attendance")
    pupil = next(
        row.pupil.id for row in registers.view(desk, CLASS, FRIDAY).rows if row.marks[(FRIDAY, "AM")] == "N"
    )
    first = registers.amend(desk, pupil, FRIDAY, "AM", "i", "Mother called: ill")
    clock.advance(minutes=1)
    second = registers.amend(desk, pupil, FRIDAY, "AM", "M", "It was the dentist")
    assert (first.was, first.code, second.was, second.code) == ("N", "I", "I", "M")
    assert (second.by, second.post, second.reason) == (
        "attendance",
        "Attendance officer",
        "It was the dentist",
    )
    assert registers.amendments(desk, pupil) == [first, second]
    assert code(desk, pupil, FRIDAY) == "M"
    assert (FRIDAY, "AM", "M") in registers.marks_of(desk, pupil)
    assert acts(desk)[-1] == ("mark.amended", pupil, "2026-11-20AM")


@pytest.mark.parametrize(
    ("on", "session", "wanted", "reason", "words"),
    [
        (TODAY, "AM", "I", "ill", "not taken yet"),
        (FRIDAY, "AM", "I", "  ", "reason is missing"),
        (FRIDAY, "AM", "\\", "wrong sign", "sign of the PM session"),
        (FRIDAY, "AM", "H", "holiday", "the code H is not in force on 2026-11-20"),
        (FRIDAY, "AM", "N", "same", "already"),
        (FRIDAY, "XM", "N", "x", "AM or PM"),
        (date(2026, 11, 2), "AM", "N", "closed", "INSET"),
    ],
)
def test_what_cannot_be_amended(
    desk_for: DeskFor, on: date, session: str, wanted: str, reason: str, words: str
) -> None:
    desk = desk_for("attendance")
    pupil = next(
        row.pupil.id for row in registers.view(desk, CLASS, FRIDAY).rows if row.marks[(FRIDAY, "AM")] == "N"
    )
    with pytest.raises(InvalidError, match=words):
        registers.amend(desk, pupil, on, session, wanted, reason)
    assert registers.amendments(desk, pupil) == []


def test_two_at_one_class_both_see_all_marks(desk_for: DeskFor) -> None:
    one, other = desk_for("staff"), desk_for("attendance")
    first, second, *_ = class_of(one)
    registers.mark(one, first, TODAY, "AM", "N")
    registers.mark(other, second, TODAY, "AM", "I")
    assert [code(one, pupil) for pupil in (first, second)] == ["N", "I"]
