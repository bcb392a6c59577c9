"""`Lines`: a list of any length that draws only what is seen, with a cursor, columns and a filter.

    lines = Lines([Col("Due", 10), Col("Pupil", 20), Col("What must happen", 20, grow=1)], id="duties")
    lines.show([Row(duty.id, ("late 1d", "Dunmore, Kai 9B", "Tell the LA"), mark="!", tone="late")],
               empty="Nothing is due. 96 pupils, registers complete to Fri 20 Nov PM.")
    lines.current            # key of the row under the cursor, or ""

A row with an empty key is a heading or a blank line: the cursor passes over it. Enter is not read here: it
is a key of
the screen's section (`open`). A click moves the cursor, a click on the cursor's row opens.
"""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message

from screens.text import Col
from screens.widgets.listing import Listing, Row

__all__ = ["Col", "Lines", "Row"]


class Lines(Listing, can_focus=True):
    """A list with a cursor. See the module's docstring for its use.

    Messages: `Moved` when another row is under the cursor, `Said` for the line to show while filtering.
    """

    DEFAULT_CSS = """
    Lines { height: 1fr; }
    """
    FILTER_KEYS: ClassVar[str] = "Enter keep   Esc clear"
    """What ends the typing of a filter, in words."""

    @dataclass
    class Moved(Message):
        """Another row is under the cursor; `key` is empty where there is none."""

        lines: "Lines"
        key: str

        @property
        def control(self) -> "Lines":
            """The list that sent it."""
            return self.lines

    @dataclass
    class Picked(Message):
        """The cursor's row was clicked: the same as the screen's `open`."""

        lines: "Lines"
        key: str

        @property
        def control(self) -> "Lines":
            """The list that sent it."""
            return self.lines

    @dataclass
    class Said(Message):
        """One line for the screen's message line; empty to clear it."""

        text: str

    def moved(self) -> None:
        """Tell the screen that another row is under the cursor."""
        self.post_message(self.Moved(self, self.current))

    # -- keys ------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Movement and the filter; all else goes on to the screen's bindings."""
        if self.filtering:
            self._filter_key(event)
            return
        page = max(1, self._height - 1)
        steps = {
            "up": -1, "k": -1, "down": 1, "j": 1, "pageup": -page, "pagedown": page, "ctrl+u": -page // 2,
            "ctrl+d": page // 2, "home": -len(self.rows), "g": -len(self.rows), "end": len(self.rows),
            "G": len(self.rows), "upper_g": len(self.rows),
        }  # fmt: skip
        if event.key in steps:
            self.move(steps[event.key])
        elif event.key == "slash" and self.all_rows:
            self.filtering = True
            self._say_filter()
        elif event.key == "escape" and self.filter:
            self._set_filter("")
            self.post_message(self.Said("All lines are shown again."))
        else:
            return
        event.stop()
        event.prevent_default()

    def _filter_key(self, event: events.Key) -> None:
        """A key while the filter is typed: every printable one is text."""
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self.filtering = False
            self.post_message(
                self.Said(f"Only lines with “{self.filter}”. Esc shows all." if self.filter else "")
            )
        elif event.key == "escape":
            self.filtering = False
            self._set_filter("")
            self.post_message(self.Said("All lines are shown again."))
        elif event.key in ("up", "down"):
            self.move(-1 if event.key == "up" else 1)
        elif event.key == "backspace":
            self._set_filter(self.filter[:-1])
            self._say_filter()
        elif event.is_printable and event.character and len(self.filter) < 60:
            self._set_filter(self.filter + event.character)
            self._say_filter()

    def _set_filter(self, text: str) -> None:
        if text == self.filter:
            return
        before = self.current
        self.filter = text
        self._apply_filter()
        place = next((i for i, row in enumerate(self.rows) if row.key == before), None)
        self.at = place if place is not None and before else self._near(0)
        self.top = 0
        self._keep_in_view()
        self.refresh()
        if self.current != before:
            self.moved()

    def _say_filter(self) -> None:
        found = len([row for row in self.rows if row.key])
        total = len([row for row in self.all_rows if row.key])
        self.post_message(self.Said(f"find: {self.filter}_   {found} of {total}   {self.FILTER_KEYS}"))

    def clear_filter(self) -> None:
        """Show all rows and leave the filter."""
        self.filtering = False
        self._set_filter("")

    # -- mouse -----------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; a click on the cursor's row opens it."""
        place = event.y - self._above + self.top
        if not 0 <= place < len(self.rows) or not self.rows[place].key:
            return
        if place == self.at:
            self.post_message(self.Picked(self, self.current))
        else:
            self._move_to(place)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.move(-3)
