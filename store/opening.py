"""What is looked at before a folder is opened: is it there, is it ours to use, is it on a local disk."""

from pathlib import Path

from store import files
from store.errors import ForeignError, MissingError, NetworkError, UnsafeError
from store.log import FOLDER
from store.spoken import spoken


@spoken()
def refuse_network(path: Path) -> None:
    """Raise NetworkError if the folder lies on a network file system."""
    found = files.network_kind(path)
    if found:
        todo = "Use a folder on a local disk."
        raise NetworkError(
            f"a network file system ({found}) cannot be relied on for locks", str(path), todo=todo
        )


def unfinished(path: Path) -> Path:
    """Where a restore of the folder at `path` stands until it is whole."""
    return path.with_name(f".{path.name}.restoring")


@spoken()
def refuse_strange(path: Path) -> None:
    """Raise MissingError, ForeignError, UnsafeError or NetworkError if this is no folder that can be opened."""
    found = files.kind(path)
    if found == "nothing" and path.name and files.kind(unfinished(path)) == "folder":
        todo = "Run the same `workbench restore` again: it goes on where it was cut off."
        raise MissingError("a restore into this folder was cut off", str(path), todo=todo)
    if found == "nothing":
        raise MissingError(
            "there is no such folder",
            str(path),
            todo="Make one with `workbench init` or say where with --data.",
        )
    if found == "link":
        raise UnsafeError("a link is not taken for a data folder", str(path), todo="Name the folder itself.")
    if found != "folder":
        raise ForeignError("this is not a folder", str(path))
    log = files.kind(path / FOLDER)
    if log == "nothing":
        raise ForeignError(
            "this is not a workbench folder: it has no log", str(path), todo="Say where with --data."
        )
    if log != "folder":
        raise UnsafeError("a link or file stands where the log should be", str(path / FOLDER))
    refuse_network(path)
