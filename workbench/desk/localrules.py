"""The packs of a folder: rules of a trust, an authority or the school, as files in its folder `rules`.

They are read when somebody signs in and are then part of the log, as text: all rules come from there, so that every
process asks the same, and `--known` asks those that stood then. A pack that is refused takes nothing away from what
people write down; nothing is judged while it stands.
"""

import hashlib
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from store import files
from store.errors import StoreError
from store.texts import FOLDER
from workbench.desk.translate import translated
from workbench.domain.characters import harmless
from workbench.domain.errors import InvalidError, WorkbenchError

if TYPE_CHECKING:
    from rules.packs import RuleSet
    from workbench.desk.context import Desk

LAYERS = ("trust", "la", "school")
EXAMPLES = "examples"
END = ".toml"
MOST_BYTES = 256 * 1024
"""No file of rules or examples is larger."""
MOST_FILES = 100
TODO = (
    "Put the file right, or move it out of the folder, and sign in again; `workbench rules check` shows whether it is "
    "in order."
)
KEPT = "Registers, concerns and answers can still be written down; nothing is judged until then."

FILE, TABLE, OWN_ID = "school", "packs", "packs"


class PackText(Struct, frozen=True, kw_only=True):
    """A pack as it stood."""

    name: str
    layer: str
    text: str


class Packs(Struct, frozen=True, kw_only=True):
    """The packs of a folder as they stood when somebody signed in."""

    id: str = OWN_ID
    rev: int = 0
    digest: str = ""
    """SHA-256 of layers, names and texts."""
    refused: str = ""
    """Why the rules of then were refused; empty where they were not."""
    packs: tuple[PackText, ...] = ()


def rules_of(desk: "Desk") -> "RuleSet":
    """The rules of a folder with the packs that stand in its log; those of its files where nothing can be logged.

    Raises:
        InvalidError: if a pack is refused: names file, table and key, and what to do.
    """
    live = desk.is_live
    if live and desk.store.readonly:
        return rules_in(desk.store.path)
    kept = desk.record(FILE, TABLE, OWN_ID, Packs) or Packs()
    if kept.refused:
        raise InvalidError(kept.refused if live else f"On that day: {kept.refused}", kept=KEPT, todo=TODO)
    return _loaded(kept.packs)


def rules_in(folder: Path) -> "RuleSet":
    """The shipped rules with the packs of a data folder on top.

    Raises:
        InvalidError: if a pack is refused.
    """
    return _loaded(read_packs(folder))


def _loaded(packs: tuple[PackText, ...]) -> "RuleSet":
    from rules.errors import RulesError
    from rules.packs import Pack, load

    try:
        return load(Pack(name=p.name, layer=p.layer, text=p.text) for p in packs)
    except RulesError as error:
        raise _refusal(str(error)) from error


def _refusal(words: str) -> InvalidError:
    return InvalidError(f"A file of rules is refused. {harmless(words, 600)}", kept=KEPT, todo=TODO)


# the files ------------------------------------------------------------------------------------------------------


def read_packs(folder: Path) -> tuple[PackText, ...]:
    """The packs of a data folder, in the order of their layers and names; none where it has no folder `rules`.

    Raises:
        InvalidError: if something is there that is no pack, or a file that cannot be read.
    """
    root = folder / FOLDER
    if not _is_folder(root, FOLDER):
        return ()
    for name in _names(root):
        if name not in (*LAYERS, EXAMPLES):
            raise _refusal(f"{FOLDER}/{name}: the folders of rules are {', '.join(LAYERS)} and {EXAMPLES}.")
    return tuple(
        PackText(name=name, layer=layer, text=text) for layer in LAYERS for name, text in _texts(root, layer)
    )


def read_examples(folder: Path) -> list[tuple[str, str]]:
    """Name and text of the example files of a data folder, by name.

    Raises:
        InvalidError: as `read_packs`.
    """
    root = folder / FOLDER
    return _texts(root, EXAMPLES) if _is_folder(root, FOLDER) else []


def _texts(root: Path, inner: str) -> list[tuple[str, str]]:
    if not _is_folder(root / inner, f"{FOLDER}/{inner}"):
        return []
    found = _names(root / inner)
    if len(found) > MOST_FILES:
        raise _refusal(f"{FOLDER}/{inner}: more than {MOST_FILES} files; put them together.")
    return [
        (f"{FOLDER}/{inner}/{name}", _text(root / inner / name, f"{FOLDER}/{inner}/{name}")) for name in found
    ]


