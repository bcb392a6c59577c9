"""Building a folder beside its place: it gets its name once it is whole, so that whoever is cut off leaves none."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store import files
from store.errors import ForeignError, LockedError, MissingError, StoreError
from store.opening import refuse_network, unbuilt
from store.restoring import clear
from store.spoken import spoken


class Building:
    """A folder that is being built at `temp` and will stand at `target`."""

    def __init__(self, target: Path) -> None:
        self.target, self.temp = target, unbuilt(target)
        self.finished = False

    def put_in_place(self) -> None:
        """Give the folder its name. It is closed, and all in it is durable."""
        with spoken():
            files.sync_folder(self.temp)
            files.rename_folder(self.temp, self.target)
            self.finished = True


@contextmanager
def building(target: Path, apart: Path) -> Iterator[Building]:
    """Build a folder that has no name yet; what was built is gone at the end if it was not put in place.

    What another run left, which was cut off, is removed first.

    Args:
        target: where the folder will stand: nothing is there yet, but the folder above it.
        apart: a folder in which it may not stand.

    Raises:
        ForeignError: something stands there, or it would stand inside `apart`.
        MissingError: there is no folder above it.
        LockedError: somebody else builds or restores beside it.
        NetworkError, UnsafeError, WriteError: it cannot be used.
    """
    with spoken():
        target = files.absolute(target)
        _refuse(target, apart)
        with files.folder_held(target.parent) as alone:
            if not alone:
                raise LockedError(str(target.parent), "another upgrade or restore", 0)
            built = Building(target)
            clear(built.temp)
            try:
                yield built
            finally:
                if not built.finished:
                    with suppress(StoreError, OSError):
                        clear(built.temp)


def _refuse(target: Path, apart: Path) -> None:
    if files.kind(target) != "nothing":
        todo = "Name one that is not there yet."
        raise ForeignError("something is there already, and a new folder is made", str(target), todo=todo)
    if files.is_within(target, apart):
        raise ForeignError(
            "a data folder does not stand inside another", str(target), todo="Name a folder beside it."
        )
    if files.kind(target.parent) != "folder":
        raise MissingError(
            "there is no such folder", str(target.parent), todo="Make it, or name another place."
        )
    refuse_network(target.parent)
