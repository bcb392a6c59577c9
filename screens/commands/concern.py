"""Concerns: written by anybody, read by those they are not about."""

from typing import TYPE_CHECKING

import click

from screens import plain
from screens.cli import say
from screens.commands.options import text
from screens.commands.session import Session, input_text, with_desk
from workbench.desk import concerns, roll, unfinished

if TYPE_CHECKING:
    from workbench.desk.context import Desk


@click.group("concern")
def concern_() -> None:
    """Report a concern; read and decide on them."""


@concern_.command("report")
@click.argument("pupil")
@click.argument("file", metavar="FILE|-", default="-")
@click.option(
    "--about", multiple=True, metavar="USER", help="a user whom it is about: it never opens for them"
)
@with_desk
def report(session: Session, desk: "Desk", pupil: str, file: str, about: tuple[str, ...]) -> None:
    """Write a concern down, from a file or standard input. It cannot be read back by who wrote it."""
    child = roll.find(desk, pupil).id
    own = concerns.report(desk, child, input_text(file, strict=False), about)
    goes = concerns.goes_to(desk, about)
    session.show({"id": own, "pupil": child}, lambda: [f"Received: {own}. {goes}"])
    if session.given.json and goes == concerns.NOBODY:
        say(f"Remark: {goes}")


@concern_.command("list")
@with_desk
def list_(session: Session, desk: "Desk") -> None:
    """The concerns that you may read, without their text."""
    rows = [
        {key: value for key, value in plain.builtin(c).items() if key != "text"}
        for c in concerns.concerns(desk)
    ]
    columns = {"id": "Id", "at": "Reported", "pupil": "Pupil", "by": "By", "outcome": "Decided"}
    session.table(rows, columns, "No concern that you may read was reported.")


@concern_.command("show")
@click.argument("concern")
@with_desk
def show(session: Session, desk: "Desk", concern: str) -> None:
    """One concern, with its text."""
    value = plain.builtin(concerns.show(desk, concern))
    session.show(value, lambda: plain.object_lines(value))


@concern_.command("triage")
@click.argument("concern")
@text("--outcome", "what was decided", required=True)
@with_desk
def triage(session: Session, desk: "Desk", concern: str, outcome: str) -> None:
    """Write down what was decided on a concern."""
    value = {
        key: v for key, v in plain.builtin(concerns.triage(desk, concern, outcome)).items() if key != "text"
    }
    session.show(value, lambda: [f"{concern} is decided on."])


@concern_.command("unfinished")
@with_desk
def unfinished_(session: Session, desk: "Desk") -> None:
    """Concerns that were cut off while they were typed, by somebody who cannot read them again."""
    rows = [
        {key: value for key, value in plain.builtin(one).items() if key in ("id", "at", "user")}
        for one in unfinished.unfinished(desk)
    ]
    session.table(
        rows, {"id": "Id", "at": "Last typed", "user": "By"}, "No concern that you may read was cut off."
    )


@concern_.command("look")
@click.argument("concern", metavar="DRAFT")
@with_desk
def look(session: Session, desk: "Desk", concern: str) -> None:
    """One that was cut off, with its text. That you read it is in the log."""
    value = plain.builtin(unfinished.look(desk, concern))
    session.show(value, lambda: plain.object_lines(value))


@concern_.command("take-up")
@click.argument("concern", metavar="DRAFT")
@text("--outcome", "what was decided: it is put away with this reason, and text and reason stay")
@with_desk
def take_up(session: Session, desk: "Desk", concern: str, outcome: str) -> None:
    """Make a concern of one that was cut off; its writer stands in it, not proven."""
    own = unfinished.take_up(desk, concern, outcome)
    session.show(
        {"id": own, "draft": concern}, lambda: [f"It is concern {own}{', decided on' if outcome else ''}."]
    )
