"""What is looked at before a folder is opened: is it there, is it ours to use, is it on a local disk."""

from pathlib import Path

from store import files
from store.errors import DamagedError, ForeignError, MissingError, NetworkError, UnsafeError
from store.log import FOLDER
from store.snapshots import INDEX
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


def log_gone(what: str) -> DamagedError:
    """The error of a folder whose snapshots are there and whose log is not."""
    todo = (
        f"If `{FOLDER}` was moved, put it back. Else restore the newest backup (`workbench restore FILE --replace`): "
        "this folder is kept beside it, and its .json files hold what was entered after the backup, as far as they go."
    )
    return DamagedError(FOLDER, 0, f"{what}, and the other files cannot be trusted without it", todo)


def unbuilt(path: Path) -> Path:
    """Where a new folder made of an older one stands until it is whole and gets its name."""
    return path.with_name(f".{path.name}.carrying")


@spoken()
def refuse_strange(path: Path) -> None:
    """Raise MissingError, ForeignError, UnsafeError or NetworkError if this is no folder that can be opened."""
    found = files.kind(path)
    if found == "nothing" and path.name and files.kind(unfinished(path)) == "folder":
        todo = "Run the same `workbench restore` again: it goes on where it was cut off."
        raise MissingError("a restore into this folder was cut off", str(path), todo=todo)
    if found == "nothing" and path.name and files.kind(unbuilt(path)) == "folder":
        todo = "Run the same `workbench upgrade --into` again: it begins anew."
        raise MissingError("the making of this folder was cut off", str(path), todo=todo)
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
    if log == "nothing" and files.kind(path / f"{INDEX}.json") == "file":
        raise log_gone(f"the folder `{FOLDER}` is gone")
    if log == "nothing":
        raise ForeignError(
            "this is not a workbench folder: it has no log", str(path), todo="Say where with --data."
        )
    if log != "folder":
        raise UnsafeError("a link or file stands where the log should be", str(path / FOLDER))
    refuse_network(path)
