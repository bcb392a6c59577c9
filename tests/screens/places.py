"""The app opened at one place, for tests of the working screens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from screens.app import WorkbenchApp
from screens.frame import WorkScreen
from workbench.desk import roll
from workbench.desk.context import Desk

THIRTY = [f"Pupil{number:02}" for number in range(1, 31)]


@asynccontextmanager
async def at(
    desk: Desk, place: str, size: tuple[int, int] = (80, 24), **args: Any
) -> AsyncIterator[Pilot[Any]]:
    """The app with `place` in front; `pilot.app.screen` is it."""
    app = WorkbenchApp(desk)
    async with app.run_test(size=size, notifications=True) as pilot:
        app.go(place, **args)
        await settle(pilot)
        yield pilot


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until messages are handled and what they started is done or waits for an answer."""
    for _ in range(2):
        await pilot.pause()


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, each after what the one before it started has settled."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def type_in(pilot: Pilot[Any], text: str) -> None:
    """Type a text into the field that has the focus."""
    if isinstance(pilot.app.focused, Input | TextArea):
        pilot.app.post_message(events.Paste(text))  # a key takes 20 ms here, which proves nothing more
    else:
        names = {" ": "space", ".": "full_stop", ",": "comma", "-": "minus", "/": "slash", ":": "colon"}
        await pilot.press(*(names.get(letter, letter) for letter in text))
    await settle(pilot)


def front(pilot: Pilot[Any]) -> WorkScreen:
    """The screen in front."""
    screen = pilot.app.screen
    assert isinstance(screen, WorkScreen)
    return screen


def drawn(pilot: Pilot[Any]) -> str:
    """The whole window as text."""
    return "\n".join(strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips())


def class_of_thirty(desk: Desk, name: str = "9Z") -> list[str]:
    """Thirty invented pupils in a class of their own; their ids, in the order of the register."""
    ids = []
    for number, surname in enumerate(THIRTY, 1):
        fields = {
            "surname": surname,
            "forename": "Sam",
            "born": f"2013-01-{number:02}",
            "year": "9",
            "class": name,
        }
        ids.append(roll.add(desk, {**fields, "starts": "2026-09-03"}).id)
    return ids
