"""Marks as they are kept: one code string a pupil and half-term, and how rules and screens read them.

In a register file stand `blocks` (the half-terms), `codes` (one character for each code, so that the file can
be read without this program) and `marks` (id `PUPIL:FIRST-DAY`). Minutes late and notes stand in `notes`,
amendments in `amendments`, and what was taken in `taken`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from store.change import Tx
from workbench.desk.context import Desk, Reader
from workbench.domain.blocks import BLANK, Block, block_of, make_blocks
from workbench.domain.errors import InvalidError
from workbench.domain.school import School
from workbench.domain.years import register_file, year_label

if TYPE_CHECKING:
    from rules.days import Calendar

Slot = tuple[date, str]
"""A session: its day and `AM` or `PM`."""


class MarkBook:
    """The marks of one school year, and what the rules read of the years beside it.

    Args:
        desk: the desk that reads them.
        year: the school year, such as `2026-27`.
    """

    def __init__(self, desk: Desk, year: str) -> None:
        self.year, self.file = year, f"register-{year}"
        self._reader: Reader = desk.reader
        self.calendar: Calendar = desk.calendar(year)
        self.blocks = _blocks(self._reader, self.file)
        stored = {doc["code"]: doc["char"] for doc in self._reader.docs(self.file, "codes").values()}
        self.chars: Mapping[str, str] = stored or characters(desk)
        self.codes = {char: code for code, char in self.chars.items()}
        self._bytes = {char: desk.codes.encode(code) for char, code in self.codes.items()}
        self._same = all(char.encode("latin-1") == byte for char, byte in self._bytes.items())
        self._picks = _picks(self._reader, self.calendar)

    def string(self, pupil: str, block: Block) -> str | None:
        """The code string of a pupil's half-term, or None if no mark was ever written in it."""
        doc = self._reader.get(self.file, "marks", mark_id(pupil, block))
        return None if doc is None else doc["codes"]

    def code(self, pupil: str, day: date, session: str) -> str:
        """The code of a session; empty where no mark stands."""
        block = block_of(self.blocks, day)
        codes = self.string(pupil, block) if block else None
        if block is None or codes is None:
            return ""
        return self.codes.get(codes[block.position(day, session)], "")

    def blank(self, pupils: Iterable[str], day: date, session: str) -> list[str]:
        """Those of the pupils who have no mark in a session."""
        return [pupil for pupil in pupils if not self.code(pupil, day, session)]

    def all_of(self, pupil: str) -> list[tuple[date, str, str]]:
        """Every mark of a pupil this year, as (day, session, code), in order of time."""
        found = []
        for block in self.blocks:
            codes = self.string(pupil, block) or ""
            for position, char in enumerate(codes):
                if char != BLANK:
                    found.append((*block.at(position), self.codes[char]))
        return found

    def as_bytes(self, pupil: str) -> bytes:
        """A pupil's marks as the rules read them: one byte a session, aligned to the calendar's sessions."""
        parts = []
        for file, block, pick, count in self._picks:
            doc = self._marks_of(file).get(mark_id(pupil, block)) if block else None
            parts.append(BLANK * count if doc is None or pick is None else "".join(pick(doc["codes"])))
        text = "".join(parts)
        if self._same:
            return text.encode("latin-1")
        return b"".join(self._bytes.get(char, BLANK.encode()) for char in text)

    def _marks_of(self, file: str) -> Mapping[str, Any]:
        return self._reader.docs(file, "marks")

    def put(self, tx: Tx, pupil: str, marks: Iterable[tuple[date, str, str]]) -> None:
        """Write marks of one pupil inside a change; an empty code clears.

        Raises:
            InvalidError: if a day lies in no half-term of the year.
        """
        by_block: dict[Block, dict[int, str]] = {}
        for day, session, code in marks:
            block = block_of(self.blocks, day)
            if block is None:
                raise InvalidError(f"{day.isoformat()} lies outside the school year {self.year}.")
            char = self.chars[code] if code else BLANK
            by_block.setdefault(block, {})[block.position(day, session)] = char
        for block, chars in by_block.items():
            self._put_block(tx, pupil, block, chars)

    def _put_block(self, tx: Tx, pupil: str, block: Block, chars: Mapping[int, str]) -> None:
        own_id = mark_id(pupil, block)
        if tx.get(self.file, "marks", own_id) is not None:
            for position, run in _runs(chars):
                tx.splice(self.file, "marks", own_id, position, run)
            return
        codes = [BLANK] * block.length
        for position, char in chars.items():
            codes[position] = char
        first = block.first.isoformat()
        # a part of its own, which can be erased with the pupil: it is what says whose marks the others are
        tx.next_part()
        tx.put(self.file, "marks", {"id": own_id, "pupil": pupil, "from": first, "codes": "".join(codes)})
        tx.next_part()

    def known_first(self, tx: Tx, pupils: Iterable[str], day: date) -> list[str]:
        """The pupils, those first who have marks in the half-term of a day: their changes are one part of the line."""
        block = block_of(self.blocks, day)
        if block is None:
            return list(pupils)
        return sorted(pupils, key=lambda own: tx.get(self.file, "marks", mark_id(own, block)) is None)


