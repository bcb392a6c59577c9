"""A class's register: the grid, its status line, what a key writes. A mark is stored before it is painted."""

from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal

from screens import keys
from screens.frame import WorkScreen, long_day, not_for
from screens.gridmarks import Told, Was, keep, standing, take_back
from screens.names import people_names
from screens.registerrows import (
    Slot,
    choices_of,
    closed_at,
    columns_of,
    counted_words,
    heading_words,
    late_offer,
    rows_of,
    session_now,
    slots_of,
    state_words,
)  # fmt: skip
from screens.registertalk import amend_mark, explain_cell, note_mark, unmarked_words
from screens.text import pad, spread
from screens.widgets.grid import RegisterGrid
from screens.widgets.paint import Panel
from workbench.desk import registers
from workbench.desk.permissions import may
from workbench.desk.registers import RegisterRow, RegisterView
from workbench.domain.errors import ConflictError, WorkbenchError
from workbench.domain.marking import PRESENT
from workbench.domain.register import Standing

UNDO_DEPTH = 200


class GridScreen(WorkScreen):
    """One class and week. Made with `class_`, and `on`: a day of the week, today unless given."""

    AREA = "register"
    SECTION = "grid"
    BINDINGS = keys.bindings("grid")
    FOCUS = "#grid"

    def __init__(self, desk: Any, **args: Any) -> None:
        super().__init__(desk, **args)
        self.class_: str = args["class_"]
        self.week: date = args.get("on") or desk.today()
        self.view: RegisterView = registers.view(desk, self.class_, self.week)
        self.undone: list[list[Was]] = []
        self.names = people_names(desk)
        now = session_now(self.view, desk.now())
        if self.week != desk.today() and self.week in self.view.days:
            now = (self.week, "AM")
        self.grid = RegisterGrid(self, columns_of(self.view, now), rows_of(self.view), id="grid")
        self.grid.column = slots_of(self.view).index(now)
        self.told = Told()
        self.asking = False
        """Whether a letter or Enter opens a dialog already: keys that follow fast open no second one."""

    def headline(self) -> str:
        """The class."""
        return f"Register {self.class_}"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The week in words, the grid, the status line."""
        yield Panel(id="week")
        yield self.grid
        with Horizontal(id="state"):
            yield Panel(id="counted")
            yield Panel(id="taken")

    def load(self) -> None:
        """Read the week anew: what others marked meanwhile is shown too."""
        self.caught_up()
        self.view = registers.view(self.desk, self.class_, self.week)
        now = session_now(self.view, self.desk.now())
        self.grid.show(columns_of(self.view, now), rows_of(self.view))
        self.grid.column = min(self.grid.column, len(self.grid.columns) - 1)
        self._session_changed()

    # -- where the cursor is ---------------------------------------------------------------------------

    @property
    def slot(self) -> Slot:
        """The session under the cursor."""
        column = self.grid.columns[self.grid.column]
        return column.on, column.session

    @property
    def row(self) -> RegisterRow | None:
        """The pupil under the cursor; None in an empty class."""
        return self.view.rows[self.grid.row] if self.view.rows else None

    def _session_changed(self) -> None:
        """Offer the codes of the day under the cursor, and say what its register is."""
        on, session = self.slot
        choices = choices_of(registers.code_choices(self.desk, on), session)
        self.grid.set_choices(choices, late_offer(self.view, self.slot, self.desk.now()))
        self.grid.mode.closed = closed_at(self.view, self.slot, self.desk.now())
        left, right = heading_words(self.view, self.slot, self.desk.now())
        self.query_one("#week", Panel).set([[(" " + spread(left, right, self.app.size.width - 2), "")]])
        words = state_words(self.view, self.slot, self.desk.today(), self.names)
        self.query_one("#taken", Panel).set(
            [[(pad(words, max(8, self.app.size.width - 28), right=True), "quiet")]]
        )
        self._count()

    def _count(self) -> None:
        self.query_one("#counted", Panel).set([" " + counted_words(self.grid.rows, self.grid.column)])

    # -- marks -----------------------------------------------------------------------------------------

    def grid_typed(self, row: int, column: int, code: str, minutes: int | None) -> None:
        """Store the mark, then paint it and go down. After the register was taken it is an amendment."""
        pupil, slot = self.view.rows[row], self.slot
        if self.asking:
            return
        if slot in self.view.taken:
            self._ask(amend_mark(self, pupil, slot, code, minutes))
        elif not may(self.desk, "register.mark"):
            self.say("Marks are written by those who teach or keep the registers.", late=True)
        else:
            with self.guarded():
                self.say("")
                self._write(row, column, code, minutes)

    def _write(self, row: int, column: int, code: str, minutes: int | None) -> None:
        pupil, slot = self.view.rows[row], self.slot
        own_id, seen, behind = pupil.pupil.id, standing(pupil, slot), self.behind
        try:
            written = registers.mark(self.desk, own_id, *slot, code or None, minutes=minutes, seen=seen)
        except ConflictError as error:
            self.told.add(pupil.pupil.name, own_id, slot, error, self.names)
            behind = True
        else:
            self.told.drop(own_id, slot)
            self._remember([Was(own_id, slot, seen, Standing(code=written, minutes=minutes))])
            keep(pupil, slot, written, minutes)
            self._put(row, column, written, minutes)
        if behind:
            self.load()
            self._go_to_pupil(own_id)
        self.caught_up()
        self.grid.move(self.grid.row + 1)  # after a conflict too: the next key is meant for the next pupil
        self.say(self.told.words, late=bool(self.told))

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Within it, what the desk refuses is shown, and the grid lives on."""
        try:
            yield
        except WorkbenchError as error:
            self.show_error(error)
            if self.behind:
                self.load()

    def _ask(self, work: Coroutine[Any, Any, None]) -> None:
        """Open a dialog beside the grid, one at a time."""

        async def once() -> None:
            try:
                await self._guarded(work)
            finally:
                self.asking = False

        self.asking = True
        self.say("")
        self.run_worker(once(), description="ask about a mark", group="acts")

    def _put(self, row: int, column: int, code: str, minutes: int | None) -> None:
        """Show a mark that is stored."""
        self.grid.set_cell(row, column, f"{code}{minutes or ''}")
        self._count()

    def _remember(self, step: list[Was]) -> None:
        self.undone = [*self.undone[-UNDO_DEPTH:], step]

    def grid_said(self, text: str, refused: bool) -> None:
        """A chooser, the minutes, or why a key was refused."""
        self.say(text, late=refused)

    def grid_turned(self) -> None:
        """Another session has other codes and another state."""
        self._session_changed()

    def grid_moved(self) -> None:
        """Show what others marked meanwhile."""
        with self.guarded():
            self.look()

    def grid_entered(self) -> None:
        """Enter: a note beside a draft, an amendment after the register was taken."""
        if self.row is not None and not self.asking:
            taken = self.slot in self.view.taken
            row, slot = self.row, self.slot
            self._ask(amend_mark(self, row, slot, "", None) if taken else note_mark(self, row, slot))

    def grid_command(self, key: str) -> bool:
        """Commands that must keep their place among marks typed fast are done at once."""
        found = next((each for each in keys.section("grid") if key in each.keys.split(",")), None)
        if found is None or found.act not in ("rest", "take", "undo", "find") or self.asking:
            return False
        if found.verb and not may(self.desk, found.verb):
            self.say(not_for(found), late=True)
        else:
            with self.guarded():
                self.say("")
                getattr(self, f"action_{found.act}")()
        return True

    # -- keys ------------------------------------------------------------------------------------------

    def action_rest(self) -> None:
        """Everybody without a mark is present."""
        self.look()  # what others marked meanwhile is theirs, and is not taken back by an undo here
        on, session = self.slot
        column = self.grid.column
        blank = [row.key for row in self.grid.rows if not row.cells[column]]
        number = registers.rest_present(self.desk, self.class_, on, session)
        wrote = Standing(code=PRESENT[session])
        self._remember([Was(pupil, self.slot, Standing(), wrote) for pupil in blank])
        self.load()
        self.say(f"{number} marked present." if number else "Nobody was left to mark.")

    def action_take(self) -> None:
        """Take the register of the session under the cursor."""
        if self.told:
            self.say(f"Ctrl+S again: take. {self.told.words}", late=True)
            self.told.clear()
            return
        on, session = self.slot
        column = self.grid.column
        missing = [row.name for row in self.grid.rows if not row.cells[column]]
        if missing:
            self.say(unmarked_words(missing, session), late=True)
            return
        taken = registers.take(self.desk, self.class_, on, session)
        self.undone = []
        self.shell.recount()
        self.reload()
        self.say(f"Register of {self.class_} {session} taken {taken.at[11:16]}. Changes are now amendments.")

    def action_undo(self) -> None:
        """Take back what was written last."""
        if not self.undone:
            self.say(
                "Nothing to undo here."
                if self.slot not in self.view.taken
                else "The register is taken: amend it."
            )
            return
        step = self.undone[-1]
        words = take_back(self.desk, step)
        self.undone = self.undone[:-1]
        self.load()
        self._go_to_pupil(step[0].pupil)
        self.say(words)

    def _go_to_pupil(self, pupil: str) -> None:
        place = next((n for n, row in enumerate(self.grid.rows) if row.key == pupil), None)
        if place is not None:
            self.grid.move(place)

    def action_find(self) -> None:
        """Go to a name."""
        self.grid.find()

    async def action_explain(self) -> None:
        """What stands in the cell, and the codes of the day."""
        if self.row is not None:
            await explain_cell(self, self.row, self.slot)

    def action_week_before(self) -> None:
        """The week before."""
        self._turn(-7)

    def action_week_after(self) -> None:
        """The week after."""
        self._turn(7)

    def _turn(self, days: int) -> None:
        before, self.week = self.week, self.view.days[0] + timedelta(days=days)
        try:
            registers.view(self.desk, self.class_, self.week)
        except Exception:
            self.week = before
            raise
        self.load()
