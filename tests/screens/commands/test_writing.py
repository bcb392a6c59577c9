"""Verbs that write and lists that show it: the roll, people around a child, calls, events, cases, accounts."""

import pytest

from screens.commands.secrets import NEW
from tests.screens.commands.conftest import Workbench


@pytest.fixture
def child(workbench: Workbench) -> str:
    """The id of a pupil on roll."""
    return str(workbench("pupils", "list", "--json").json[0]["id"])


@pytest.fixture
def case(workbench: Workbench, child: str) -> str:
    """The id of an open case about the child."""
    return str(workbench("case", "open", child, "--trigger", "concern", "--json").json["id"])


def test_a_name_is_put_on_the_roll_and_changed_on_the_revision_that_was_seen(workbench: Workbench) -> None:
    fields = ("surname=Hale", "forename=Tess", "born=2013-02-03", "year=8", "class=8A", "starts=2026-11-25")
    made = workbench("pupils", "add", *fields, "--json").json
    assert (made["name"], made["class"], made["upn"]) == ("Hale, Tess", "8A", None)
    seen = str(made["rev"])
    assert workbench("pupils", "edit", made["id"], "postcode=TQ1 1AA", "--rev", seen).code == 0
    stale = workbench("pupils", "edit", made["id"], "postcode=TQ2 2BB", "--rev", seen)
    assert (stale.code, stale.out) == (1, "")
    assert "  stored, revision 2 by dsl" in stale.err
    assert "TQ1 1AA" in stale.err


@pytest.mark.parametrize("words", ["postcode", "=x", "nosuchfield=x"])
def test_what_is_no_field_is_refused(workbench: Workbench, child: str, words: str) -> None:
    said = workbench("pupils", "edit", child, words)
    assert (said.code, said.out) == (1, "")


def test_a_field_that_stands_twice_is_refused(workbench: Workbench, child: str) -> None:
    assert "stands twice" in workbench("pupils", "edit", child, "class=8A", "class=8B").err


def test_people_around_a_child_are_kept_changed_and_taken_off(workbench: Workbench, child: str) -> None:
    made = workbench(
        "pupils", "around", "add", child, "kind=contact", "name=R. Vale", "phone=01", "--json"
    ).json
    assert made["pupil"] == child
    assert workbench("pupils", "around", "edit", made["id"], "phone=02", "--json").json["phone"] == "02"
    assert made["id"] in {a["id"] for a in workbench("pupils", "around", "list", child, "--json").json}
    assert workbench("pupils", "around", "remove", made["id"]).code == 0
    assert made["id"] not in {a["id"] for a in workbench("pupils", "around", "list", child, "--json").json}
    assert workbench("pupils", "around", "remove", made["id"]).code == 1


def test_a_call_needs_no_case_and_is_listed(workbench: Workbench, child: str) -> None:
    said = workbench(
        "contact", "add", child, "--who", "mother", "--result", "no answer", "--json", user="attendance"
    )
    assert (said.json["pupil"], said.json["case"], said.json["who"]) == (child, None, "mother")
    assert [c["id"] for c in workbench("contact", "list", child, "--json").json] == [said.json["id"]]
    assert workbench("contact", "add", child, "--who", "mother").code == 2


def test_the_call_list_names_pupil_sessions_and_numbers(workbench: Workbench) -> None:
    rows = workbench("call-list", "--on", "2026-11-20", "--json", user="attendance").json
    assert rows
    for row in rows:
        assert row["id"] == row["pupil"]
        assert row["sessions"]
        assert isinstance(row["numbers"], list)


def test_every_kind_of_event_is_listed_and_an_unknown_one_refused(workbench: Workbench, child: str) -> None:
    kinds = {row["id"] for row in workbench("kinds", "--json").json}
    assert {"danger", "parent_letter", "suspension"} <= kinds
    said = workbench("record", child, "nosuchkind", "on=2026-11-20")
    assert (said.code, said.out) == (1, "")
    made = workbench("record", child, "parent_letter", "on=2026-11-20", "intent=home-education", "--json")
    assert made.code == 0, made.err
    assert (made.json["pupil"], made.json["on"]) == (child, "2026-11-20")


