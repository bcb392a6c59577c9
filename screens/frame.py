"""The frame that every screen stands in, and how a screen is made.

    class CasesScreen(WorkScreen):
        '''All cases, open ones first.'''                 # one module per screen; its keys stand in
        `keys.SECTIONS`

        AREA = "cases"                                     # which area of line 2 is bright
        SECTION = "cases"                                  # its section of the key table
        BINDINGS = keys.bindings("cases")
        FOCUS = "#cases"                                   # what has the focus when the screen is opened

        def headline(self) -> str:                         # left of line 1
            return "Cases"

        def body(self) -> ComposeResult:                   # between the rule and the footer
            yield Lines([Col("Case", 8), Col("Pupil", 24, grow=1)], id="cases")

        def load(self) -> None:                            # read the desk, fill the widgets; called at every
        return
            ...

        async def action_open(self) -> None:               # a key whose act is "open"
            self.go("case", case=self.query_one("#cases", Lines).current)

A screen is made by `app.go("cases")` (table `PLACES` in `screens/app.py`) as `CasesScreen(desk, **args)`.
Its verbs
are called as they are: `WorkbenchError` raised in any handler or action is shown (`show_error`) and the
program goes
on. Actions may be `async` and await `self.confirm / ask / choose / fill / tell`; after a change call
`self.reload()`.
"""

from collections.abc import Awaitable, Iterable, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.message import Message

from screens import keys
from screens.asking import error_lines
from screens.fresh import FreshScreen
from screens.text import DAYS, MONTHS, cell_len, fit, spread
from screens.widgets.host import Host
from screens.widgets.lines import Lines, Row
from screens.widgets.paint import Panel, Spans, rule
from workbench.desk.permissions import PERMITS, may
from workbench.domain.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.desk.context import Desk

Place = tuple[str, dict[str, Any]]
"""Name and arguments of a place, as given to `app.go`."""

AREAS = (
    ("today", "1 Today", ""),
    ("register", "2 Register", "register.show"),
    ("pupils", "3 Pupils", "pupils.list"),
    ("cases", "4 Cases", "case.list"),
    ("log", "5 Log", "log.show"),
)
"""Area, its words in line 2, and the verb that opens it."""


