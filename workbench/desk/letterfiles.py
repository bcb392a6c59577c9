"""The wording of letters: shipped with the program, and the school's own in the folder `letters` of the data folder.

A file there of the same name takes the place of a shipped one; any other is a letter of its own. They are read when a
letter is made, checked whole, and never run.
"""

from pathlib import Path

from store import files
from store.errors import StoreError
from store.texts import LETTERS
from workbench.desk.columns import DATA
from workbench.desk.context import Desk
from workbench.domain import letters
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, NotFoundError
from workbench.domain.letters import Letter

END = ".txt"
MOST_FILES = 100
"""Letters of one school; more are refused."""


def names(desk: Desk) -> dict[str, bool]:
    """The names of all letters in order, each with whether it is the school's own wording.

    Raises:
        InvalidError: if something is in the folder that is no letter.
    """
    own = _own(desk)
    shipped = {path.name.removesuffix(END) for path in (DATA / LETTERS).glob(f"*{END}")}
    return {name: name in own for name in sorted(shipped | own)}


def letter(desk: Desk, name: str) -> Letter:
    """A letter's wording by its name.

    Raises:
        NotFoundError: if there is none.
        InvalidError: if its file cannot be read, or a line of it is wrong: file and line are named.
    """
    known = names(desk)
    if name not in known:
        raise NotFoundError(
            f"There is no letter {harmless(name)}.",
            todo=f"One of {', '.join(known)}; `docs/paper.md` says more.",
        )
    shown = f"{LETTERS}/{name}{END}"
    root = desk.store.path if known[name] else DATA
    return letters.parse(name, shown, _text(root / LETTERS / f"{name}{END}", shown), known[name])


def _own(desk: Desk) -> set[str]:
    """The names of the school's own letters."""
    folder = desk.store.path / LETTERS
    try:
        kind = files.kind(folder)
        found = files.names(folder) if kind == "folder" else []
    except OSError as error:
        raise _refused(LETTERS, f"cannot be read: {error.strerror}") from error
    if kind not in ("folder", "nothing"):
        raise _refused(LETTERS, f"a {kind} stands where a folder should be")
    kept = [name for name in found if not name.startswith(".") and not name.endswith("~")]
    if len(kept) > MOST_FILES:
        raise _refused(LETTERS, f"more than {MOST_FILES} files")
    return {_name(name) for name in kept}


def _name(file: str) -> str:
    name = file.removesuffix(END)
    if name == file or not letters.NAME.fullmatch(name):
        raise _refused(
            f"{LETTERS}/{harmless(file, 60)}",
            f"a letter's file is named in small letters, digits and hyphens, and ends in {END}",
        )
    return name


def _text(path: Path, shown: str) -> str:
    try:
        return files.read_capped(path, letters.MOST).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise _refused(shown, "is not UTF-8 text; save it as UTF-8") from None
    except StoreError as error:
        raise _refused(shown, error.what.rstrip(".")) from error
    except OSError as error:
        raise _refused(shown, f"cannot be read: {error.strerror}") from error


def _refused(where: str, why: str) -> InvalidError:
    return InvalidError(
        f"{where}: {why}.",
        kept="Nothing was printed.",
        todo="Put the file right, or move it out of the folder.",
    )
