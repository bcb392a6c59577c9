"""Concerns that were cut off while somebody typed them: a line on Today, and what a DSL does with one.

Who typed one and cannot read it again, since they hold no key, is told that the DSL has it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.names import people_names, pupil_words
from screens.text import stamp_words
from screens.widgets.lines import Row
from workbench.desk import drafts, roll, unfinished
from workbench.desk.drafts import NAMED
from workbench.desk.permissions import may
from workbench.domain.errors import NotFoundError

if TYPE_CHECKING:
    from screens.frame import WorkScreen
    from workbench.desk.context import Desk
    from workbench.desk.unfinished import Unfinished

CUT_OFF = "cut "
"""How the key of such a line begins; the id follows."""
NOT_PROVEN = "That it was them is not proven: ask them."
WHAT = (
    ("take", "Take it up: it becomes a concern, its writer stands in it"),
    ("put", "Put it away with a reason: text and reason stay in the concerns"),
    ("leave", "Leave it: it stays on Today"),
)


def unfinished_rows(desk: "Desk") -> list[Row]:
    """A line for each that this person may take up, and one for each of their own that the DSL has."""
    found = unfinished.unfinished(desk) if may(desk, "concern.unfinished") else []
    names = people_names(desk) if found else {}
    rows = [Row(CUT_OFF + one.id, (_line(desk, one, names),), "!", "late") for one in found]
    mine = [stamp_words(at, desk.today()) for at in drafts.with_the_dsl(desk)]
    words = "The DSL has the concern that you typed {} and did not save."
    return [*rows, *(Row("", (words.format(at),), tone="quiet") for at in mine)]


def left_rows(names: Sequence[str]) -> list[Row]:
    """A line that says what the person themselves typed and did not save, since nobody may remember which form it was.

    Args:
        names: those of the forms.
    """
    if not names:
        return []
    about = sorted({own for name in names for own in NAMED.findall(name)})
    words = f"Not saved, still in its form: {', '.join(about)}" if about else "Not saved, still in its form."
    return [Row("", (words,), tone="quiet")]


def _line(desk: "Desk", one: "Unfinished", names: dict[str, str]) -> str:
    who, when = names.get(one.user, one.user), stamp_words(one.at, desk.today())
    return f"An unfinished concern of {who}, cut off {when}: Enter takes it up."


async def take_up(screen: "WorkScreen", own: str) -> None:
    """Show one, and ask what is to be done with it.

    Args:
        screen: Today.
        own: its id.
    """
    found = unfinished.look(screen.desk, own)
    name = _child(screen.desk, found.pupil)
    who = people_names(screen.desk).get(found.user, found.user)
    lines = [f"Typed by {who}, cut off {stamp_words(found.at, screen.desk.today())}", NOT_PROVEN]
    lines += [f"About a colleague: {' '.join(found.about)}"] if found.about else []
    title = f"An unfinished concern about {name}"
    await screen.tell(
        title, [*lines, "", *found.text.split("\n")], "Enter or Esc: on to what is done with it"
    )
    choice = await screen.choose(title, WHAT, at="take")
    reason = ""
    if choice == "put":
        reason = await screen.ask(title, "Reason", lines=3, draft=f"put away {own}") or ""
    if choice == "take" or reason:
        made = unfinished.take_up(screen.desk, own, reason)
        screen.shell.recount()
        screen.reload()
        screen.say(f"{'Put away' if reason else 'Taken up'}: it is concern {made}.")


def _child(desk: "Desk", pupil: str) -> str:
    try:
        return pupil_words(roll.find(desk, pupil))
    except NotFoundError:
        return "a child whose records were erased"
