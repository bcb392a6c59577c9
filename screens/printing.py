"""Paper: a sheet as text before it is written to a file or, where the school allows it, copied."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from screens import keys
from screens.clipboard import to_clipboard
from screens.frame import WorkScreen
from screens.widgets.field import Field
from screens.widgets.lines import Lines, Row
from screens.widgets.paint import Panel
from workbench.desk import clipboard, dailysheet, printing, sheets
from workbench.desk.permissions import may
from workbench.domain.sheettext import as_lines, cells, wrap

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.domain.sheets import Sheet

OUT = Field(
    "out", "File", required=True, hint="Ends in .html: a page for A4. Any other name: text of 80 columns."
)
BESIDE = 6
"""Columns of the window that the list keeps for its frame and cursor."""
LETTER = "letter "
CERTIFICATE = "certificate"
OWN = "   the school's own wording"


class PrintScreen(WorkScreen):
    """A sheet, scrolled.

    Args:
        desk: the desk.
        kind: which sheet.
        args: what it is about: `duty` and `to`, `letter` and `pupil`, `pupil`, or `case`.
    """

    SECTION = "print"
    BINDINGS: ClassVar[list[Any]] = keys.bindings("print")
    FOCUS = "#sheet"

    def __init__(self, desk: "Desk", kind: str = "daily", **args: Any) -> None:
        super().__init__(desk, kind=kind, **args)
        self.kind, self.given = kind, args
        self.seen = False
        """Whether it was shown already: the first look stands in the log."""
        self.sheet: Sheet | None = None

    def headline(self) -> str:
        """Which sheet."""
        return "Print"

    def body(self) -> ComposeResult:
        """What it is, and its text."""
        about = Panel(id="about")
        about.styles.height = 1
        yield about
        yield Lines(id="sheet")

    def load(self) -> None:
        """Make it of what is recorded now, with the newest head of the log."""
        self.sheet = self._made()
        self.seen = True
        gaps = f"Not known: {'; '.join(self.sheet.missing)}" if self.sheet.missing else self._ways()
        self.query_one("#about", Panel).set([[(f" {gaps}", "late" if self.sheet.missing else "quiet")]])
        lines = fitted(self.sheet, self.app.size.width - BESIDE)
        self.query_one("#sheet", Lines).show([Row("", (line,)) for line in lines])

    def _made(self) -> "Sheet":
        given = self.given
        if self.kind == "return":
            return sheets.return_(self.desk, given["duty"], given.get("to"), again=self.seen)
        if self.kind == "letter":
            return sheets.letter(self.desk, given["letter"], given["pupil"])
        if self.kind == "certificate":
            return sheets.certificate(self.desk, given["pupil"])
        if self.kind == "chronology":
            return sheets.case_chronology(self.desk, given["case"], again=self.seen)
        return dailysheet.daily(self.desk)

    def _ways(self) -> str:
        copied = self.kind not in printing.NEVER_COPIED and clipboard.is_allowed(self.desk)
        return "o writes it to a file" + (", c copies it." if copied else "; the clipboard is not allowed.")

    # -- keys ------------------------------------------------------------------------------------------

    async def action_write(self) -> None:
        """Write it to a file."""
        answer = await self.fill("Print to a file", [OUT], "For its owner only, over no file that is there.")
        if answer is None or self.sheet is None:
            return
        made = printing.make(self.desk, self.sheet, printing.format_of(answer["out"]), answer["out"])
        self.reload()
        self.say(f"Written: {made.path}")

    def action_copy(self) -> None:
        """Send the text to the clipboard of the machine at the other end."""
        if self.sheet is None:
            return
        made = printing.copy(self.desk, self.sheet)
        self.shell.send_to_terminal(to_clipboard(made.text))
        self.reload()
        self.say("Sent to the clipboard. Paste it to see whether your terminal took it.")


def fitted(sheet: "Sheet", width: int) -> list[str]:
    """A sheet's lines in a window: where it is narrower than paper can be, what does not fit goes on in the next
    line."""
    lines = as_lines(sheet, width)
    return [part for line in lines for part in ([line] if cells(line) <= width else wrap(line, width, "  "))]


async def print_pupil(screen: WorkScreen, pupil: str) -> None:
    """Choose a letter or the certificate, and open it."""
    own = sheets.letter_list(screen.desk)
    options = [(CERTIFICATE, "certificate of attendance, this school year")]
    options += [(f"{LETTER}{name}", f"letter: {name}{OWN if own[name] else ''}") for name in own]
    chosen = await screen.choose("Print", options)
    if chosen == CERTIFICATE:
        screen.go("print", kind="certificate", pupil=pupil)
    elif chosen is not None:
        screen.go("print", kind="letter", letter=chosen.removeprefix(LETTER), pupil=pupil)


async def set_clipboard(screen: WorkScreen) -> None:
    """Say what the school allows, and change it."""
    now = clipboard.show(screen.desk)
    stands = "allowed" if now.allowed else "refused"
    since = f" since {now.at[:10]} by {now.by}" if now.at else ""
    if not may(screen.desk, "clipboard.set"):
        screen.say(f"The clipboard is {stands}{since}.")
        return
    wanted = "refuse" if now.allowed else "allow"
    options = [("stay", "leave it as it is"), ("change", f"{wanted} it from now on")]
    words = "Printed returns, letters, certificates and daily sheets; never a record that is open."
    chosen = await screen.choose(f"The clipboard is {stands}{since}", options, words)
    if chosen == "change":
        made = clipboard.put(screen.desk, not now.allowed)
        screen.say(f"The clipboard is {'allowed' if made.allowed else 'refused'} from now on.")
