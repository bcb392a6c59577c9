"""Backups: made and proven, and put back."""

import sys
from typing import TYPE_CHECKING, Any

import click

from screens import plain
from screens.cli import say
from screens.commands.session import Session, current, with_desk
from workbench.desk import backups
from workbench.domain.errors import InvalidError

if TYPE_CHECKING:
    from workbench.desk.context import Desk

AFTERWARDS = "Run `workbench check`, and make a new backup."
KEEP = "Keep this head apart from the backup, on paper: it proves later that nothing up to it was changed or cut."


@click.command("backup")
@click.argument("file", metavar="FILE")
@click.option("--verify", is_flag=True, help="prove the backup FILE, and make none")
@click.option("--head", default=None, metavar="HASH", help="with --verify: the head that was noted elsewhere")
def backup_(file: str, verify: bool, head: str | None) -> None:
    """One file with everything in the folder; FILE may be a folder, in which a name is chosen. It is read back and
    proven before anything is said; others may go on writing meanwhile. To prove one, nobody signs in and no data folder
    is needed: it says whether every byte is as it was written, and whose head it has, not what is in it."""
    if verify:
        _verify(current(), file, head)
        return
    if head is not None:
        raise InvalidError("--head goes with --verify: a new backup has the head of the log.")
    _make(file)


@with_desk
def _make(session: Session, desk: "Desk", file: str) -> None:
    made = backups.make(desk, file)
    if made.left_out:
        say(f"Remark: not in it, as no files of the workbench: {plain.safe(', '.join(made.left_out))}")
    if not made.private:
        say("Remark: that disk knows no modes: whoever holds it can read the backup. Lock it away.")
    value = {
        "id": str(made.path),
        "file": str(made.path),
        "head": {"seq": made.head.seq, "hash": made.head.hash},
        "members": made.members,
        "bytes": made.bytes,
        "left_out": list(made.left_out),
    }
    session.show(
        value,
        lambda: [
            f"Backup: {made.path}",
            f"Read back and proven: {made.members} files, {made.bytes:,} bytes.",
            _head(value["head"]),
            KEEP,
        ],
    )


def _verify(session: Session, file: str, head: str | None) -> None:
    value = _found(backups.look(file, head))
    when = value["made"][:16].replace("T", " ")
    session.show(
        value,
        lambda: [
            f"The backup is whole: {value['entries']} entries, {value['members']} files, made {when}.",
            _head(value["head"]),
            "It has the head that was given." if head else "Compare this head with the one that was noted.",
        ],
    )


def _found(found: backups.Backup) -> dict[str, Any]:
    return {
        "id": str(found.path),
        "file": str(found.path),
        "head": {"seq": found.head.seq, "hash": found.head.hash},
        "entries": found.head.seq,
        "members": len(found.manifest.members),
        "made": found.manifest.made,
    }


def _head(head: Any) -> str:
    return f"Head: entry {head['seq']}, {head['hash']}"


@click.command("restore")
@click.argument("file", metavar="FILE")
@click.option(
    "--replace", is_flag=True, help="a folder that is there is kept under another name, then replaced"
)
@click.option("--head", default=None, metavar="HASH", help="the head that was noted: the backup must have it")
def restore_(file: str, replace: bool, head: str | None) -> None:
    """Put a backup in the place of the data folder. Nothing is merged: the folder must be absent or empty, or
    --replace moves it aside whole. A DSL or leader signs in with the passphrase they had when the backup was made."""
    session = current()
    path = session.path
    backups.refuse(path, replace)
    found = backups.look(file, head)
    say(f"The backup is whole. {_head(_found(found)['head'])}")
    user = session.user()
    done = backups.restore(
        found, path, user, session.passphrase(), session.world.clock, replace=replace, tell=_told
    )
    undone = backups.undone(done)
    value: dict[str, Any] = {
        "id": str(done.path),
        "folder": str(done.path),
        "head": {"seq": done.head.seq, "hash": done.head.hash},
        "backup_head": {"seq": found.head.seq, "hash": found.head.hash},
        "replaced_head": None if done.replaced in (backups.NOTHING, backups.UNREADABLE) else done.replaced,
        "kept_as": str(done.aside) if done.aside is not None else None,
        "erased_after_the_backup": backups.revived(done),
        "undone": undone,
    }
    session.show(value, lambda: [*_restored(value), *_again(undone, done), AFTERWARDS])


def _restored(value: dict[str, Any]) -> list[str]:
    lines = [f"Restored: {value['folder']}", _head(value["head"])]
    if value["kept_as"]:
        lines.append(f"The folder that stood there is kept: {value['kept_as']}")
        lines.append("What was entered after the backup is in that one only: look, and enter it again.")
    if value["erased_after_the_backup"]:
        back = ", ".join(value["erased_after_the_backup"])
        lines.append(
            f"Erased there after the backup, and back now: {back}. Erase again (`workbench retention erase`)."
        )
    return lines


def _again(undone: "tuple[backups.Undone, ...] | None", done: backups.Restored) -> list[str]:
    """What stands in the folder that is kept alone, once more, to be seen to."""
    if done.aside is None or undone == ():
        return []
    return ["Undone by this restore:", *(f"  {words}" for words in backups.undone_words(undone))]


def _told(after: "backups.After | None") -> None:
    """Say what a restore will undo, before it does; on a terminal it then asks.

    Raises:
        click.Abort: the answer was no; nothing was changed.
    """
    undone = None if after is None else after.undone
    if undone == ():
        say("Nothing was entered in the folder there after the backup.")
        return
    count = (
        f"{after.count} entries that were made there after the backup"
        if after and undone
        else "what is there"
    )
    say(f"The restore will undo {count}; the folder is kept beside the new one:")
    for words in backups.undone_words(undone):
        say(f"  {plain.safe(words)}")
    if sys.stdin.isatty():
        click.confirm("Replace it", abort=True, err=True)
