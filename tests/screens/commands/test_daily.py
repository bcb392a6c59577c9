"""The day's work by command: what is due, registers, calls, events, the roll."""

import json
from pathlib import Path

import pytest

from tests.screens.commands.conftest import Workbench

TEN = "absence.ten-day-return"


def test_due_lists_ten_day_and_n_duties_with_trace_and_citation(workbench: Workbench) -> None:
    said = workbench("due", "--on", "2026-11-20", "--json")
    rules = {duty["rule"] for duty in said.json}
    assert said.code == 1
    assert {TEN, "absence.resolve-n"} <= rules
    for duty in said.json:
        assert duty["trace"]["facts"], duty["id"]
        assert duty["citation"]["text"], duty["id"]
        assert duty["id"].startswith(f"{duty['rule']}:")
        assert set(duty) >= {
            "pupil",
            "action",
            "recipient",
            "recipients",
            "trigger",
            "due",
            "standing",
            "certainty",
            "state",
        }


def test_due_exits_0_when_nothing_is_overdue(workbench: Workbench) -> None:
    said = workbench("due", "--rule", "suspension.sixth-day")
    assert said.code == 0
    assert "Nothing is due as of 2026-11-23" in said.out
    before = workbench("due", "--on", "2019-01-01")
    assert "Nothing is due as of 2019-01-01. 0 pupils on roll" in before.out


def test_due_of_a_day_before_anything_was_recorded_says_so(workbench: Workbench) -> None:
    said = workbench("due", "--on", "2026-11-20", "--known", "2026-11-20", "--json", "--rule", TEN)
    assert (said.code, said.out) == (1, "")
    assert "Nothing was recorded here by the end of 2026-11-20" in said.err
    assert workbench("due", "--on", "2026-11-20", "--known", "2026-11-21", "--json", "--rule", TEN).json != []


def test_why_names_the_days_counted_and_skipped(workbench: Workbench) -> None:
    duty = workbench("due", "--on", "2026-11-20", "--rule", TEN, "--json").json[0]["id"]
    said = workbench("why", duty, "--on", "2026-11-20")
    assert said.code == 0
    assert "Counted, every mark G, N, O or U" in said.out
    assert "(10)" in said.out
    assert "weekend" in said.out
    assert "SI 2024/208 reg 13" in said.out


def test_why_says_what_was_known_by_a_day(workbench: Workbench) -> None:
    duty = workbench("due", "--on", "2026-11-20", "--rule", TEN, "--json").json[0]["id"]
    said = workbench("why", duty, "--on", "2026-11-20", "--known", "2026-11-21")
    assert (said.code, said.out) == (0, workbench("why", duty, "--on", "2026-11-20").out)
    early = workbench("why", duty, "--known", "2026-11-20")
    assert early.code == 1
    assert "Nothing was recorded here by the end of 2026-11-20" in early.err


def test_a_duty_of_law_is_not_overridden_one_of_policy_is(workbench: Workbench) -> None:
    law = workbench("due", "--rule", TEN, "--json").json[0]["id"]
    policy = workbench("due", "--rule", "absence.persistent", "--json").json[0]["id"]
    refused = workbench("duty", "override", law, "--reason", "no", user="leader")
    assert refused.code == 1
    assert "only policy and local rules can be overridden" in refused.err
    assert workbench("duty", "override", policy, "--reason", "plan agreed", user="leader").code == 0
    states = {d["id"]: d["state"] for d in workbench("due", "--all", "--json").json}
    assert states[policy] == "overridden"
    assert policy not in {d["id"] for d in workbench("due", "--json").json}


def test_pupils_are_listed_with_the_keys_of_the_contract(workbench: Workbench) -> None:
    rows = workbench("pupils", "list", "--json").json
    assert len(rows) == 96
    assert {"id", "pupil", "upn", "name", "year", "class", "starts"} <= set(rows[0])
    one = workbench("pupils", "show", rows[0]["upn"], "--json").json
    assert one["id"] == rows[0]["id"]
    assert one["figures"]["possible"] > 0


