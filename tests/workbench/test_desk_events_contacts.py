from datetime import date

import pytest

from tests.conftest import DeskFor
from workbench.desk import contacts, events, registers, roll
from workbench.desk.clock import FixedClock
from workbench.desk.event_kinds import as_fact, table
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError

PUPIL = "B880600121630"
FORMAT = [
    "parent_letter",
    "school_attendance_order",
    "la_consent",
    "la_confirmation",
    "registered_elsewhere",
    "leave_granted",
    "enquiries",
    "unavoidable_cause",
    "sickness_forecast",
    "suspension",
    "permanent_exclusion",
    "detention",
    "not_arrived",
    "danger",
    "removal_requested",
    "removed",
    "moved_school",
    "return_sent",
]
ADDED = [
    "part_time_timetable",
    "part_time_reviewed",
    "attendance_plan",
    "plan_reviewed",
    "handover_sent",
    "handover_received",
]
"""Kinds that the format does not have; docs/example-format.md marks them."""


def test_the_kinds_are_those_of_the_example_format() -> None:
    assert sorted(table()) == sorted([*FORMAT, *ADDED])


def test_an_event_is_kept_and_read_by_the_rules_with_dates(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    fields = {"on": "20/11/2026", "intent": "home-education", "last_day": "27 Nov 2026", "in_writing": "yes"}
    made = events.record(desk, PUPIL, "parent_letter", fields)
    assert events.events(desk, PUPIL) == [made]
    fact = as_fact(made)
    assert (fact.kind, fact.on) == ("parent_letter", date(2026, 11, 20))
    assert fact.fields == {"intent": "home-education", "last_day": date(2026, 11, 27), "in_writing": True}
    entry = list(desk.store.entries())[-1]
    assert (entry["act"], entry["subject"]) == ("event.recorded", made.pupil)


def test_the_day_is_today_unless_given(desk_for: DeskFor) -> None:
    made = events.record(
        desk_for("dsl"), PUPIL, "suspension", {"from": "2026-11-24", "days": "8", "at_start": "yes"}
    )
    assert (made.on, made.at_start, made.fields) == (
        date(2026, 11, 23),
        True,
        {"from": "2026-11-24", "days": 8},
    )


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("birthday", {}, "no kind of event"),
        ("suspension", {"hours": "3"}, "no field"),
        ("suspension", {"days": "0"}, "whole number"),
        ("suspension", {"days": "two"}, "whole number"),
        ("suspension", {"from": "soon"}, "from"),
        ("leave_granted", {"from": "2026-11-24", "to": "2026-11-23"}, "after"),
        ("part_time_timetable", {"to": "2026-12-18", "review": "2026-12-19"}, "outside of from and to"),
        ("part_time_timetable", {"from": "2026-11-24", "review": "2026-11-23"}, "outside of from and to"),
        ("parent_letter", {"intent": "none"}, "intent"),
        ("parent_letter", {"in_writing": "sort of"}, "in_writing"),
        ("danger", {"what": " "}, "empty"),
        ("danger", {"on": "2026-11-24"}, "ahead"),
        ("removed", {"ground": "F"}, "removal complete"),
        ("return_sent", {}, "return sent"),
    ],
)
def test_what_cannot_be_recorded(desk_for: DeskFor, kind: str, fields: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidError) as caught:
        events.record(desk_for("dsl"), PUPIL, kind, fields)
    assert words in str(caught.value)
    assert events.events(desk_for("dsl"), PUPIL) == []


def test_the_authoritys_answer_is_recorded_by_the_dsl(desk_for: DeskFor) -> None:
    with pytest.raises(RefusedError):
        events.record(desk_for("attendance"), PUPIL, "la_confirmation", {"answer": "yes"})
    assert events.record(desk_for("dsl"), PUPIL, "la_confirmation", {"answer": "yes"}).fields == {
        "answer": "yes"
    }
    assert "la_confirmation" not in [kind.kind for kind in events.kinds(desk_for("attendance"))]


def test_attendance_sees_that_there_was_danger_and_not_what(desk_for: DeskFor) -> None:
    events.record(desk_for("attendance"), PUPIL, "danger", {"what": "taken away last night"})
    assert [event.fields for event in events.events(desk_for("attendance"), PUPIL)] == [{}]
    assert events.events(desk_for("dsl"), PUPIL)[0].fields == {"what": "taken away last night"}


def test_a_wrong_event_is_corrected_by_a_new_one(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    wrong = events.record(desk, PUPIL, "suspension", {"days": "5"})
    right = events.record(desk, PUPIL, "suspension", {"days": "6", "corrects": wrong.id})
    assert events.events(desk, PUPIL) == [wrong, right]
    assert events.events_of(desk, wrong.pupil, standing=True) == [right]
    with pytest.raises(NotFoundError):
        events.record(desk, "G880600123946", "suspension", {"days": "6", "corrects": wrong.id})


# contacts -------------------------------------------------------------------------------------------------


def test_a_call_is_logged_with_its_own_time(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    made = contacts.add(desk, PUPIL, "mother", "no answer", number="07700 900511", at="2026-11-20T15:20")
    assert (made.at, made.recorded) == ("2026-11-20T15:20:00+00:00", "2026-11-23T09:12:33+00:00")
    assert (made.how, made.by) == ("call", "attendance")
    now = contacts.add(desk, PUPIL, "father", "will bring him", at="09:05")
    assert now.at == "2026-11-23T09:05:00+00:00"
    assert contacts.contacts(desk, PUPIL) == [made, now]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"who": " "}, "who"),
        ({"result": ""}, "result"),
        ({"how": "pigeon"}, "how"),
        ({"at": "2026-11-24T09:00"}, "future"),
        ({"at": "23:59"}, "future"),
        ({"at": "yesterday"}, "no date and time"),
        ({"result": "x" * 501}, "500"),
    ],
)
def test_what_cannot_be_logged(desk_for: DeskFor, more: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidError, match=words):
        contacts.add(desk_for("attendance"), **{"ref": PUPIL, "who": "mother", "result": "no answer", **more})


def test_a_case_must_be_the_pupils(desk_for: DeskFor) -> None:
    with pytest.raises(NotFoundError):
        contacts.add(desk_for("attendance"), PUPIL, "mother", "no answer", case="C-NOSUCH")


def test_the_first_day_call_list(desk_for: DeskFor, clock: FixedClock) -> None:
    desk, today = desk_for("attendance"), date(2026, 11, 23)
    assert contacts.call_list(desk) == []
    first, second, third = (roll.find(desk, upn) for upn in (PUPIL, "G880600123946", "L880600118954"))
    roll.edit(desk, third.id, {"social_worker": "yes"})
    for pupil in (first, second, third):
        registers.mark(desk, pupil.id, today, "AM", "N")
    registers.mark(desk, roll.find(desk, "T880600117384").id, today, "AM", "I")
    contacts.add(desk, second.id, "mother", "no answer")
    rows = contacts.call_list(desk)
    assert [row.pupil.id for row in rows] == [third.id, first.id, second.id]
    assert [row.special for row in rows] == [True, False, False]
    assert [row.sessions for row in rows] == [("AM",)] * 3
    assert [(person.order, person.phone) for person in rows[1].numbers] == [
        (1, "07700 900511"),
        (2, "01632 960670"),
    ]
    assert [contact.result for contact in rows[2].contacts] == ["no answer"]
    clock.set("2026-11-22T09:00")
    assert contacts.call_list(desk) == []
