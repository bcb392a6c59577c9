"""A program for `test_hostile_walk`: it opens the app on its terminal and tries every place, key and a few clicks.

`python -m tests.screens.walker FOLDER PASSPHRASE IDS TOLD USER`: what was walked is written to TOLD at the end.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

from textual import _wait
from textual.pilot import Pilot

import screens
from screens import keys
from screens.app import WorkbenchApp
from screens.frame import WorkScreen
from screens.places import PLACES
from tests.conftest import NOW
from workbench.desk import folders, signin
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import WorkbenchError

GIVEN = {
    "pupil": ("pupil",), "case": ("case",), "step": ("case", "step"), "removal": ("removal",),
    "referral": ("referral",), "return": ("duty",), "rule": ("rule",), "grid": ("class_",),
    "sender": ("imported",),
}  # fmt: skip
"""Place to what it is about."""
AS = {"imported": "case"}
"""Id to the name under which a place is given it, where that is another."""
SKIP = frozenset({"", "quit", "veil", "back"})
"""Acts that end the walk or do nothing by themselves."""
LOOK = 1 / 250
STEPS_BACK = 6


class Walking(WorkbenchApp):
    """The workbench, which walks through itself."""

    CSS_PATH = str(Path(screens.__file__).parent / "workbench.tcss")

    def __init__(self, desk: Desk, ids: dict[str, str], told: Path) -> None:
        super().__init__(desk)
        self.ids, self.report_to = ids, told
        self.walked: list[tuple[str, str, str]] = []

    def on_ready(self) -> None:
        """Begin to walk."""
        self.run_worker(self.walk())

    async def walk(self) -> None:
        """Every place, each of its keys, then what works everywhere."""
        pilot: Pilot[int] = Pilot(self)
        for place in PLACES:
            await self.look(pilot, place)
            for key in keys_of(place):
                await self.at(pilot, place)
                await pilot.press(key, "down", "enter")
                await self.home(pilot, place, key)
        for key in ("f3", "question_mark", "ctrl+p", "ctrl+r"):
            await pilot.press(key, "[", "/", "]")
            await self.home(pilot, "", key)
        self.report_to.write_text(json.dumps(self.walked), "utf-8")
        self.exit(0)

    async def look(self, pilot: "Pilot[int]", place: str) -> None:
        """Go through a place with cursor and mouse, and open what stands there."""
        await self.at(pilot, place)
        for row in range(3, self.size.height - 2, 4):
            await pilot.click(offset=(10, row))
        await self.home(pilot, place, "click")
        await self.at(pilot, place)
        await pilot.press("end", "home", "down", "enter")
        await self.home(pilot, place, "enter")

    async def at(self, pilot: "Pilot[int]", place: str) -> None:
        """Open a place; what it refuses is shown, as a key would show it."""
        try:
            self.go(place, **{AS.get(name, name): self.ids[name] for name in GIVEN.get(place, ())})
        except WorkbenchError as error:
            if isinstance(self.screen, WorkScreen):
                self.screen.show_error(error)
        await pilot.pause()

    async def home(self, pilot: "Pilot[int]", place: str, key: str) -> None:
        """Note where the walk is, and back to Today."""
        await pilot.pause()
        self.walked.append((place, key, type(self.screen).__name__))
        for _ in range(STEPS_BACK):
            screen = self.screen
            if isinstance(screen, WorkScreen) and not screen.dialogs and len(self.screen_stack) == 1:
                break
            await pilot.press("escape")
            await pilot.pause()
        self.go("today")
        await pilot.pause()


def keys_of(place: str) -> list[str]:
    """The keys of a place by Textual's names."""
    module, _, name = PLACES[place].partition(":")
    table = keys.section(getattr(import_module(module), name).SECTION)
    return [key.keys.split(",")[0] for key in table if key.act.partition(":")[0] not in SKIP]


def main() -> int:
    """Open the folder, sign in, walk; the app's exit code."""
    folder, secret, ids, told, user = sys.argv[1:]
    _wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE = LOOK, LOOK / 20
    opened = folders.open_folder(Path(folder), FixedClock(NOW))
    app = Walking(signin.sign_in(opened, user, secret), json.loads(ids), Path(told))
    app.run()
    if app.failure:
        print(app.failure, file=sys.stderr)
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
