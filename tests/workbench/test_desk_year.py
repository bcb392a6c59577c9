"""The roll over into a new school year: nobody is lost, last year stays as it was, the rules see across the summer."""

from datetime import date, timedelta

import msgspec
import pytest

from tests.conftest import PASSPHRASE, DeskFor
from tests.workbench.leaver import left_long_ago
from tests.workbench.story import TEN_DAYS, acts
from tests.workbench.twoyears import AUGUST, AWAY, CLOSED, FIRST, JULY, TERMS, away, first_of, summer
from workbench.desk import (
    amendments,
    calendars,
    checks,
    duties,
    folders,
    imports,
    logbook,
    register_day,
    register_view,
    registers,
    roll,
    signin,
    year,
)
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.register_writes import taken_duty
from workbench.domain.errors import ConflictError, InvalidError, RefusedError
from workbench.domain.rollover import plan
from workbench.domain.school import Term

D = date
WEEKS = "absence.penalty-threshold"
NEWCOMER = {
    "surname": "Newcomer",
    "forename": "Ida",
    "born": "2016-03-01",
    "year": "7",
    "class": "7A",
    "starts": "2027-09-01",
}


def places(desk: Desk, on: date) -> dict[str, tuple[int, str]]:
    return {p.id: (p.year, p.class_) for p in roll.pupils(desk, on=on, leavers=True)}


def faults(desk: Desk) -> list[str]:
    return [found.words for found in checks.check(desk) if found.level != "remark"]


@pytest.fixture
def august(desk_for: DeskFor, clock: FixedClock) -> DeskFor:
    """31 August: the year is over, the next one is not rolled yet."""
    summer(desk_for, clock)
    clock.set("2027-08-31T10:00:00")
    return desk_for


# before, on and after the first day ---------------------------------------------------------------------------


def test_a_dry_run_shows_everybody_and_writes_nothing(august: DeskFor) -> None:
    desk = august("attendance")
    before = desk.store.head.seq
    found = year.roll(desk, TERMS, CLOSED, dry_run=True)
    assert desk.store.head.seq == before
    assert (found.id, found.begins, found.dry_run) == ("2027-28", FIRST, True)
    assert {row.pupil for row in found.rows} == {p.id for p in roll.pupils(desk)}
    assert len(found.rows) == 96
    assert found.classes == {"7A": "8A", "7B": "8B", "8A": "9A", "8B": "9B", "9A": "10A", "9B": "10B"} | {
        "10A": "11A",
        "10B": "11B",
    }
    assert found.calendar is not None
    assert found.calendar.days > 150


def test_rolled_on_31_august_it_takes_effect_on_the_first_day(august: DeskFor, clock: FixedClock) -> None:
    desk = august("attendance")
    was = places(desk, AUGUST)
    found = year.roll(desk, TERMS, CLOSED)
    assert places(desk, AUGUST) == was, "today's classes are those of the old year still"
    clock.set("2027-09-01T08:30:00")
    now = places(desk, FIRST)
    assert now.keys() == was.keys()
    for own, (group, class_) in was.items():
        if group == 11:
            assert now[own] == (11, f"{class_} undecided"), "who has to be decided on is in no new class"
        else:
            assert now[own] == (group + 1, f"{group + 1}{class_[-1]}")
    assert {row.pupil for row in found.rows if row.what == "decide"} == {
        own for own, (group, _) in was.items() if group == 11
    }
    assert places(desk, JULY) == was
    assert "8A" in roll.classes(desk)
    assert "8A" in {one.class_ for one in register_day.registers_of(desk).classes}


def test_rolled_on_the_first_day_itself(august: DeskFor, clock: FixedClock) -> None:
    child = first_of(august, "7A")
    clock.set("2027-09-01T07:45:00")
    desk = august("leader")
    year.roll(desk, TERMS, CLOSED)
    assert roll.find(desk, child.id).class_ == "8A"
    assert roll.find(desk, child.id).year == 8
    registers.take_lines(august("attendance"), "8A", "AM", "", rest_present=True, on=FIRST)


