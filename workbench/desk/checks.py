"""Whether the folder is whole: the log's proof, log against snapshots, modes, how old the newest backup is."""

from store.finding import Finding
from workbench.desk.backups import last
from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.domain.errors import FolderError

__all__ = ["Finding"]

BACK_UP = "Run `workbench backup FILE`, onto another disk; keep its head apart from it."


@verb("check.run")
def check(desk: Desk) -> list[Finding]:
    """Every finding, faults first; only faults mean that something is wrong."""
    return [*desk.store.check(), *_backups(desk)]


@verb("check.rebuild")
def rebuild(desk: Desk) -> list[str]:
    """Write the snapshots anew from the log alone; returns the names of the files. The log says that it was done."""
    desk.note("snapshots.rebuilt")
    desk.store.rebuild()
    return [
        f"{file}.json"
        for file in desk.store.state.file_names()
        if file in {*desk.store.state.changed, "school"}
    ]


def _backups(desk: Desk) -> list[Finding]:
    try:
        newest = last(desk)
    except FolderError:  # a segment that cannot be read: the store's findings name it
        return []
    if newest is None:
        return [Finding("remark", "", 0, "", "there is no backup of this folder yet", BACK_UP)]
    if newest.old:
        words = f"the newest backup is of {newest.at[:16].replace('T', ' ')}, older than a day"
        return [Finding("remark", "", 0, "", words, BACK_UP)]
    return []
