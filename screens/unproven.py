"""A concern at the lock, by whoever is there: a name is picked, a child is found by typing, the text is written.

What was typed never leaves the screen by a failure. Left alone, by Esc or by a line that is cut it is sealed to the
DSLs, who find it as an unfinished concern. Where nobody holds a key it is kept in memory for the account that was
picked: after signing in, reporting a concern about the same child goes on with it.
"""

from typing import TYPE_CHECKING

from screens.concern import concern_fields, draft_name
from screens.drafting import Key
from screens.text import Col
from screens.widgets.dialog import FormDialog
from screens.widgets.form import Field, Form
from screens.widgets.lines import Row
from workbench.desk import concerns, unproven
from workbench.domain.errors import InvalidError, WorkbenchError

if TYPE_CHECKING:
    from screens.lock import LockScreen

UNPROVEN = "Nobody signs in: the DSL is told that your name is not proven. It cannot be read back here."
WITH_THE_DSL = "Kept for the DSL, who finds it as an unfinished concern."
KEPT = "Kept for its writer: sign in, Ctrl+R, the same child."


class Writing:
    """A concern that is being written at the lock. Until a word is typed it touches nothing: somebody else may have
    begun one in the same name.

    Args:
        screen: the lock.
        key: under what it is kept.
        form: where it stands.
    """

    def __init__(self, screen: "LockScreen", key: Key, form: Form) -> None:
        self.screen, self.key, self.form = screen, key, form
        self._begun = False

    def __call__(self) -> None:
        """Keep what stands there now."""
        values = self.form.drafts()
        self._begun = self._begun or any(values.values())
        if self._begun:
            kept = values if any(values.values()) else {}
            self.screen.shell.drafts.typed(self.screen.desk, self.key, kept)


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
    kept, key = screen.shell.drafts, Key(user, draft_name(child.id), proven=False)
    while True:
        dialog = FormDialog(title, concern_fields(), screen.desk.today(), text, values)
        writing = dialog.typed = Writing(screen, key, dialog.form)
        try:
            answer = await screen.dialog(dialog)
        except BaseException:
            writing()
            kept.write()
            raise
        if answer is None:
            writing()
            _say_kept(screen, key)
            return
        values = answer
        try:
            about = values["about"].split()
            unproven.report(screen.desk, user, child.id, values["text"], about)
        except WorkbenchError as error:
            text = str(error)
            continue
        kept.keep(screen.desk, key, None)
        screen.say("The concern is recorded; the DSL sees it on Today.")
        if (goes := concerns.goes_to(screen.desk, about)) != concerns.TODAY:
            await screen.tell("The concern is recorded", [goes])
        return


def _say_kept(screen: "LockScreen", key: Key) -> None:
    """Left: it goes to the DSL sealed, or waits here for its writer where there is nobody it could be sealed to."""
    kept = screen.shell.drafts
    kept.write()
    if kept.is_sealed(key):
        kept.forget(key.user)
        screen.say(WITH_THE_DSL)
    elif kept.text(key.user, key.name):
        screen.say(KEPT)
