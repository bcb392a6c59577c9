"""What if: a code supposed until a day, and the list of duties that would follow. Nothing is written."""

from datetime import date
from typing import TYPE_CHECKING

from screens.names import pupil_words
from screens.text import Col, day_words
from screens.widgets.form import Field
from screens.widgets.lines import Row
from workbench.desk import registers, whatif

if TYPE_CHECKING:
    from screens.frame import WorkScreen
    from workbench.desk.whatif import Follow, WhatIf
    from workbench.domain.pupils import Pupil

COLS = (Col("", 10), Col("", 14), Col("", 30, grow=1))
CHANGES = {"new": "", "moved": "moves: ", "gone": "gone: "}
LEAVE = "leave"


async def suppose(screen: "WorkScreen", pupil: "Pupil") -> None:
    """Ask for a code and a day, and show what would follow."""
    choices = tuple(
        (code.code, f"{code.code}  {code.title}")
        for code in registers.code_choices(screen.desk)
        if code.sessions != ("PM",)
    )
    fields = [
        Field("code", "Every session", "choice", "O", choices, required=True, lines=1),
        Field("until", "Until", "date", required=True, hint="The last day, inclusive."),
        Field("start", "From", "date", hint="Empty: from the session after the last mark."),
    ]
    text = "The marks are supposed, never written: you see which duties would follow, and when."
    answer = await screen.fill(f"What if: {pupil_words(pupil)}", fields, text)
    if answer is None:
        return
    start = date.fromisoformat(answer["start"]) if answer["start"] else None
    until = date.fromisoformat(answer["until"])
    await show(screen, pupil, whatif.what_if(screen.desk, pupil.id, answer["code"], until, start))


async def show(screen: "WorkScreen", pupil: "Pupil", found: "WhatIf") -> None:
    """The duties as a list; Enter on one says why it would come."""
    title = f"What if: {pupil_words(pupil)}"
    hidden = f" {found.hidden} more for the DSL." if found.hidden else ""
    text = whatif.words_of(found) + hidden
    if not found.duties:
        nothing = f"No duty on your list would follow by {day_words(found.until, screen.desk.today())}."
        await screen.tell(title, [text, "", nothing])
        return
    follows = {f"{place} {follow.duty.id}": follow for place, follow in enumerate(found.duties)}
    rows = [Row(key, _cells(follow, screen.desk.today())) for key, follow in follows.items()]
    rows.append(Row(LEAVE, ("Back to the pupil",)))
    at = next(iter(follows))
    while (answer := await screen.choose(title, rows, text, at=at, cols=COLS)) in follows:
        at = answer or LEAVE
        await screen.tell("Why it would come", follows[at].why)


def _cells(follow: "Follow", today: date) -> tuple[str, str, str]:
    duty = follow.duty
    words = f"{CHANGES[follow.change]}{duty.action} ({duty.standing})"
    return day_words(follow.comes, today), f"due {day_words(duty.due, today)}", words