def _text(path: Path, shown: str) -> str:
    if not path.name.endswith(END):
        raise _refusal(f"{shown}: only files that end in {END} are read here.")
    try:
        text = files.read_capped(path, MOST_BYTES).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise _refusal(f"{shown}: is not UTF-8 text; save it as UTF-8.") from None
    except StoreError as error:
        raise _refusal(f"{shown}: {error.what}.") from error
    except OSError as error:
        raise _refusal(f"{shown}: cannot be read: {error.strerror}.") from error
    hidden = next((place for place, sign in enumerate(text) if _is_control(sign)), None)
    if hidden is not None:
        line = text.count("\n", 0, hidden) + 1
        raise _refusal(f"{shown}: line {line} holds a sign that cannot be shown; take it out.")
    return text


def _is_control(sign: str) -> bool:
    """Whether a sign is a control character: TOML has none of them but tab and line end, and the log keeps none."""
    return sign not in "\t\n" and unicodedata.category(sign) == "Cc"


def _is_folder(path: Path, shown: str) -> bool:
    try:
        kind = files.kind(path)
    except OSError as error:
        raise _refusal(f"{shown}: cannot be read: {error.strerror}.") from error
    if kind not in ("folder", "nothing"):
        raise _refusal(f"{shown}: a {kind} stands where a folder should be.")
    return kind == "folder"


def _names(path: Path) -> list[str]:
    """What stands in a folder, without what editors leave behind."""
    try:
        return [name for name in files.names(path) if not name.startswith(".") and not name.endswith("~")]
    except OSError as error:
        raise _refusal(f"{path.name}: cannot be read: {error.strerror}.") from error


# the log --------------------------------------------------------------------------------------------------------


def record_packs(desk: "Desk") -> None:
    """Write the packs into the log if they are not those that stand there: `rules.loaded`, or `rules.refused`, with
    their digest. Where the folder `rules` is gone, as after a restore, its files are written anew out of the log. A
    data folder that cannot be written to is left as it is."""
    kept = desk.record(FILE, TABLE, OWN_ID, Packs)
    if desk.store.readonly:
        return
    gone = files.kind(desk.store.path / FOLDER) == "nothing"
    if kept and kept.packs and gone and not _write_anew(desk, kept.packs):
        return
    now = _now(desk)
    if (now.digest, now.refused) == ((kept.digest, kept.refused) if kept else ("", "")):
        return
    try:
        with translated():
            act = "rules.refused" if now.refused else "rules.loaded"
            with desk.change(act, why=now.digest or "none") as tx:
                desk.save(tx, FILE, TABLE, now, rev=kept.rev if kept else 0)
    except WorkbenchError as error:
        desk.store.remarks.append(
            f"The files of rules have changed, and the log could not take them: those of before stand. {error}"
        )


def _write_anew(desk: "Desk", packs: tuple[PackText, ...]) -> bool:
    """Put the files of the packs back; False where that fails: then those of the log stand on."""
    try:
        with translated():
            for pack in packs:
                path = desk.store.path / FOLDER / pack.layer / Path(pack.name).name
                files.make_parents(path)
                files.write_private(path, pack.text.encode())
    except WorkbenchError as error:
        desk.store.remarks.append(
            f"The folder {FOLDER} is not there; its rules stand as the log has them. {error}"
        )
        return False
    desk.store.remarks.append(
        f"The folder {FOLDER} was not there: {len(packs)} of its files were written anew out of the log. "
        "To take a rule off, delete its file and leave the folder."
    )
    return True


def _now(desk: "Desk") -> Packs:
    packs: tuple[PackText, ...] = ()
    try:
        packs = read_packs(desk.store.path)
        if packs:
            _loaded(packs)
    except InvalidError as error:
        return Packs(digest=_digest(packs), refused=error.what, packs=packs)
    return Packs(digest=_digest(packs), packs=packs)


def _digest(packs: tuple[PackText, ...]) -> str:
    """The digest of some packs; empty where there are none."""
    if not packs:
        return ""
    rows = [[p.layer, p.name, p.text] for p in packs]
    return hashlib.sha256(msgspec.json.encode(rows)).hexdigest()
