"""Writing a concern down: any role may, nobody reads it back here. What was typed is never lost."""

from typing import TYPE_CHECKING

from screens.widgets.form import Field

if TYPE_CHECKING:
    from screens.frame import WorkScreen


async def report_concern(screen: "WorkScreen", pupil: str = "") -> None:
    """Ask for the child and the words, and hand them to the DSL.

    Args:
        screen: where it was asked for.
        pupil: the child's id, where the screen is about one.
    """
    from workbench.desk import concerns

    chosen = pupil or await choose_pupil(screen, "About which child?")
    if chosen is None:
        return
    name = pupil_name(screen, chosen)
    fields = [
        Field("text", "What worries you", "note", required=True, lines=8, limit=20_000,
              hint="What you saw or heard, in the child's own words; who, where, when."),
        Field("about", "About a colleague?", hint="Their user name: they will never see it. Usually empty."),
    ]  # fmt: skip
    text = "It goes to the DSL at once. It cannot be read back here. In danger now: F3."
    answer = await screen.fill(f"A concern about {name}", fields, text, draft=f"concern {chosen}")
    if answer is None:
        return
    screen.shell.keep_draft(f"concern {chosen}", answer)  # kept until the desk has it
    about = tuple(answer["about"].split())
    concerns.report(screen.desk, chosen, answer["text"], about=about)
    screen.shell.keep_draft(f"concern {chosen}", None)
    screen.say("The concern is recorded; the DSL sees it on Today.")


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
