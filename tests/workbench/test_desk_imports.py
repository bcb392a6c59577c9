from datetime import date
from pathlib import Path
from time import perf_counter

import pytest

from tests.conftest import DeskFor
from workbench.desk import import_registers, imports, registers, roll
from workbench.desk.context import Desk
from workbench.domain.errors import FileFaultsError
from workbench.domain.inputs import Report

HEAD = "upn;surname;forename;date_of_birth;year;class;starts;groups;social worker;looked after"
HEAD += ";parent_1;parent_1_phone\n"
KOFI = "G880600123946;St. John;Kofi;2012-06-13;10;10A;2022-09-01"


def take_in(desk: Desk, data_dir: Path, name: str, dry_run: bool = False) -> Report:
    return imports.import_pupils(desk, name, (data_dir / name).read_bytes(), dry_run)


def lines(desk: Desk, *rows: str, dry_run: bool = False) -> Report:
    return imports.import_pupils(desk, "x.csv", (HEAD + "\n".join(rows) + "\n").encode(), dry_run)


@pytest.mark.parametrize(
    ("dialect", "encoding", "separator"),
    [
        ("plain", "UTF-8", "semicolon"),
        ("arbor", "UTF-8 with BOM", "comma"),
        ("sims", "Windows-1252", "comma"),
    ],
)
def test_each_dialect_brings_96_pupils_and_their_registers(
    empty_for: DeskFor, data_dir: Path, dialect: str, encoding: str, separator: str
) -> None:
    desk = empty_for("dsl")
    report = take_in(desk, data_dir, f"pupils-{dialect}.csv")
    assert (report.rows, len(report.added), report.committed) == (96, 96, True)
    assert (report.encoding, report.separator) == (encoding, separator)
    assert (encoding == "Windows-1252") == any("Windows-1252" in remark for remark in report.remarks)
    data = (data_dir / f"register-{dialect}.csv").read_bytes()
    registers_in = import_registers.import_register(desk, f"register-{dialect}.csv", data)
    assert (registers_in.rows, registers_in.marks, registers_in.registers) == (1344, 2688, 280)
    kofi = roll.find(desk, "G880600123946")
    assert (kofi.surname, kofi.born, kofi.class_, kofi.starts) == (
        "St. John",
        date(2012, 6, 13),
        "10A",
        date(2022, 9, 1),
    )
    assert kofi.baseline
    assert len(registers.marks_of(desk, kofi.id)) == 28


def test_one_import_is_one_entry(empty_for: DeskFor, data_dir: Path) -> None:
    desk = empty_for("attendance")
    take_in(desk, data_dir, "pupils-plain.csv")
    assert [entry["act"] for entry in desk.store.entries()] == ["folder.made", "pupils.imported"]
    _, parts = list(desk.store.changes())[-1]
    assert len(parts) == 96


def test_the_bad_file_is_refused_whole(empty_for: DeskFor, data_dir: Path) -> None:
    desk = empty_for("attendance")
    for dry_run in (True, False):
        with pytest.raises(FileFaultsError) as caught:
            take_in(desk, data_dir, "pupils-bad.csv", dry_run)
        assert "12 faults" in caught.value.what
        assert sorted({fault.line for fault in caught.value.faults}) == [
            7,
            9,
            10,
            11,
            12,
            14,
            16,
            17,
            18,
            19,
            20,
        ]
    assert roll.pupils(desk) == []
    assert [entry["act"] for entry in desk.store.entries()] == ["folder.made"]


def test_a_dry_run_writes_nothing(empty_for: DeskFor, data_dir: Path) -> None:
    desk = empty_for("attendance")
    report = take_in(desk, data_dir, "pupils-plain.csv", dry_run=True)
    assert (len(report.added), report.committed) == (96, False)
    assert roll.pupils(desk) == []
    assert len(list(desk.store.entries())) == 1


def test_the_same_file_again_changes_nothing(desk_for: DeskFor, data_dir: Path) -> None:
    report = take_in(desk_for("attendance"), data_dir, "pupils-plain.csv")
    assert (report.added, report.changed, report.missing, report.unchanged) == ((), (), (), 96)


