"""A concern at the lock, by whoever is there: a name is picked, a child is found by typing, the text is written.

What was typed never leaves the screen by a failure. Left alone or by Esc it is kept for the account that was picked:
after signing in, reporting a concern about the same child goes on with it.
"""

from typing import TYPE_CHECKING

from screens.concern import concern_fields, draft_name
from screens.text import Col
from screens.widgets.dialog import FormDialog
from screens.widgets.form import Field
from screens.widgets.lines import Row
from workbench.desk import unproven
from workbench.domain.errors import InvalidError, WorkbenchError

if TYPE_CHECKING:
    from screens.lock import LockScreen

UNPROVEN = "Nobody signs in: the DSL is told that your name is not proven. It cannot be read back here."
KEPT = "Kept for its writer: sign in, Ctrl+R, the same child."


async def pick_person(screen: "LockScreen", title: str, text: str = "") -> str | None:
    """An account, found by typing; None where the dialog was left."""
    rows = [Row(user, (name, post)) for user, name, post in unproven.names(screen.desk)]
    return await screen.choose(
        title, rows, text, cols=(Col("", 24, grow=1), Col("", 28, grow=1)), typing=True
    )


async def report_unproven(screen: "LockScreen") -> None:
    """Take a concern without a sign-in.

    Args:
        screen: the lock, whose own last line says how it went; no child is named there.
    """
    user = await pick_person(screen, "Report a concern without a PIN: who are you?")
    child = await _find_child(screen) if user is not None else None
    if user is None or child is None:
        return
    await _write(screen, user, child)


async def _find_child(screen: "LockScreen") -> unproven.Child | None:
    """The child it is about; None where the dialog was left."""
    text, typed = "", ""
    field = Field("name", "Child", required=True, hint="The beginning of surname, forename or both.")
    while True:
        answer = await screen.fill("About which child?", [field], text, {"name": typed})
        if answer is None:
            return None
        typed = answer["name"]
        try:
            found = unproven.children(screen.desk, typed)
        except InvalidError as error:
            text = str(error.todo or error.what)
            continue
        if not found:
            text = "Nobody on roll is called that."
            continue
        rows = [Row(child.id, (f"{child.surname}, {child.forename}", child.class_)) for child in found]
        own = await screen.choose("Which of them?", rows, cols=(Col("", 30, grow=1), Col("", 8)))
        if own is not None:
            return next(child for child in found if child.id == own)


async def _write(screen: "LockScreen", user: str, child: unproven.Child) -> None:
    title, text = f"A concern about {child.surname}, {child.forename} {child.class_}", UNPROVEN
    values: dict[str, str] = {}
    while True:
        dialog = FormDialog(title, concern_fields(), screen.desk.today(), text, values)
        screen.writing = (user, draft_name(child.id), dialog.form)
        try:
            answer = await screen.dialog(dialog)
        finally:
            screen.writing = None
        if answer is None:
            values = dialog.form.drafts()
            if any(values.values()):
                screen.shell.keep_draft_of(user, draft_name(child.id), values)
                screen.say(KEPT)
            return
        values = answer
        try:
            unproven.report(screen.desk, user, child.id, values["text"], values["about"].split())
        except WorkbenchError as error:
            text = str(error)
            continue
        screen.say("The concern is recorded; the DSL sees it on Today.")
        return
