"""A pupil by command: what each role sees, events, marks, amendments, drafts ahead."""

import pytest

from tests.screens.commands.conftest import Workbench


@pytest.fixture
def pupil(workbench: Workbench) -> str:
    found: str = next(p["id"] for p in workbench("pupils", "list", "--json").json if p["class"] == "9B")
    return found


@pytest.mark.parametrize(
    ("user", "figures", "around"),
    [("staff", False, False), ("auditor", True, False), ("attendance", True, True)],
)
def test_a_pupil_is_shown_as_far_as_the_role_may_see(
    workbench: Workbench, pupil: str, user: str, figures: bool, around: bool
) -> None:
    shown = workbench("pupils", "show", pupil, "--json", user=user).json
    assert (shown["figures"] is not None, shown["around"] is not None) == (figures, around)
    last = workbench("log", "show", "--person", user, "--json").json[-1]
    assert last["act"] == "person.signed-in", "looking is no refusal"


def test_events_of_a_pupil_are_listed(workbench: Workbench, pupil: str) -> None:
    assert "Nothing is recorded" in workbench("pupils", "events", pupil).out
    made = workbench("record", pupil, "suspension", "from=2026-11-24", "days=2", "--json").json
    assert workbench("pupils", "events", pupil, "--json").json == [made]
    assert "suspension" in workbench("pupils", "events", pupil).out


def test_a_draft_stands_until_it_is_taken_away(workbench: Workbench, pupil: str) -> None:
    slot = "2026-11-24/AM"
    made = workbench("register", "mark", pupil, slot, "c1", "--json").json
    assert made == {
        "id": f"{pupil}/{slot}",
        "pupil": pupil,
        "on": "2026-11-24",
        "session": "AM",
        "code": "C1",
    }
    assert workbench("register", "marks", pupil, "--json").json[-1] == made
    assert workbench("register", "mark", pupil, slot, "-", "--json").json["code"] is None
    assert made["id"] not in [mark["id"] for mark in workbench("register", "marks", pupil, "--json").json]
    ahead = workbench("register", "mark", pupil, slot, "N")
    assert (ahead.code, ahead.out) == (1, "")
    assert "only planned codes" in ahead.err


def test_amendments_name_what_it_was_and_why(workbench: Workbench, pupil: str) -> None:
    taken = workbench("register", "mark", pupil, "2026-11-20/AM", "I")
    assert "changed by an amendment" in taken.err
    made = workbench(
        "register", "amend", pupil, "2026-11-20/AM", "I", "--reason", "mother rang", "--json"
    ).json
    rows = workbench("register", "amendments", pupil, "--json").json
    assert rows == [made]
    assert (made["pupil"], made["code"], made["by"]) == (pupil, "I", "dsl")


def test_an_unknown_rule_is_no_empty_list(workbench: Workbench) -> None:
    said = workbench("due", "--rule", "absence.ten-days")
    assert (said.code, said.out) == (1, "")
    assert "rules list" in said.err


def test_enquiries_name_their_pupil(workbench: Workbench, pupil: str) -> None:
    case = workbench("case", "open", pupil, "--trigger", "concern", "--json").json["id"]
    step = next(row["key"] for row in workbench("case", "keys", "--json").json if row["step"] == "enquiry")
    made = workbench("enquiry", "add", case, "--step", step, "--result", "nobody in", "--json").json
    assert made["pupil"] == pupil
    assert workbench("enquiry", "list", case, "--json").json == [made]
