"""Taking in registers that another system kept: all marks or none, one change, one part a pupil."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from store.change import Tx
from workbench.desk.columns import aliases
from workbench.desk.context import Desk
from workbench.desk.finding import on_roll
from workbench.desk.imports import refuse, within
from workbench.desk.judging import Judge, calendar_of, codes_on
from workbench.desk.marks import MarkBook, book, slot_id
from workbench.desk.permissions import verb
from workbench.desk.register_writes import put_taken, since
from workbench.domain import csvfile
from workbench.domain.characters import harmless
from workbench.domain.inputs import Fault, Report
from workbench.domain.pupils import Pupil
from workbench.domain.registerfile import NEEDED, Imported, Marks, read_marks

Written = dict[str, list[tuple[date, str, str]]]
"""Pupil's id to the marks to write."""
Register = tuple[str, date, str]
"""Class, day and session."""


@verb("register.import")
def import_register(desk: Desk, name: str, data: bytes, dry_run: bool = False) -> Report:
    """Take in marks of known pupils.

    A mark that stands there already just so is no change; another one in a register that was taken is a
    fault, since that is an amendment. Registers that become complete are taken (`how` is `imported`).

    Args:
        desk: the desk.
        name: the file's name, for the report.
        data: the file: CSV with comma, semicolon or tab, UTF-8 or Windows-1252.
        dry_run: report only.

    Raises:
        FileFaultsError: with every line, column and reason that keeps the file out.
    """
    table = csvfile.read(within(name, data), aliases("registers"), NEEDED)
    pupils = {pupil.upn: pupil for pupil in desk.records("pupils", "pupils", Pupil) if pupil.upn}
    marks = read_marks(table, pupils, Judge(desk), lambda day: calendar_of(desk, day).is_school_day(day))
    by_id = {pupil.id: pupil for pupil in pupils.values()}
    written, same, faults = _compared(desk, marks.marks, by_id)
    refuse(name, sorted([*marks.faults, *faults]))
    complete = _complete(desk, marks.marks)
    report = Report(
        name=harmless(name, 200),
        encoding=table.encoding,
        separator=table.separator,
        rows=len(table.rows),
        remarks=(*marks.remarks, *_bare(desk, marks)),
        unchanged=same,
        marks=sum(map(len, written.values())),
        registers=len(complete),
        committed=not dry_run,
    )
    if not dry_run:
        with desk.change("register.imported") as tx:
            _write(desk, tx, written, complete)
    return report


def _compared(
    desk: Desk, marks: Iterable[Imported], pupils: dict[str, Pupil]
) -> tuple[Written, int, list[Fault]]:
    """What is to be written, how many stand there already, and what stands there otherwise."""
    written: Written = {}
    same, faults = 0, []
    for mark in marks:
        day, session, code = mark.ask
        kept = book(desk, day)
        was = kept.code(mark.pupil, day, session)
        if was == code:
            same += 1
            continue
        taken = desk.get(kept.file, "taken", slot_id(pupils[mark.pupil].class_on(day), day, session))
        if taken is not None and (was or taken["how"] != "imported"):
            reason = f"{was or 'no mark'} stands in a register that was taken, not {code}: amend it instead"
            faults.append(Fault(line=mark.line, column=mark.column, reason=reason))
        else:
            written.setdefault(mark.pupil, []).append((day, session, code))
    return written, same, faults


def _complete(desk: Desk, marks: Iterable[Imported]) -> list[Register]:
    """Registers, not taken yet, in which with these marks every pupil of the class on roll that day has
    one."""
    new = {(mark.pupil, mark.ask.on, mark.ask.session) for mark in marks}
    pupils = {pupil.id: pupil for pupil in desk.records("pupils", "pupils", Pupil)}
    today = desk.today()
    touched = {(pupils[own].class_on(day), day, session) for own, day, session in new if day <= today}
    classes = _classes(pupils.values(), {day for _, day, _ in touched})
    complete = []
    for class_, day, session in sorted(touched):
        kept = book(desk, day)
        if desk.get(kept.file, "taken", slot_id(class_, day, session)) is None and all(
            (pupil.id, day, session) in new or kept.code(pupil.id, day, session)
            for pupil in classes.get((class_, day), ())
        ):
            complete.append((class_, day, session))
    return complete


def _classes(pupils: Iterable[Pupil], days: Iterable[date]) -> dict[tuple[str, date], list[Pupil]]:
    """Who was on roll in each class on each of the days."""
    found: dict[tuple[str, date], list[Pupil]] = {}
    for day in days:
        for pupil in pupils:
            if on_roll(pupil, day):
                found.setdefault((pupil.class_on(day), day), []).append(pupil)
    return found


def _write(desk: Desk, tx: Tx, written: Written, complete: list[Register]) -> None:
    for own_id, marks in written.items():
        by_year: dict[str, tuple[MarkBook, Written]] = {}
        for mark in marks:
            kept = book(desk, mark[0])
            by_year.setdefault(kept.year, (kept, {}))[1].setdefault(own_id, []).append(mark)
        for kept, mine in by_year.values():
            kept.put(tx, own_id, mine[own_id])
        tx.next_part()
    for class_, day, session in complete:
        put_taken(desk, tx, book(desk, day), class_, day, session, how="imported")
    days = [day for marks in written.values() for day, _, _ in marks]
    if days:
        since(desk, tx, min(days))


def _bare(desk: Desk, marks: Marks) -> list[str]:
    """Codes that ask for minutes or a note which the file does not carry: `133 L without minutes`."""
    bare: Counter[tuple[str, str]] = Counter()
    for mark in marks.marks:
        needs = codes_on(desk, mark.ask.on)[mark.ask.code].needs
        if needs:
            bare[(mark.ask.code, needs)] += 1
    what = {"minutes": "minutes", "note": "a note"}
    return [
        f"{count:,} {code} without {what.get(needs, needs)}" for (code, needs), count in sorted(bare.items())
    ]
