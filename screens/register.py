"""The registers of a day: every class with what is taken and what is still to mark. Enter opens the grid."""

from datetime import date, timedelta

from textual.app import ComposeResult

from screens import keys
from screens.frame import WorkScreen, long_day
from screens.names import people_names
from screens.text import Col, clock_of, count, day_words, join
from screens.widgets.lines import Lines, Row
from screens.widgets.paint import Panel
from workbench.desk.register_day import ClassDay, RegisterDay, registers_of

SESSIONS = ("AM", "PM")
FURTHEST = 10
"""Days that are looked through for the next school day before a closed one is shown."""


class RegisterScreen(WorkScreen):
    """The class chooser of area 2."""

    AREA = "register"
    SECTION = "register"
    BINDINGS = keys.bindings("register")
    FOCUS = "#classes"

    on: date | None = None
    """The day shown; None for today."""

    def headline(self) -> str:
        """Which day's registers."""
        day = self.day
        return "Registers" if day == self.desk.today() else f"Registers of {day_words(day)} {day.year}"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    @property
    def day(self) -> date:
        """The day shown."""
        return self.on or self.desk.today()

    def body(self) -> ComposeResult:
        """One line of words, and the classes."""
        yield Panel(id="day")
        columns = [
            Col("Class", 8),
            Col("Pupils", 6, right=True),
            Col("  AM", 28, grow=1),
            Col("PM", 26, grow=1),
        ]
        yield Lines(columns, id="classes")

    def load(self) -> None:
        """Read the day's registers."""
        found = registers_of(self.desk, self.day)
        names = people_names(self.desk)
        self.query_one("#day", Panel).set([" " + self._summary(found)])
        empty = found.closed and f"No session on {day_words(found.on)}: {found.closed}."
        rows = [] if found.closed else [self._row(each, found.on, names) for each in found.classes]
        self.query_one("#classes", Lines).show(
            rows, empty=empty or "No pupil is on roll that day. Import the roll on area 3, key i."
        )

    def _row(self, each: ClassDay, day: date, names: dict[str, str]) -> Row:
        states = [self._state(each, day, session, names) for session in SESSIONS]
        late = any(state.startswith("!") for state in states)
        done = all(session in each.taken for session in SESSIONS)
        begun = bool(each.taken) or any(each.marked.values())
        mark = "!" if late else "●" if done else "◐" if begun else "○"
        return Row(
            each.class_,
            (each.class_, str(each.pupils), "  " + states[0], states[1]),
            mark,
            "late" if late else "",
        )

    def _state(self, each: ClassDay, day: date, session: str, names: dict[str, str]) -> str:
        """`taken 09:03 T. Ellis`, `26 of 28 marked`, `! not taken, closed 09:25`."""
        taken = each.taken.get(session)
        if taken is not None:
            return f"{taken.how} {clock_of(taken.at)} {names.get(taken.by, taken.by)}"
        marked = f"{each.marked[session]} of {each.pupils} marked" if each.marked[session] else ""
        closes = self._closes(session)
        now = self.desk.now()
        over = day < now.date() or (day == now.date() and f"{now.hour:02}:{now.minute:02}" >= closes)
        if over:
            return join(["! not taken", marked or f"closed {closes}"], ", ")
        return marked or f"open {self.desk.school().registers_open.get(session, '')} to {closes}"

    def _closes(self, session: str) -> str:
        school = self.desk.school()
        opens = school.registers_open.get(session, "00:00")
        total = int(opens[:2]) * 60 + int(opens[3:]) + school.registers_open_minutes
        return f"{total // 60:02}:{total % 60:02}"

    def _summary(self, found: RegisterDay) -> str:
        if found.closed:
            return f"{day_words(found.on)} · {found.closed}"
        wanted = len(found.classes) * len(SESSIONS)
        taken = sum(len(each.taken) for each in found.classes)
        return join(
            [
                day_words(found.on),
                count(len(found.classes), "class", "classes"),
                f"{taken} of {wanted} registers taken",
            ]
        )

    # -- keys ------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Open the class's register in the week of the day shown."""
        class_ = self.query_one("#classes", Lines).current
        if class_:
            self.go("grid", class_=class_, on=self.day)

    def action_calls(self) -> None:
        """The first-day call list."""
        self.go("call-list")

    def action_day_before(self) -> None:
        """The school day before."""
        self._step(-1)

    def action_day_after(self) -> None:
        """The school day after."""
        self._step(1)

    def action_day_today(self) -> None:
        """Back to today."""
        self.on = None
        self.reload()

    def _step(self, way: int) -> None:
        """Go to the nearest school day that way; over a long closure, a week at a time shows why."""
        for distance in range(1, FURTHEST):
            day = self.day + timedelta(days=way * distance)
            if registers_of(self.desk, day).closed is None:
                break
        else:
            day = self.day + timedelta(days=way * 7)
        self.on = day
        self.reload()
