"""The calendar: what it shows, days closed and opened again, and the deadlines that this moves."""

from datetime import date

import pytest

from tests.conftest import DeskFor
from tests.workbench.story import acts
from workbench.desk import calendars, duties, events, registers, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import ConflictError, InvalidError, RefusedError
from workbench.domain.school import Closure, Term

D = date
TODAY, TUE, WED, FRI, MON = (
    D(2026, 11, 23),
    D(2026, 11, 24),
    D(2026, 11, 25),
    D(2026, 11, 27),
    D(2026, 11, 30),
)
RESOLVE = "absence.resolve-n"


def head(desk: Desk) -> int:
    return desk.store.head.seq


def days_due(desk: Desk) -> dict[str, date]:
    return {duty.id: duty.due for duty in duties.due(desk)}


# what it shows ------------------------------------------------------------------------------------------------


def test_terms_closures_and_days_of_the_year(empty_for: DeskFor) -> None:
    found = calendars.show(empty_for("staff"))
    assert [(t.name, t.first, t.days) for t in found.terms] == [
        ("Autumn 2026", D(2026, 9, 3), 71),
        ("Spring 2027", D(2027, 1, 5), 53),
        ("Summer 2027", D(2027, 4, 12), 67),
    ]
    assert [(c.kind, c.first, c.days) for c in found.closures][:2] == [
        ("half term", D(2026, 10, 26), 5),
        ("INSET", D(2026, 11, 2), 1),
    ]
    assert [(y.year, y.days, y.sessions) for y in found.years] == [("2026-27", 191, 382)]
    assert found.remarks == []


def test_a_bank_holiday_with_school_is_remarked_on(empty_for: DeskFor) -> None:
    desk = empty_for("leader")
    calendars.open_(desk, D(2027, 5, 3))
    remarks = calendars.show(desk).remarks
    assert [(r.kind, r.on) for r in remarks] == [("bank-holiday", D(2027, 5, 3))]
    assert "bank holiday in England" in remarks[0].text


@pytest.mark.parametrize(("days", "short"), [(1, False), (2, True)])
def test_fewer_than_190_days_are_remarked_on_with_the_source(
    empty_for: DeskFor, days: int, short: bool
) -> None:
    """191 days as the file has it: one closed leaves exactly 190."""
    desk = empty_for("dsl")
    found = calendars.close(desk, D(2027, 6, 7), D(2027, 6, 7 + days - 1), "strike", dry_run=True)
    assert found.year_days == 191 - days
    assert bool(found.remarks) is short
    calendars.close(desk, D(2027, 6, 7), D(2027, 6, 7 + days - 1), "strike")
    remarks = calendars.show(desk).remarks
    assert [r.kind for r in remarks] == (["short-year"] if short else [])
    if short:
        assert "189 school days (378 sessions)" in remarks[0].text
        assert "of this kind of school it is no law" in remarks[0].text
        assert "SI 1999/3181" in remarks[0].source


def test_only_one_year_may_be_asked_for(empty_for: DeskFor) -> None:
    with pytest.raises(InvalidError, match=r"no terms of 2027-28.*It has 2026-27"):
        calendars.show(empty_for("dsl"), "2027-28")


# closing ------------------------------------------------------------------------------------------------------


