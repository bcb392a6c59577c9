"""The roll: who is on it, who left; a new name, and files from the school's own system."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from screens import keys
from screens.frame import WorkScreen
from screens.text import Col, count, day_words, join
from screens.widgets.form import Field
from screens.widgets.lines import Lines, Row
from workbench.desk import roll
from workbench.desk.finding import may_see_all

if TYPE_CHECKING:
    from workbench.domain.pupils import Pupil

COLS = (
    Col("Pupil", 24, grow=1),
    Col("Class", 6),
    Col("Year", 4, right=True),
    Col("  What to know", 30, grow=1),
    Col("UPN", 13, wide=110),
    Col("Id", 8, wide=95),
)
NEW_PUPIL = (
    Field("surname", "Surname", required=True, limit=200),
    Field("forename", "Forename", required=True, limit=200),
    Field("born", "Born", "date", required=True, hint="2013-05-14, 14/05/2013 or 14 May 2013"),
    Field("year", "Year", required=True, hint="8, Year 8 or Reception"),
    Field("class", "Class", required=True, limit=24),
    Field("starts", "First day", "date", required=True, hint="The day agreed for the first attendance."),
    Field("upn", "UPN", limit=13, hint="Thirteen signs; may be added later."),
    Field("home_la", "Home authority", hint="The authority where the child lives, if it is another one."),
    Field("address", "Address", limit=300),
)


class PupilsScreen(WorkScreen):
    """The list of area 3."""

    AREA = "pupils"
    SECTION = "pupils"
    BINDINGS: ClassVar[list[Any]] = keys.bindings("pupils")
    FOCUS = "#pupils"

    leavers = False
    """Whether those who left are shown as well."""
    number = 0

    def headline(self) -> str:
        """How many there are."""
        return f"Pupils · {count(self.number, 'name')} on roll" + (" · leavers shown" if self.leavers else "")

    def body(self) -> ComposeResult:
        """The list."""
        yield Lines(COLS, id="pupils")

    def load(self) -> None:
        """Read the roll."""
        found = roll.pupils(self.desk, leavers=self.leavers)
        today = self.desk.today()
        self.number = sum(pupil.left is None or pupil.left > today for pupil in found)
        full = may_see_all(self.desk)
        rows = [pupil_row(pupil, today, full) for pupil in found]
        self.query_one("#pupils", Lines).show(rows, empty=self._empty())

    def _empty(self) -> str:
        return "Nobody is on roll yet. i imports the roll from your school's system, n adds one name."

    def action_open(self) -> None:
        """The page of the pupil under the cursor."""
        current = self.query_one("#pupils", Lines).current
        if current:
            self.go("pupil", pupil=current)

    def action_leavers(self) -> None:
        """Show those who left as well, or not."""
        self.leavers = not self.leavers
        self.reload()

    async def action_add(self) -> None:
        """Put a new name on the roll."""
        answer = await self.fill("A new name on the roll", NEW_PUPIL, draft="new pupil")
        if answer is None:
            return
        self.shell.keep_draft("new pupil", answer)  # kept if the desk refuses
        pupil = roll.add(self.desk, {key: value for key, value in answer.items() if value})
        self.shell.keep_draft("new pupil", None)
        self.shell.recount()
        self.reload()
        self.query_one("#pupils", Lines).go_to(pupil.id)
        self.say(f"{pupil.name} is on the roll; the return for a new pupil, where due, is on Today.")

    async def action_imports(self) -> None:
        """Import a file of pupils or of marks."""
        from screens.importing import import_file

        await import_file(self)
        self.reload()


def pupil_row(pupil: "Pupil", today: date, full: bool = True) -> Row:
    """A line of the roll; `full` tells whether the person sees more than name, class and year."""
    known = know_words(pupil, today) if full else ""
    cells = (pupil.name, pupil.class_, str(pupil.year), f"  {known}", pupil.upn or "", pupil.id)
    gone = pupil.left is not None and pupil.left <= today
    return Row(pupil.id, cells, mark="–" if gone else " ", tone="quiet" if gone else "")


def know_words(pupil: "Pupil", today: date) -> str:
    """What to know about a child at a glance, in words."""
    return join(
        [
            f"left {day_words(pupil.left, today)}" if pupil.left else "",
            f"starts {day_words(pupil.starts, today)}" if pupil.starts > today else "",
            "section 47" if pupil.section_47 else "",
            "protection plan" if pupil.child_protection_plan else "",
            "social worker" if pupil.social_worker else "",
            f"looked after by {pupil.looked_after_by}" if pupil.looked_after_by else "",
            "EHC plan" if pupil.ehc_plan else "",
            f"placed by {pupil.placing_la}" if pupil.placing_la else "",
            f"also at {pupil.dual_registered_at}" if pupil.dual_registered_at else "",
        ]
    )
