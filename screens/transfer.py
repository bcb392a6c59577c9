"""The transfer file from a pupil's page: asks for the folder and the destination, says what was written."""

from typing import TYPE_CHECKING

from screens.names import pupil_words
from screens.widgets.form import Field
from screens.widgets.lines import Row
from workbench.desk import transfer

if TYPE_CHECKING:
    from screens.frame import WorkScreen
    from workbench.domain.pupils import Pupil

FOLDER = Field("out", "Folder", required=True, hint="Such as /media/stick; the file gets its own name.")
TO = Field("to", "Next school", limit=8, hint="LLLSSSS; empty = XXXXXXX, not known; MMMMMMM outside.")
AHEAD = "The name still stands on the register. Making a transfer file takes nobody off roll."


async def write_file(screen: "WorkScreen", pupil: "Pupil") -> None:
    """Ask, write, and show what is to know of the file and how to mark it sent."""
    stays = pupil.left is None or pupil.left > screen.desk.today()
    words = AHEAD if stays else "Written for its owner only, read back and compared."
    answer = await screen.fill(f"Write the transfer file: {pupil_words(pupil)}", [FOLDER, TO], words)
    if answer is None:
        return
    made = transfer.write(screen.desk, pupil.id, answer["out"], answer["to"] or None, ahead=stays)
    screen.reload()
    lines: list[str | Row] = [made.id, f"in {answer['out']}", "", made.next, "", *made.remarks]
    await screen.tell("The transfer file is written", lines)
