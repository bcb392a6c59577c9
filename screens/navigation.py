"""Going about: areas, the screens above them, and what is waiting."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual.app import App

from screens.frame import AREAS, WorkScreen
from screens.places import PLACES
from workbench.domain.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.desk.context import Desk


AREA_NAMES = frozenset(area for area, *_ in AREAS)


class NavigatingApp(App[int]):
    """An app that opens places by name: an area below, any other screen above it.

    Args:
        desk: a signed-in desk.
    """

    DEFAULT_MODE = "today"

    def __init__(self, desk: "Desk") -> None:
        super().__init__(ansi_color=True)  # before the theme: NO_COLOR then takes colour away, not only hue
        self.desk = desk
        self._waiting: tuple[int, int] | None = None
        for area, *_ in AREAS:
            self.add_mode(area, partial(self.make, area, {}))

    def make(self, name: str, args: Mapping[str, Any]) -> WorkScreen:
        """The screen of a place.

        Raises:
            KeyError: if there is no such place.
        """
        module, _, class_name = PLACES[name].partition(":")
        screen: WorkScreen = getattr(import_module(module), class_name)(self.desk, **args)
        screen.place = (name, dict(args))
        return screen

    def go(self, name: str, **args: Any) -> None:
        """Open a place. Each area keeps what stands open above it: its number key leads there, and pressed
        again to the
        area itself. Any other place stands above the screen it was opened from, and Esc comes back.

        Args:
            name: a key of `PLACES`.
            args: what it is about, such as `pupil="P-7F3KQ2"`; for an area, given to its `visit`.
        """
        if name not in AREA_NAMES:
            self.push_screen(self.make(name, args))
            return
        if self.current_mode != name:
            self.switch_mode(name)
        else:
            while len(self.screen_stack) > 1:
                self.pop_screen()
        target = self.screen_stack[0]
        if args and hasattr(target, "visit"):
            target.visit(**args)

    def back(self) -> None:
        """Back to the screen below; from an area, to Today."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        elif self.current_mode != "today":
            self.go("today")
        elif isinstance(self.screen, WorkScreen):
            self.screen.say("This is Today, where everything begins. Ctrl+Q closes the workbench.")

    # -- what is waiting -------------------------------------------------------------------------------

    def waiting_words(self) -> str:
        """`12 due · 2 late` for line 2; counted when first asked, and anew by `recount`."""
        if self._waiting is None:
            self.recount()
        due, late = self._waiting or (0, 0)
        return f"{due} due · {late} late" if late else f"{due} due" if due else "nothing due"

    def recount(self) -> None:
        """Count what is due and what is late."""
        from workbench.desk import duties

        self._waiting = (0, 0)
        with suppress(WorkbenchError):
            self.counted(duties.due(self.desk))

    def counted(self, found: Sequence[Any]) -> None:
        """Take the counts from a list of duties that was read anyway."""
        late = sum(duty.state == "overdue" for duty in found)
        self._waiting = (late + sum(duty.state == "due" for duty in found), late)