def test_a_case_is_assigned_linked_closed_too_early_and_listed(workbench: Workbench, case: str) -> None:
    other = workbench("pupils", "list", "--json").json[1]["id"]
    assert workbench("case", "assign", case, "--owner", "dsl", "--waits-for", "la").code == 0
    linked = workbench("case", "link", case, other, "--role", "sibling", "--json").json
    assert other in str(linked["linked"])
    early = workbench("case", "close", case, "--reason", "done")
    assert (early.code, "Not yet true" in early.err) == (1, True)
    row = next(r for r in workbench("case", "list", "--open", "--json").json if r["id"] == case)
    assert (row["owner"], row["waits_for"], row["open"], len(row["steps"])) == ("dsl", "la", True, 9)
    assert workbench("case", "reopen", case, "--reason", "x").code == 1


def test_a_referral_is_answered_and_escalated(workbench: Workbench, case: str, child: str) -> None:
    add = (
        "referral",
        "add",
        case,
        "--to",
        "early-help",
        "--decision",
        "refer",
        "--reason",
        "needs help",
        "--json",
    )
    made = workbench(*add).json
    assert made["pupil"] == child
    assert workbench("referral", "reply", made["id"], "--text", "no further action").code == 0
    after = workbench("referral", "escalate", made["id"], "--text", "to the team manager", "--json").json
    assert after["replies"]
    assert after["escalated"]
    assert made["id"] in {r["id"] for r in workbench("referral", "list", "--json").json}
    assert workbench("referral", "reply", "F-NOSUCH", "--text", "x").code == 1


def test_an_enquiry_is_recorded_and_listed_with_its_pupil(
    workbench: Workbench, case: str, child: str
) -> None:
    step = next(r["key"] for r in workbench("case", "keys", "--json").json if r["kind"] == "enquiry")
    said = workbench(
        "enquiry", "add", case, "--step", step, "--result", "nobody in", "--json", user="attendance"
    )
    assert said.code == 0, said.err
    rows = workbench("enquiry", "list", case, "--json").json
    assert [(r["id"], r["pupil"]) for r in rows] == [(said.json["id"], child)]
    assert workbench("enquiry", "add", case, "--step", "nosuch", "--result", "x").code == 1


def test_an_account_is_made_given_roles_and_never_shows_its_check(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = ("people", "add", "user=newcomer", "name=N. Comer", "post=Clerk", "roles=staff", "--json")
    monkeypatch.setattr("sys.stdin", open_nowhere())
    assert "No passphrase was given for the new account" in workbench(*fields, user="leader").err
    monkeypatch.setenv(NEW, "a long enough phrase")
    made = workbench(*fields, user="leader")
    assert made.code == 0, made.err
    assert set(made.json) == {"id", "user", "name", "post", "roles", "rev"}
    changed = workbench("people", "role", "newcomer", "staff,attendance", "--json", user="leader").json
    assert changed["roles"] == ["staff", "attendance"]
    assert workbench("people", "role", "nobody", "staff", user="leader").code == 1
    assert workbench("people", "role", "newcomer", "king", user="leader").code == 1


def open_nowhere() -> object:
    """A standard input that is no terminal."""
    import io

    return io.StringIO("")


LISTS: list[tuple[str, ...]] = [
    ("pupils", "list"), ("due", "--all"), ("case", "list"), ("removal", "list"), ("referral", "list"),
    ("return", "list"), ("concern", "list"), ("people", "list"), ("kinds",), ("register", "codes"), ("check",),
]  # fmt: skip


@pytest.mark.parametrize("words", LISTS)
def test_a_list_is_an_array_of_objects_of_one_shape_each_with_an_id(
    workbench: Workbench, child: str, case: str, words: tuple[str, ...]
) -> None:
    rows = workbench(*words, "--json").json
    assert isinstance(rows, list)
    assert len({tuple(sorted(row)) for row in rows}) <= 1
    assert len({row["id"] for row in rows}) == len(rows)


@pytest.mark.parametrize("words", LISTS)
def test_an_unsigned_list_says_nothing_on_standard_output(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", "wrong")
    said = workbench(*words, "--json")
    assert (said.code, said.out) == (1, "")