def test_rolled_late_it_takes_effect_after_the_last_register(august: DeskFor, clock: FixedClock) -> None:
    desk = august("attendance")
    calendars.add(desk, TERMS, CLOSED)
    clock.set("2027-09-02T15:30:00")
    registers.take_lines(desk, "7A", "AM", "", rest_present=True, on=D(2027, 9, 2))
    found = year.roll(desk)
    assert found.begins == D(2027, 9, 3)
    assert "Registers of 2027-28 are taken already" in found.remarks[0]
    clock.set("2027-09-03T15:30:00")
    view = register_view.view(desk, "7A", D(2027, 9, 2))
    assert view.taken.keys() == {(D(2027, 9, 2), "AM")}
    due = {duty.id for duty in duties.due(desk, rule=duties.REGISTER)}
    assert taken_duty("8A", D(2027, 9, 3), "AM") in due
    assert taken_duty("8A undecided", D(2027, 9, 1), "AM") not in due


def test_one_entry_one_part_a_pupil(august: DeskFor) -> None:
    desk = august("dsl")
    year.roll(desk, TERMS, CLOSED)
    entry = next(iter(desk.store.entries(newest_first=True)))
    assert (entry["act"], entry["subject"], entry["why"]) == ("year.rolled", "2027-28", None)
    assert acts(desk).count("year.rolled") == 1
    assert "calendar.added" not in acts(desk)


def test_done_twice_it_is_refused_and_writes_nothing(august: DeskFor) -> None:
    desk = august("dsl")
    year.roll(desk, TERMS, CLOSED)
    before = desk.store.head.seq
    with pytest.raises(InvalidError, match="2027-28 already"):
        year.roll(desk, TERMS, CLOSED)
    with pytest.raises(InvalidError, match="2028-29 has no terms yet"):
        year.roll(desk)
    assert desk.store.head.seq == before


