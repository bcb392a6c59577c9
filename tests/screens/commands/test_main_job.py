"""The main job by commands alone: from a duty to a proven case file."""

import json
from pathlib import Path

import jsonschema

from tests.screens.commands.conftest import Workbench

ROOT = Path(__file__).parents[3]
TODAY = "2026-11-23"


def open_case(workbench: Workbench) -> tuple[str, str]:
    duty = workbench("due", "--rule", "absence.ten-day-return", "--json").json[0]
    case = workbench("case", "open", duty["pupil"], "--trigger", duty["id"], "--json").json
    assert (case["pupil"], case["trigger"], case["duty"]) == (duty["pupil"], "ten-days", duty["id"])
    return duty["pupil"], case["id"]


def answer_everything(workbench: Workbench, case: str) -> None:
    shown = workbench("case", "show", case, "--json").json
    for question in shown["questions"]:
        key = question["key"]
        if key in shown["answers"] and key != "groups.youth_justice":
            continue
        choices = [choice["key"] for choice in question["choices"]]
        wanted = {"danger.level": "none", "outcome.kind": "not-found", "removal.claimed": "no"}
        value = wanted.get(key) or ("told" if "told" in choices else "no" if "no" in choices else "")
        value = value or (
            choices[0]
            if choices
            else "2026-11-20"
            if question["kind"] == "date"
            else "as the class teacher says"
        )
        assert workbench("case", "answer", case, key, value, "--note", "asked and noted").code == 0, key


def test_danger_makes_the_other_steps_wait_until_the_referral(workbench: Workbench) -> None:
    _, case = open_case(workbench)
    workbench("case", "answer", case, "danger.level", "immediate", "--note", "taken on a trip")
    steps = {s["key"]: s["state"] for s in workbench("case", "show", case, "--json").json["steps"]}
    assert steps["groups"] == steps["enquiries"] == "waits"
    danger = workbench("due", "--rule", "case.danger-referral", "--json").json
    assert danger[0]["state"] == "due"
    workbench("referral", "add", case, "--to", "social-care", "--decision", "refer", "--reason", "now")
    steps = {s["key"]: s["state"] for s in workbench("case", "show", case, "--json").json["steps"]}
    assert steps["groups"] == "open"
    assert workbench("due", "--rule", "case.danger-referral", "--json").json == []


def test_a_stale_answer_is_refused_with_both_versions(workbench: Workbench) -> None:
    _, case = open_case(workbench)
    workbench("case", "answer", case, "danger.level", "none", "--note", "seen")
    said = workbench("case", "answer", case, "danger.level", "risk", "--rev", "0", user="deputy")
    assert said.code == 1
    assert "    value  none\n" in said.err
    assert "    value  risk\n" in said.err


