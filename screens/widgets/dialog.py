"""Dialogs: small boxes on a layer above the screen, not screens of their own, so that they cost few bytes.

Screens do not use these classes but the methods of `WorkScreen`: `confirm`, `ask`, `choose`, `fill`, `tell`.
A dialog answers once: its `answer` is a future. While it is open no key of the screen below works
(`is_modal`).
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.widget import Widget

from screens.text import Col, wrap
from screens.widgets.form import Field, Form
from screens.widgets.lines import Lines, Row
from screens.widgets.paint import Panel, Spans

_COLUMN = re.compile(r"( *\S[^ ]*(?: \S+){0,3} {2,20})\S")
"""A label of a few words, and the spaces before what stands beside it."""
WIDEST = 76
EDGES = 4
"""Cells that border and padding take, left and right together; two lines above and below."""


class Dialog(Vertical):
    """A box with a title, a few lines of text, a body and a line of keys.

    Args:
        title: what it is about, in a few words.
        text: what to know before answering; may be empty.
        keys: the last line.
    """

    WIDE: ClassVar[int] = WIDEST
    """Cells that it takes where the window has them."""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "back", show=False)]
    DEFAULT_CSS = """
    Dialog {
        width: 1fr; height: 1fr; border: round $accent; padding: 0 1; background: $background;
        border-title-color: $accent; border-title-style: bold;
    }
    """

    def __init__(self, title: str, text: str = "", keys: str = "Esc back") -> None:
        super().__init__()
        self.title, self.text, self.keys = title, text, keys
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._inner = WIDEST - EDGES
        self.room = 0
        """Lines that the body gets."""

    @property
    def is_modal(self) -> bool:
        """True: Textual then leaves out the bindings of everything below the dialog."""
        return True

    def body(self) -> Widget | None:
        """The widget between text and keys; None for a dialog of text alone."""
        return None

    def body_height(self) -> int:
        """Lines that the body would like."""
        return 0

    def compose(self) -> ComposeResult:
        """Text, body, keys."""
        head = Panel(lines=self._head(), id="dialog-head")
        head.styles.height = len(self._lines())
        yield head
        if (body := self.body()) is not None:
            yield body
        yield Panel(lines=[[(self.keys, "quiet")]], id="dialog-keys")

    def _head(self) -> list[Spans]:
        titles = len(wrap(self.title, self._inner))
        return [[(line, "strong" if number < titles else "")] for number, line in enumerate(self._lines())]

    def show_keys(self, text: str) -> None:
        """Show another last line."""
        for panel in self.query("#dialog-keys").results(Panel):
            panel.set([[(text, "quiet")]])

    def _lines(self) -> list[str]:
        text = wrap(self.text, self._inner) if self.text else []
        return [*wrap(self.title, self._inner), *text, *([""] if self.body_height() or text else [])]

    def place(self, window: Size, host: Widget) -> None:
        """Stand in the middle of the window, as high as needed and not higher than it."""
        width = min(self.WIDE, window.width - 2)
        self._inner = width - EDGES
        height = min(window.height - 2, len(self._lines()) + self.body_height() + 3)
        host.styles.width, host.styles.height = width, height
        host.styles.offset = ((window.width - width) // 2, max(0, (window.height - height) // 2))
        self.room = height - 3 - len(self._lines())
        for head in self.query("#dialog-head").results(Panel):
            head.styles.height = len(self._lines())
            head.set(self._head())

    def give_focus(self) -> None:
        """Put the focus where typing should go."""

    def finish(self, value: Any) -> None:
        """Answer, once."""
        if not self.answer.done():
            self.answer.set_result(value)

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.finish(None)


class ChooseDialog(Dialog):
    """One of several things; the cursor's row is the answer.

    Args:
        rows: the choices; a row without a key is a heading.
        cols: columns, where a choice has several cells.
        at: the key the cursor stands on at first.
        typing: typed letters filter at once, as in the palette.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "accept", show=False)]

    def __init__(
        self, title: str, rows: Sequence[Row], text: str = "", *, cols: Sequence[Col] = (), at: str = "",
        typing: bool = False,
    ) -> None:  # fmt: skip
        keys = (
            "type to find   ↑ ↓ move   Enter run   Esc back"
            if typing
            else "↑ ↓ move   Enter accept   Esc back"
        )
        super().__init__(title, text, keys)
        self.lines = Picker(cols, heading=False) if typing else Lines(cols, heading=False)
        self.lines.show(rows, at=at or None)

    def body(self) -> Widget:
        """The list."""
        return self.lines

    def body_height(self) -> int:
        """One line a choice."""
        return len(self.lines.all_rows)

    def give_focus(self) -> None:
        """The list has the focus."""
        self.lines.focus()

    def action_accept(self) -> None:
        """Answer with the cursor's key."""
        if self.lines.current:
            self.finish(self.lines.current)

    def on_lines_said(self, event: Lines.Said) -> None:
        """What is typed to find a choice stands in the dialog's own last line."""
        event.stop()
        self.show_keys(event.text or self.keys)

    def on_lines_picked(self, event: Lines.Picked) -> None:
        """A click on the cursor's row accepts it."""
        event.stop()
        self.action_accept()


