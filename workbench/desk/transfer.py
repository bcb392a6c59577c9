"""The transfer file of a pupil who left: written into a folder, read back, compared, and named in the log.

Its number is one more than that of the last file of this school year to the same destination, as the log has them. It
is found and used under the folder's lock, so that no two files get the same.
"""

import tomllib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from store import files
from workbench.desk import duties
from workbench.desk.clock import day_of
from workbench.desk.columns import DATA
from workbench.desk.context import Desk
from workbench.desk.events import events_of
from workbench.desk.files import write_output
from workbench.desk.finding import lookup
from workbench.desk.permissions import may, verb
from workbench.desk.returnbodies import TRANSFER
from workbench.domain import ctf, upn
from workbench.domain.characters import harmless
from workbench.domain.ctf import Choices, Ctf, Place, Subject
from workbench.domain.errors import InvalidError
from workbench.domain.pupils import Pupil
from workbench.domain.years import year_label, year_of_file

WRITTEN = "transfer-file.written"
AHEAD = "Making a transfer file takes nobody off roll: the name still stands on the register."
HOW = "school2school, REFERENCE"
_NEXT = ("registered_elsewhere", "moved_school")
_TRIES = 5
"""How often a number is looked for anew because somebody else wrote meanwhile."""


class Written(Struct, frozen=True, kw_only=True):
    """A transfer file that was written, read back and found the same."""

    id: str
    """Its name."""
    pupil: str
    path: str
    destination: str
    version: str
    ahead: bool
    """Whether the name still stands on the register."""
    duty: str | None
    """The duty that sending it discharges; None where none stands."""
    remarks: tuple[str, ...]
    next: str
    """What to do when it is sent."""


class _MovedError(Exception):
    """Somebody else wrote between the look for a number and its use."""


@cache
def choices() -> Choices:
    """The school's choice of `data/ctf.toml`."""
    return msgspec.convert(tomllib.loads((DATA / "ctf.toml").read_text("utf-8")), Choices)


@verb("transfer.write")
def write(desk: Desk, pupil: str, out: str, to: str | None = None, ahead: bool = False) -> Written:
    """Write the transfer file of one pupil: private, never over another, whole or not at all.

    Args:
        desk: the desk.
        pupil: id or UPN.
        out: the folder to write into; it must be there.
        to: seven digits of the next school or a code; not known unless given.
        ahead: also for a pupil whose name still stands on the register, who stays on it.

    Raises:
        InvalidError: if something given or recorded does not do, or the file is there or cannot be written.
        FolderError: if the log could not say so; the file is then taken away again.
    """
    found = lookup(desk, pupil)
    gone = found.left is not None and found.left <= desk.today()
    if not gone and not ahead:
        raise InvalidError(
            f"The name of {found.id} still stands on the register.",
            todo="To write the file before it comes off, say --ahead; that takes nobody off roll.",
        )
    sheet = _sheet(desk, found, _destination(desk, found, to))
    duty = _duty(desk, found)
    path = _put(desk, found, _folder(desk, out), sheet)
    return Written(
        id=path.name,
        pupil=found.id,
        path=str(path),
        destination=sheet.destination.number,
        version=sheet.version,
        ahead=not gone,
        duty=duty,
        remarks=_remarks(found, sheet, gone),
        next=_next(desk, duty, gone),
    )


# what is written ----------------------------------------------------------------------------------------------


def _sheet(desk: Desk, pupil: Pupil, destination: Place) -> Ctf:
    school, chosen = desk.school(), choices()
    source = ctf.place_of(school.number)
    if source is None:
        raise InvalidError(
            f"The school's number {harmless(school.number)} is not one of an authority and a school.",
            todo="Three digits and four, as in 880/6001: a transfer file names who sends it.",
        )
    return Ctf(
        document=chosen.document,
        version=chosen.version,
        made=desk.now().strftime("%Y-%m-%dT%H:%M:%S"),
        qualifier=chosen.qualifier,
        descriptor=chosen.descriptor,
        supplier=chosen.supplier,
        source=source,
        school=ctf.text_of(school.name),
        academic_year=str(year_of_file(year_label(desk.today()))),
        destination=destination,
        pupil=Subject(
            upn=ctf.text_of(pupil.upn or "") or None,
            surname=ctf.text_of(pupil.surname),
            forename=ctf.text_of(pupil.forename),
            dob=pupil.born.isoformat(),
            sex=ctf.sex_code(pupil.sex, chosen.sexes),
        ),
    )


def _destination(desk: Desk, pupil: Pupil, to: str | None) -> Place:
    """Where it goes; without a word it is not known, which nobody says of a school that is recorded."""
    codes = [each.code for each in choices().destinations]
    if to is not None and to.strip():
        return ctf.destination_of(to, codes)
    if _goes_elsewhere(desk, pupil):
        raise InvalidError(
            f"The next school of {pupil.id} is recorded, but not its number.",
            todo=f"Say --to with its seven digits, or {' or '.join(codes)}.",
        )
    return ctf.destination_of(codes[0], codes)


