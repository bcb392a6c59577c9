"""The transfer file of a pupil who left."""

from typing import TYPE_CHECKING

import click

from screens import plain
from screens.commands.options import text
from screens.commands.session import Session, importing, with_desk

if TYPE_CHECKING:
    from workbench.desk.context import Desk
    from workbench.desk.transfer import Written


@click.command("ctf")
@click.argument("pupil")
@click.option(
    "--out", required=True, metavar="FOLDER", help="the folder to write into; the file gets its own name"
)
@text("--to", "the next school: LLLSSSS (authority, school), XXXXXXX not known, MMMMMMM outside the sector")
@click.option("--ahead", is_flag=True, help="before the name comes off; takes nobody off roll")
@importing("workbench.desk.transfer")
@with_desk
def ctf_(session: Session, desk: "Desk", pupil: str, out: str, to: str, ahead: bool) -> None:
    """The transfer file (CTF) of one pupil as XML: written, read back and compared."""
    from workbench.desk import transfer

    made = transfer.write(desk, pupil, out, to or None, ahead)
    session.show(plain.builtin(made), lambda: lines(made))


def lines(made: "Written") -> list[str]:
    """What was written, what is to know of it, what comes next."""
    return [f"Written, read back and compared: {made.path}", *made.remarks, made.next]
