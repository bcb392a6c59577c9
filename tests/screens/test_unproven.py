"""A concern at the lock without a PIN, the switch of person there, and what is typed and left."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from screens.app import WorkbenchApp
from screens.lock import LockScreen
from screens.lockedstart import LockedApp
from screens.widgets.dialog import FormDialog
from screens.widgets.form import Form
from tests.conftest import PASSPHRASE, DeskFor
from tests.draftkit import drafts_in, found_in
from tests.screens.golden import same
from tests.screens.places import at, drawn, front, press, settle, type_in
from tests.screens.test_lock import unlock
from workbench.desk import concerns, drafts, roll, unfinished, unproven
from workbench.desk.context import Desk
from workbench.domain.errors import FolderError

WORRY = "She did not want to go home."


def lock(pilot: Pilot[int]) -> LockScreen:
    screen = pilot.app.screen
    assert isinstance(screen, LockScreen)
    return screen


async def to_the_text(pilot: Pilot[int], desk: Desk) -> str:
    """From the lock to the field of the concern, as T. Ellis; the child's name."""
    pupil = roll.pupils(desk)[0]
    await press(pilot, "ctrl+r")
    await type_in(pilot, "ellis")
    await press(pilot, "enter")
    await type_in(pilot, f"{pupil.surname} {pupil.forename}")
    await press(pilot, "enter", "enter")
    return pupil.surname


async def test_a_concern_at_the_lock_is_in_the_log_as_unproven(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "pupils") as pilot:
        await press(pilot, "f9")
        name = await to_the_text(pilot, desk)
        assert name in drawn(pilot)
        await type_in(pilot, WORRY)
        same("unproven-text", pilot)
        await press(pilot, "ctrl+s")
        assert "The concern is recorded" in drawn(pilot)
        assert name not in drawn(pilot)
        assert lock(pilot).dialogs == []
        await unlock(pilot)
        assert front(pilot).SECTION == "pupils"
    (concern,) = concerns.concerns(desk_for("dsl"))
    assert (concern.by, concern.proven) == ("staff", False)
    entry = next(e for e in desk.store.entries() if e["act"] == "concern.reported")
    assert (entry["actor"], entry["role"]) == ("staff", "unproven")


async def test_one_about_everybody_who_could_read_it_says_whom_to_tell(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "pupils") as pilot:
        await press(pilot, "f9")
        name = await to_the_text(pilot, desk_for("dsl"))
        await type_in(pilot, WORRY)
        await press(pilot, "tab")
        await type_in(pilot, "dsl deputy leader")
        await press(pilot, "ctrl+s")
        assert "Nobody here can read it" in drawn(pilot)
        assert name not in drawn(pilot)
        await press(pilot, "escape")
        assert lock(pilot).dialogs == []


