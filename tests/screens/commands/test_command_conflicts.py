"""A stale `--rev`: both versions are said, nothing is written, and it says how to go on."""

import pytest

from tests.screens.commands.conftest import Workbench


@pytest.fixture
def child(workbench: Workbench) -> str:
    """The id of a pupil on roll."""
    return str(workbench("pupils", "list", "--json").json[0]["id"])


@pytest.fixture
def case(workbench: Workbench, child: str) -> str:
    """The id of an open case about the child."""
    return str(workbench("case", "open", child, "--trigger", "concern", "--json").json["id"])


def test_an_answer_on_a_stale_revision_says_both_and_how_to_go_on(workbench: Workbench, case: str) -> None:
    workbench("case", "answer", case, "danger.level", "none", "--note", "seen at school", user="deputy")
    words = ("case", "answer", case, "danger.level", "risk", "--note", "a call\ntoday")
    said = workbench(*words, "--rev", "0")
    assert (said.code, said.out) == (1, "")
    for part in (
        f"Changed meanwhile: danger.level of {case} was answered by deputy meanwhile. Nothing was changed.",
        "write again on the revision that stands now, 1",
        "  stored, revision 1 by deputy at 2026-11-23 09:12:\n    value  none\n    note   seen at school\n",
        "  yours, not written:\n    value  risk\n    note   a call\n           today\n",
    ):
        assert part in said.err
    assert workbench(*words, "--rev", "1", "--json").json["rev"] == 2


def test_with_json_both_versions_are_an_object(workbench: Workbench, case: str) -> None:
    workbench("case", "answer", case, "danger.level", "none", user="deputy")
    said = workbench("case", "answer", case, "danger.level", "risk", "--rev", "0", "--json")
    assert said.code == 1
    assert (said.json["by"], said.json["rev"], said.json["differs"]) == ("deputy", 1, ["value"])
    assert (said.json["stored"]["value"], said.json["yours"]["value"]) == ("none", "risk")
    assert said.json["id"] == f"{case}:danger.level"


def test_the_writer_of_a_pupil_is_named(workbench: Workbench, child: str) -> None:
    seen = str(workbench("pupils", "show", child, "--json").json["rev"])
    workbench("pupils", "edit", child, "class=7B", user="attendance")
    said = workbench("pupils", "edit", child, "class=7C", "--rev", seen, "--json")
    assert (said.code, said.json["by"], said.json["differs"]) == (1, "attendance", ["class"])
    assert "    class  7B" in said.err


def test_every_verb_that_changes_a_record_takes_a_revision(
    workbench: Workbench, child: str, case: str
) -> None:
    around = workbench("pupils", "around", "add", child, "kind=parent", "name=R. Vale", "--json").json["id"]
    for words in (
        ("pupils", "around", "edit", around, "phone=01"),
        ("case", "assign", case, "--waits-for", "la"),
        ("people", "role", "staff", "staff,attendance"),
    ):
        said = workbench(*words, "--rev", "77", "--json")
        assert (said.code, said.json["stored"]["rev"]) == (1, 1), words
        assert workbench(*words, "--rev", "1").code == 0, words
        assert workbench(*words).code == 0, "without a revision what stands is written over"


def test_a_mark_that_somebody_else_wrote_meanwhile_is_told(workbench: Workbench, child: str) -> None:
    slot = "2026-11-23/AM"
    assert (
        workbench("register", "mark", child, slot, "L", "--minutes", "9", "--seen", "-", user="staff").code
        == 0
    )
    said = workbench("register", "mark", child, slot, "N", "--seen", "-", "--json")
    assert (said.code, said.json["by"], said.json["stored"]["code"]) == (1, "staff", "L")
    assert f"Changed meanwhile: {child} 2026-11-23 AM was marked L meanwhile." in said.err
    assert workbench("register", "mark", child, slot, "N", "--seen", "L", "--json").json["code"] == "N"
    assert workbench("register", "mark", child, slot, "I", "--json").json["code"] == "I", (
        "or over what stands"
    )


def test_a_removal_changed_since_it_was_read_is_not_authorised(
    workbench: Workbench, child: str, case: str
) -> None:
    removal = workbench("removal", "start", child, "--ground", "F", "--case", case, "--json").json["id"]
    words = ("removal", "evidence", removal, "letter_says_home_education", "yes")
    assert workbench(*words, "--rev", "1").code == 0
    stale = workbench(*words, "--rev", "1", "--json", user="leader")
    assert (stale.code, stale.json["by"], stale.json["rev"]) == (1, "dsl", 2)