def test_from_a_duty_to_a_closed_case_and_its_file(workbench: Workbench, tmp_path: Path) -> None:
    pupil, case = open_case(workbench)
    refused = workbench("case", "close", case, "--reason", "done")
    assert refused.code == 1
    assert "the outcome is recorded" in refused.err
    answer_everything(workbench, case)
    for step in [row["key"] for row in workbench("case", "keys", "--json").json if row["step"] == "enquiry"]:
        assert workbench("enquiry", "add", case, "--step", step, "--result", "nothing new").code == 0
    workbench(
        "referral",
        "add",
        case,
        "--to",
        "social-care",
        "--decision",
        "not-referred",
        "--reason",
        "below level 3",
    )
    steps = workbench("case", "show", case, "--json").json["steps"]
    assert {s["key"]: s["state"] for s in steps if s["state"] != "done"} == {
        "removal": "does-not-apply",
        "close": "begun",
    }
    assert workbench("case", "close", case, "--reason", "the authority goes on").code == 0
    out = tmp_path / "case.json"
    assert workbench("case", "export", case, "--out", str(out)).code == 0
    document = json.loads(out.read_text("utf-8"))
    schema = json.loads((ROOT / "docs" / "case.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    assert document["pupil"]["id"] == pupil
    assert len(document["marks"]) > 20
    assert {e["act"] for e in document["log"]} >= {
        "case.opened",
        "case.answered",
        "enquiry.added",
        "case.exported",
    }
    verdict = workbench("log", "verify", "--head", document["head"]["hash"], "--json").json
    assert verdict["whole"] is True
    assert oct(out.stat().st_mode & 0o777) == "0o600"
    assert workbench("case", "export", case, "--out", str(out)).code == 1


def test_removal_is_refused_until_every_gate_is_open(workbench: Workbench) -> None:
    pupil = workbench("pupils", "list", "--json").json[3]["id"]
    workbench(
        "record",
        pupil,
        "parent_letter",
        "intent=home-education",
        "in_writing=yes",
        "last_day=2026-11-20",
        "on=2026-11-18",
    )
    removal = workbench("removal", "start", pupil, "--ground", "F", "--json").json
    own = removal["id"]
    assert removal["open_gates"] == ["la-confirmation", "return-sent", "authorisation", "date"]
    early = workbench("removal", "complete", own, "--date", TODAY)
    assert (early.code, early.out) == (1, "")
    assert "open gates: la-confirmation, return-sent, authorisation" in early.err
    own_request = workbench("removal", "authorise", own)
    assert own_request.code == 1
    too_soon = workbench("removal", "authorise", own, user="leader")
    assert "open gates: la-confirmation, return-sent" in too_soon.err
    assert workbench("return", "sent", removal["return_duty"], "--how", "secure form").code == 0
    answer = ("--from", "P. Rowe", "--reference", "T-1", "--answer", "yes")
    assert workbench("removal", "confirm", own, *answer, "--json").json["open_gates"] == [
        "authorisation",
        "date",
    ]
    assert workbench("removal", "authorise", own, user="leader").code == 0
    past = workbench("removal", "complete", own, "--date", "2026-11-22")
    assert "open gates: date" in past.err
    done = workbench("removal", "complete", own, "--date", TODAY, "--json").json
    assert (done["state"], done["effective"], done["open_gates"]) == ("completed", TODAY, [])
    assert pupil not in {p["id"] for p in workbench("pupils", "list", "--json").json}
    assert pupil in {p["id"] for p in workbench("pupils", "list", "--leavers", "--json").json}


def test_a_policy_gate_is_overridden_with_a_reason_a_law_gate_never(workbench: Workbench) -> None:
    pupil = workbench("pupils", "list", "--json").json[3]["id"]
    workbench(
        "record",
        pupil,
        "parent_letter",
        "intent=home-education",
        "in_writing=yes",
        "last_day=2026-11-20",
        "on=2026-11-18",
    )
    removal = workbench("removal", "start", pupil, "--ground", "F", "--json").json
    authorise = ("removal", "authorise", removal["id"], "--override")
    law = workbench(*authorise, "return-sent", "--reason", "x", user="leader")
    assert law.code == 1
    assert "cannot be overridden" in law.err
    workbench("return", "sent", removal["return_duty"], "--how", "secure form")
    assert "reason" in workbench(*authorise, "la-confirmation", user="leader").err
    done = workbench(
        *authorise, "la-confirmation", "--reason", "the law says that it must go", "--json", user="leader"
    ).json
    assert {g["id"]: g["state"] for g in done["gates"]}["la-confirmation"] == "overridden"
    workbench("removal", "evidence", removal["id"], "last_day_passed", "2026-11-20", "--note", "the letter")
    assert "authorisation" in workbench("removal", "show", removal["id"], "--json").json["open_gates"]


def test_a_concern_can_be_written_by_anybody_and_read_by_few(workbench: Workbench, tmp_path: Path) -> None:
    pupil = workbench("pupils", "list", "--json").json[0]["id"]
    text = tmp_path / "concern.txt"
    text.write_text("said that he sleeps in a car")
    own = workbench("concern", "report", pupil, str(text), "--about", "dsl", "--json", user="staff").json[
        "id"
    ]
    assert workbench("concern", "show", own, user="staff").code == 1
    assert workbench("concern", "show", own).code == 1
    assert workbench("concern", "list", "--json").json == []
    assert own not in json.dumps([d["id"] for d in workbench("due", "--json").json])
    assert "sleeps in a car" in workbench("concern", "show", own, user="deputy").out
    assert own in json.dumps([d["id"] for d in workbench("due", "--json", user="deputy").json])
    assert workbench("concern", "triage", own, "--outcome", "early help", user="deputy").code == 0
    entry = next(e for e in workbench("log", "show", "--json").json if e["act"] == "concern.reported")
    assert (entry["subject"], entry["why"]) == (own, None)
