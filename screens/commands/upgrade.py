"""Bringing an older folder to this program's format."""

from typing import TYPE_CHECKING

import click

from screens.commands.session import Session, with_desk
from workbench.desk import upgrades

if TYPE_CHECKING:
    from workbench.desk.context import Desk

NEW_PASSPHRASES = (
    "Old lines of the log, and every backup of them, still hold what passphrases were checked against: "
    "everybody should choose a new one with `workbench people passphrase`."
)


@click.command("upgrade")
@click.option(
    "--backup-to",
    default="",
    metavar="DIR",
    help="where the backup goes; beside the data folder unless given",
)
@with_desk
def upgrade_(session: Session, desk: "Desk", backup_to: str) -> None:
    """Bring an older folder to this program's format, after a backup."""
    done = upgrades.upgrade(desk, backup_to)
    value = {
        "id": str(session.path),
        "before": done.before,
        "after": done.after,
        "steps": list(done.steps),
        "backup": str(done.backup) if done.backup else None,
    }
    session.show(value, lambda: _words(done))


def _words(done: upgrades.Upgraded) -> list[str]:
    if not done.steps:
        return [f"The folder has format {done.after}, this program's own: nothing is to do."]
    steps = [f"  {step}" for step in done.steps]
    return [
        f"Backup: {done.backup}",
        f"Upgraded from format {done.before} to {done.after}:",
        *steps,
        NEW_PASSPHRASES,
    ]
