"""What reading an input file leads to: faults, remarks, and a report of what was or would be changed."""

from msgspec import Struct


class Fault(Struct, frozen=True, kw_only=True, order=True):
    """Something that keeps the file out. `line` counts from 1, the header included; `column` is the file's
    own name for it."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.reason}"


class Changed(Struct, frozen=True, kw_only=True):
    """One field of one pupil that the file has otherwise."""

    pupil: str
    field: str
    was: str
    now: str


class Report(Struct, frozen=True, kw_only=True):
    """What an import did or, as a dry run, would do."""

    name: str
    """The file's name."""
    encoding: str
    separator: str
    rows: int
    """Rows of data, without the header and empty lines."""
    remarks: tuple[str, ...] = ()
    """What a person should know; none of it keeps the file out."""
    added: tuple[str, ...] = ()
    """New pupils by name and class; for a register, empty."""
    changed: tuple[Changed, ...] = ()
    missing: tuple[str, ...] = ()
    """Ids of pupils on roll that the file does not have; nothing happens to them."""
    unchanged: int = 0
    """Pupils, or marks, that stood there already just so."""
    marks: int = 0
    """Marks written; 0 for a roll."""
    registers: int = 0
    """Registers that the marks made complete, and that are now taken."""
    committed: bool = False
    faults: tuple[Fault, ...] = ()
    """Always empty in a report that was returned: a file with faults is refused."""
