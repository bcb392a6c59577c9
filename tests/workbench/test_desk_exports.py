"""The case file: one JSON object that fits its published schema, and the log that proves it."""

import hashlib
import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conftest import DeskFor
from tests.workbench.story import absent, acts, all_but_authorised, opened, walked
from workbench.desk import amendments, cases, concerns, contacts, exports, logbook, removals, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.schema import schema_text
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError

PUBLISHED = Path(__file__).parents[2] / "docs" / "case.schema.json"
TODAY = date(2026, 11, 23)


def checked(built: dict[str, Any]) -> dict[str, Any]:
    """The file, after it was written, read again and held against the published schema."""
    read: dict[str, Any] = json.loads(json.dumps(built))
    schema = json.loads(PUBLISHED.read_text("utf-8"))
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    jsonschema.Draft202012Validator.check_schema(schema)
    checker.validate(read)
    return read


def test_the_published_schema_is_made_from_the_records() -> None:
    assert PUBLISHED.read_text("utf-8") == schema_text(), "run `make papers`"


def test_the_schema_refuses_what_is_no_case_file(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    built = checked(exports.export_case(desk, opened(desk).id))
    for spoil in ({"schema": "other"}, {"version": 2}, {"head": {"seq": "1", "hash": "x"}}, {"marks": None}):
        with pytest.raises(jsonschema.ValidationError):
            checked({**built, **spoil})
    for key in built:
        with pytest.raises(jsonschema.ValidationError):
            checked({name: value for name, value in built.items() if name != key})


def test_the_main_job_from_duty_to_proven_file(desk_for: DeskFor, clock: FixedClock) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    contacts.add(desk, case.pupil, "mother", "no answer")
    amendments.amend(desk, case.pupil, date(2026, 11, 20), "PM", "O", "nobody knows a reason")
    walked(desk, case.id)
    cases.answer(desk, case.id, "removal.claimed", "yes")
    removal = all_but_authorised(desk, case.pupil, case.id).removal.id
    removals.authorise(desk_for("leader"), removal)
    removals.complete(desk, removal, TODAY)
    clock.advance(hours=1)
    cases.close(desk, case.id, "educated at home; the authority knows")
    built = checked(exports.export_case(desk, case.id))

    assert (built["schema"], built["version"]) == ("cme-case", 1)
    assert [s["state"] for s in built["steps"]] == ["done"] * 9
    assert (built["case"]["open"], built["pupil"]["left_ground"]) == (False, "F")
    (gone,) = built["removals"]
    assert (gone["state"], gone["authorised_by"], gone["requested_by"]) == ("completed", "leader", "dsl")
    assert {g["state"] for g in gone["gates"]} <= {"met", "does-not-apply"}
    assert [(a["was"], a["code"]) for a in built["amendments"]] == [("N", "O")]
    assert len(built["marks"]) == 28
    assert {e["by_whom"] for e in built["enquiries"]} == {"school"}
    assert {line["kind"] for line in built["chronology"]} >= {
        "case",
        "answer",
        "enquiry",
        "referral",
        "removal",
        "mark",
    }
    assert [line["at"] for line in built["chronology"]] == sorted(line["at"] for line in built["chronology"])

    found = [e["act"] for e in built["log"]]
    for act in (
        "case.opened",
        "case.answered",
        "enquiry.added",
        "referral.added",
        "mark.amended",
        "contact.added",
    ):
        assert act in found
    assert found[-1] == "case.exported"
    assert {
        "removal.started",
        "removal.authorised",
        "removal.completed",
        "return.sent",
        "case.closed",
    } <= set(found)
    assert built["head"] == {"seq": desk.store.head.seq, "hash": desk.store.head.hash}
    verdict = logbook.verify(desk, built["head"]["hash"])
    assert verdict.whole
    assert verdict.problems == ()


def test_entries_in_the_file_prove_themselves(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    built = checked(exports.export_case(desk, opened(desk).id))
    assert built["log"]
    for entry in built["log"]:
        body = {key: value for key, value in entry.items() if key != "hash"}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == entry["hash"]
    assert built["log"][-1]["hash"] == built["head"]["hash"]


def test_an_export_is_one_entry_and_for_those_who_may(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk, about=("deputy",))
    before = desk.store.head.seq
    exports.export_case(desk, case.id)
    assert acts(desk, before) == ["case.exported"]
    with pytest.raises(NotFoundError):
        exports.export_case(desk_for("deputy"), case.id)
    for user in ("attendance", "staff", "auditor"):
        with pytest.raises(RefusedError):
            exports.export_case(desk_for(user), case.id)


def test_other_children_are_named_by_id_only(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    other = next(p for p in roll.pupils(desk) if p.id != case.pupil)
    cases.link(desk, case.id, other.id, "harmed")
    cases.note(
        desk,
        case.id,
        f"{other.forename} {other.surname} was there; so says {other.surname.upper()}, {other.forename}",
    )
    built = checked(exports.export_case(desk, case.id))
    assert built["case"]["linked"] == [{"pupil": other.id, "role": "harmed"}]
    assert built["notes"][0]["text"] == f"{other.id} was there; so says {other.id}"
    assert f"{other.forename} {other.surname}" not in json.dumps(built, ensure_ascii=False)
    assert any(other.id in line for line in built["redactions"])


def test_concerns_stay_out_of_the_file(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    own = concerns.report(desk_for("staff"), case.pupil, "canary bruises")
    text = json.dumps(exports.export_case(desk, case.id))
    assert own not in text
    assert "canary" not in text


def test_hostile_text_leaves_as_plain_text(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    cases.note(desk, case.id, "[/] \x1b]0;x\x07 \u202e =1+1 " + "x" * 5000)
    built = checked(exports.export_case(desk, case.id))
    assert not any(sign in built["notes"][0]["text"] for sign in "\x1b\x07\u202e")


def test_the_file_is_private_and_never_written_over(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("dsl")
    case = opened(desk)
    path = tmp_path / "case.json"
    head = exports.write_case(desk, case.id, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text("utf-8"))["head"]["hash"] == head.hash
    with pytest.raises(InvalidError):
        exports.write_case(desk, case.id, path)


def test_marks_of_a_late_arrival_carry_their_minutes(desk_for: DeskFor) -> None:
    desk: Desk = desk_for("dsl")
    pupil = absent(desk).pupil or ""
    case = opened(desk)
    amendments.amend(desk, pupil, date(2026, 11, 4), "AM", "L", "came late", minutes=12)
    marks = checked(exports.export_case(desk, case.id))["marks"]
    assert [(m["on"], m["minutes"]) for m in marks if m["code"] == "L"] == [("2026-11-04", 12)]
