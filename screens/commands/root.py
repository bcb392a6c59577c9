"""The tree of commands. Each family is imported only when one of its commands is called."""

import importlib
import sys
from typing import Any

import click

from screens.cli import FAILED, UNREADABLE, Given
from workbench.domain.errors import WorkbenchError

FAMILIES: dict[str, tuple[str, str]] = {
    "demo": ("folder", "an invented school with live cases; says how to sign in and opens it"),
    "init": ("folder", "a new folder from a school's file"),
    "pupils": ("roll", "the roll: import, list, show, add, edit, people around a child"),
    "register": ("register", "show, take, amend and import registers"),
    "record": ("record", "record an event: a letter, a suspension, a leave ..."),
    "kinds": ("record", "the kinds of events and their fields"),
    "contact": ("record", "log a call or visit; list them"),
    "call-list": ("record", "whom to call about today's unexplained absences"),
    "due": ("due", "what must be done, late first; exit 1 if something is overdue"),
    "duty": ("duty", "mark a duty done, or override one of policy"),
    "why": ("duty", "a duty in words: the days counted, the text, what ends it"),
    "what-if": ("whatif", "the duties that would follow if a pupil's marks went on so; writes nothing"),
    "calendar": ("calendar", "terms and closures; close a day and see which deadlines move"),
    "year": ("year", "the school year: roll over to the next; classes, leavers' dates"),
    "return": ("duty", "returns to the authority: list, draft, sent"),
    "ctf": ("ctf", "the transfer file of a pupil who left, as XML into a folder"),
    "concern": ("concern", "report a concern; read and decide on them"),
    "case": ("case", "cases: open, answer, note, close, export ..."),
    "handover": ("handover_back", "hand a case over: write the bundle, check and import one, receipts"),
    "enquiry": ("referral", "steps of the joint enquiries"),
    "referral": ("referral", "decisions to refer or not, replies, escalation"),
    "removal": ("removal", "removals from the roll and their gates"),
    "log": ("log", "show and verify the log"),
    "check": ("log", "whether the folder is whole; make its snapshots anew from the log"),
    "backup": ("backup", "one proven file with everything in the folder"),
    "restore": ("backup", "put a backup in the place of the folder; nothing is merged"),
    "upgrade": ("upgrade", "make a new, sealed folder of an older one"),
    "retention": ("retention", "records past their time: until when they are kept, legal holds, erasure"),
    "print": ("printing", "paper: returns, letters, the daily sheet, chronologies, certificates"),
    "clipboard": ("printing", "whether printed text may go to the clipboard over SSH"),
    "stats": ("stats", "numbers for directors: counts of a period, no names, small ones hidden"),
    "rules": ("rules", "list, show and check the rules"),
    "people": ("people", "accounts and roles"),
}
"""Command to the module of its family and a line of help."""

SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
OPTIONS = """Options that may stand anywhere:

\b
  --data DIR           the data folder (else $WORKBENCH_DATA, else your user data folder)
  --user NAME          who signs in
  --passphrase-fd N    read the passphrase from this file descriptor (else $WORKBENCH_PASSPHRASE, else asked for)
  --json               the result as JSON; where --rev is refused, both versions

Exit codes: 0 done, 1 failed or refused (for `due`: something is overdue), 2 the command line cannot be read."""


class Families(click.Group):
    """A group whose commands are imported when they are called, not when they are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of the day's work."""
        return list(FAMILIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, imported now."""
        if cmd_name not in FAMILIES:
            return None
        module = importlib.import_module(f"screens.commands.{FAMILIES[cmd_name][0]}")
        found: click.Command = getattr(module, cmd_name.replace("-", "_") + "_")
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without importing what it names."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in FAMILIES.items()])


@click.command(
    cls=Families, context_settings=SETTINGS, help=f"Children missing education: a workbench.\n\n{OPTIONS}"
)
def root() -> None:
    """The root of all commands."""


def invoke(given: Given, world: Any) -> int:
    """Run one command and return its exit code.

    Args:
        given: the global options and the rest of the command line.
        world: clock and costs, or None; `session.current` makes the session of them when a command asks for it,
            so that help need not import the desk.
    """
    try:
        result = root.main(list(given.rest), prog_name="workbench", standalone_mode=False, obj=(given, world))
    except click.exceptions.Exit as error:
        return int(error.exit_code)
    except click.Abort:
        sys.stderr.write("Interrupted.\n")
        return FAILED
    except click.UsageError as error:
        error.show()
        return UNREADABLE
    except WorkbenchError as error:
        from screens.commands.session import tell

        tell(error, given.json)
        return FAILED
    return result if isinstance(result, int) else 0
