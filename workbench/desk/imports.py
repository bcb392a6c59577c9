"""Taking in a school's pupil file: all rows or none, one change, one part a pupil."""

from datetime import date

import msgspec

from store.change import Tx
from workbench.desk.columns import aliases, words
from workbench.desk.context import Desk
from workbench.desk.permissions import verb
from workbench.domain import csvfile
from workbench.domain.characters import harmless
from workbench.domain.errors import FileFaultsError
from workbench.domain.inputs import Fault, Report
from workbench.domain.pupilfile import BREAKS, NEEDED, PupilRow, Words, read_pupils
from workbench.domain.pupils import Around, Pupil
from workbench.domain.rollchange import Roll, Setting, Step, missing, step_of

CONTACTS_WANTED = 2
"""People to call whom a school holds for every pupil, at least."""
MOST_BYTES = 16 * 1024 * 1024
"""A larger file is no list of pupils or marks."""


@verb("pupils.import")
def import_pupils(desk: Desk, name: str, data: bytes, dry_run: bool = False) -> Report:
    """Take in a pupil file.

    Pupils are matched by UPN, then by name and birth date. An empty cell changes nothing; a risk group is
    added, never taken away; who is not in the file is listed and stays.

    Args:
        desk: the desk.
        name: the file's name, for the report.
        data: the file: CSV with comma, semicolon or tab, UTF-8 or Windows-1252.
        dry_run: report only.

    Raises:
        FileFaultsError: with every line, column and reason that keeps the file out.
    """
    table = csvfile.read(within(name, data), aliases("pupils"), NEEDED, BREAKS)
    reading = read_pupils(table, _words(desk), desk.today(), desk.school().years)
    refuse(name, reading.faults)
    roll = Roll(desk.records("pupils", "pupils", Pupil), desk.records("pupils", "around", Around))
    steps, seen, remarks = _steps(desk, reading.rows, roll)
    refuse(name, _met_twice(table, seen))
    report = Report(
        name=harmless(name, 200),
        encoding=table.encoding,
        separator=table.separator,
        rows=len(table.rows),
        remarks=(*reading.remarks, *remarks),
        added=tuple(f"{s.pupil.name} · {s.pupil.class_}" for s in steps if s.is_new and s.pupil),
        changed=tuple(change for step in steps for change in step.changes),
        missing=missing(roll, seen, desk.today()),
        unchanged=sum(step.pupil is None and not step.around for step in steps),
    )
    if dry_run:
        return report
    work = [step for step in steps if step.pupil is not None or step.around]
    with desk.change("pupils.imported") as tx:
        for number, step in enumerate(work):
            if number:
                tx.next_part()
            _write(desk, tx, step)
    return msgspec.structs.replace(report, committed=True)


def within(name: str, data: bytes) -> bytes:
    """The data, if it is of a size that can be a list of pupils or marks.

    Raises:
        FileFaultsError: if it is larger than `MOST_BYTES`.
    """
    if len(data) > MOST_BYTES:
        refuse(name, [Fault(line=1, column="", reason=f"larger than {MOST_BYTES // 2**20} MiB")])
    return data


def refuse(name: str, faults: list[Fault]) -> None:
    """Refuse the whole file if there is a fault.

    Raises:
        FileFaultsError: with all of them.
    """
    if faults:
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise FileFaultsError(
            f"{harmless(name, 200)} has {count}; no row of it was taken.",
            faults,
            todo="Put them right in the file, or in the system that it comes from, and import it again.",
        )


def _words(desk: Desk) -> Words:
    """What words in the file mean; a group of the folder's own packs goes by its key or its title."""
    known = words()
    own = {
        text.casefold(): part.id
        for part in desk.rules_to_write.local_groups
        for text in (part.id, part.content.title)
    }
    return known._replace(groups={**known.groups, **own}) if own else known


def _steps(
    desk: Desk, rows: list[PupilRow], roll: Roll
) -> tuple[list[Step], dict[str, list[PupilRow]], list[str]]:
    school = desk.school()
    setting = Setting(statutory_authority(desk), school.terms[0].first, desk.today())
    steps, remarks = [], []
    seen: dict[str, list[PupilRow]] = {}
    looked_after = 0
    for row in rows:
        known = roll.match(row)
        if known is not None:
            seen.setdefault(known.id, []).append(row)
            if _gone(known, desk.today()):
                remarks.append(
                    f"line {row.line}: {known.id} left the roll on {known.left}; nothing is changed"
                )
                continue
        step = step_of(row, roll, known, setting)
        looked_after += bool(step.pupil and row.looked_after and (known is None or not known.looked_after_by))
        steps.append(step)
    lonely = sum(len(row.people) < CONTACTS_WANTED for row in rows)
    if lonely:
        remarks.append(f"{lonely} of {len(rows)} rows name fewer than two people to call")
    if looked_after:
        remarks.append(
            f"{looked_after} looked after: noted as looked after by {setting.authority}; correct it for those"
            " who are looked after by another authority"
        )
    return steps, seen, remarks


def statutory_authority(desk: Desk) -> str:
    """The authority that receives this school's statutory returns."""
    school = desk.school()
    maintained = school.kind in ("maintained", "special-maintained") and school.maintained_by
    return maintained or school.stands_in


def _gone(pupil: Pupil, today: date) -> bool:
    return pupil.left is not None and pupil.left <= today


def _met_twice(table: csvfile.Table, seen: dict[str, list[PupilRow]]) -> list[Fault]:
    """Faults where two rows are about one pupil: one by number, the other by name."""
    faults = []
    for own_id, rows in seen.items():
        for row in rows if len(rows) > 1 else ():
            others = " and ".join(str(other.line) for other in rows if other is not row)
            reason = f"this is {own_id}, as is line {others}"
            faults.append(Fault(line=row.line, column=table.names.get("upn", ""), reason=reason))
    return sorted(faults)


def _write(desk: Desk, tx: Tx, step: Step) -> None:
    pupil = step.pupil
    if pupil is not None:
        own_id = desk.fresh(tx, "pupils", "pupils", "P") if step.is_new else pupil.id
        rev = None if step.is_new else pupil.rev
        pupil = desk.save(tx, "pupils", "pupils", msgspec.structs.replace(pupil, id=own_id), rev=rev)
    for person in step.around:
        own_id = person.id or desk.fresh(tx, "pupils", "around", "N")
        about = pupil.id if step.is_new and pupil is not None else person.pupil
        desk.save(tx, "pupils", "around", msgspec.structs.replace(person, id=own_id, pupil=about))
