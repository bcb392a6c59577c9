"""Paper: returns, letters, the daily sheet, chronologies, certificates; and whether the clipboard may be used."""

import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import click

from screens import plain
from screens.cli import say
from screens.commands.options import DAY, text
from screens.commands.session import Session, importing, with_desk

if TYPE_CHECKING:
    from workbench.desk.clipboard import Setting
    from workbench.desk.context import Desk
    from workbench.desk.printing import Printed
    from workbench.domain.sheets import Sheet

MODULES = ("workbench.desk.sheets", "workbench.desk.dailysheet", "workbench.desk.printing")


@click.group("print")
def print_() -> None:
    """Print: HTML for A4, or text of 80 columns. Each print stands in the log, and the log's head on each print."""


class Ways(NamedTuple):
    """Where a print goes, as it was said."""

    out: str | None
    fmt: str | None
    copy: bool


def _ways(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--out --format --copy`, given to the command as `ways`."""

    @wraps(function)
    def collected(*args: Any, out: str | None, fmt: str | None, copy: bool, **given: Any) -> Any:
        return function(*args, ways=Ways(out, fmt, copy), **given)

    for option in (
        click.option(
            "--copy", is_flag=True, help="text to the clipboard of your own machine, if the school allows it"
        ),
        click.option(
            "--format",
            "fmt",
            type=click.Choice(["html", "text"]),
            default=None,
            help="text unless given; html where the file ends in .html",
        ),
        click.option("--out", default=None, metavar="FILE", help="write a file; over none that is there"),
    ):
        collected = option(collected)
    return collected


@print_.command("return")
@click.argument("duty")
@text("--to", "one of those who are told; the first unless given")
@_ways
@importing(*MODULES)
@with_desk
def return_(session: Session, desk: "Desk", duty: str, to: str, ways: Ways) -> None:
    """A return or notice, as far as the records fill it in. DUTY as `return list` names it."""
    from workbench.desk import sheets

    _put(session, desk, lambda: sheets.return_(desk, duty, to or None, again=True), ways)


@print_.command("letter")
@click.argument("name")
@click.argument("pupil")
@text("--to", "the id of somebody around the child; the first parent at home unless given")
@_ways
@importing(*MODULES)
@with_desk
def letter(session: Session, desk: "Desk", name: str, pupil: str, to: str, ways: Ways) -> None:
    """A letter to one parent. NAME as `print letters` lists them."""
    from workbench.desk import sheets

    _put(session, desk, lambda: sheets.letter(desk, name, pupil, to or None), ways)


@print_.command("letters")
@importing("workbench.desk.sheets")
@with_desk
def letters(session: Session, desk: "Desk") -> None:
    """The letters there are, and which are the school's own wording."""
    from workbench.desk import sheets

    rows = [{"id": name, "own": own} for name, own in sheets.letter_list(desk).items()]
    session.table(rows, {"id": "Letter", "own": "Own wording"}, "There is no letter.")


@print_.command("daily")
@_ways
@importing(*MODULES)
@with_desk
def daily(session: Session, desk: "Desk", ways: Ways) -> None:
    """The daily sheet: your duties, missing registers, failed sign-ins, how old the backup is."""
    from workbench.desk import dailysheet

    _put(session, desk, lambda: dailysheet.daily(desk), ways)


@print_.command("chronology")
@click.argument("case")
@_ways
@importing(*MODULES)
@with_desk
def chronology(session: Session, desk: "Desk", case: str, ways: Ways) -> None:
    """The chronology of a case, oldest first."""
    from workbench.desk import sheets

    _put(session, desk, lambda: sheets.case_chronology(desk, case, again=True), ways)


@print_.command("certificate")
@click.argument("pupil")
@click.option(
    "--from", "first", type=DAY, default=None, metavar="DATE", help="the school year's first day unless given"
)
@click.option(
    "--to", "last", type=DAY, default=None, metavar="DATE", help="the last day, inclusive; today unless given"
)
@_ways
@importing(*MODULES)
@with_desk
def certificate(
    session: Session, desk: "Desk", pupil: str, first: date | None, last: date | None, ways: Ways
) -> None:
    """A certificate of attendance: figures of a period, and the register as a picture."""
    from workbench.desk import sheets

    _put(session, desk, lambda: sheets.certificate(desk, pupil, first, last), ways)


# what becomes of a sheet --------------------------------------------------------------------------------------


def _put(session: Session, desk: "Desk", make: Callable[[], "Sheet"], ways: Ways) -> None:
    from workbench.desk import printing

    out = ways.out
    if ways.copy:
        if out is not None or ways.fmt == "html":
            raise click.UsageError("--copy is of text, and to no file.")
        _copy(session, desk, make())
        return
    form = ways.fmt or printing.format_of(out)
    made = printing.make(desk, make(), form, out)
    for gap in made.missing:
        say(f"Remark: not known: {plain.safe(gap)}")
    if session.given.json:
        click.echo(plain.to_json(made))
    elif out is not None:
        click.echo(plain.safe(f"Written: {made.path}"))
    else:
        click.echo(_shown(made.text), nl=False)


def _shown(text: str) -> str:
    """Pages as they go out: on a terminal nothing stands between them."""
    return text.replace("\f", "\n") if sys.stdout.isatty() else text


def _copy(session: Session, desk: "Desk", sheet: "Sheet") -> None:
    from screens.clipboard import to_clipboard
    from workbench.desk import printing
    from workbench.domain.errors import InvalidError

    terminal = _terminal(session)
    if terminal is None:
        raise InvalidError("This is no terminal: there is no clipboard behind it.", todo="Use --out FILE.")
    made = printing.copy(desk, sheet)
    terminal.write(to_clipboard(made.text))
    terminal.flush()
    session.show(made, lambda: copied_lines(made))


def _terminal(session: Session) -> TextIO | None:
    """The stream that ends at a terminal and does not carry a result."""
    streams = (sys.stderr,) if session.given.json else (sys.stdout, sys.stderr)
    return next((stream for stream in streams if stream.isatty()), None)


def copied_lines(made: "Printed") -> list[str]:
    """What was sent, and that a terminal does not say whether it took it."""
    return [f"Sent to the clipboard: {made.title}", "Paste it to see whether your terminal took it."]


# the clipboard ------------------------------------------------------------------------------------------------


@click.group("clipboard")
def clipboard_() -> None:
    """Whether printed text may go to the clipboard of the machine at the other end of an SSH line."""


@clipboard_.command("show")
@importing("workbench.desk.clipboard")
@with_desk
def show(session: Session, desk: "Desk") -> None:
    """What the school says."""
    from workbench.desk import clipboard

    _tell(session, clipboard.show(desk))


@clipboard_.command("allow")
@importing("workbench.desk.clipboard")
@with_desk
def allow(session: Session, desk: "Desk") -> None:
    """Allow it from now on."""
    from workbench.desk import clipboard

    _tell(session, clipboard.put(desk, allowed=True))


@clipboard_.command("refuse")
@importing("workbench.desk.clipboard")
@with_desk
def refuse(session: Session, desk: "Desk") -> None:
    """Refuse it from now on."""
    from workbench.desk import clipboard

    _tell(session, clipboard.put(desk, allowed=False))


def _tell(session: Session, setting: "Setting") -> None:
    session.show(setting, lambda: [setting_words(setting)])


def setting_words(setting: "Setting") -> str:
    """`The clipboard is refused, since 2026-11-24 09:12 by leader.`"""
    words = "allowed" if setting.allowed else "refused"
    since = (
        f", since {setting.at[:16].replace('T', ' ')} by {setting.by}" if setting.at else ", as always so far"
    )
    return f"The clipboard is {words}{since}."
