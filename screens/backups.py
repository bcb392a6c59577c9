"""Backups from the palette: make one, prove one, put one into a new folder. The folder in use is never replaced here:
that is done by command, when nobody works in it."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from screens.text import count
from screens.widgets.form import Field
from screens.widgets.lines import Row
from workbench.desk import backups
from workbench.desk.permissions import may
from workbench.desk.undone import since

if TYPE_CHECKING:
    from screens.frame import WorkScreen

GROUP = 4
"""Digits of a hash that are shown together."""
KEEP = "Copy the head onto paper and keep it apart from the backup: it proves later that nothing was changed or cut."
FILE = Field(
    "file", "File or folder", required=True, hint="Such as /media/stick; a folder gets a name with the head."
)
WHICH = Field(
    "file",
    "Backup",
    required=True,
    hint="Such as /media/stick/Riverside-20261123T1600-1204-7f3a91c25d0e.backup",
)
HEAD = Field("head", "Head", hint="As it was copied down; empty proves the file against itself only.")


async def make_backup(screen: "WorkScreen") -> None:
    """Ask where, make the backup, show its head."""
    newest = backups.last(screen.desk)
    said = (
        f"The last one: {newest.at[:16].replace('T', ' ')}, by {newest.by}."
        if newest
        else "There is none yet."
    )
    answer = await screen.fill("Back up the data folder", [FILE], f"Onto another disk. {said}")
    if answer is None:
        return
    screen.say("copying and reading back ...")
    made = await asyncio.to_thread(backups.make, screen.desk, answer["file"])
    screen.say("")
    lines: list[str | Row] = [
        f"Read back and proven: {count(made.members, 'file')}, {made.bytes:,} bytes.",
        str(made.path),
        "",
        *head_lines(made.head.seq, made.head.hash),
        "",
        KEEP,
    ]
    if made.left_out:
        lines += ["", f"Not in it, as no files of the workbench: {', '.join(made.left_out)}"]
    if not made.private:
        lines += [
            "",
            Row("", ("That disk knows no modes: whoever holds it can read the backup.",), tone="late"),
        ]
    await screen.tell("The backup is made", lines)


async def prove_backup(screen: "WorkScreen") -> None:
    """Ask which and for its head, read it to its last byte, say what it is."""
    answer = await screen.fill("Prove a backup", [WHICH, HEAD], "Every byte is read; nothing is written.")
    if answer is None:
        return
    screen.say("reading every byte ...")
    found = await asyncio.to_thread(backups.verify, screen.desk, answer["file"], answer["head"] or None)
    screen.say("")
    matched = "It has the head that was given." if answer["head"] else "Compare this head with the one noted."
    lines = head_lines(found.head.seq, found.head.hash)
    made = found.manifest.made[:16].replace("T", " ")
    whole = f"{count(len(found.manifest.members), 'file')}, made {made}."
    await screen.tell("The backup is whole", [whole, "", *lines, "", matched])


async def restore_backup(screen: "WorkScreen") -> None:
    """Ask which and whereto, unpack it into a new folder, say how to open that."""
    fields = [
        WHICH,
        HEAD,
        Field("folder", "New folder", required=True, hint="One that is not there yet, or is empty."),
        Field("passphrase", "Passphrase", "secret", required=True, hint="Yours, when the backup was made."),
    ]
    text = "Into a folder of its own, to look at it. To replace the folder in use, close the workbench everywhere and "
    answer = await screen.fill("Restore a backup", fields, f"{text}run `workbench restore FILE --replace`.")
    if answer is None:
        return
    folder = Path(answer["folder"]).expanduser()
    backups.refuse(folder, False)
    screen.say("reading every byte, then unpacking ...")
    found = await asyncio.to_thread(backups.look, answer["file"], answer["head"] or None)
    done = await asyncio.to_thread(
        backups.restore, found, folder, screen.desk.user(), answer["passphrase"], screen.desk.clock
    )
    screen.say("")
    lines = [
        str(done.path),
        "",
        *head_lines(done.head.seq, done.head.hash),
        "",
        f"workbench --data {done.path}",
    ]
    lines += ["opens it. The folder in use is as it was.", *_newer(screen, found)]
    await screen.tell("The backup is restored", lines)


def _newer(screen: "WorkScreen", found: backups.Backup) -> list[str]:
    """What the folder in use holds that the backup does not: it would be undone if the one replaced the other."""
    undone = since(screen.desk, found.head).undone
    if undone == ():
        return ["", "Nothing was entered in it since."]
    words = [f"  {line}" for line in backups.undone_words(undone)]
    return ["", "The folder in use holds this as well, which a restore in its place would undo:", *words]


FLOWS = {
    "backup": (make_backup, "backup.make"),
    "prove": (prove_backup, "backup.verify"),
    "restore": (restore_backup, "backup.restore"),
}
"""What the palette calls it, to what is asked and the verb behind it."""


async def run_flow(screen: "WorkScreen", what: str) -> None:
    """Run one of `FLOWS`; whoever may not do it is told so before anything is asked."""
    flow, verb = FLOWS[what]
    if may(screen.desk, verb):
        await flow(screen)
    else:
        screen.say("Backups are for dsl or leader.", late=True)


def head_lines(seq: int, hash_: str) -> list[str]:
    """The head on three lines, in groups of four digits, to copy it down."""
    spaced = [hash_[place : place + GROUP] for place in range(0, len(hash_), GROUP)]
    half = len(spaced) // 2
    return [f"Head: entry {seq}", f"  {' '.join(spaced[:half])}", f"  {' '.join(spaced[half:])}"]