async def test_the_roll_is_not_shown_at_the_lock(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = roll.pupils(desk)[0]
    async with at(desk, "today") as pilot:
        await press(pilot, "f9", "ctrl+r")
        same("unproven-who", pilot)
        await type_in(pilot, "ellis")
        await press(pilot, "enter")
        await type_in(pilot, pupil.surname[:1])
        await press(pilot, "enter")
        assert "at least 2 letters" in drawn(pilot)
        assert pupil.surname not in drawn(pilot)
        await type_in(pilot, "qqq")
        await press(pilot, "enter")
        assert "Nobody on roll is called that" in drawn(pilot)
        await press(pilot, "escape")
        assert lock(pilot).dialogs == []


async def test_on_a_failure_what_was_typed_stays_on_the_screen(
    desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_for("dsl")

    def refused(*_: object) -> str:
        raise FolderError("The disk is full.", todo="Free space.")

    async with at(desk, "today") as pilot:
        await press(pilot, "f9")
        await to_the_text(pilot, desk)
        await type_in(pilot, WORRY)
        with monkeypatch.context() as patched:
            patched.setattr(unproven, "report", refused)
            await press(pilot, "ctrl+s")
            assert "The disk is full." in drawn(pilot)
            assert WORRY in drawn(pilot)
        await press(pilot, "ctrl+s")
        assert "The concern is recorded" in drawn(pilot)
    assert len(concerns.concerns(desk_for("dsl"))) == 1


async def test_signed_in_a_failure_keeps_the_text_on_the_screen_too(
    desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_for("staff")

    def refused(*_: object, **__: object) -> str:
        raise FolderError("The disk is full.", todo="Free space.")

    async with at(desk, "today") as pilot:
        await press(pilot, "ctrl+r", "enter")
        await type_in(pilot, WORRY)
        with monkeypatch.context() as patched:
            patched.setattr(concerns, "report", refused)
            await press(pilot, "ctrl+s")
            assert "The disk is full." in drawn(pilot)
            assert WORRY in drawn(pilot)
        await press(pilot, "ctrl+s")
        assert "The concern is recorded" in front(pilot).message


async def test_signed_in_it_takes_three_keys_and_the_text(desk_for: DeskFor) -> None:
    async with at(desk_for("staff"), "today") as pilot:
        await press(pilot, "ctrl+r", "enter")
        await type_in(pilot, WORRY)
        await press(pilot, "ctrl+s")
    assert [c.by for c in concerns.concerns(desk_for("dsl"))] == ["staff"]


async def test_on_a_pupils_page_it_is_about_that_pupil(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = roll.pupils(desk)[3].id
    async with at(desk, "pupil", pupil=pupil) as pilot:
        await press(pilot, "ctrl+r")
        await type_in(pilot, WORRY)
        await press(pilot, "ctrl+s")
    assert [c.pupil for c in concerns.concerns(desk)] == [pupil]


async def leave(pilot: Pilot[int], how: str, now: list[float]) -> None:
    """The concern at the lock is left."""
    if how == "escape":
        await press(pilot, "escape")
        return
    now[0] += 181
    lock(pilot).look_idle()
    await settle(pilot)


@pytest.mark.parametrize("how", ["left alone", "escape"])
async def test_what_was_typed_and_left_goes_to_the_dsl_sealed(
    desk_for: DeskFor, folder: Path, how: str
) -> None:
    now = [1000.0]
    desk = desk_for("dsl")
    pupil = roll.pupils(desk)[0]
    app = WorkbenchApp(desk, idle=180, clock=lambda: now[0])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f9")
        await to_the_text(pilot, desk)
        await type_in(pilot, WORRY)
        await leave(pilot, how, now)
        assert WORRY not in drawn(pilot)
        assert pupil.surname not in drawn(pilot)
        assert "Kept for the DSL" in drawn(pilot)
        assert app.drafts.text("staff", f"concern {pupil.id}") == {}
        await to_the_text(pilot, desk)  # whoever picks the same name and child sees nothing of it
        assert WORRY not in drawn(pilot)
        await press(pilot, "escape")
    assert found_in(folder, WORRY) == []
    (found,) = unfinished.unfinished(desk_for("dsl"))
    assert unfinished.look(desk_for("dsl"), found.id).text == WORRY


async def test_a_line_that_is_cut_at_the_lock_loses_nothing_and_what_is_handed_over_leaves_nothing(
    desk_for: DeskFor, folder: Path
) -> None:
    desk = desk_for("dsl")
    app = WorkbenchApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f9")
        await to_the_text(pilot, desk)
        await type_in(pilot, WORRY)
        app.pulse.keep()  # what the watchdog does before it ends the process
        (found,) = unfinished.unfinished(desk_for("deputy"))
        assert (found.user, unfinished.look(desk_for("deputy"), found.id).text) == ("staff", WORRY)
        await press(pilot, "ctrl+s")
        assert "The concern is recorded" in drawn(pilot)
        await settle(pilot)
        assert drafts_in(folder) == []
    assert found_in(folder, WORRY) == []


@pytest.mark.parametrize("how", ["left alone", "escape"])
async def test_where_nobody_holds_a_key_it_is_kept_in_memory_for_its_writer_alone(
    desk_for: DeskFor, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "_keys", lambda *_: {})
    now = [1000.0]
    desk = desk_for("dsl")
    pupil = roll.pupils(desk)[0]
    app = WorkbenchApp(desk, idle=180, clock=lambda: now[0])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f9")
        await to_the_text(pilot, desk)
        await type_in(pilot, WORRY)
        await leave(pilot, how, now)
        assert WORRY not in drawn(pilot)
        assert pupil.surname not in drawn(pilot)
        assert "Kept for its writer" in drawn(pilot)
        await to_the_text(pilot, desk)  # whoever picks the same name and child sees nothing of it
        assert WORRY not in drawn(pilot)
        await press(pilot, "escape")
        await unlock(pilot, user="staff")
        await press(pilot, "ctrl+r")
        await type_in(pilot, pupil.surname)
        await press(pilot, "enter")
        assert front(pilot).dialogs[0].query_one(TextArea).text == WORRY


async def test_ctrl_w_picks_who_signs_in(desk_for: DeskFor) -> None:
    async with at(desk_for("dsl"), "today") as pilot:
        await press(pilot, "f9", "ctrl+w")
        await type_in(pilot, "novak")
        await press(pilot, "enter")
        assert lock(pilot).query_one("#unlock", Form).values()["user"] == "attendance"
        await unlock(pilot)
        assert front(pilot).desk.user() == "attendance"


async def test_within_the_text_ctrl_w_takes_back_a_word(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "today") as pilot:
        await press(pilot, "f9")
        await to_the_text(pilot, desk)
        await type_in(pilot, "one two")
        await press(pilot, "ctrl+w")
        (dialog,) = lock(pilot).dialogs
        assert isinstance(dialog, FormDialog)
        assert dialog.form.values()["text"] == "one"


async def test_the_app_begins_at_the_lock_and_goes_on_from_there(desk_for: DeskFor) -> None:
    signed = desk_for("dsl")
    desk = Desk(signed.store, signed.clock)
    app = LockedApp(desk, idle=180)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "who are you?" in drawn(pilot)
        await press(pilot, "escape")
        assert "locked" in drawn(pilot)
        await unlock_as(pilot, "dsl")
        assert front(pilot).AREA == "today"
        await press(pilot, "3", "f9")
        await unlock(pilot)
        assert front(pilot).SECTION == "pupils"


async def unlock_as(pilot: Pilot[int], user: str) -> None:
    await type_in(pilot, user)
    await press(pilot, "tab")
    await unlock(pilot)


async def test_the_lock_says_how_long_to_wait_and_does_not_tick(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    async with at(desk, "today") as pilot:
        await press(pilot, "f9")
        await unlock(pilot, "not this one")
        assert "is wrong. Wait 1 s." in drawn(pilot)
        await unlock(pilot, PASSPHRASE)
        assert "Too many tries failed just now: wait 1 s." in drawn(pilot)
        desk.clock.advance(seconds=1)  # type: ignore[attr-defined]
        await unlock(pilot, PASSPHRASE)
        assert front(pilot).AREA == "today"


async def test_without_a_role_nobody_gets_further_than_the_lock(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    with desk.change("person.roles-set") as tx:
        tx.put("people", "people", {**desk.docs("people", "people")["staff"], "roles": []})
    async with at(desk, "today") as pilot:
        await press(pilot, "f9")
        await unlock(pilot, user="staff")
        assert "staff has no role" in drawn(pilot)
        assert isinstance(pilot.app.screen, LockScreen)