def mark_id(pupil: str, block: Block) -> str:
    """The id of a pupil's marks of a half-term."""
    return f"{pupil}:{block.first.isoformat()}"


def slot_id(subject: str, day: date, session: str) -> str:
    """The id of something that a pupil, or a class, has once a session: `P-0K41:2026-11-16AM`."""
    return f"{subject}:{day.isoformat()}{session}"


def _runs(chars: Mapping[int, str]) -> list[tuple[int, str]]:
    """Neighbouring characters joined: `{4: "/", 5: "\\\\", 9: "N"}` gives `[(4, "/\\\\"), (9, "N")]`."""
    runs: list[tuple[int, str]] = []
    for position in sorted(chars):
        if runs and runs[-1][0] + len(runs[-1][1]) == position:
            runs[-1] = (runs[-1][0], runs[-1][1] + chars[position])
        else:
            runs.append((position, chars[position]))
    return runs


def _blocks(reader: Reader, file: str) -> list[Block]:
    """The half-terms of a register file, in order of time."""
    docs = reader.docs(file, "blocks").values()
    return sorted(Block(date.fromisoformat(doc["from"]), doc["days"]) for doc in docs)


def _picks(reader: Reader, calendar: "Calendar") -> list[tuple[str, Block | None, Any, int]]:
    """How to pick the sessions of the calendar out of the strings: file, block, picker and number, in
    order."""
    blocks: dict[str, list[Block]] = {}
    picks: list[tuple[str, Block | None, list[int]]] = []
    for day in calendar.days:
        file = register_file(day)
        if file not in blocks:
            blocks[file] = _blocks(reader, file)
        block = block_of(blocks[file], day)
        if not picks or picks[-1][:2] != (file, block):
            picks.append((file, block, []))
        start = block.position(day, "AM") if block else 0
        picks[-1][2].extend((start, start + 1))
    return [
        (file, block, itemgetter(*places) if block else None, len(places)) for file, block, places in picks
    ]


def characters(desk: Desk) -> dict[str, str]:
    """One character for each code that the rules know; the same that the rules' bytes have."""
    return {code: desk.codes.encode(code).decode("latin-1") for code in desk.codes.known}


def book(desk: Desk, day: date | None = None, year: str | None = None) -> MarkBook:
    """The mark book of a day's school year, this year's unless given; kept until the calendar changes."""
    wanted = year or year_label(day or desk.today())
    blocks = len(desk.docs(f"register-{wanted}", "blocks"))
    key = ("marks.book", wanted)
    held = (desk.school().rev, blocks)
    known = desk.cache.get(key)
    if known is None or known[0] != held:
        known = (held, MarkBook(desk, wanted))
        desk.cache[key] = known
    found: MarkBook = known[1]
    return found


def lay_out(desk: Desk, tx: Tx, school: School) -> None:
    """Write the half-terms and the code table of every school year that has terms and no half-terms yet."""
    chars = characters(desk)
    for year in sorted({year_label(term.first) for term in school.terms}):
        file = f"register-{year}"
        if tx.docs(file, "blocks"):
            continue
        terms = [term for term in school.terms if year_label(term.first) == year]
        for block in make_blocks(terms, school.closures):
            first = block.first.isoformat()
            tx.put(file, "blocks", {"id": first, "from": first, "days": block.days})
        for code, char in chars.items():
            tx.put(file, "codes", {"id": code, "code": code, "char": char})
