from datetime import date
from pathlib import Path

import pytest

from workbench.desk.columns import aliases, words
from workbench.domain import csvfile
from workbench.domain.plain import UnreadableError, class_name, read_date, read_name, read_year
from workbench.domain.pupilfile import BREAKS, NEEDED, Reading, read_pupils

TODAY = date(2026, 11, 23)
HEAD = "upn,surname,forename,dob,year,class,starts,groups,looked after,social worker,sen status"
HEAD += ",parent 1,parent 1 relationship"


def reading(data: bytes) -> Reading:
    table = csvfile.read(data, aliases("pupils"), NEEDED, BREAKS)
    return read_pupils(table, words(), TODAY, (7, 11))


def one(line: str) -> Reading:
    return reading(f"{HEAD}\n{line}\n".encode())


@pytest.mark.parametrize("dialect", ["plain", "arbor", "sims"])
def test_each_dialect_has_96_pupils_and_no_fault(data_dir: Path, dialect: str) -> None:
    found = reading((data_dir / f"pupils-{dialect}.csv").read_bytes())
    assert (len(found.rows), found.faults) == (96, [])


def test_the_dialects_tell_of_the_same_children(data_dir: Path) -> None:
    facts = [
        {(row.upn, row.born, row.year, row.class_, row.starts) for row in found.rows}
        for found in (
            reading((data_dir / f"pupils-{name}.csv").read_bytes()) for name in ("plain", "arbor", "sims")
        )
    ]
    assert facts[0] == facts[1] == facts[2]


def test_the_bad_file_is_faulted_row_by_row(data_dir: Path) -> None:
    faults = reading((data_dir / "pupils-bad.csv").read_bytes()).faults
    assert [(fault.line, fault.column) for fault in faults] == [
        (7, "upn"),
        (9, "upn"),
        (10, "upn"),
        (11, "date_of_birth"),
        (12, "date_of_birth"),
        (14, "surname"),
        (16, "surname"),
        (17, "surname"),
        (18, "year"),
        (19, "year"),
        (20, "class"),
        (20, "surname"),
    ]
    assert not any(char in str(fault) for fault in faults for char in "\x1b\x07\x00\u202e")


def test_markup_formulas_and_a_missing_number_are_remarks(data_dir: Path) -> None:
    remarks = reading((data_dir / "pupils-bad.csv").read_bytes()).remarks
    for start in ("line 8, upn", "line 13, surname", "line 13, forename", "line 15, surname"):
        assert any(remark.startswith(start) for remark in remarks), start


def test_words_become_groups_and_flags() -> None:
    found = one(",Lis,Ada,1/2/2013,Year  8,8A,2025-09-03,Service child; GRT,Yes,no,K,Reid,Social worker")
    row = found.rows[0]
    assert row.groups == {"service", "grt"}
    assert (row.year, row.looked_after, row.social_worker, row.ehc_plan) == (8, True, False, False)
    assert (row.people[0].role, row.people[0].professional) == ("social-worker", True)


def test_an_unknown_group_is_a_remark_and_an_unknown_flag_a_fault() -> None:
    found = one(",Lis,Ada,1/2/2013,8,8A,2025-09-03,Pupil premium,perhaps,,E,,")
    assert any("Pupil premium" in remark for remark in found.remarks)
    assert [(fault.line, fault.column) for fault in found.faults] == [(2, "looked after")]


def test_two_rows_without_a_number_about_one_child_are_faults() -> None:
    row = ",Lis,Ada,1/2/2013,8,8A,2025-09-03,,,,,,"
    assert [fault.line for fault in one(f"{row}\n{row}").faults] == [2, 3]


def test_a_year_that_the_school_does_not_have_is_a_fault() -> None:
    assert "years 7 to 11" in one(",Lis,Ada,1/2/2013,12,8A,2025-09-03,,,,,,").faults[0].reason


@pytest.mark.parametrize(
    "text", ["2026-09-03", "03/09/2026", "3.9.2026", "03 Sep 2026", "3 September 2026", "03-Sep-2026"]
)
def test_dates_of_three_systems(text: str) -> None:
    assert read_date(text) == date(2026, 9, 3)


@pytest.mark.parametrize(
    "text", ["", "31/02/2013", "2026-13-01", "9/3", "03 Foo 2026", "0000-01-01", "20260903", "٣/٩/٢٠٢٦x"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_date(text)


@pytest.mark.parametrize(("text", "year"), [("10", 10), ("Year  10", 10), ("y7", 7), ("Reception", 0)])
def test_years(text: str, year: int) -> None:
    assert read_year(text, words().years) == year


@pytest.mark.parametrize("text", ["../../etc", "", "a/b", "x" * 25, "-", "9B;", "[9B]"])
def test_what_is_no_class(text: str) -> None:
    with pytest.raises(UnreadableError):
        class_name(text)


@pytest.mark.parametrize(
    "text", ["O’Leary", "D'Souza", "St. John", "Jones-Okoro", "Nguyễn", "Zielińska", "Van den Berg"]
)
def test_ordinary_names_are_not_odd(text: str) -> None:
    assert read_name(text) == (text, "")


@pytest.mark.parametrize("text", ["[/b]", "[red]x[/red]", "=1+1", "?ukasik", "R2D2"])
def test_odd_names_are_kept_and_said(text: str) -> None:
    name, odd = read_name(text)
    assert name == text
    assert odd


def test_a_name_has_at_most_200_characters() -> None:
    assert read_name("x" * 200)[0]
    with pytest.raises(UnreadableError):
        read_name("x" * 201)
