"""The first-day call list: absences nobody has explained, whom to try in order, and what was tried today."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from screens import keys
from screens.drafts import kept
from screens.frame import WorkScreen, long_day
from screens.names import people_names, pupil_words
from screens.text import Col, clock_of, count, join
from screens.widgets.field import Field
from screens.widgets.lines import Lines, Row
from screens.widgets.paint import Panel, Spans
from workbench.desk import contacts
from workbench.desk.contacts import CallRow

if TYPE_CHECKING:
    from workbench.domain.pupils import Around

PANEL = 6
SPECIAL = "Speak to the DSL before you call: there is more to this than an absence."


class CallListScreen(WorkScreen):
    """Whom to call this morning, those nobody was called about yet first."""

    AREA = "register"
    SECTION = "call-list"
    BINDINGS = keys.bindings("call-list")
    FOCUS = "#calls"

    calls: dict[str, CallRow]

    def headline(self) -> str:
        """What the list is."""
        return "First-day calls"

    def middle(self) -> str:
        """Today, and the half of it."""
        return long_day(self.desk)

    def body(self) -> ComposeResult:
        """The list, and the numbers of the pupil under the cursor."""
        cols = [
            Col("Pupil", 22, grow=1),
            Col("Session", 7),
            Col("First number", 26, grow=1),
            Col("Tried", 16),
        ]
        yield Lines(cols, id="calls")
        panel = Panel("whom to try", id="numbers")
        panel.styles.height = PANEL + 1
        yield panel

    def load(self) -> None:
        """Read the list."""
        found = contacts.call_list(self.desk)
        self.calls = {row.pupil.id: row for row in found}
        self.query_one("#calls", Lines).show([self._row(row) for row in found], empty=self._empty())
        self._show_numbers()

    def _empty(self) -> str:
        from workbench.desk.register_day import registers_of

        day = registers_of(self.desk)
        if day.closed:
            return f"No calls: no session today ({day.closed})."
        taken = sum(len(each.taken) for each in day.classes)
        return (
            f"Nobody to call: no mark today is N. {count(taken, 'register')} of {2 * len(day.classes)} taken;"
            " a register that is not taken yet may still hold some."
        )

    def _row(self, row: CallRow) -> Row:
        first = number_words(row.numbers[0]) if row.numbers else "no number recorded"
        tried = f"{clock_of(row.contacts[-1].at)} {row.contacts[-1].result}" if row.contacts else "not yet"
        mark = "!" if row.special else "●" if row.contacts else "○"
        return Row(row.pupil.id, (pupil_words(row.pupil), "+".join(row.sessions), first, tried), mark)

    @property
    def current(self) -> CallRow | None:
        """The pupil under the cursor."""
        return self.calls.get(self.query_one("#calls", Lines).current)

    def on_lines_moved(self, event: Lines.Moved) -> None:
        """Show the numbers of the pupil under the cursor."""
        event.stop()
        self._show_numbers()

    def _show_numbers(self) -> None:
        row = self.current
        self.query_one("#numbers", Panel).set(number_lines(row, people_names(self.desk)) if row else [])

    # -- keys ------------------------------------------------------------------------------------------

    async def action_open(self) -> None:
        """Log a call for the pupil under the cursor."""
        row = self.current
        if row is None:
            return
        await log_call(self, row.pupil.id, pupil_words(row.pupil), row.numbers, special=row.special)
        self.reload()

    def action_pupil(self) -> None:
        """The pupil's page."""
        if self.current is not None:
            self.go("pupil", pupil=self.current.pupil.id)

    def action_grid(self) -> None:
        """The register of the pupil's class."""
        if self.current is not None:
            self.go("grid", class_=self.current.pupil.class_)


def number_words(person: "Around") -> str:
    """`mother R. Dunmore 07700 900111`."""
    return join([person.role or person.kind, person.name, person.phone], " ")


def number_lines(row: CallRow, names: dict[str, str]) -> list[str | Spans]:
    """Numbers in order and what was tried today, at most `PANEL` lines."""
    lines: list[str | Spans] = [[(f" ! {SPECIAL}", "late")]] if row.special else []
    lines += [f" {place}. {number_words(person)}" for place, person in enumerate(row.numbers, 1)]
    if not row.numbers:
        lines.append(
            " No parent or contact with a telephone is recorded: add one on the pupil's page (p, then a)."
        )
    lines += [
        f" {clock_of(c.at)} {c.how} {join([c.who, c.number], ' ')}: {c.result} ({names.get(c.by, c.by)})"
        for c in row.contacts
    ]
    return lines[:PANEL]


async def log_call(
    screen: WorkScreen,
    pupil: str,
    name: str,
    numbers: "Sequence[Around]" = (),
    *,
    special: bool = False,
    case: str = "",
) -> bool:
    """Ask for a call, message or visit and log it. Returns whether it was logged.

    Args:
        screen: where it was asked for.
        pupil: id.
        name: the pupil in words, for the title.
        numbers: whom to try, in order; the first is offered.
        special: say that the DSL is asked first.
        case: the case it belongs to.
    """
    first = numbers[0] if numbers else None
    fields = [
        Field(
            "who", "Who", value=join([first.role, first.name], " ") if first else "", required=True, limit=120
        ),
        Field("number", "Number or address", value=first.phone if first else "", limit=60),
        Field("how", "How", "choice", "call", tuple((way, way) for way in contacts.WAYS), lines=1),
        Field("at", "When", hint="Empty: now. Otherwise `09:05`, or `2026-11-23 09:05`.", limit=40),
        Field("result", "What came of it", "note", required=True, lines=3, hint="No answer is a result."),
    ]
    answer = await screen.fill(
        f"A call about {name}", fields, SPECIAL if special else "", draft=f"call {pupil}"
    )
    if answer is None:
        return False
    with kept(screen, f"call {pupil}", answer):
        contacts.add(
            screen.desk, pupil, answer["who"], answer["result"], how=answer["how"], number=answer["number"],
            at=answer["at"] or None, case=case or None,
        )  # fmt: skip
    screen.shell.recount()
    screen.say(f"Logged: {answer['who']}, {answer['result']}")
    return True