def test_changes_are_listed_field_by_field(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    kofi = roll.find(desk, "G880600123946")
    report = lines(desk, KOFI.replace("10A", "10B") + ";GRT;Yes;Yes;Patel;07700 900000", dry_run=True)
    assert [(change.pupil, change.field, change.was, change.now) for change in report.changed] == [
        (kofi.id, "class", "10A", "10B"),
        (kofi.id, "groups", "", "grt"),
        (kofi.id, "social_worker", "no", "yes"),
        (kofi.id, "looked_after_by", "", "Torbay"),
        (kofi.id, "parent_1.phone", "07700 900609", "07700 900000"),
    ]
    assert roll.find(desk, kofi.id) == kofi
    lines(desk, KOFI.replace("10A", "10B") + ";GRT;Yes;Yes;Patel;07700 900000")
    assert roll.find(desk, kofi.id).looked_after_by == "Torbay"
    assert roll.around(desk, kofi.id)[0].phone == "07700 900000"


def test_pupils_who_are_not_in_the_file_are_listed_and_stay(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    report = lines(desk, KOFI + ";;;;;")
    assert len(report.missing) == 95
    assert len(roll.pupils(desk)) == 96


def test_an_empty_cell_changes_nothing_and_no_group_is_taken_away(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    before = roll.find(desk, "L880600118954")
    assert before.groups == ("youth_justice",)
    report = lines(desk, "L880600118954;Van den Berg;Caoimhe;2013-03-28;9;9B;2023-09-02;;;;;")
    assert report.changed == ()
    assert roll.find(desk, before.id) == before


def test_without_a_number_a_pupil_is_known_by_name_and_birth_date(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    lines(desk, ";Lis;Ada;2013-02-01;8;8A;2026-09-03;;;;;")
    report = lines(desk, "A880600112455;lis;ADA;2013-02-01;8;8A;2026-09-03;;;;;", dry_run=True)
    assert report.added == ()
    assert ("upn", "A880600112455") in [(change.field, change.now) for change in report.changed]


def test_two_children_of_one_name_and_birth_date_with_numbers_are_two(desk_for: DeskFor) -> None:
    report = lines(
        desk_for("attendance"), "A880600112455;St. John;Kofi;2012-06-13;10;10A;2022-09-01;;;;;", dry_run=True
    )
    assert report.added == ("St. John, Kofi · 10A",)


def test_two_rows_that_mean_one_pupil_are_faults(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    lines(desk, ";Lis;Ada;2013-02-01;8;8A;2026-09-03;;;;;")
    with pytest.raises(FileFaultsError) as caught:
        lines(
            desk,
            "A880600112455;Lis;Ada;2013-02-01;8;8A;2026-09-03;;;;;",
            ";Lis;Ada;2013-02-01;8;8A;2026-09-03;;;;;",
        )
    assert [fault.line for fault in caught.value.faults] == [2, 3]


def test_a_file_that_lost_letters_does_not_spoil_names(desk_for: DeskFor, data_dir: Path) -> None:
    report = take_in(desk_for("attendance"), data_dir, "pupils-sims.csv", dry_run=True)
    assert [change for change in report.changed if "?" in change.now] == []
    assert any("question mark" in remark for remark in report.remarks)


def test_a_pupil_who_starts_with_the_first_term_is_no_baseline(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    lines(desk, "A880600112455;Lis;Ada;2013-02-01;8;8A;2026-09-03;;;;;")
    assert not roll.find(desk, "A880600112455").baseline


def test_a_file_too_large_to_be_a_list_is_refused(desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_BYTES", 100)
    with pytest.raises(FileFaultsError):
        lines(desk_for("attendance"), KOFI + ";;;;;")


# registers ------------------------------------------------------------------------------------------------


def marks(desk: Desk, *rows: str, dry_run: bool = False) -> Report:
    text = "upn;class;date;am;pm\n" + "\n".join(rows) + "\n"
    return import_registers.import_register(desk, "register.csv", text.encode(), dry_run)


def faults(desk: Desk, *rows: str) -> list[tuple[int, str, str]]:
    head = desk.store.head
    with pytest.raises(FileFaultsError) as caught:
        marks(desk, *rows)
    assert desk.store.head == head
    return [(fault.line, fault.column, fault.reason) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("Z000000000000;9B;2026-11-20;/;\\", "upn", "no pupil"),
        (";9B;2026-11-20;/;\\", "upn", "missing"),
        ("G880600123946;10A;2026-11-31;/;\\", "date", "calendar"),
        ("G880600123946;10A;2026-11-02;/;", "am", "INSET"),
        ("G880600123946;10A;2026-11-21;;N", "pm", "weekend"),
        ("G880600123946;10A;2026-11-24;N;", "am", "future"),
        ("G880600123946;10A;2026-09-04;H;", "am", "the code H is not in force on 2026-09-04"),
        ("G880600123946;10A;2026-09-04;\\;", "am", "sign of the PM"),
        ("G880600123946;10A;2026-11-20;N;\\", "am", "amend it instead"),
    ],
)
def test_what_cannot_be_taken_in_has_its_place(desk_for: DeskFor, row: str, column: str, words: str) -> None:
    found = faults(desk_for("attendance"), "B880600121630;10A;2026-09-04;/;\\", row)
    assert [(line, where) for line, where, _ in found] == [(3, column)]
    assert words in found[0][2]


def test_the_same_day_twice_is_a_fault(desk_for: DeskFor) -> None:
    row = "G880600123946;10A;2026-09-04;/;\\"
    assert [line for line, _, _ in faults(desk_for("attendance"), row, row)] == [3]


def test_the_same_file_again_is_no_change(desk_for: DeskFor, data_dir: Path) -> None:
    data = (data_dir / "register-sims.csv").read_bytes()
    report = import_registers.import_register(desk_for("attendance"), "register-sims.csv", data)
    assert (report.marks, report.unchanged, report.registers) == (0, 2688, 0)


def test_marks_that_ask_for_more_are_counted_in_a_remark(desk_for: DeskFor) -> None:
    report = marks(
        desk_for("attendance"), "G880600123946;10A;2026-09-04;L;B", "B880600121630;10A;2026-09-04;L;"
    )
    assert report.remarks == ("1 B without a note", "2 L without minutes")


def test_closures_and_not_yet_of_other_systems_are_passed_over(desk_for: DeskFor) -> None:
    report = marks(desk_for("attendance"), "G880600123946;10A;2026-11-02;#;#")
    assert report.marks == 0
    assert "2 cells" in report.remarks[0]


def test_planned_codes_may_lie_ahead_and_take_no_register(desk_for: DeskFor) -> None:
    report = marks(desk_for("attendance"), "G880600123946;10A;2026-11-25;M;")
    assert (report.marks, report.registers) == (1, 0)


def test_a_draft_is_overwritten_and_a_complete_register_is_taken(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    pupils = [pupil for pupil in roll.pupils(desk) if pupil.class_ == "9A"]
    day = date(2026, 9, 4)
    registers.mark(desk, pupils[0].id, day, "AM", "N")
    rows = [f"{pupil.upn};9A;{day};I;" for pupil in pupils]
    assert marks(desk, *rows[:-1]).registers == 0
    report = marks(desk, *rows)
    assert (report.marks, report.registers) == (1, 1)
    view = registers.view(desk, "9A", day)
    assert view.taken[(day, "AM")].how == "imported"
    assert (day, "PM") not in view.taken
    assert view.rows[0].marks[(day, "AM")] == "I"


def test_a_year_of_the_school_is_taken_in_within_a_second(desk_for: DeskFor) -> None:
    """4,896 rows, 9,792 marks; measured at about 0.15 s."""
    desk = desk_for("attendance")
    days = [day for day in desk.calendar().days if day < date(2026, 11, 3)][:37]
    rows = [f"{pupil.upn};{pupil.class_};{day};/;\\" for pupil in roll.pupils(desk) for day in days]
    begun = perf_counter()
    report = marks(desk, *rows)
    assert report.marks == 2 * 96 * 37
    assert perf_counter() - begun < 1