def test_a_register_is_taken_from_lines_and_a_second_time_refused(
    workbench: Workbench, tmp_path: Path
) -> None:
    pupils = [p for p in workbench("pupils", "list", "--json").json if p["class"] == "9B"]
    lines = tmp_path / "lines.txt"
    lines.write_text(f"{pupils[0]['upn']} N\n{pupils[1]['id']} L 12\n")
    take = ("register", "take", "9B", "AM", str(lines), "--rest-present", "--json")
    assert workbench(*take, user="staff").json["class"] == "9B"
    again = workbench(*take, user="staff")
    assert again.code == 1
    assert "taken" in again.err
    shown = workbench("register", "show", "9B", "--json").json
    marks = {row["id"]: row["marks"]["2026-11-23/AM"] for row in shown["rows"]}
    assert (marks[pupils[0]["id"]], marks[pupils[1]["id"]]) == ("N", "L")
    assert set(marks.values()) == {"N", "L", "/"}


def test_a_bad_line_keeps_the_whole_register_out(workbench: Workbench, tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("P-NOSUCH N\nP-X QQ\n")
    said = workbench("register", "take", "9B", "AM", str(lines), "--rest-present", user="staff")
    assert said.code == 1
    assert "line 1" in said.err
    assert workbench("register", "show", "9B", "--json").json["taken"].get("2026-11-23/AM") is None


def test_amending_keeps_the_original_and_its_reason(workbench: Workbench) -> None:
    duty = workbench("due", "--rule", "absence.resolve-n", "--json").json[0]
    pupil, day = duty["pupil"], duty["id"].rpartition(":")[2]
    said = workbench("register", "amend", pupil, f"{day}/AM", "I", "--reason", "mother rang", "--json")
    assert (said.json["was"], said.json["code"], said.json["reason"]) == ("N", "I", "mother rang")
    assert workbench("register", "amend", pupil, f"{day}/XX", "I", "--reason", "x").code == 1


def test_the_bad_file_is_refused_whole_with_line_and_column(workbench: Workbench, data_dir: Path) -> None:
    before = workbench("pupils", "list", "--json").json
    said = workbench("pupils", "import", str(data_dir / "pupils-bad.csv"))
    assert (said.code, said.out) == (1, "")
    assert "line 7" in said.err
    assert workbench("pupils", "list", "--json").json == before


def test_a_dry_run_writes_nothing(workbench: Workbench, data_dir: Path) -> None:
    workbench("people", "list")
    seq = len(workbench("log", "show", "--json").json)
    assert workbench("pupils", "import", str(data_dir / "pupils-arbor.csv"), "--dry-run").code == 0
    entries = workbench("log", "show", "--json").json
    assert [e["act"] for e in entries[seq:]] == ["person.signed-in"] * len(entries[seq:])


def test_one_command_leaves_one_entry(workbench: Workbench) -> None:
    pupil = workbench("pupils", "list", "--json").json[0]["id"]

    def entries() -> int:
        return len(workbench("log", "show", "--json").json)

    for words in (
        ("due",),
        ("pupils", "show", pupil),
        ("contact", "add", pupil, "--who", "mother", "--result", "no answer"),
        ("record", pupil, "danger", "what=seen alone at the station"),
        ("case", "open", pupil, "--trigger", "concern"),
        ("case", "show", "C-NOSUCH"),
    ):
        before = entries()
        workbench(*words)
        assert entries() - before == 2, words  # the command's own, and that of the listing before


def test_log_entries_are_exactly_those_of_the_file(workbench: Workbench, folder: Path) -> None:
    shown = workbench("log", "show", "--json").json
    lines = [line for f in sorted((folder / "log").iterdir()) for line in f.read_text("utf-8").splitlines()]
    stored = [json.loads(line)["entry"] for line in lines]
    assert shown == stored[: len(shown)]


def test_log_verify_names_a_changed_byte(workbench: Workbench, folder: Path) -> None:
    assert workbench("log", "verify").code == 0
    path = sorted((folder / "log").iterdir())[0]
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    said = workbench("log", "verify")
    assert said.code == 1
    assert f"log/{path.name}, line" in said.out
    assert workbench("check").code == 1


def test_log_verify_knows_a_head_kept_elsewhere(workbench: Workbench) -> None:
    head = workbench("log", "verify", "--json").json["head"]["hash"]
    assert workbench("log", "verify", "--head", head).code == 0
    wrong = workbench("log", "verify", "--head", "0" * 63 + "1")
    assert wrong.code == 1
    assert "cut" in wrong.out


@pytest.mark.parametrize("user", ["staff", "attendance", "auditor"])
def test_what_a_role_may_not_do_is_refused_and_logged(workbench: Workbench, user: str) -> None:
    said = workbench("case", "list", user=user)
    assert (said.code, said.out) == (1, "")
    last = workbench("log", "show", "--json", "--person", user).json[-1]
    assert (last["act"], last["why"]) == ("verb.refused", "case.list")


def test_rules_are_checked_without_an_account(workbench: Workbench, tmp_path: Path) -> None:
    said = workbench("rules", "check", user=None)
    assert said.code == 0
    assert said.out.splitlines()[-1].endswith("passed, 0 failed")
    assert all(f"ok {w} " in said.out for w in ("W1", "W2", "W3", "W4", "W11", "W13"))
    bad = tmp_path / "bad.toml"
    bad.write_text('[[example]]\nid = "X"\ntext = "x"\non = 2024-09-17\nnonsense = 1\n')
    refused = workbench("rules", "check", str(bad), user=None)
    assert refused.code == 1
    assert all(word in refused.err for word in ("bad.toml", "X", "nonsense"))


def test_a_ground_that_the_law_does_not_know_is_answered_plainly(workbench: Workbench) -> None:
    pupil = workbench("pupils", "list", "--json").json[0]["id"]
    said = workbench("removal", "start", pupil, "--ground", "P")
    assert said.code == 1
    assert "Ground P is not in this rule set" in said.err


def test_the_keys_of_a_case_have_ids_of_their_own(workbench: Workbench) -> None:
    rows = workbench("case", "keys", "--json").json
    assert len({row["id"] for row in rows}) == len(rows)
    assert {"trigger", "enquiry", "referral-to"} <= {row["kind"] for row in rows}


def test_returns_are_listed_and_drafted_as_at_a_day(workbench: Workbench) -> None:
    rows = workbench("return", "list", "--on", "2026-11-20", "--json").json
    assert rows
    assert all(row["id"] and row["pupil"] for row in rows)
    said = workbench("return", "draft", rows[0]["id"], "--on", "2026-11-20", "--json")
    assert (said.code, said.json["id"]) == (0, rows[0]["id"])
    assert workbench("return", "list", "--on", "2026-10-01", "--rule", "x").code == 2


def test_a_reported_concern_names_its_pupil(workbench: Workbench, tmp_path: Path) -> None:
    child = workbench("pupils", "list", "--json").json[0]
    words = tmp_path / "words.txt"
    words.write_text("Came in without a coat again.")
    said = workbench("concern", "report", child["upn"], str(words), "--json", user="staff")
    assert said.code == 0
    assert said.json["pupil"] == child["id"]
    assert "coat" not in said.out + said.err
    assert workbench("concern", "show", said.json["id"], user="staff").code == 1


def test_what_is_written_into_a_case_names_its_pupil(workbench: Workbench, tmp_path: Path) -> None:
    child = workbench("pupils", "list", "--json").json[0]["id"]
    case = workbench("case", "open", child, "--trigger", "concern", "--json").json["id"]
    note = workbench("case", "note", case, "Rang the aunt.", "--json").json
    answer = workbench("case", "answer", case, "danger.level", "none", "--note", "seen today", "--json").json
    assert (note["pupil"], answer["pupil"]) == (child, child)
    assert note["id"]
    assert answer["id"]


def test_an_export_never_writes_over_a_file(workbench: Workbench, tmp_path: Path) -> None:
    child = workbench("pupils", "list", "--json").json[0]["id"]
    case = workbench("case", "open", child, "--trigger", "concern", "--json").json["id"]
    there = tmp_path / "case.json"
    there.write_text("mine")
    said = workbench("case", "export", case, "--out", str(there))
    assert (said.code, there.read_text()) == (1, "mine")
    assert "exists already. Nothing was changed." in said.err
    assert said.err.count(str(there)) == 1
