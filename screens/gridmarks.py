"""What a grid remembers of marks: how to take them back, and those that were not written because somebody else's stand.

told.add(pupil, slot, "Abbott, Rosa: A. Bello marked L 09:12; your N is not written")
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from screens.registerrows import Slot
from screens.text import clock_of, count
from workbench.desk import registers
from workbench.domain.errors import ConflictError
from workbench.domain.register import MarkNote, Session, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.desk.context import Desk
    from workbench.desk.registers import RegisterRow


class Was(NamedTuple):
    """A mark before it was written over, and as it was written."""

    pupil: str
    slot: Slot
    before: Standing
    wrote: Standing


def standing(row: "RegisterRow", slot: Slot) -> Standing:
    """A mark as a row shows it."""
    note = row.notes.get(slot)
    minutes, words = (note.minutes, note.note) if note else (None, "")
    return Standing(code=row.marks.get(slot, ""), minutes=minutes, note=words)


def keep(row: "RegisterRow", slot: Slot, code: str, minutes: int | None) -> None:
    """Take a stored mark into a row, which is read anew only when more than one cell changed."""
    row.marks.pop(slot, None)
    row.notes.pop(slot, None)
    if code:
        row.marks[slot] = code
    if minutes is not None:
        on, session = slot
        half: Session = "PM" if session == "PM" else "AM"
        row.notes[slot] = MarkNote(id="", pupil=row.pupil.id, on=on, session=half, minutes=minutes)


def take_back(desk: "Desk", step: Iterable[Was]) -> str:
    """Write a step's marks as they were before; what somebody else changed since stays. Returns what was done."""
    back = left = 0
    for was in step:
        old = was.before
        try:
            registers.mark(
                desk, was.pupil, *was.slot, old.code or None, old.minutes, old.note or None, seen=was.wrote
            )
            back += 1
        except ConflictError:
            left += 1
    words = "" if left and not back else "Taken back." if back == 1 else f"{count(back, 'mark')} taken back."
    stays = f"{count(left, 'mark')} changed by others since: it stays." if left == 1 else ""
    stays = stays or (f"{count(left, 'mark')} changed by others since: they stay." if left else "")
    return " ".join(part for part in (words, stays) if part)


class Told:
    """Marks that were typed and not written; each is said until its cell is written, or the words are cleared."""

    def __init__(self) -> None:
        self._words: dict[tuple[str, Slot], str] = {}

    def __bool__(self) -> bool:
        return bool(self._words)

    def add(
        self, name: str, own_id: str, slot: Slot, error: ConflictError, names: "Mapping[str, str]"
    ) -> None:
        """Remember what stands, who wrote it, and what was not written."""
        self._words[own_id, slot] = not_written(name, error, names)

    def drop(self, own_id: str, slot: Slot) -> None:
        """The cell was written after all."""
        self._words.pop((own_id, slot), None)

    def clear(self) -> None:
        """All of it was seen."""
        self._words.clear()

    @property
    def words(self) -> str:
        """The first of them, and how many more there are; empty where there is none."""
        first = next(iter(self._words.values()), "")
        more = len(self._words) - 1
        return f"{first} (+{more} more)" if more > 0 else first


def not_written(name: str, error: ConflictError, names: "Mapping[str, str]") -> str:
    """`Abbott, Rosa: A. Bello wrote L 09:12; your N is not written`."""
    who = names.get(error.by, error.by) or "somebody else"
    when = f" {clock_of(error.at)}" if error.at else ""
    theirs, yours = (_mark(version) for version in (error.theirs, error.yours))
    return f"{name}: {who} wrote {theirs}{when}; your {yours} is not written"


def _mark(version: "Mapping[str, object]") -> str:
    """`L9`: a code with its minutes."""
    return (
        f"{version['code'] or 'no mark'}{version['minutes'] or ''}{' with a note' if version['note'] else ''}"
    )
