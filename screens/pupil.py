"""A pupil's page: the year as a picture, the people around the child, duties, cases, events and what
happened."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from screens import duty_acts, keys, pupil_acts, pupil_forms
from screens.frame import WorkScreen
from screens.heatmap import LEGEND, heat_lines, month_line, run_words, weeks_of
from screens.pupil_rows import page_rows
from screens.text import Col, date_words, join
from screens.widgets.lines import Lines
from screens.widgets.paint import Panel, Spans
from workbench.desk import duties, registers, roll
from workbench.desk.permissions import may
from workbench.domain.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.domain.pupils import Pupil

COLS = (Col("", 16), Col("", 40, grow=1), Col("", 10, right=True))
PICTURE = 8
"""Lines of figures, months, five weekdays and legend."""


class PupilScreen(WorkScreen):
    """One pupil.

    Args:
        desk: the desk.
        pupil: id or UPN.
    """

    AREA = "pupils"
    SECTION = "pupil"
    BINDINGS: ClassVar[list[Any]] = keys.bindings("pupil")
    FOCUS = "#page"

    def __init__(self, desk: "Desk", pupil: str) -> None:
        super().__init__(desk, pupil=pupil)
        self.pupil: Pupil = roll.find(desk, pupil)
        self.shift = 0

    def headline(self) -> str:
        """Who it is: `Dunmore, Kai · 9B · Y9 · 13 · started 3 Sep 2025`."""
        pupil, today = self.pupil, self.desk.today()
        age = today.year - pupil.born.year - ((today.month, today.day) < (pupil.born.month, pupil.born.day))
        started = f"{'starts' if pupil.starts > today else 'started'} {date_words(pupil.starts)}"
        left = f"left {date_words(pupil.left)}" if pupil.left else ""
        return join([pupil.name, pupil.class_, f"Y{pupil.year}", str(age), left or started])

    def body(self) -> ComposeResult:
        """The picture and the page."""
        picture = Panel(id="picture")
        picture.styles.height = PICTURE
        yield picture
        yield Lines(COLS, heading=False, id="page")

    def load(self) -> None:
        """Read all about the pupil."""
        self.pupil = roll.find(self.desk, self.pupil.id)
        self.query_one("#picture", Panel).set(self._picture())
        whole = may(self.desk, "around.list")
        self.query_one("#page", Lines).show(
            page_rows(self.desk, self.pupil),
            empty="Nothing is recorded yet." if whole else "Your role sees who it is, and no more.",
        )

    def _picture(self) -> "list[str | Spans]":
        if not may(self.desk, "marks.list"):
            return []
        today, calendar = self.desk.today(), self.desk.calendar()
        marks = {(day, session): code for day, session, code in registers.marks_of(self.desk, self.pupil.id)}
        weeks = weeks_of(calendar.days, today, self.app.size.width, self.shift)
        figures, run = self._figures(today)
        lines: list[str | Spans] = [[(f" {figures}", "strong")], [(month_line(weeks), "quiet")]]
        lines += heat_lines(weeks, calendar, marks, today)
        return [*lines, [(f" {LEGEND}", "quiet"), (f"   {run}" if run else "", "")]]

    def _figures(self, today: date) -> tuple[str, str]:
        """The attendance so far, and the run of absence that lasts, in words."""
        try:
            found = duties.figures(self.desk, self.pupil.id)
        except WorkbenchError as error:
            return error.what, ""
        if not found.possible:
            return "No session was possible so far.", ""
        flag = "  ! severe absence" if found.severe else "  ! persistent absence" if found.persistent else ""
        words = (
            f"attendance {found.attendance_percent:.1f} %  unauthorised {found.unauthorised}"
            f"  authorised {found.authorised}  of {found.possible}{flag}"
        )
        return words, run_words(found.run_days, found.run_from, today)

    # -- keys ------------------------------------------------------------------------------------------

    @property
    def current(self) -> tuple[str, str]:
        """Kind and id under the cursor, such as `("duty", "absence.ten-day-return:P-1:2026-11-09")`."""
        kind, _, own_id = self.query_one("#page", Lines).current.partition(" ")
        return kind, own_id

    async def action_open(self) -> None:
        """Open what the cursor stands on."""
        kind, own_id = self.current
        if kind == "case":
            self.go("case", case=own_id)
        elif kind == "removal":
            self.go("removal", removal=own_id)
        elif kind == "duty":
            await duty_acts.do_duty(self, own_id)
        elif kind == "around":
            await pupil_forms.edit_around(self, self.pupil, own_id)
        elif kind == "event":
            await pupil_acts.show_event(self, self.pupil, own_id)
        elif kind == "pupil":
            await pupil_forms.edit_pupil(self, self.pupil)

    async def action_event(self) -> None:
        """Record an event."""
        await pupil_acts.record_event(self, self.pupil)

    async def action_contact(self) -> None:
        """Log a call or a visit."""
        await pupil_acts.add_contact(self, self.pupil)

    async def action_case(self) -> None:
        """The pupil's case, or a new one."""
        from screens.cases import open_case

        kind, own_id = self.current
        await open_case(self, self.pupil.id, own_id if kind == "duty" else "")

    async def action_around(self) -> None:
        """Add somebody around the child."""
        await pupil_forms.add_around(self, self.pupil)

    async def action_edit(self) -> None:
        """Edit the person under the cursor, else the pupil."""
        kind, own_id = self.current
        if kind == "around":
            await pupil_forms.edit_around(self, self.pupil, own_id)
        else:
            await pupil_forms.edit_pupil(self, self.pupil)

    async def action_marks(self) -> None:
        """The marks in words, with amendments."""
        await pupil_acts.show_marks(self, self.pupil)

    async def action_refer(self) -> None:
        """Record a referral."""
        from screens.referral import refer_pupil

        await refer_pupil(self, self.pupil.id)

    async def action_remove(self) -> None:
        """The removal of the name, running or new."""
        from screens.removals import start_removal

        await start_removal(self, self.pupil.id)

    async def action_why(self) -> None:
        """Why the duty under the cursor stands."""
        kind, own_id = self.current
        if kind == "duty":
            await duty_acts.tell_why(self, own_id)
        else:
            self.say("The cursor is on no duty.", late=True)

    async def action_whatif(self) -> None:
        """What would follow if the marks went on in one code."""
        from screens.whatif import suppose

        await suppose(self, self.pupil)

    async def action_transfer(self) -> None:
        """Write the transfer file."""
        from screens.transfer import write_file

        await write_file(self, self.pupil)

    async def action_print(self) -> None:
        """A letter, or a certificate."""
        from screens.printing import print_pupil

        await print_pupil(self, self.pupil.id)

    def action_earlier(self) -> None:
        """Look further back in the year."""
        self.shift -= 4
        self.reload()

    def action_later(self) -> None:
        """Look further ahead in the year."""
        self.shift += 4
        self.reload()