class WorkScreen(FreshScreen):
    """A screen of the workbench: header, body, footer. See the module's docstring for how one is made.

    Args:
        desk: the desk of the person signed in.
        args: what the screen is about, as given to `app.go`; kept in `self.args`.
    """

    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    AREA: ClassVar[str] = ""
    SECTION: ClassVar[str] = ""
    FOCUS: ClassVar[str] = ""

    def __init__(self, desk: "Desk", **args: Any) -> None:
        super().__init__(desk)
        self.args = args
        self.place: Place = ("", args)
        """Where `app.go` put it: to come back after a lock."""
        self._message: tuple[str, bool] = ("", False)

    # -- for screens to give ---------------------------------------------------------------------------

    def headline(self) -> str:
        """The left of line 1: who or what this screen is about."""
        return ""

    def middle(self) -> str:
        """The middle of line 1."""
        return ""

    def body(self) -> ComposeResult:
        """The widgets between header and footer."""
        yield from ()

    def load(self) -> None:
        """Read the desk and fill the widgets. Called when the screen is opened and whenever it is shown
        again."""

    def footer_keys(self) -> Sequence[keys.Key]:
        """The keys of the footer; those of the section unless a screen says otherwise for its state."""
        return [key for key in keys.section(self.SECTION) if not key.verb or may(self.desk, key.verb)]

    def header_lines(self) -> "Sequence[Spans]":
        """The lines above the body; the last one is the thin rule."""
        width = self.app.size.width
        return [self._who_line(width), self._areas_line(width), [(rule("", width), "quiet")]]

    # -- the frame -------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Header, body, footer. The box of dialogs comes first: Textual numbers what is drawn from the last to the
        first, and what keeps its number is not painted again when the box appears."""
        yield Host()
        header = Panel(lines=self.header_lines(), id="header")
        header.styles.height = len(self.header_lines())
        yield header
        yield from self.body()
        yield Panel(lines=self._footer_lines(), id="footer")

    def on_mount(self) -> None:
        """Fill the screen before it is first painted."""
        if self.FOCUS:
            self.query_one(self.FOCUS).focus()

    def on_screen_resume(self) -> None:
        """Shown, or shown again: what other screens and processes changed is read."""
        self.reload()

    def reload(self) -> None:
        """Read the desk anew and show it; the header's counts too."""
        try:
            self.caught_up()
            self.load()
        except WorkbenchError as error:
            self.show_error(error)
        self.refresh_frame()

    def refresh_frame(self) -> None:
        """Repaint those lines of header and footer that changed."""
        for panel in self.query(Panel):
            if panel.id == "header":
                panel.set(self.header_lines())
            elif panel.id == "footer":
                panel.set(self._footer_lines())

    def on_resize(self) -> None:
        """Fit the frame and open dialogs to the window."""
        self.refresh_frame()
        for dialog, host in zip(self.dialogs, self.query(Host), strict=False):
            dialog.place(self.app.size, host)

    def _who_line(self, width: int) -> "Spans":
        who = self.desk.who
        right = f"{initials(who.name)} · {roles_words(who.roles)}" if who else ""
        left, middle = self.headline(), self.middle()
        gap = (width - cell_len(middle)) // 2 - cell_len(left) - 1
        room = (width - cell_len(middle)) // 2 - cell_len(right) - 3
        if middle and gap > 0 and room >= 0:
            left = f"{left}{' ' * gap}{middle}"
        return [(" " + spread(left, right, width - 2), "strong")]

    def _areas_line(self, width: int) -> "Spans":
        spans: list[tuple[str, str]] = [(" ", "")]
        for area, words, verb in AREAS:
            if not verb or may(self.desk, verb):
                spans += [(words, "accent" if area == self.AREA else ""), ("   ", "")]
        waiting = self.shell.waiting_words()
        used = sum(cell_len(text) for text, _ in spans)
        if used + cell_len(waiting) + 1 > width:
            waiting = waiting.split(" · ")[-1]  # in a narrow window what is late, alone
        gap = width - used - cell_len(waiting) - 1
        if gap >= 0:
            spans.append((" " * gap + waiting, "late" if " late" in waiting else ""))
        return spans

    def _footer_lines(self) -> "Sequence[Spans]":
        width = self.app.size.width
        text, late = self._message
        shown = [*self.footer_keys(), *(key for key in keys.EVERYWHERE if key.footer)]
        return [
            [(" " + fit(text, width - 2), "late" if late else "")],
            [(" " + keys.footer(shown, width - 2), "quiet")],
        ]

    def say(self, text: str, late: bool = False) -> None:
        """Show one line above the keys until the next one; empty clears it. `late` for what was refused."""
        if (text, late) != self._message:
            self._message = (text, late)
            self.refresh_frame()

    @property
    def message(self) -> str:
        """The line that `say` shows."""
        return self._message[0]

    # -- one door for acts, messages and errors --------------------------------------------------------

    async def action_act(self, act: str) -> None:
        """Do what a key stands for: `action_<act>` of the screen, else of the app; `area:log` passes what
        follows `:`.

        A key that the role does not allow says so. Errors that a person can act on are shown.
        """
        name, _, detail = act.partition(":")
        method = getattr(self, f"action_{name}", None) or getattr(self.shell, f"action_{name}")
        if self.dialogs and name not in ("veil", "quit", "emergency"):
            return
        key = keys.find(act, self.SECTION)
        if key is not None and key.verb and not may(self.desk, key.verb):
            self.say(not_for(key), late=True)
            return
        if self._message[0] and name != "back":
            self.say("")
        try:
            outcome = method(*([detail] if detail else []))
            if isawaitable(
                outcome
            ):  # it may wait for an answer: beside the screen, whose keys must go on working
                self.acting += 1
                self.run_worker(self._acted(outcome), description=f"act {name}", group="acts")
            else:
                self.look()
        except WorkbenchError as error:
            self.show_error(error)

    async def _acted(self, outcome: Awaitable[Any]) -> None:
        try:
            await self._guarded(outcome)
        finally:
            self.acting -= 1
        self.look()

    async def _guarded(self, outcome: Awaitable[Any]) -> None:
        try:
            await outcome
        except WorkbenchError as error:
            self.show_error(error)

    async def _dispatch_message(self, message: Message) -> None:
        """Handle a message; an error that a person can act on is shown, and the screen lives on."""
        try:
            await super()._dispatch_message(message)
        except WorkbenchError as error:
            self.show_error(error)

    def show_error(self, error: WorkbenchError) -> None:
        """Show what happened, what was kept and what to do: in the message line where it fits, else in a
        dialog."""
        text = str(error)
        extra = error_lines(error)
        if not extra and cell_len(text) <= self.app.size.width - 4 - len(error.title) and not self.dialogs:
            self.say(f"{error.title}: {text}", late=True)
            return
        lines: list[str | Row] = [part for part in (error.what, error.kept, error.todo) if part]
        self.run_worker(self.tell(error.title, [*lines, *extra]), description="show an error", group="acts")

    def on_lines_said(self, event: Lines.Said) -> None:
        """What a list has to say while it is filtered."""
        event.stop()
        self.say(event.text)

    async def on_lines_picked(self, event: Lines.Picked) -> None:
        """A click on the cursor's row opens it."""
        event.stop()
        await self.action_act("open")

    def action_back(self) -> None:
        """Back to where one came from."""
        self.shell.back()

    def go(self, name: str, **args: Any) -> None:
        """Open a place of the workbench by name; see `WorkbenchApp.go`."""
        self.shell.go(name, **args)


def roles_words(roles: Iterable[str]) -> str:
    """`DSL`, `DSL and leader`: roles as the header says them."""
    return " and ".join("DSL" if role == "dsl" else role for role in sorted(roles)) or "no role"


def initials(name: str) -> str:
    """`J. Okafor` from `Jane Okafor`; other names as they are."""
    parts = name.split()
    return f"{parts[0][0]}. {' '.join(parts[1:])}" if len(parts) > 1 and len(parts[0]) > 2 else name


def not_for(key: keys.Key) -> str:
    """Why a key does nothing for this person."""
    roles = " or ".join(sorted(PERMITS.get(key.verb, frozenset())))
    return f"{key.label} ({key.words}) is for {roles}."


def long_day(desk: "Desk") -> str:
    """`Mon 23 Nov 2026 AM`: the day and the half of it, for the header."""
    now = desk.now()
    half = "AM" if now.hour < 12 else "PM"
    return f"{DAYS[now.weekday()]} {now.day} {MONTHS[now.month - 1]} {now.year} {half}"
