"""Writing a concern down: any role may, nobody reads it back here. What was typed is never lost."""

from typing import TYPE_CHECKING

from screens.widgets.form import Field
from workbench.domain.errors import WorkbenchError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screens.frame import WorkScreen


GOES = "It goes to the DSL at once. It cannot be read back here. In danger now: F3."


async def report_concern(screen: "WorkScreen", pupil: str = "") -> None:
    """Ask for the child and the words, and hand them to the DSL.

    Args:
        screen: where it was asked for.
        pupil: the child's id, where the screen is about one.
    """
    from workbench.desk import concerns

    chosen = pupil or screen.args.get("pupil") or await choose_pupil(screen, "About which child?")
    if chosen is None:
        return
    title, draft = f"A concern about {pupil_name(screen, chosen)}", draft_name(chosen)
    text = GOES
    while (answer := await screen.fill(title, concern_fields(), text, draft=draft)) is not None:
        screen.shell.keep_draft(draft, answer)  # kept until the desk has it
        try:
            about = tuple(answer["about"].split())
            concerns.report(screen.desk, chosen, answer["text"], about)
        except WorkbenchError as error:
            text = str(error)  # and what was typed stands there again
            continue
        screen.shell.keep_draft(draft, None)
        screen.say("The concern is recorded; the DSL sees it on Today.")
        if (goes := concerns.goes_to(screen.desk, about)) != concerns.TODAY:
            await screen.tell("The concern is recorded", [goes])
        return


def draft_name(pupil: str) -> str:
    """The name under which an unfinished concern about a child is kept for its writer."""
    return f"concern {pupil}"


def concern_fields() -> "Sequence[Field]":
    """What a concern asks for."""
    return (
        Field("text", "What worries you", "note", required=True, lines=8, limit=20_000,
              hint="What you saw or heard, in the child's own words; who, where, when."),
        Field("about", "About a colleague?", hint="Their user name: they will never see it. Usually empty."),
    )  # fmt: skip


async def choose_pupil(screen: "WorkScreen", title: str) -> str | None:
    """A pupil on roll, found by typing; None where the dialog was left."""
    from screens.text import Col
    from screens.widgets.lines import Row
    from workbench.desk import roll

    rows = [Row(pupil.id, (pupil.name, pupil.class_)) for pupil in roll.pupils(screen.desk)]
    return await screen.choose(title, rows, cols=(Col("", 30, grow=1), Col("", 8)), typing=True)


def pupil_name(screen: "WorkScreen", pupil: str) -> str:
    """`Dunmore, Kai 9B`."""
    from workbench.desk import roll

    found = roll.find(screen.desk, pupil)
    return f"{found.name} {found.class_}"