def test_who_was_changed_meanwhile_is_a_conflict_and_nothing_is_written(
    august: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = august("attendance")
    child = first_of(august, "7A")

    def slow(*args: object) -> object:
        made = plan(*args)  # type: ignore[arg-type]  # passed on as they came
        roll.edit(august("dsl"), child.id, {"postcode": "DE1 1AA"})
        return made

    monkeypatch.setattr("workbench.desk.year.plan", slow)
    with pytest.raises(ConflictError):
        year.roll(desk, TERMS, CLOSED)
    assert "2027-28" not in desk.years()
    assert year.show(desk).rolled == ()


@pytest.mark.parametrize("user", ["staff", "auditor"])
def test_others_may_not(august: DeskFor, user: str) -> None:
    with pytest.raises(RefusedError):
        year.roll(august(user), TERMS, CLOSED)


def test_a_year_without_terms_or_another_than_the_next_is_refused(august: DeskFor) -> None:
    with pytest.raises(InvalidError, match="2027-28 has no terms yet"):
        year.roll(august("dsl"))
    with pytest.raises(InvalidError, match="next school year to roll into is 2027-28"):
        year.roll(august("dsl"), [Term(name="x", first=D(2026, 9, 3), last=D(2026, 9, 9))])


# who is not rolled --------------------------------------------------------------------------------------------


def test_starters_of_september_stay_where_they_were_put(august: DeskFor, clock: FixedClock) -> None:
    desk = august("attendance")
    new = roll.add(
        desk,
        NEWCOMER,
    )
    found = year.roll(desk, TERMS, CLOSED)
    assert [row.what for row in found.rows if row.pupil == new.id] == ["starts"]
    clock.set("2027-09-01T09:00:00")
    assert [p.id for p in roll.pupils(desk) if p.class_ == "7A"] == [new.id]


def test_leavers_are_listed_with_their_date_and_never_go_up(desk_for: DeskFor, clock: FixedClock) -> None:
    left = left_long_ago(desk_for, clock)
    clock.set("2027-08-31T10:00:00")
    found = year.roll(desk_for("dsl"), TERMS, CLOSED)
    assert left not in {row.pupil for row in found.rows}
    assert [row.pupil for row in found.leavers] == [left]
    assert [row.pupil for row in year.show(desk_for("leader")).leavers] == [left]
    own = year.show(desk_for("attendance"))
    assert own.leavers == ()
    assert "DSL" in own.remarks[0]


def test_the_most_senior_are_shown_until_somebody_decides(august: DeskFor, clock: FixedClock) -> None:
    desk = august("dsl")
    assert year.show(desk).decide == ()
    year.roll(desk, TERMS, CLOSED)
    clock.set("2027-09-20T10:00:00")
    shown = year.show(desk)
    assert shown.decide
    assert {row.year for row in shown.decide} == {11}
    assert [one.id for one in shown.rolled] == ["2027-28"]
    assert shown.rolled[0].decide == len(shown.decide)


# registers and rules across the summer ------------------------------------------------------------------------


def test_registers_of_september_use_the_new_classes_those_of_july_the_old(
    august: DeskFor, clock: FixedClock
) -> None:
    child = first_of(august, "7A")
    desk = august("attendance")
    year.roll(desk, TERMS, CLOSED)
    clock.set("2027-09-02T16:00:00")
    assert {duty.id.split(":")[1] for duty in duties.due(desk, rule=duties.REGISTER)} == {
        *(f"{group}{letter}" for group in (8, 9, 10, 11) for letter in "AB"),
        "11A undecided",
        "11B undecided",
    }
    registers.take_lines(desk, "8A", "AM", "", rest_present=True, on=D(2027, 9, 2))
    july = register_view.view(desk, "7A", JULY)
    assert child.id in {row.pupil.id for row in july.rows}
    assert {row.pupil.class_ for row in july.rows} == {"7A"}
    september = register_view.view(desk, "8A", D(2027, 9, 2))
    assert {row.pupil.id for row in september.rows} == {row.pupil.id for row in july.rows}
    assert {row.pupil.class_ for row in september.rows} == {"8A"}


def test_a_register_of_july_is_taken_and_amended_in_september_in_its_own_class(
    august: DeskFor, clock: FixedClock
) -> None:
    child = first_of(august, "7A")
    desk = august("attendance")
    year.roll(desk, TERMS, CLOSED)
    clock.set("2027-09-02T16:00:00")
    taken = registers.take_lines(desk, "7A", "AM", "", rest_present=True, on=JULY)
    assert taken.class_ == "7A"
    amendments.amend(desk, child.id, JULY, "AM", "C", "a letter came")
    with pytest.raises(InvalidError, match="was taken"):
        registers.mark(desk, child.id, JULY, "AM", "O")


def test_in_august_last_years_registers_are_no_new_gap(august: DeskFor) -> None:
    desk = august("attendance")
    every = duties.due(desk, rule=duties.REGISTER)
    assert taken_duty("7A", D(2026, 11, 20), "AM") not in {duty.id for duty in every}


def test_a_run_from_july_goes_on_in_september(august: DeskFor, clock: FixedClock) -> None:
    child = first_of(august, "7A")
    year.roll(august("attendance"), TERMS, CLOSED)
    september = [D(2027, 9, day) for day in (1, 2, 3, 6)]
    clock.set("2027-09-06T16:00:00")
    away(august, child.id, *september)
    desk = august("dsl")
    assert duties.due(desk, rule=TEN_DAYS, pupil=child.id) == [], "nine days"
    clock.set("2027-09-07T16:00:00")
    away(august, child.id, D(2027, 9, 7))
    (duty,) = duties.due(desk, rule=TEN_DAYS, pupil=child.id)
    assert duty.trigger == D(2027, 9, 7)
    assert duty.trace.counted[0].first == AWAY[0]
    assert duties.figures(desk, child.id).run_from == AWAY[0]


def test_the_ten_weeks_reach_back_over_the_summer(august: DeskFor, clock: FixedClock) -> None:
    """Eight sessions in July and two in September make ten in ten school weeks; the law asks it of an academy."""
    desk, child = august("dsl"), first_of(august, "7B")
    with desk.change("school.edited") as tx:
        desk.save(tx, "school", "school", msgspec.structs.replace(desk.school(), kind="academy"))
    away(august, child.id, *AWAY[1:], code="U")
    year.roll(desk, TERMS, CLOSED)
    clock.set("2027-09-01T16:00:00")
    assert duties.due(desk, rule=WEEKS, pupil=child.id) == []
    away(august, child.id, FIRST, code="U")
    (duty,) = duties.due(desk, rule=WEEKS, pupil=child.id)
    assert duty.trigger == FIRST
    assert duty.trace.counted[0].first == AWAY[1]


def test_the_youngest_of_last_year_are_not_asked_about_anew(august: DeskFor, clock: FixedClock) -> None:
    """Who started with the most junior class is in the next one now; that makes no new-pupil return."""
    desk = august("dsl")
    new = roll.add(
        desk,
        NEWCOMER,
    )
    year.roll(desk, TERMS, CLOSED)
    clock.set("2028-08-01T10:00:00")
    following = [
        Term(name=t.name, first=t.first + timedelta(days=366), last=t.last + timedelta(days=366))
        for t in TERMS
    ]
    year.roll(desk, following)
    clock.set("2028-09-04T10:00:00")
    assert roll.find(desk, new.id).class_ == "8A"
    assert duties.due(desk, rule="roll.new-pupil-return", pupil=new.id, everything=True) == []


# the log, and files that come after ---------------------------------------------------------------------------


def test_check_and_the_log_verify_and_another_opening_says_the_same(
    august: DeskFor, clock: FixedClock
) -> None:
    desk = august("dsl")
    year.roll(desk, TERMS, CLOSED)
    clock.set("2027-09-02T16:00:00")
    registers.take_lines(desk, "8A", "AM", "", rest_present=True, on=D(2027, 9, 2))
    assert faults(desk) == []
    checks.rebuild(desk)
    assert faults(desk) == []
    again = folders.open_folder(desk.store.path, clock, readonly=True)
    try:
        other = signin.sign_in(again, "dsl", PASSPHRASE, fold=True)
        assert places(other, FIRST) == places(desk, FIRST)
        assert places(other, JULY) == places(desk, JULY)
        assert logbook.verify(other).entries == logbook.verify(desk).entries
    finally:
        again.close()


def test_what_was_known_in_august_shows_no_roll(august: DeskFor, clock: FixedClock) -> None:
    child = first_of(august, "7A")
    clock.set("2027-09-01T07:00:00")
    year.roll(august("dsl"), TERMS, CLOSED)
    known = august("dsl").as_known(AUGUST)
    assert roll.pupils.__wrapped__(known)[0].places == ()  # type: ignore[attr-defined]  # the verb without its door
    assert child.places == ()


HEADER = "upn;surname;forename;date_of_birth;year;class;starts"


def exported(desk: Desk, on: date, **other: str) -> bytes:
    """What the school's own system would export on a day; `other` names another class by pupil's id."""
    named = {own: other.get(own.replace("-", "_"), class_) for own, (_, class_) in places(desk, on).items()}
    rows = [
        f"{p.upn or ''};{p.surname};{p.forename};{p.born};{p.year};{named[p.id]};{p.starts}"
        for p in roll.pupils(desk, on=on)
    ]
    return "\n".join([HEADER, *rows]).encode()


@pytest.mark.parametrize("on", [AUGUST, FIRST], ids=["old-classes", "new-classes"])
@pytest.mark.parametrize("at", ["2027-08-31T12:00:00", "2027-09-02T07:00:00"], ids=["before", "after"])
def test_an_import_after_the_roll_loses_nobody_and_doubles_nobody(
    august: DeskFor, clock: FixedClock, on: date, at: str
) -> None:
    desk = august("attendance")
    year.roll(desk, TERMS, CLOSED)
    was = places(desk, FIRST)
    clock.set(at)
    report = imports.import_pupils(desk, "again.csv", exported(desk, on))
    assert (report.added, report.missing) == ((), ())
    assert places(desk, FIRST).keys() == was.keys()
    if not (on == AUGUST and at > "2027-09"):
        assert report.changed == ()
        assert places(desk, FIRST) == was


def test_a_file_with_septembers_classes_puts_right_what_was_set_ahead(
    august: DeskFor, clock: FixedClock
) -> None:
    desk = august("attendance")
    child = first_of(august, "7A")
    year.roll(desk, TERMS, CLOSED)
    imports.import_pupils(desk, "new.csv", exported(desk, FIRST, **{child.id.replace("-", "_"): "8B"}))
    assert roll.find(desk, child.id).class_ == "7A", "in August the old year's class stands"
    clock.set("2027-09-01T08:00:00")
    assert roll.find(desk, child.id).class_ == "8B"
    assert roll.find(desk, child.id).at(JULY).class_ == "7A"


def test_a_class_changed_in_the_year_leaves_the_registers_before_it(
    desk_for: DeskFor, clock: FixedClock
) -> None:
    desk = desk_for("attendance")
    child = first_of(desk_for, "7A")
    friday = D(2026, 11, 20)
    roll.edit(desk, child.id, {"class": "7B"})
    assert child.id in {row.pupil.id for row in register_view.view(desk, "7A", friday).rows}
    clock.set("2026-11-24T09:10:00")
    assert child.id in {row.pupil.id for row in register_view.view(desk, "7B", D(2026, 11, 24)).rows}
    amendments.amend(desk, child.id, friday, "AM", "C", "a letter came")


def test_a_class_formed_today_lacks_no_register_of_before(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    roll.edit(desk, first_of(desk_for, "7A").id, {"class": "7C"})
    due = {duty.id for duty in duties.due(desk, rule=duties.REGISTER) if ":7C:" in duty.id}
    assert due == {taken_duty("7C", D(2026, 11, 23), "AM")}
