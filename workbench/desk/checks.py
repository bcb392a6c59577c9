"""Whether the folder is whole: the log's proof, log against snapshots, modes and other remarks."""

from store.checking import Finding
from workbench.desk.context import Desk
from workbench.desk.permissions import verb

__all__ = ["Finding"]


@verb("check.run")
def check(desk: Desk) -> list[Finding]:
    """Every finding, faults first; only faults mean that something is wrong."""
    return desk.store.check()
