"""What other processes changed is shown at the next key and when the terminal gets the focus, never under a key."""

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from screens.frame import WorkScreen
from tests.conftest import DeskFor, signer
from tests.screens.places import at, drawn, front, press
from tests.workbench.story import opened
from workbench.desk import cases, folders, roll
from workbench.desk.clock import FixedClock


@pytest.fixture
def other(folder: Path, clock: FixedClock, desk_for: DeskFor) -> DeskFor:
    """Signs people in at a second handle on the same folder, as another process has one."""
    desk_for("dsl")
    return signer(folders.open_folder(folder, clock))


def reads(pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one each time the screen in front is read."""
    screen, found = front(pilot), list[str]()
    before = screen.load

    def load() -> None:
        found.append(screen.SECTION)
        before()

    monkeypatch.setattr(screen, "load", load)
    return found


async def test_a_note_of_another_is_in_the_chronology_after_the_next_key(
    desk_for: DeskFor, other: DeskFor
) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    async with at(desk, "case", (80, 40), case=case) as pilot:
        cases.note(other("deputy"), case, "the uncle called")
        assert "the uncle called" not in drawn(pilot)
        await press(pilot, "down")
        assert "the uncle called" in drawn(pilot)


async def test_the_focus_of_the_terminal_is_enough(desk_for: DeskFor, other: DeskFor) -> None:
    desk = desk_for("dsl")
    child = roll.pupils(desk)[0]
    async with at(desk, "pupil", (80, 40), pupil=child.id) as pilot:
        roll.edit(other("attendance"), child.id, {"postcode": "TQ9 9ZZ"})
        pilot.app.post_message(events.AppFocus())
        await pilot.pause()
        assert "TQ9 9ZZ" in drawn(pilot)


async def test_nothing_is_read_where_nothing_changed(
    desk_for: DeskFor, other: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    async with at(desk, "case", case=case) as pilot:
        read = reads(pilot, monkeypatch)
        await press(pilot, "down", "up")
        cases.show(other("deputy"), case)
        await press(pilot, "down")
        assert read == [], "a view is no change"
        cases.note(other("deputy"), case, "the uncle called")
        await press(pilot, "up", "down")
        assert read == ["case"]


async def test_nothing_moves_under_a_dialog_or_under_the_key_that_acts(
    desk_for: DeskFor, other: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    async with at(desk, "step", case=case, step="groups") as pilot:
        read = reads(pilot, monkeypatch)
        key = front(pilot).query_one("#questions").current.partition(":")[2]  # type: ignore[attr-defined]
        cases.answer(other("deputy"), case, key, "yes", note="she said so")
        await press(pilot, "n")
        assert read == []
        assert "Stands now: A. Bello" in drawn(pilot), "the key acted on what was seen"
        await press(pilot, "down", "t")
        assert read
        assert isinstance(pilot.app.screen, WorkScreen)
    assert cases.show(desk, case).answers[key].value == "yes"


async def test_while_a_key_is_acted_on_the_screen_stands_still(
    desk_for: DeskFor, other: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    async with at(desk, "case", case=case) as pilot:
        read = reads(pilot, monkeypatch)
        during: list[int] = []

        async def act() -> None:
            front(pilot).look()
            during.append(len(read))

        monkeypatch.setattr(front(pilot), "action_pupil", act)
        cases.note(other("deputy"), case, "the uncle called")
        await press(pilot, "p")
        assert (during, read) == ([0], ["case"]), "and once the key is done it is read anew"
