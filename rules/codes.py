"""Attendance codes: what a mark means on a day. The table itself is data, `rules/england/codes.toml`."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from msgspec import Struct, field

from rules.dated import Dated, in_force
from rules.duty import Certainty, Citation, Standing
from rules.errors import NotInRuleSet, PackError
from rules.facts import BLANK, Session

CodeClass = Literal["present", "approved", "authorised", "unauthorised", "not-possible", "admin"]
Needs = Literal["minutes", "note"]

CLASS_BYTE: dict[str, bytes] = {
    "present": b"p",
    "approved": b"v",
    "authorised": b"a",
    "unauthorised": b"u",
    "not-possible": b"x",
    "admin": b"z",
}
"""What `CodeTable.classes` turns a mark into; a blank stays a blank."""


class Code(Struct, frozen=True, kw_only=True):
    """One code as it stands on a day."""

    code: str
    byte: bytes
    """The one byte that stands for it in a pupil's marks."""
    title: str
    class_: CodeClass
    sessions: tuple[Session, ...]
    """The sessions in which it can be used."""
    needs: Needs | None
    """What has to be written beside it: the minutes late, or what the activity or cause was."""
    planned: bool
    """Whether it may be entered for days to come."""
    standing: Standing
    certainty: Certainty
    citation: Citation


class CodeRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of an era in the file."""

    code: str
    byte: str = ""
    """Left out where the code is one character: then it stands for itself."""
    title: str
    class_: CodeClass = field(name="class")
    sessions: tuple[Session, ...] = ("AM", "PM")
    needs: Needs | None = None
    planned: bool = False
    certainty: Certainty
    quote: str = ""
    """Given where the row's words say more than the era's."""


class Era(Dated, frozen=True, kw_only=True):
    """A time with one table of codes."""

    code: tuple[CodeRow, ...]


class CodesFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`codes.toml`: the eras, earliest first."""

    title: str
    era: tuple[Era, ...]


class CodeTable:
    """All codes of all eras.

    Args:
        eras: versions of the table.

    Raises:
        PackError: if a code has no byte of its own, or two codes share one.
    """

    def __init__(self, eras: Iterable[Era]) -> None:
        self._eras = tuple(eras)
        self._bytes: dict[str, bytes] = {}
        for era in self._eras:
            for row in era.code:
                self._learn(row)
        self._codes = {byte: code for code, byte in self._bytes.items()}
        self._at: dict[date, Mapping[str, Code]] = {}
        self._classes: dict[date, bytes] = {}

    def _learn(self, row: CodeRow) -> None:
        byte = (row.byte or row.code).encode("latin-1")
        if len(byte) != 1 or byte == BLANK:
            raise PackError("codes.toml", f"code {row.code} needs a `byte` of one character other than a dot")
        if self._bytes.setdefault(row.code, byte) != byte:
            raise PackError("codes.toml", f"code {row.code} has two bytes")
        if any(other != row.code for other, taken in self._bytes.items() if taken == byte):
            raise PackError("codes.toml", f"code {row.code} has the byte of another code")

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Every code of any era, in the order of the file."""
        return tuple(self._bytes)

    def era(self, on: date) -> Era:
        """The era in force on a day.

        Raises:
            NoValueInForce: if there is none.
        """
        return in_force(self._eras, on, "codes", "codes")

    def at(self, on: date) -> Mapping[str, Code]:
        """The codes in force on a day, by code.

        Raises:
            NoValueInForce: before the first era.
        """
        era = self.era(on)
        found = self._at.get(era.from_)
        if found is None:
            found = self._at[era.from_] = {row.code: self._code(era, row) for row in era.code}
        return found

    def _code(self, era: Era, row: CodeRow) -> Code:
        citation = era.citation
        if row.quote:
            citation = Citation(citation.text, row.quote, citation.link, citation.checked)
        return Code(
            code=row.code,
            byte=self._bytes[row.code],
            title=row.title,
            class_=row.class_,
            sessions=row.sessions,
            needs=row.needs,
            planned=row.planned,
            standing=era.standing,
            certainty=row.certainty,
            citation=citation,
        )

    def encode(self, code: str) -> bytes:
        """The byte of a code of any era.

        Raises:
            NotInRuleSet: if no era has the code.
        """
        byte = self._bytes.get(code)
        if byte is None:
            raise NotInRuleSet(f"{code!r} is no attendance code.")
        return byte

    def decode(self, byte: int | bytes) -> str:
        """The code of a byte; the empty string for a blank.

        Raises:
            NotInRuleSet: if no code has the byte.
        """
        key = bytes((byte,)) if isinstance(byte, int) else byte
        if key == BLANK:
            return ""
        code = self._codes.get(key)
        if code is None:
            raise NotInRuleSet(f"No attendance code has the byte {key!r}.")
        return code

    def class_of(self, byte: int | bytes, on: date) -> CodeClass:
        """The class of a mark on a day.

        Raises:
            NoValueInForce: before the first era.
            NotInRuleSet: if the byte stands for no code that is in force then.
        """
        code = self.decode(byte)
        found = self.at(on).get(code)
        if found is None:
            raise NotInRuleSet(f"The code {code or 'blank'} is not in force on {on.isoformat()}.")
        return found.class_

    def classes(self, on: date) -> bytes:
        """A table for `bytes.translate` from marks to classes (`CLASS_BYTE`); whatever is no code in force
        on that day becomes a blank.

        Raises:
            NoValueInForce: before the first era.
        """
        key = self.era(on).from_
        table = self._classes.get(key)
        if table is None:
            rows = {code.byte[0]: CLASS_BYTE[code.class_][0] for code in self.at(on).values()}
            table = self._classes[key] = bytes(rows.get(byte, BLANK[0]) for byte in range(256))
        return table

    def letters(self, codes: Iterable[str]) -> bytes:
        """The bytes of several codes, side by side.

        Raises:
            NotInRuleSet: if no era has one of them.
        """
        return b"".join(map(self.encode, codes))
