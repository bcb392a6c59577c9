"""`workbench calendar` and `workbench what-if`: what they print, what they refuse, one entry a command."""

import pytest

from tests.screens.commands.conftest import Workbench

WED = "2026-11-25"


def acts(workbench: Workbench) -> list[str]:
    return [entry["act"] for entry in workbench("log", "show", "--json").json]


def pupil_of(workbench: Workbench) -> str:
    busy = {duty["pupil"] for duty in workbench("due", "--all", "--json").json}
    found: str = next(p["id"] for p in workbench("pupils", "list", "--json").json if p["id"] not in busy)
    return found


# the calendar -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["staff", "auditor", "dsl"])
def test_everybody_may_look_at_the_calendar(workbench: Workbench, user: str) -> None:
    said = workbench("calendar", "show", user=user)
    assert said.code == 0
    assert said.out.splitlines()[0] == "2026-27: 191 school days, 382 sessions"
    assert "2026-10-26  2026-10-30  5     closed: half term" in said.out


def test_the_calendar_as_json_has_years_terms_closures_remarks(workbench: Workbench) -> None:
    found = workbench("calendar", "show", "--json").json
    assert set(found) == {"years", "terms", "closures", "remarks", "rev"}
    assert found["years"] == [
        {
            "id": "2026-27",
            "year": "2026-27",
            "first": "2026-09-03",
            "last": "2027-07-21",
            "days": 191,
            "sessions": 382,
        }
    ]
    assert all(row["id"] for key in ("terms", "closures") for row in found[key])


def test_a_dry_run_shows_what_moves_and_leaves_no_change(workbench: Workbench) -> None:
    said = workbench("calendar", "close", WED, "--why", "burst pipe", "--dry-run")
    assert said.code == 0
    assert f"{WED} (burst pipe) would be closed: 1 school day fewer; 2026-27 has 190." in said.out
    assert "moved  2026-11-25  2026-11-26" in said.out
    assert "calendar.closed" not in acts(workbench)
    assert workbench("calendar", "show").out.count("closed:") == 5


def test_a_day_is_closed_and_opened_in_one_entry_each(workbench: Workbench) -> None:
    due = workbench("due", "--json").json
    before = len(acts(workbench))
    closed = workbench("calendar", "close", WED, "--why", "burst pipe", "--json", user="attendance").json
    assert (closed["act"], closed["dry_run"], closed["days"], closed["marks"]) == ("close", False, 1, 0)
    assert {move["change"] for move in closed["moved"]} == {"moved"}
    assert "closed: burst pipe" in workbench("calendar", "show").out
    assert f"{WED} (burst pipe) is open again: 1 school day more" in workbench("calendar", "open", WED).out
    assert workbench("due", "--json").json == due
    wrote = [act for act in acts(workbench)[before:] if act != "person.signed-in"]
    assert wrote == ["calendar.closed", "calendar.opened"]


def test_the_attendance_officer_is_told_of_a_count(workbench: Workbench) -> None:
    pupil = pupil_of(workbench)
    workbench("record", pupil, "suspension", "on=2026-11-20", "from=2026-11-20", "days=6")
    said = workbench("calendar", "close", WED, "--dry-run", user="attendance")
    assert "suspension.sixth-day" not in said.out
    assert "1 more for the DSL." in said.err


