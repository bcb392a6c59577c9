"""What would follow if a child's marks went on in one code; nothing is written."""

from datetime import date

import pytest

from tests.conftest import DeskFor
from workbench.desk import calendars, duties, registers, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.whatif import what_if, words_of
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError

D = date
TODAY, TENTH = D(2026, 11, 23), D(2026, 12, 4)
"""A Monday, and the Friday that is the tenth school day from it."""
TEN = "absence.ten-day-return"


def quiet(desk: Desk) -> str:
    """A pupil about whom nothing is due, present on the last day."""
    busy = {duty.pupil for duty in duties.due(desk, everything=True)}
    return next(p.id for p in roll.pupils(desk) if p.id not in busy and not p.groups)


def rules_of(desk: Desk, pupil: str, code: str, until: date, start: date | None = None) -> dict[str, date]:
    return {
        f.duty.rule: f.comes for f in what_if(desk, pupil, code, until, start).duties if f.change == "new"
    }


@pytest.mark.parametrize(("until", "comes"), [(D(2026, 12, 3), False), (TENTH, True), (D(2026, 12, 7), True)])
def test_the_ten_day_return_comes_on_the_tenth_day(desk_for: DeskFor, until: date, comes: bool) -> None:
    desk = desk_for("dsl")
    found = rules_of(desk, quiet(desk), "O", until)
    assert found.get(TEN) == (TENTH if comes else None)


def test_what_is_said_is_what_comes_when_the_marks_are_made(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    pupil = quiet(desk)
    said = {f.duty.id: (f.comes, f.duty.due) for f in what_if(desk, pupil, "G", TENTH).duties}
    come: dict[str, tuple[date, date]] = {}
    for day in desk.calendar().span(TODAY, TENTH):
        clock.set(f"{day.isoformat()}T20:00:00")
        for session in ("AM", "PM"):
            registers.mark(desk, pupil, day, session, "G")
        for duty in duties.due(desk, on=day, pupil=pupil, everything=True):
            come.setdefault(duty.id, (day, duty.due))
    assert {own: pair for own, pair in come.items() if own in said} == said
    assert TEN in {own.partition(":")[0] for own in said}
    assert set(come) == set(said)


def test_it_writes_nothing(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = quiet(desk)
    before, marks = desk.store.head.seq, registers.marks_of(desk, pupil)
    stood = duties.due(desk, pupil=pupil, everything=True)
    assert what_if(desk, pupil, "O", TENTH).duties
    assert desk.store.head.seq == before
    assert registers.marks_of(desk, pupil) == marks
    assert duties.due(desk, pupil=pupil, everything=True) == stood


def test_a_reason_comes_with_each(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    found = next(f for f in what_if(desk, quiet(desk), "O", TENTH).duties if f.duty.rule == TEN)
    assert any("10 school days" in line or "ten" in line for line in found.why)
    assert found.duty.state == "due"


def test_duties_that_go_on_as_they_are_are_counted_and_said(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = next(d.pupil for d in duties.due(desk, rule=TEN) if d.state == "overdue")
    assert pupil is not None
    found = what_if(desk, pupil, "O", TENTH)
    touched = {f.duty.id for f in found.duties}
    later = [d.id for d in duties.due(desk, on=TENTH, pupil=pupil) if d.id not in touched]
    assert found.unchanged == len(later) > 1
    assert words_of(found).endswith(f"Nothing is written. {found.unchanged} duties go on as they are.")
    assert found.unchanged >= what_if(desk_for("attendance"), pupil, "O", TENTH).unchanged
    assert "as they are" not in words_of(what_if(desk, quiet(desk), "O", TENTH))


def test_presence_ends_what_hangs_on_the_absence(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = next(d.pupil for d in duties.due(desk, rule="case.enquiries"))
    assert pupil is not None
    found = what_if(desk, pupil, "/", TENTH)
    assert [(f.change, f.duty.rule) for f in found.duties] == [("gone", "case.enquiries")]


def test_it_begins_after_the_last_mark(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = quiet(desk)
    assert (what_if(desk, pupil, "O", TENTH).first_session, what_if(desk, pupil, "O", TENTH).sessions) == (
        "AM",
        20,
    )
    registers.mark(desk, pupil, TODAY, "AM", "/")
    found = what_if(desk, pupil, "O", TENTH)
    assert (found.first, found.first_session, found.sessions, found.replaced) == (TODAY, "PM", 19, 0)


def test_a_planned_mark_is_set_aside_for_the_question(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = quiet(desk)
    registers.mark(desk, pupil, D(2026, 11, 25), "AM", "C1")
    found = what_if(desk, pupil, "O", TENTH)
    assert (found.sessions, found.replaced) == (20, 1)
    assert TEN in {f.duty.rule for f in found.duties}


def test_it_may_begin_later(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    found = what_if(desk, quiet(desk), "O", TENTH, D(2026, 11, 30))
    assert (found.first, found.sessions) == (D(2026, 11, 30), 10)
    assert TEN not in {f.duty.rule for f in found.duties}


def test_a_closed_day_is_passed_over(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = quiet(desk)
    calendars.close(desk, D(2026, 11, 25), why="burst pipe")
    assert rules_of(desk, pupil, "O", D(2026, 12, 7))[TEN] == D(2026, 12, 7)


def test_the_attendance_officer_sees_own_duties_and_a_count(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    pupil = next(p.id for p in roll.pupils(dsl) if "new_migrant" in p.groups and p.starts < D(2026, 11, 1))
    whole, part = what_if(dsl, pupil, "O", TENTH), what_if(desk_for("attendance"), pupil, "O", TENTH)
    assert part.hidden == len(whole.duties) - len(part.duties) > 0
    assert {f.duty.owner for f in part.duties} == {"attendance"}


@pytest.mark.parametrize(
    ("code", "until", "start", "words"),
    [
        ("QQ", TENTH, None, "no attendance code"),
        ("H", TENTH, None, "not in force on 2026-11-23"),
        ("#", TENTH, None, "no mark of a child"),
        ("O", D(2026, 11, 20), None, "until 2026-11-20 is before today"),
        ("O", TENTH, D(2026, 11, 20), "from 2026-11-20 is before today"),
        ("O", TENTH, D(2026, 12, 7), "is before from 2026-12-07"),
        ("O", D(2027, 9, 6), None, "outside the calendar, which reaches to 2027-07-21"),
        ("O", D(2026, 12, 23), D(2026, 12, 21), "no session to suppose"),
    ],
)
def test_what_cannot_be_supposed_says_why(
    desk_for: DeskFor, code: str, until: date, start: date | None, words: str
) -> None:
    desk = desk_for("dsl")
    before = desk.store.head.seq
    with pytest.raises(InvalidError, match=words):
        what_if(desk, quiet(desk), code, until, start)
    assert desk.store.head.seq == before


def test_an_unknown_pupil_and_a_role_without_it_are_refused(desk_for: DeskFor) -> None:
    with pytest.raises(NotFoundError):
        what_if(desk_for("dsl"), "P-NOBODY", "O", TENTH)
    with pytest.raises(RefusedError):
        what_if(desk_for("staff"), "P-NOBODY", "O", TENTH)
