"""A form: labelled fields in two columns, Tab through them, Ctrl+S accepts. All text is plain.

    Form([Field("who", "Who was called", required=True),
          Field("at", "When", kind="date", value="today"),
          Field("how", "How", kind="choice", choices=(("call", "call"), ("visit", "home visit"))),
          Field("result", "Result", kind="note", lines=3)])

`values()` gives one text a field: dates as ISO, choices as their key. `Submitted` comes when every field is
in order;
`Left` comes when a field that changed loses the focus, for screens that save every answer at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget

from screens.text import wrap
from screens.typed import UnreadableError, read_day
from screens.widgets.choice import Choice
from screens.widgets.field import Field, Kind
from screens.widgets.paint import Panel

if TYPE_CHECKING:
    from textual.widgets import Input

__all__ = ["Field", "Form", "Kind"]


class Form(VerticalScroll, can_focus=False):
    """See the module's docstring.

    Args:
        fields: in the order of Tab.
        today: the day that `today` means in date fields.
        values: what stands in the fields instead of their own first values, such as a draft.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "submit", "save", show=False)]
    DEFAULT_CSS = """
    Form { layout: grid; grid-size: 2; grid-columns: 20 1fr; height: auto; keyline: none; }
    Form > .label { width: 20; height: 1; }
    Form > .say { column-span: 2; height: 1; }
    Form Input, Form TextArea { background: transparent; border: none; padding: 0; width: 1fr; }
    Form Input { height: 1; text-style: none; }
    Form Input:focus, Form TextArea:focus { text-style: underline; }
    """

    @dataclass
    class Submitted(Message):
        """The form was accepted and every field is in order."""

        form: "Form"
        values: dict[str, str]

        @property
        def control(self) -> "Form":
            """The form that sent it."""
            return self.form

    @dataclass
    class Left(Message):
        """A field that was changed lost the focus; `value` is in order."""

        form: "Form"
        key: str
        value: str

        @property
        def control(self) -> "Form":
            """The form that sent it."""
            return self.form

    def __init__(
        self,
        fields: Sequence[Field],
        today: date,
        values: Mapping[str, str] | None = None,
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.fields, self.today = tuple(fields), today
        self._first = {field.key: (values or {}).get(field.key, field.value) for field in fields}
        self._known = dict(self._first)
        self._inputs: dict[str, Widget] = {}
        self._complaint = ""
        """What is wrong with the field that is about to get the focus."""
        self._width = 0
        """Columns for what is said under the fields; 0 where nobody has told them."""
        self._said_lines = 1
        self._set_rows()

    def fit(self, width: int) -> None:
        """Take as many lines under the fields as the longest hint needs.

        Args:
            width: columns that there are.
        """
        self._width = width
        self._said_lines = max([1, *(len(wrap(field.hint, width)) for field in self.fields)])
        self._set_rows()
        for panel in self.query(".say").results(Panel):
            panel.styles.height = self._said_lines

    def _set_rows(self) -> None:
        heights = [
            height for field in self.fields for height in (field.height, len(field.other_lines)) if height
        ]
        self.styles.grid_rows = tuple(float(height) for height in (*heights, self._said_lines))

    def compose(self) -> ComposeResult:
        """A label and a field for each, and one line for hints."""
        for field in self.fields:
            label = Panel(lines=[field.label + (" *" if field.required else "")])
            label.add_class("label")
            label.styles.height = field.height
            yield label
            widget = self._widget(field)
            self._inputs[field.key] = widget
            yield widget
            yield from _beside(field)
        say = Panel()
        say.add_class("say")
        say.styles.height = self._said_lines
        yield say

    def on_unmount(self) -> None:
        """Let go of the fields: Textual's list of those who follow the theme would hold them, and what was typed into
        them, as long as the app runs."""
        followers = getattr(self.app, "__watchers", {}).get("theme", [])
        followers[:] = [each for each in followers if each[0] not in self._inputs.values()]

    @property
    def height(self) -> int:
        """Lines that the form takes when nothing is cut."""
        return sum(field.height + len(field.other_lines) for field in self.fields) + self._said_lines

    def _widget(self, field: Field) -> Widget:
        first = self._first[field.key]
        if field.kind == "choice":
            return Choice(field.choices, first, tall=field.height > 1)
        if field.kind == "note":
            from textual.widgets import TextArea

            area = TextArea(
                first, soft_wrap=True, tab_behavior="focus", show_line_numbers=False, compact=True
            )
            area.cursor_blink = False
            area.highlight_cursor_line = False
            area.styles.height = field.height
            return area
        from textual.widgets import Input

        entry = Input(first, password=field.kind == "secret", compact=True, max_length=field.limit)
        entry.cursor_blink = False
        entry.select_on_focus = False
        return entry

    # -- values ----------------------------------------------------------------------------------------

    def values(self) -> dict[str, str]:
        """One text a field, trimmed; dates as ISO where they can be read."""
        return {field.key: self._value(field) for field in self.fields}

    def _raw(self, field: Field) -> str:
        widget = self._inputs.get(field.key)
        if isinstance(widget, Choice):
            return widget.value
        if widget is None:
            return self._first[field.key]
        text = getattr(widget, "text" if field.kind == "note" else "value")
        return str(text) if field.kind == "secret" else str(text).strip()

    def _value(self, field: Field) -> str:
        raw = self._raw(field)
        if field.kind == "date" and raw:
            try:
                return read_day(raw, self.today).isoformat()
            except UnreadableError:
                return raw
        return raw

    def problem(self, field: Field) -> str:
        """What is wrong with a field, in words; empty if it is in order."""
        raw = self._raw(field)
        if field.required and not raw:
            return f"{field.label}: cannot stay empty."
        if len(raw) > field.limit and field.kind != "note":
            return f"{field.label}: {len(raw)} characters; at most {field.limit}."
        if field.kind == "date" and raw:
            try:
                read_day(raw, self.today)
            except UnreadableError as error:
                return f"{field.label}: {error}"
        return ""

    @property
    def changed(self) -> bool:
        """Whether something was typed that nobody has taken yet."""
        return any(self._raw(field) != self._first[field.key] for field in self.fields)

    def drafts(self) -> dict[str, str]:
        """What stands in the fields, word for word, without secrets: kept over a lock."""
        return {field.key: self._raw(field) for field in self.fields if field.kind != "secret"}

    def set_value(self, key: str, value: str) -> None:
        """Put a value into a field."""
        widget = self._inputs[key]
        self._first[key] = self._known[key] = value
        from textual.widgets import Input, TextArea

        if isinstance(widget, Choice):
            widget.choose(value)
        elif isinstance(widget, TextArea):
            widget.load_text(value)
        elif isinstance(widget, Input):
            widget.value = value

    # -- acting ----------------------------------------------------------------------------------------

    def say(self, text: str, late: bool = False) -> None:
        """Show something under the fields."""
        lines = wrap(text, self._width) if self._width else [text]
        for panel in self.query(".say").results(Panel):
            panel.set([[(line, "late" if late else "quiet")] for line in lines])

    def focus_field(self, key: str = "") -> None:
        """Put the focus into a field; the first unless named."""
        if self._inputs:
            self._inputs[key or self.fields[0].key].focus()

    def action_submit(self) -> None:
        """Accept the form, or go to the first field that is not in order and say why."""
        for field in self.fields:
            if problem := self.problem(field):
                self.complain(field.key, problem)
                return
        self.post_message(self.Submitted(self, self.values()))

    def complain(self, key: str, problem: str) -> None:
        """Put the focus into a field and say what is wrong with it."""
        if self.screen.focused is not self._inputs[key]:
            self._complaint = problem  # said once more when the focus arrives, in place of the hint
            self.focus_field(key)
        self.say(problem, late=True)

    def _place(self) -> int:
        focused = self.screen.focused
        widgets = list(self._inputs.values())
        return widgets.index(focused) if focused in widgets else -1

    def on_key(self, event: events.Key) -> None:
        """Tab moves between the fields and stays inside of the form."""
        step = {"tab": 1, "shift+tab": -1}.get(event.key)
        if event.key in ("down", "up") and not isinstance(self.screen.focused, Choice):
            step = 1 if event.key == "down" else -1
            if self.fields[self._place()].kind == "note":
                return
        if event.key == "enter" and isinstance(self.screen.focused, Choice):
            self._next()
        elif step is not None and self.fields:
            widgets = list(self._inputs.values())
            widgets[(self._place() + step) % len(widgets)].focus()
        else:
            return
        event.stop()
        event.prevent_default()

    def _next(self) -> None:
        place = self._place()
        if place + 1 >= len(self.fields):
            self.action_submit()
        else:
            self.focus_field(self.fields[place + 1].key)

    def on_input_submitted(self, event: "Input.Submitted") -> None:
        """Enter in a field: the next one, and after the last the form is accepted."""
        event.stop()
        self._next()

    def on_descendant_focus(self) -> None:
        """Show the hint of the field that has the focus."""
        place = self._place()
        if place >= 0:
            self.say(self._complaint or self.fields[place].hint, late=bool(self._complaint))
            self._complaint = ""

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Tell that a changed field was left, or what is wrong with it."""
        key = next((key for key, widget in self._inputs.items() if widget is event.widget), "")
        field = next((field for field in self.fields if field.key == key), None)
        if field is None or self._raw(field) == self._known[key]:
            return
        if not self.problem(field):
            self._known[key] = self._raw(field)
            self.post_message(self.Left(self, key, self._value(field)))


def _beside(field: Field) -> ComposeResult:
    """What somebody else wrote into a field meanwhile, in the line below it; nothing where nobody did."""
    lines = field.other_lines
    if not lines:
        return
    for panel in (
        Panel(lines=[[("  now stands", "quiet")]]),
        Panel(lines=[[(line, "quiet")] for line in lines]),
    ):
        panel.styles.height = len(lines)
        yield panel
