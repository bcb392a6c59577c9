"""Bringing an older folder further, and making a sealed one of it."""

import os
from typing import TYPE_CHECKING

import click

from screens import plain
from screens.cli import say
from screens.commands.session import Session, current, signed
from workbench.desk import upgrades
from workbench.desk.recovery import KEEP_KEY, LENGTH, as_text
from workbench.domain.errors import InvalidError

if TYPE_CHECKING:
    from workbench.desk.context import Desk

NEW_PASSPHRASES = (
    "Old lines of the log, and every backup of them, still hold what passphrases were checked against: "
    "everybody should choose a new one with `workbench people passphrase`."
)


@click.command("upgrade")
@click.option(
    "--into", default="", metavar="NEW", help="make a new, sealed folder here, and leave this one as it is"
)
@click.option(
    "--backup-to",
    default="",
    metavar="DIR",
    help="where the backup before a step in place goes; beside the data folder unless given",
)
def upgrade_(into: str, backup_to: str) -> None:
    """Make a new, sealed folder of an older one; without --into, take what steps there are in place, after a backup."""
    if into and backup_to:
        raise InvalidError(
            "--backup-to is for an upgrade in place.", todo="With --into the old folder stays as it is."
        )
    if into:
        _into(current(), into)
        return
    with signed() as desk:
        _in_place(current(), desk, backup_to)


# a new folder ---------------------------------------------------------------------------------------------------


def _into(session: Session, new: str) -> None:
    session.open()
    session.given = session.given.at(user=session.user())
    passphrase = session.passphrase()
    session.typed = passphrase
    with signed() as desk:
        key = os.urandom(LENGTH)
        done = upgrades.into(desk, new, passphrase, key, lambda: _tell_key(key))
        value = {
            "id": new,
            "old": str(session.path),
            "old_head": done.old_head,
            "head": done.head,
            "records": done.records,
            "cases": done.cases,
            "unsigned": list(done.unsigned),
            "recovery": as_text(key),
        }
        session.show(value, lambda: _made(new, str(session.path), desk.user(), done))


def _tell_key(key: bytes) -> None:
    say(f"Recovery key: {as_text(key)}")
    say(KEEP_KEY)


def _made(new: str, old: str, user: str, done: upgrades.Carried) -> list[str]:
    count = sum(done.records.values())
    shared = (
        f"{user} has keys in it. Everybody else gets theirs at their first sign-in; whoever may read what is sealed "
        f"can open it once {user}, or another who can, has signed in after that."
    )
    again = f"Withdraw and ask for again, as nobody signed them: {', '.join(done.unsigned)}"
    return [
        f"Made: {plain.safe(new)}, sealed, with {count} records. Cases that got keys: {done.cases}.",
        shared,
        *([again] if done.unsigned else []),
        f"Work in it from now on: --data {plain.safe(new)}",
        f"Old folder: {plain.safe(old)}, head {done.old_head}",
        upgrades.KEEP_OLD,
    ]


# in place -------------------------------------------------------------------------------------------------------


def _in_place(session: Session, desk: "Desk", backup_to: str) -> None:
    done = upgrades.upgrade(desk, backup_to)
    left = upgrades.LEFT_TO_DO if done.after <= upgrades.LAST_UNSEALED else None
    value = {
        "id": str(session.path),
        "before": done.before,
        "after": done.after,
        "steps": list(done.steps),
        "backup": str(done.backup) if done.backup else None,
        "left": left,
    }
    session.show(value, lambda: [*_words(done), *([left] if left else [])])


def _words(done: upgrades.Upgraded) -> list[str]:
    if not done.steps and done.after == upgrades.FORMAT:
        return [f"The folder has format {done.after}, this program's own: nothing is to do."]
    if not done.steps:
        return [f"The folder has format {done.after}: in place nothing is left to do."]
    return [
        f"Backup: {done.backup}",
        f"Upgraded from format {done.before} to {done.after}:",
        *(f"  {step}" for step in done.steps),
        NEW_PASSPHRASES,
    ]