def test_looking_writes_nothing_and_says_what_moves(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    before, stood = head(desk), days_due(desk)
    found = calendars.close(desk, WED, why="burst pipe", dry_run=True)
    assert head(desk) == before
    assert desk.calendar().is_school_day(WED)
    moved = {move.id: (move.due_before, move.due) for move in found.moved}
    assert moved
    assert all(own.startswith(RESOLVE) for own in moved)
    assert {own: pair[0] for own, pair in moved.items()} == {
        own: due for own, due in stood.items() if own.startswith(RESOLVE) and due >= WED
    }
    assert all(now is not None and was is not None and now > was for was, now in moved.values())
    assert days_due(desk) == stood


def test_what_is_closed_is_what_was_shown(desk_for: DeskFor) -> None:
    """The duties that stand afterwards are those that the look ahead named, and no others changed."""
    desk = desk_for("dsl")
    stood = days_due(desk)
    shown = calendars.close(desk, WED, why="burst pipe", dry_run=True)
    before = head(desk)
    done = calendars.close(desk, WED, why="burst pipe")
    assert done.moved == shown.moved
    assert (shown.dry_run, done.dry_run) == (True, False)
    assert acts(desk, before) == ["calendar.closed"]
    entry = list(desk.store.entries())[-1]
    assert (entry["subject"], entry["why"], entry["role"]) == ("2026-11-25", None, "dsl")
    expected = {**stood, **{m.id: m.due for m in shown.moved if m.due}}
    assert days_due(desk) == expected
    assert desk.calendar().why_closed(WED) == "burst pipe"


def test_a_day_closed_for_the_registers_of_today_takes_their_duties_away(desk_for: DeskFor) -> None:
    found = calendars.close(desk_for("attendance"), TODAY, why="snow", dry_run=True)
    gone = [move for move in found.moved if move.change == "gone"]
    assert {move.rule for move in gone} == {"register.take"}
    assert all(move.due is None and move.due_before == TODAY for move in gone)


def test_the_attendance_officer_sees_own_duties_and_a_count(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    pupil = roll.pupils(dsl)[0].id
    events.record(dsl, pupil, "suspension", {"on": "2026-11-20", "from": "2026-11-20", "days": "6"})
    whole = calendars.close(dsl, WED, dry_run=True)
    part = calendars.close(desk_for("attendance"), WED, dry_run=True)
    assert whole.hidden == 0
    assert part.hidden == len(whole.moved) - len(part.moved) > 0
    assert "suspension.sixth-day" in {move.rule for move in whole.moved} - {move.rule for move in part.moved}


def test_a_week_may_be_closed_at_once_and_opened_in_part(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    before = head(desk)
    assert calendars.close(desk, FRI, D(2026, 12, 2), "flood").days == 4
    assert calendars.open_(desk, MON).days == 1
    assert [(c.first, c.last, c.why) for c in desk.school().closures if c.why == "flood"] == [
        (FRI, D(2026, 11, 29), "flood"),
        (D(2026, 12, 1), D(2026, 12, 2), "flood"),
    ]
    assert acts(desk, before) == ["calendar.closed", "calendar.opened"]
    assert list(desk.store.entries())[-2]["why"] == "2026-12-02"


def test_closed_and_opened_again_all_deadlines_are_back(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    stood = days_due(desk)
    calendars.close(desk, WED, why="burst pipe")
    found = calendars.open_(desk, WED)
    assert found.why == "burst pipe"
    assert all(move.earlier for move in found.moved)
    assert days_due(desk) == stood


def test_planned_marks_of_a_closed_day_are_kept_and_stand_again(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = roll.pupils(desk)[0].id
    registers.mark(desk, pupil, WED, "AM", "C1")
    assert calendars.close(desk, WED, why="burst pipe").marks == 1
    assert (WED, "AM", "C1") in registers.marks_of(desk, pupil)
    with pytest.raises(InvalidError, match="no school day: burst pipe"):
        registers.mark(desk, pupil, WED, "PM", "C1")
    calendars.open_(desk, WED)
    assert registers.mark(desk, pupil, WED, "PM", "C1") == "C1"


def test_a_day_whose_register_was_taken_is_refused_with_the_code_for_it(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    registers.rest_present(desk, "9B", TODAY, "AM")
    registers.take(desk, "9B", TODAY, "AM")
    before = head(desk)
    with pytest.raises(InvalidError, match=r"AM register of 9B for 2026-11-23 was taken.*Y4"):
        calendars.close(desk, TODAY, why="snow")
    assert head(desk) == before
    assert desk.calendar().is_school_day(TODAY)


def test_nobody_closes_over_what_somebody_else_changed(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    seen = calendars.close(desk, TUE, dry_run=True).rev
    calendars.close(desk, WED)
    with pytest.raises(ConflictError):
        calendars.close(desk, TUE, rev=seen)
    assert desk.calendar().is_school_day(TUE)


# a new year ---------------------------------------------------------------------------------------------------

NEXT = (
    Term(name="Autumn 2027", first=D(2027, 9, 2), last=D(2027, 12, 17)),
    Term(name="Spring 2028", first=D(2028, 1, 4), last=D(2028, 3, 31)),
    Term(name="Summer 2028", first=D(2028, 4, 18), last=D(2028, 7, 21)),
)


def test_a_new_year_is_added_with_its_registers(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("attendance")
    before = head(desk)
    half = Closure(why="half term", first=D(2027, 10, 25), last=D(2027, 10, 29))
    assert calendars.add(desk, NEXT, [half], dry_run=True).dry_run
    assert head(desk) == before
    found = calendars.add(desk, NEXT, [half])
    assert (found.act, found.year, found.year_days) == ("add", "2027-28", found.days)
    assert acts(desk, before) == ["calendar.added"]
    assert desk.years() == ["2026-27", "2027-28"]
    assert desk.calendar("2027-28").why_closed(D(2027, 10, 27)) == "half term"
    clock.set("2027-09-06T09:00:00")
    pupil = roll.pupils(desk)[0].id
    assert registers.mark(desk, pupil, D(2027, 9, 6), "AM", "/") == "/"
    assert duties.calendar_gap(desk) == ""
    calendars.close(desk, D(2027, 9, 7), why="INSET")
    assert desk.calendar().why_closed(D(2027, 9, 7)) == "INSET"


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ([], "needs a term"),
        ([Term(name="x", first=D(2027, 1, 10), last=D(2027, 1, 12))], "2026-27 has terms already"),
        ([Term(name="x", first=D(2025, 9, 10), last=D(2025, 9, 12))], "2025-26 is a past school year"),
        (
            [Term(name="x", first=D(2027, 9, 2), last=D(2037, 12, 17))],
            "to 2037-12-17 is longer than its school year",
        ),
        ([NEXT[0], Term(name="x", first=D(2028, 9, 4), last=D(2028, 12, 1))], "begin in 2027-28 and 2028-29"),
        ([NEXT[0], Term(name="x", first=D(2027, 12, 17), last=D(2028, 1, 12))], "overlap on 2027-12-17"),
        ([Term(name="x", first=D(2027, 9, 10), last=D(2027, 9, 1))], "ends on 2027-09-01, before it begins"),
        (
            [Term(name="x", first=D(2027, 9, 4), last=D(2027, 9, 5))],
            "x .2027-09-04 to 2027-09-05. has no school day",
        ),
        (
            [NEXT[0], Term(name="y", first=D(2028, 1, 8), last=D(2028, 1, 8))],
            "y .2028-01-08. has no school day",
        ),
        ([Term(name=" ", first=D(2027, 9, 1), last=D(2027, 9, 10))], "name of a term is missing"),
    ],
)
def test_terms_that_make_no_new_year_say_why(empty_for: DeskFor, terms: list[Term], words: str) -> None:
    desk = empty_for("dsl")
    before = head(desk)
    with pytest.raises(InvalidError, match=words):
        calendars.add(desk, terms)
    assert head(desk) == before


def test_a_term_that_is_closed_altogether_has_no_school_day(empty_for: DeskFor) -> None:
    shut = Closure(why="strike", first=NEXT[0].first, last=NEXT[0].last)
    with pytest.raises(InvalidError, match="has no school day"):
        calendars.add(empty_for("dsl"), NEXT, [shut])


def test_a_year_that_is_passed_over_is_named(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    later = [Term(name="Autumn 2029", first=D(2029, 9, 3), last=D(2029, 12, 14))]
    said = calendars.add(desk, later, dry_run=True).remarks[0]
    assert (
        said
        == "There are no terms for 2027-28, 2028-29: school days there are not counted until they are added."
    )
    assert not [r for r in calendars.add(desk, NEXT).remarks if "no terms" in r]
    assert "no terms for 2028-29:" in calendars.add(desk, later).remarks[0]


# refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (D(2026, 11, 28), None, "2026-11-28 is a Saturday"),
        (FRI, D(2026, 11, 29), "2026-11-29 is a Sunday"),
        (D(2026, 12, 21), None, "lies in no term"),
        (D(2030, 1, 7), None, "lies in no term .terms: 2026-09-03 to 2026-12-18"),
        (D(2026, 10, 27), None, "is closed already .half term."),
        (D(2026, 10, 23), D(2026, 11, 3), "2026-10-26 is closed already .half term."),
        (D(2026, 7, 1), None, "past school year 2025-26"),
        (WED, TUE, "is before 2026-11-25"),
        (D(2026, 9, 3), D(2027, 12, 3), "longer than 366 days"),
    ],
)
def test_days_that_cannot_be_closed_say_why(
    empty_for: DeskFor, first: date, last: date | None, words: str
) -> None:
    desk = empty_for("dsl")
    before = head(desk)
    with pytest.raises(InvalidError, match=words):
        calendars.close(desk, first, last, "x")
    assert head(desk) == before


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (WED, "is a school day already"),
        (D(2026, 11, 28), "is a Saturday"),
        (D(2026, 12, 25), "lies in no term"),
        (D(2025, 12, 1), "past school year 2025-26"),
    ],
)
def test_days_that_cannot_be_opened_say_why(empty_for: DeskFor, day: date, words: str) -> None:
    with pytest.raises(InvalidError, match=words):
        calendars.open_(empty_for("dsl"), day)


@pytest.mark.parametrize("user", ["staff", "auditor"])
def test_who_may_not_close_is_refused(empty_for: DeskFor, user: str) -> None:
    with pytest.raises(RefusedError):
        calendars.close(empty_for(user), TUE)


def test_a_reason_is_cleaned_and_bounded(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    assert "\x1b" not in calendars.close(desk, TUE, why="\x1b[31msnow").why
    with pytest.raises(InvalidError, match="at most 200"):
        calendars.close(desk, WED, why="x" * 201)


# time ---------------------------------------------------------------------------------------------------------


def test_what_was_known_before_keeps_the_calendar_of_then(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    stood = days_due(desk)
    clock.set("2026-11-24T10:00:00")
    calendars.close(desk, WED, why="burst pipe")
    then = {d.id: d.due for d in duties.due(desk, on=TODAY, known=TODAY) if d.rule == RESOLVE}
    assert then == {own: due for own, due in stood.items() if own.startswith(RESOLVE)}
    now = {d.id: d.due for d in duties.due(desk, on=TODAY) if d.rule == RESOLVE}
    assert now != then
    assert [c.why for c in calendars.show(desk, known=TODAY).closures] == [
        c.why for c in calendars.show(desk).closures if c.why != "burst pipe"
    ]


def test_a_day_closed_for_another_is_noticed_by_duties_worked_out_before(desk_for: DeskFor) -> None:
    """One day closed and one opened leave as many sessions as before: what was kept must not be taken for it."""
    desk = desk_for("dsl")
    calendars.close(desk, WED, why="x")
    first = days_due(desk)
    with desk.change("calendar.closed") as tx:
        school = dict(tx.get("school", "school", "school") or {})
        closures = [
            {**c, "first": "2026-12-10", "last": "2026-12-10"} if c["why"] == "x" else c
            for c in school["closures"]
        ]
        tx.put("school", "school", {**school, "closures": closures})
    assert days_due(desk) != first


@pytest.mark.parametrize(
    ("day", "said"),
    [(D(2026, 9, 3), False), (D(2027, 7, 21), False), (D(2027, 7, 30), False), (D(2027, 8, 1), True)],
)
def test_a_day_in_a_year_without_terms_is_said_not_passed_over(
    empty_for: DeskFor, day: date, said: bool
) -> None:
    words = duties.calendar_gap(empty_for("dsl"), day)
    assert (f"{day.isoformat()} lies outside the calendar (2026-09-03 to 2027-07-21)" in words) is said
    assert bool(words) is said
