"""What `check` says of sealed records that somebody altered: by ids alone, to who holds the key."""

import json
from pathlib import Path

from store.canon import canonical
from store.envelope import SEALED
from tests.conftest import DeskFor
from tests.workbench.story import UPN, opened
from workbench.desk import accounts, cases, checks, concerns
from workbench.desk.context import Desk


def faults(desk: Desk) -> list[tuple[str, str, str]]:
    return [(f.file, f.record, f.words) for f in checks.check(desk) if f.level == "fault"]


def test_a_whole_folder_has_none(desk_for: DeskFor) -> None:
    cases.note(desk_for("dsl"), opened(desk_for("dsl")).id, "a note")
    concerns.report(desk_for("staff"), UPN, "a worry", ["dsl"])
    for user in ("dsl", "deputy", "leader", "attendance"):
        assert faults(desk_for(user)) == []


def test_a_box_that_was_moved_is_named_to_who_holds_the_key(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl).id
    first, second = (cases.note(dsl, case, text).id for text in ("one", "two"))
    page = dsl.store.page("cases", "notes")
    page.own[second] = {**page.own[second], SEALED: page.own[first][SEALED]}
    here = [fault for fault in faults(desk_for("deputy")) if fault[1] == f"notes/{second}"]
    assert [(file, "does not open" in words) for file, _, words in here] == [("cases.json", True)]
    assert not [fault for fault in faults(desk_for("attendance")) if fault[1] == f"notes/{second}"]
    assert "two" not in repr(here)


def test_a_wrap_that_was_damaged_is_named(desk_for: DeskFor, folder: Path) -> None:
    opened(desk_for("dsl"))
    path = folder / "vault.json"
    vault = json.loads(path.read_bytes())
    ((own, wraps),) = vault["keys"].items()
    vault["keys"][own] = {holder: "A" * len(text) for holder, text in wraps.items()}
    path.write_bytes(canonical(vault) + b"\n")
    assert ("vault.json", own, "your wrap of this key does not open") in faults(desk_for("deputy"))


def test_who_holds_keys_is_listed_without_a_fingerprint(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    assert accounts.key_holders(desk) == {"attendance", "dsl", "deputy", "leader", "auditor"}
    assert all(
        (p.slot, p.seals, p.signs, p.signed_with) == (None, None, None, ()) for p in accounts.people(desk)
    )