def _goes_elsewhere(desk: Desk, pupil: Pupil) -> bool:
    """Whether a next school is recorded, by whatever name."""
    fields = [e.fields for e in events_of(desk, pupil.id, standing=True) if e.kind in _NEXT]
    return any(told.get("school") or told.get("to") for told in fields)


# the file and its entry ---------------------------------------------------------------------------------------


def _folder(desk: Desk, out: str) -> Path:
    folder = Path(out).expanduser()
    try:
        kind = files.kind(folder / ".") if out.strip() else "nothing"
        ours = kind == "folder" and files.is_within(folder, desk.store.path)
    except (OSError, ValueError):
        kind, ours = "nothing", False
    if kind != "folder":
        raise InvalidError(
            f"There is no folder {harmless(out, 200)}.",
            todo="Name one that is there; the file gets its own name.",
        )
    if ours:
        raise InvalidError(f"{harmless(out, 200)} is the data folder.", todo="Name a folder elsewhere.")
    return folder


def _put(desk: Desk, pupil: Pupil, folder: Path, sheet: Ctf) -> Path:
    """Write the file and its entry, under a number that nobody else gets. Returns where it is."""
    for _ in range(_TRIES):
        seen = desk.store.head.seq
        name = ctf.file_name(sheet.source, sheet.destination, _number(desk, sheet))
        try:
            return _put_as(desk, pupil, folder / name, sheet, seen)
        except _MovedError:
            continue
    raise InvalidError("Others keep writing into the folder.", todo="Try again.")


def _put_as(desk: Desk, pupil: Pupil, path: Path, sheet: Ctf, seen: int) -> Path:
    made: list[int] = []
    try:
        with desk.change(WRITTEN, subject=pupil.id, why=path.name):
            if desk.store.head.seq != seen:
                raise _MovedError
            if files.kind(path) != "nothing":
                raise InvalidError(
                    f"{harmless(str(path), 200)} exists already.",
                    todo="Nothing is written over: name another folder, or move that file away.",
                )
            write_output(str(path), ctf.build(sheet), prove=_same(sheet, made))
    except BaseException:
        _take_away(path, made)
        raise
    return path


def _same(sheet: Ctf, made: list[int]) -> Callable[[Path], None]:
    """What reads a file back and compares it, before it gets its name; `made` gets its inode."""

    def prove(temp: Path) -> None:
        if ctf.read(files.read_capped(temp, ctf.MOST_BYTES)) != sheet:
            raise InvalidError(
                "What was read back is not what was written.", todo="Look at the disk; try another one."
            )
        made.append(files.extent(str(temp))[1])

    return prove


def _take_away(path: Path, made: list[int]) -> None:
    """Remove a file that has no entry: the very one that was made here, never another that stands there."""
    with suppress(OSError):
        if files.extent(str(path))[1] in made:
            files.remove(path)


def _number(desk: Desk, sheet: Ctf) -> int:
    """The next number to this destination in this school year, as the log has them."""
    year = year_label(desk.today())
    names = (
        str(entry["why"])
        for entry in desk.store.entries()
        if entry["act"] == WRITTEN and year_label(day_of(entry["at"])) == year
    )
    return ctf.next_sequence(names, sheet.source, sheet.destination)


# what is said -------------------------------------------------------------------------------------------------


def _duty(desk: Desk, pupil: Pupil) -> str | None:
    """The newest duty to send it that is not discharged, whoever's it is to do."""
    found = [d for d in duties.duties_of(desk, pupil.id) if d.rule == TRANSFER and d.state in duties.SHOWN]
    return max(found, key=lambda duty: duty.trigger).id if found else None


def _remarks(pupil: Pupil, sheet: Ctf, gone: bool) -> tuple[str, ...]:
    chosen = choices()
    found = [] if gone else [AHEAD]
    meant = next((d for d in chosen.destinations if d.code == sheet.destination.number), None)
    if meant is not None:
        found.append(f"Destination {meant.code} ({meant.certainty}): {meant.words}.")
    if sheet.pupil.upn is None:
        found.append("No UPN is recorded: the file has none.")
    elif (fault := upn.fault(sheet.pupil.upn)) is not None:
        found.append(f"The UPN is written as it is recorded, but {fault}.")
    if sheet.pupil.sex is None:
        said = "is not one of those known" if pupil.sex else "is not recorded"
        found.append(f"The sex {said}: the file has none.")
    found.append(f"Not in the file, its form being {chosen.left_out.certainty}: {chosen.left_out.words}.")
    found.append(
        f"Version {sheet.version}; names of the pattern {chosen.name.pattern} are {chosen.name.certainty}."
    )
    return tuple(found)


def _next(desk: Desk, duty: str | None, gone: bool) -> str:
    if duty is not None:
        whose = "" if may(desk, "return.sent") else " (for attendance or dsl)"
        return f'Once it is sent{whose}: workbench return sent {duty} --how "{HOW}"'
    if not gone:
        return "Where there is a duty to send it, it comes when the name is off: `workbench return list`."
    return "No duty to send it stands open; keep what proves that it was sent."