class Picker(Lines):
    """A list that filters as one types: letters are text, Enter and Esc are the dialog's."""

    FILTER_KEYS: ClassVar[str] = "Enter run   Esc back"

    def on_mount(self) -> None:
        """Begin typing at once."""
        self.filtering = True

    def _filter_key(self, event: Any) -> None:
        if event.key in ("enter", "escape"):
            return
        if event.key in ("pageup", "pagedown"):
            self.move(-8 if event.key == "pageup" else 8)
        super()._filter_key(event)


class TellDialog(Dialog):
    """Text to read; it scrolls. Enter, Esc, q and the help keys leave."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q,question_mark,f1,f3,space", "leave", "back", show=False)
    ]

    def __init__(self, title: str, lines: Sequence[str | Row], leave: str = "Esc back") -> None:
        super().__init__(title, "", leave)
        self.leave = leave
        """What the keys that leave it lead to, in words."""
        self.given = list(lines)
        self.lines = Lines(bare=True)

    def body(self) -> Widget:
        """The text, wrapped to the box."""
        self.lines.show(self._rows(), empty="")
        return self.lines

    def body_height(self) -> int:
        """All lines."""
        return len(self._rows())

    def _rows(self) -> list[Row]:
        rows: list[Row] = []
        for line in self.given:
            tone = "" if isinstance(line, str) else line.tone
            text = line if isinstance(line, str) else "  ".join(line.cells)
            rows += [Row("", (part,), tone=tone) for part in wrap(text, self._inner - 1, hanging(text))]
        return rows

    def place(self, window: Size, host: Widget) -> None:
        """As any dialog; a text that does not fit says that it goes on."""
        super().place(window, host)
        self.keys = f"↑ ↓ PgDn more   {self.leave}" if self.body_height() > self.room else self.leave
        self.show_keys(self.keys)
        if self.is_mounted:
            self.lines.show(self._rows(), empty="")

    def give_focus(self) -> None:
        """The text has the focus, for scrolling."""
        self.lines.focus()


def hanging(text: str) -> str:
    """The indent of the second line of a wrapped text: under the second column where there is one, else two cells
    further in than the first line."""
    column = _COLUMN.match(text)
    if column:
        return " " * len(column[1])
    own = len(text) - len(text.lstrip())
    return " " * (own + 2 if own else 0)


class FormDialog(Dialog):
    """Fields to fill in; the answer is `dict[str, str]`.

    Args:
        fields: in the order of Tab.
        today: what `today` means in date fields.
        values: a draft to begin from.
    """

    def __init__(
        self, title: str, fields: Sequence[Field], today: date, text: str = "",
        values: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(title, text, "Tab next field   Ctrl+S save   Esc leave")
        self.form = Form(fields, today, values)
        self.typed: Callable[[], None] = lambda: None
        """Called when something in the form is not as it was a moment ago."""

    def on_input_changed(self) -> None:
        """Something was typed."""
        self.typed()

    def on_text_area_changed(self) -> None:
        """Something was typed."""
        self.typed()

    def body(self) -> Widget:
        """The form."""
        return self.form

    def body_height(self) -> int:
        """As many lines as its fields, and one for hints."""
        return self.form.height

    def place(self, window: Size, host: Widget) -> None:
        """As any dialog; a form that is too high scrolls."""
        self.form.fit(min(self.WIDE, window.width - 2) - EDGES)
        super().place(window, host)
        self.form.styles.height = max(1, min(self.form.height, self.room))

    def give_focus(self) -> None:
        """The first field has the focus."""
        self.form.focus_field()

    def on_form_submitted(self, event: Form.Submitted) -> None:
        """Answer with what was filled in."""
        event.stop()
        self.finish(event.values)
