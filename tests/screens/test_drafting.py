"""What stands in a form unsaved: sealed on the disk after a pause, out of memory at the lock, offered again."""

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from screens import drafting
from screens.app import WorkbenchApp
from screens.drafting import Drafting, Key
from screens.widgets.form import Form
from store.errors import WriteError
from tests.conftest import NOW, DeskFor, signer
from tests.draftkit import CANARY, drafts_in, found_in
from tests.screens.golden import same
from tests.screens.places import at, drawn, front, press, settle, type_in
from tests.screens.test_conflict import on_the_child
from tests.screens.test_lock import unlock
from tests.workbench.story import opened
from workbench.desk import cases, concerns, drafts, folders, roll, unfinished
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import FolderError


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause in typing takes no time here."""
    monkeypatch.setattr(drafting, "PAUSE", 0.01)


@pytest.fixture
def elsewhere(folder: Path) -> Iterator[DeskFor]:
    """Signs in at another terminal."""
    desk = folders.open_folder(folder, FixedClock(NOW))
    yield signer(desk)
    desk.close()


def the_app(pilot: Pilot[int]) -> WorkbenchApp:
    """The app, by its own type."""
    return cast("WorkbenchApp", pilot.app)


async def written(pilot: Pilot[int]) -> None:
    """Wait for the pause after typing, and for what follows it."""
    while the_app(pilot).drafts._timer is not None:
        await asyncio.sleep(0)
    await settle(pilot)


async def to_a_note(pilot: Pilot[int], text: str = CANARY) -> None:
    """From a case into the form of a note, and type."""
    await press(pilot, "n")
    await type_in(pilot, text)


def note(pilot: Pilot[int]) -> str:
    """What stands in the form."""
    return str(front(pilot).dialogs[0].query_one(TextArea).text)


async def test_half_a_note_is_sealed_after_a_pause_and_offered_at_another_terminal(
    desk_for: DeskFor, elsewhere: DeskFor, folder: Path
) -> None:
    case = opened(desk_for("dsl")).id
    async with at(desk_for("dsl"), "case", case=case) as pilot:
        await to_a_note(pilot)
        await written(pilot)
        assert len(drafts_in(folder)) == 1
        assert found_in(folder, CANARY) == []
        async with at(elsewhere("dsl"), "case", case=case) as other:
            await press(other, "n")
            assert note(other) == CANARY
            await press(other, "ctrl+s")
            assert drafts_in(folder) == []
        async with at(elsewhere("deputy"), "case", case=case) as third:
            await press(third, "n")
            assert note(third) == ""


async def test_today_says_that_something_is_not_saved_to_its_writer_alone(
    desk_for: DeskFor, elsewhere: DeskFor
) -> None:
    case = opened(desk_for("dsl")).id
    async with at(desk_for("dsl"), "case", case=case) as pilot:
        await to_a_note(pilot)
        await written(pilot)
        async with at(elsewhere("dsl"), "today") as other:
            assert f"Not saved, still in its form: {case}" in drawn(other)
            assert CANARY not in drawn(other)
        async with at(elsewhere("deputy"), "today") as third:
            assert "Not saved" not in drawn(third)


async def test_saved_or_emptied_it_is_gone_and_esc_alone_keeps_it(desk_for: DeskFor, folder: Path) -> None:
    case = opened(desk_for("dsl")).id
    async with at(desk_for("dsl"), "case", case=case) as pilot:
        await to_a_note(pilot)
        await press(pilot, "escape")
        assert len(drafts_in(folder)) == 1
        await press(pilot, "n", "escape")  # looked at and left: it stays
        assert len(drafts_in(folder)) == 1
        await press(pilot, "n")
        assert note(pilot) == CANARY
        front(pilot).dialogs[0].query_one(TextArea).load_text("")
        await settle(pilot)
        await press(pilot, "escape")
        assert drafts_in(folder) == []
        await to_a_note(pilot)
        await press(pilot, "ctrl+s")
        assert drafts_in(folder) == []
        assert the_app(pilot).drafts._texts == {}
    assert CANARY in [each.text for each in cases.show(desk_for("dsl"), case).notes]


async def test_what_the_desk_refuses_is_kept_on_the_disk_as_well(
    desk_for: DeskFor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise FolderError("The disk is full.", todo="Free space.")

    case = opened(desk_for("dsl")).id
    async with at(desk_for("dsl"), "case", case=case) as pilot:
        await to_a_note(pilot)
        monkeypatch.setattr(cases, "note", refused)
        await press(pilot, "ctrl+s")
        await written(pilot)
        assert len(drafts_in(folder)) == 1
    (draft,) = drafts.offered(desk_for("dsl"))
    assert CANARY in draft.values.values()


async def test_at_the_lock_it_leaves_the_memory_and_comes_back_with_its_writer(
    desk_for: DeskFor, folder: Path
) -> None:
    case = opened(desk_for("dsl")).id
    async with at(desk_for("dsl"), "case", case=case) as pilot:
        await to_a_note(pilot)
        await press(pilot, "f9")
        assert len(drafts_in(folder)) == 1
        kept = the_app(pilot).drafts
        assert (kept._texts, kept._files, kept._unwritten) == ({}, {}, {})
        areas = [thing for thing in gc.get_objects() if isinstance(thing, TextArea)]
        assert [area for area in areas if CANARY in area.text] == []
        await unlock(pilot, user="attendance")
        assert kept._texts == {}
        await press(pilot, "f9")
        await unlock(pilot, user="dsl")
        the_app(pilot).go("case", case=case)
        await settle(pilot)
        await press(pilot, "n")
        assert note(pilot) == CANARY


async def test_an_edit_comes_back_on_the_revision_that_was_seen(
    desk_for: DeskFor, elsewhere: DeskFor
) -> None:
    pupil = roll.pupils(desk_for("dsl"))[0].id
    async with at(desk_for("dsl"), "pupil", pupil=pupil) as pilot:
        on_the_child(pilot)
        await press(pilot, "x")
        await type_in(pilot, "Mc")
        await written(pilot)
        (draft,) = drafts.offered(elsewhere("dsl"))
        assert set(draft.values) == {"surname", "rev"}
        async with at(elsewhere("dsl"), "pupil", pupil=pupil) as other:
            on_the_child(other)
            await press(other, "x")
            assert "Mc" in front(other).dialogs[0].query_one(Form).values()["surname"]


async def test_a_form_without_a_name_of_its_own_comes_back_where_it_was_opened(
    desk_for: DeskFor, elsewhere: DeskFor, folder: Path
) -> None:
    first, second = (p.id for p in roll.pupils(desk_for("dsl"))[:2])
    for pupil in (first, second):
        cases.open_case(desk_for("dsl"), pupil, "other")
    case = next(row.case.id for row in cases.cases(desk_for("dsl")) if row.case.pupil == first)
    async with at(desk_for("dsl"), "case", case=case) as pilot:
        asking = asyncio.ensure_future(front(pilot).ask("Close it?", "Reason", lines=3))
        await settle(pilot)
        await type_in(pilot, CANARY)
        await written(pilot)
        assert len(drafts_in(folder)) == 1
        async with at(elsewhere("dsl"), "case", case=case) as other:
            again = asyncio.ensure_future(front(other).ask("Close it?", "Reason", lines=3))
            await settle(other)
            assert note(other) == CANARY
            await press(other, "escape")
            assert await again is None
        assert drafts_in(folder) == []  # left: the person does not want it
        await press(pilot, "escape")
        assert await asking is None


async def test_a_passphrase_and_a_short_answer_are_no_drafts(desk_for: DeskFor, folder: Path) -> None:
    async with at(desk_for("dsl"), "log") as pilot:
        asking = asyncio.ensure_future(front(pilot).ask("Verify", "Head"))
        await settle(pilot)
        await type_in(pilot, CANARY)
        await written(pilot)
        await press(pilot, "escape")
        assert await asking is None
    assert drafts_in(folder) == []


async def test_the_end_of_the_app_writes_what_was_typed_a_moment_ago(
    desk_for: DeskFor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "PAUSE", 1_000)
    case = opened(desk_for("dsl")).id
    async with at(desk_for("dsl"), "case", case=case) as pilot:
        await to_a_note(pilot)
        assert drafts_in(folder) == []
        the_app(pilot).pulse.keep()  # what the watchdog does, from a thread of its own
        assert len(drafts_in(folder)) == 1


async def test_who_types_on_and_on_is_written_all_the_same(desk_for: DeskFor, folder: Path) -> None:
    desk, kept = desk_for("dsl"), Drafting()
    kept.typed(desk, Key("dsl", "note"), {"text": "a"})
    first = kept._timer
    kept.typed(desk, Key("dsl", "note"), {"text": "ab"})
    assert kept._timer is not first
    kept._since -= drafting.LATEST
    last = kept._timer
    kept.typed(desk, Key("dsl", "note"), {"text": "abc"})
    assert kept._timer is last
    kept.write()
    assert [draft.values for draft in drafts.offered(desk)] == [{"text": "abc"}]


async def test_what_the_disk_refuses_stays_in_memory_and_is_tried_again(
    desk_for: DeskFor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, kept, key = desk_for("dsl"), Drafting(), Key("dsl", "a note")
    kept.typed(desk, key, {"text": "a"})
    kept.write()
    with monkeypatch.context() as patched:
        patched.setattr(drafts, "seal_to", _refuse)
        kept.typed(desk, key, {"text": "ab"})
        kept.write()
        assert not kept.is_sealed(key)
        kept.forget("dsl")
        assert kept.text("dsl", "a note") == {"text": "ab"}
    kept.load(desk)
    assert kept.text("dsl", "a note") == {"text": "ab"}
    kept.typed(desk, key, {"text": "abc"})
    kept.write()
    assert [draft.values for draft in drafts.offered(desk)] == [{"text": "abc"}]


def _refuse(*_: object) -> bytes:
    raise WriteError("the disk refused: no space left on device")


# without keys --------------------------------------------------------------------------------------------------------


async def to_a_concern(pilot: Pilot[int]) -> None:
    await press(pilot, "ctrl+r", "enter")
    await type_in(pilot, CANARY)


async def test_a_concern_of_somebody_without_keys_goes_to_the_dsl_who_takes_it_up(
    desk_for: DeskFor, elsewhere: DeskFor, folder: Path
) -> None:
    async with at(pin(desk_for), "today") as pilot:
        await to_a_concern(pilot)
        await written(pilot)
        assert len(drafts_in(folder)) == 1
        assert found_in(folder, CANARY) == []
        await press(pilot, "f9")
        assert the_app(pilot).drafts._texts == {}
    async with at(pin(desk_for), "today") as pilot:
        same("cut-off-writer", pilot)
        assert CANARY not in drawn(pilot)
    async with at(elsewhere("dsl"), "today") as pilot:
        same("cut-off-today", pilot)
        await press(pilot, "home", "enter")
        same("cut-off-text", pilot)
        await press(pilot, "enter")
        same("cut-off-choice", pilot)
        await press(pilot, "enter")
        assert "Taken up: it is concern CN-" in front(pilot).message
        assert "unfinished concern" not in drawn(pilot)
    (concern,) = concerns.concerns(elsewhere("dsl"))
    assert (concern.by, concern.proven, concern.outcome) == ("staff", False, None)
    assert drafts_in(folder) == []


def pin(desk_for: DeskFor) -> Desk:
    """The desk of `staff`, who hold no key."""
    desk = desk_for("staff")
    assert desk.keys is None
    return desk


async def test_put_away_it_wants_a_reason_and_left_it_stays(desk_for: DeskFor, folder: Path) -> None:
    async with at(desk_for("staff"), "today") as pilot:
        await to_a_concern(pilot)
    assert len(drafts_in(folder)) == 1
    async with at(desk_for("dsl"), "today") as pilot:
        await press(pilot, "home", "enter", "enter", "escape")
        await press(pilot, "home", "enter", "enter", "down", "enter", "escape")
        assert len(unfinished.unfinished(desk_for("dsl"))) == 1
        await press(pilot, "home", "enter", "enter", "down", "enter")
        await type_in(pilot, "Told me at break.")
        await press(pilot, "ctrl+s")
        assert "Put away: it is concern CN-" in front(pilot).message
    (concern,) = concerns.concerns(desk_for("dsl"))
    assert (concern.outcome is not None, concern.triaged_by) == (True, "dsl")


async def test_handed_over_it_is_gone_from_the_disk(desk_for: DeskFor, folder: Path) -> None:
    async with at(desk_for("staff"), "today") as pilot:
        await to_a_concern(pilot)
        await written(pilot)
        await press(pilot, "ctrl+s")
        await written(pilot)
        assert "The concern is recorded" in front(pilot).message
    assert drafts_in(folder) == []


async def test_nothing_is_written_while_nobody_types(desk_for: DeskFor, folder: Path) -> None:
    case = opened(desk_for("dsl")).id
    app = WorkbenchApp(desk_for("dsl"))
    async with app.run_test(size=(80, 24)) as pilot:
        app.go("case", case=case)
        await settle(pilot)
        await press(pilot, "n")
        assert app.drafts._timer is None
        await type_in(pilot, CANARY)
        await written(pilot)
        (one,) = (folder / "drafts").iterdir()
        before = one.stat().st_mtime_ns
        await settle(pilot)
        assert app.drafts._timer is None
        assert one.stat().st_mtime_ns == before