def test_a_school_year_is_added_and_its_want_is_said(workbench: Workbench) -> None:
    day = ("--on", "2027-09-06")
    assert "lies outside the calendar (2026-09-03 to 2027-07-21)" in workbench("due", *day).err
    term = ("--term", "Autumn 2027", "2027-09-02", "2027-12-17")
    shut = ("--closed", "half term", "2027-10-25", "2027-10-29")
    made = workbench("calendar", "add", *term, *shut, "--json").json
    assert (made["act"], made["year"], made["days"]) == ("add", "2027-28", 72)
    assert "lies outside the calendar" not in workbench("due", *day).err
    assert workbench("calendar", "show", *day).out.splitlines()[0] == "2027-28: 72 school days, 144 sessions"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("close", "2026-11-28"), "Saturday"),
        (("close", "2026-10-27"), "closed already (half term)"),
        (("close", "2026-11-20"), "Y4"),
        (("open", WED), "is a school day already"),
        (("show", "--on", "2030-01-07"), "no terms of 2029-30"),
    ],
)
def test_what_cannot_be_done_says_why(workbench: Workbench, words: tuple[str, ...], why: str) -> None:
    said = workbench("calendar", *words)
    assert (said.code, said.out) == (1, "")
    assert why in said.err


def test_a_role_without_it_is_refused(workbench: Workbench) -> None:
    said = workbench("calendar", "close", WED, user="staff")
    assert said.code == 1
    assert "calendar.close is for attendance or dsl or leader" in said.err


def test_due_answers_with_the_calendar_that_was_known_then(workbench: Workbench) -> None:
    """The folder was filled on the 21st; the closure comes on the 23rd."""
    then = workbench(
        "due", "--known", "2026-11-21", "--on", "2026-11-23", "--rule", "absence.resolve-n", "--json"
    ).json
    workbench("calendar", "close", WED)
    again = workbench(
        "due", "--known", "2026-11-21", "--on", "2026-11-23", "--rule", "absence.resolve-n", "--json"
    ).json
    assert again == then
    now = workbench("due", "--on", "2026-11-23", "--rule", "absence.resolve-n", "--json").json
    assert [d["due"] for d in now] != [d["due"] for d in then]


# what if ------------------------------------------------------------------------------------------------------


def test_what_if_lists_the_duties_that_would_follow(workbench: Workbench) -> None:
    pupil = pupil_of(workbench)
    said = workbench("what-if", pupil, "--code", "o", "--until", "2026-12-04")
    assert said.code == 0
    assert "Supposed: O in 20 sessions, from 2026-11-23 AM to 2026-12-04. Nothing is written." in said.err
    assert "2026-12-04 would come: " in said.out
    assert f"absence.ten-day-return:{pupil}:2026-11-23" in said.out


def test_what_if_as_json_is_a_list_of_duties(workbench: Workbench) -> None:
    pupil = pupil_of(workbench)
    rows = workbench("what-if", pupil, "--code", "O", "--until", "2026-12-04", "--json").json
    ten = next(row for row in rows if row["rule"] == "absence.ten-day-return")
    assert (ten["pupil"], ten["change"], ten["comes"], ten["due"]) == (
        pupil,
        "new",
        "2026-12-04",
        "2026-12-04",
    )
    assert ten["due_before"] is None
    assert ten["why"]
    assert ten["trace"]["counted"]


def test_what_if_leaves_the_entry_of_a_sign_in_and_no_more(workbench: Workbench) -> None:
    pupil = pupil_of(workbench)
    before = len(acts(workbench))
    workbench("what-if", pupil, "--code", "O", "--until", "2026-12-04", user="leader")
    assert acts(workbench)[before:] == ["person.signed-in"] * 2, "one of `log show`, one of `what-if`"


def test_nothing_that_follows_is_said(workbench: Workbench) -> None:
    said = workbench("what-if", pupil_of(workbench), "--code", "/", "--until", "2026-11-24")
    assert (said.code, said.out) == (0, "No duty on your list would follow by 2026-11-24.\n")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--code", "H", "--until", "2026-12-04"), "not in force"),
        (("--code", "O", "--until", "2026-11-20"), "before today"),
        (("--code", "O", "--until", "2028-11-20"), "outside the calendar"),
    ],
)
def test_what_cannot_be_supposed_says_why(workbench: Workbench, words: tuple[str, ...], why: str) -> None:
    said = workbench("what-if", pupil_of(workbench), *words)
    assert (said.code, said.out) == (1, "")
    assert why in said.err
