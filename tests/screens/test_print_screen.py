"""Prints on the screen: chosen, read, written, copied where the school allows it; one entry each."""

from base64 import b64decode
from pathlib import Path

import pytest

from screens.palette import palette_rows
from tests.conftest import DeskFor
from tests.screens.golden import same
from tests.screens.places import at, drawn, front, press, settle, type_in
from tests.workbench.story import UPN, absent, acts, opened
from workbench.desk import clipboard, roll

LARGE = (120, 40)


async def test_the_daily_sheet_from_today(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("attendance")
    async with at(desk, "today") as pilot:
        await press(pilot, "f7")
        assert "Daily sheet, Monday 23 Nov 2026" in drawn(pilot)
        same("print-daily", pilot)
        before = desk.store.head.seq
        await press(pilot, "o")
        await type_in(pilot, str(tmp_path / "day.html"))
        await press(pilot, "ctrl+s")
        assert "Written:" in drawn(pilot)
        assert [e["act"] for e in list(desk.store.entries())[before:]] == ["print.made"]
    assert (tmp_path / "day.html").read_text("utf-8").startswith("<!DOCTYPE html>")


async def test_a_window_narrower_than_paper_hides_no_word(desk_for: DeskFor) -> None:
    async with at(desk_for("attendance"), "today", (60, 40)) as pilot:
        await press(pilot, "f7")
        shown = " ".join(drawn(pilot).split())
        assert "DESTROY IT WHEN THE DAY IS OVER." in shown
        assert "…" not in shown


async def test_a_letter_from_the_pupils_page(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    async with at(desk, "pupil", pupil=roll.find(desk, UPN).id) as pilot:
        await press(pilot, "f7")
        same("print-menu", pilot)
        await press(pilot, "down", "enter")
        assert "is missing school" in drawn(pilot)
        same("print-letter", pilot)


async def test_a_certificate_from_the_pupils_page(desk_for: DeskFor) -> None:
    desk = desk_for("leader")
    async with at(desk, "pupil", LARGE, pupil=roll.find(desk, UPN).id) as pilot:
        await press(pilot, "f7", "enter")
        assert "Certificate of attendance" in drawn(pilot)
        assert "Possible sessions" in drawn(pilot)


async def test_the_return_with_its_recipient(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    async with at(desk, "return", LARGE, duty=absent(desk).id) as pilot:
        await press(pilot, "f7")
        assert "Attendance return to Torbay" in drawn(pilot)


async def test_the_chronology_is_looked_at_once_and_never_copied(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    clipboard.put(desk, allowed=True)
    case = opened(desk).id
    async with at(desk, "case", LARGE, case=case) as pilot:
        before = desk.store.head.seq
        await press(pilot, "f7")
        assert "CONFIDENTIAL" in drawn(pilot)
        front(pilot).reload()
        await press(pilot, "c")
        assert "no clipboard" in drawn(pilot)
        assert [e["act"] for e in list(desk.store.entries())[before:]] == ["case.viewed"]


async def test_copying(desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_for("dsl")
    place = {"kind": "letter", "letter": "absence", "pupil": roll.find(desk, UPN).id}
    async with at(desk, "print", LARGE, **place) as pilot:
        sent: list[str] = []
        monkeypatch.setattr(pilot.app._driver, "write", sent.append)
        await press(pilot, "c")
        assert "does not allow" in drawn(pilot)
        assert not [code for code in sent if "]52" in code]
        await press(pilot, "escape")
        clipboard.put(desk, allowed=True)
        await press(pilot, "c")
        codes = [code for code in sent if "]52" in code]
        assert len(codes) == 1
        assert b"Yours sincerely" in b64decode(codes[0].removeprefix("\x1b]52;c;").removesuffix("\x07"))
        assert acts(desk)[-1] == "print.copied"


async def test_a_wrong_letter_is_told_by_file_and_line(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    (desk.store.path / "letters").mkdir()
    (desk.store.path / "letters" / "absence.txt").write_text("Title: x\n\n{nobody}\n")
    async with at(desk, "pupil", LARGE, pupil=roll.find(desk, UPN).id) as pilot:
        await press(pilot, "f7", "down", "enter")
        assert "letters/absence.txt, line 3" in drawn(pilot)


async def test_the_setting_from_the_palette(desk_for: DeskFor) -> None:
    async with at(desk_for("leader"), "today", LARGE) as pilot:
        await front(pilot).action_act("clipboard")
        await settle(pilot)
        await press(pilot, "down", "enter")
        assert "allowed from now on" in drawn(pilot)
        assert clipboard.is_allowed(front(pilot).desk)
    async with at(desk_for("attendance"), "today", LARGE) as pilot:
        await front(pilot).action_act("clipboard")
        await settle(pilot)
        assert "The clipboard is allowed since" in drawn(pilot)


@pytest.mark.parametrize(("user", "offered"), [("staff", False), ("auditor", False), ("attendance", True)])
async def test_only_those_who_may_are_offered_it(desk_for: DeskFor, user: str, offered: bool) -> None:
    async with at(desk_for(user), "today") as pilot:
        keys = [row.key for row in palette_rows(front(pilot))]
        assert ("go:print" in keys) is offered
        assert ("act:print" in keys) is offered
