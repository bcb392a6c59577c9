"""Input files and typed values that mean harm: refused with our own error, or kept as harmless text."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import NOW, DeskFor, make_folder, signer
from workbench.desk import contacts, events, import_registers, imports, registers, roll
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.text import has_controls
from workbench.domain.errors import WorkbenchError

HOSTILE = (
    "\x1b[2J",
    "\x00",
    "../../etc/passwd",
    "[/]",
    "\u202e",
    "\ud800",
    "x" * 20_000,
    "-1",
    "CON",
    "'",
    "💣" * 300,
)
PUPILS = b"upn;surname;forename;date_of_birth;year;class;starts\n"
MARKS = b"upn;class;date;am;pm\n"


@pytest.fixture(scope="module")
def attendance(tmp_path_factory: pytest.TempPathFactory, school_toml: str, data_dir: Path) -> Iterator[Desk]:
    desk = make_folder(tmp_path_factory.mktemp("hostile") / "data", school_toml, FixedClock(NOW))
    signed = signer(desk)("attendance")
    imports.import_pupils(signed, "x", (data_dir / "pupils-plain.csv").read_bytes())
    yield signed
    desk.close()


def said(act: Callable[[], object]) -> str:
    """Our own error's words, or nothing; any other error ends the test."""
    try:
        act()
    except WorkbenchError as error:
        return str(error)
    return ""


cells = st.text(st.characters(exclude_categories=[]), max_size=14)
rows = st.lists(st.lists(cells, min_size=4, max_size=8).map(";".join), max_size=4).map("\n".join)
quietly = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quietly
@given(st.one_of(st.binary(max_size=200), rows.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_an_import_raises_nothing_but_our_own_error(attendance: Desk, data: bytes) -> None:
    for head, take_in in (
        (PUPILS, imports.import_pupils),
        (MARKS, import_registers.import_register),
        (b"", imports.import_pupils),
    ):
        assert not has_controls(
            said(lambda head=head, take_in=take_in: take_in(attendance, "f.csv", head + data, True))
        )


@pytest.mark.parametrize("hostile", HOSTILE)
def test_every_door_refuses_or_makes_it_harmless(desk_for: DeskFor, hostile: str) -> None:
    desk, day, kofi = desk_for("dsl"), date(2026, 11, 23), "G880600123946"
    fields = {"surname": hostile, "forename": hostile, "born": "2013-02-01", "year": "8", "class": "8A"}
    doors = (
        lambda: roll.find(desk, hostile),
        lambda: roll.add(desk, {**fields, "starts": "2026-11-23"}),
        lambda: roll.edit(desk, kofi, {"address": hostile}),
        lambda: roll.edit(desk, kofi, {hostile: hostile}),
        lambda: roll.edit(desk, kofi, {"class": hostile}),
        lambda: roll.around_add(desk, kofi, {"name": hostile, "phone": hostile}),
        lambda: registers.mark(desk, kofi, day, "AM", hostile),
        lambda: registers.mark(desk, kofi, day, "AM", "B", note=hostile),
        lambda: registers.mark(desk, kofi, day, hostile, "N"),
        lambda: registers.take(desk, hostile, day, "AM"),
        lambda: registers.view(desk, hostile),
        lambda: registers.take_lines(desk, "9B", "AM", hostile),
        lambda: contacts.add(desk, kofi, hostile, hostile, number=hostile),
        lambda: contacts.add(desk, kofi, "x", "x", at=hostile),
        lambda: contacts.add(desk, kofi, "x", "x", case=hostile),
        lambda: events.record(desk, kofi, hostile, {}),
        lambda: events.record(desk, kofi, "danger", {"what": hostile}),
        lambda: events.record(desk, kofi, "suspension", {"from": hostile}),
        lambda: events.record(desk, kofi, "suspension", {"corrects": hostile}),
    )
    for door in doors:
        words = said(door)
        assert not has_controls(words)
        assert len(words) < 1000
    for table in ("pupils", "around", "events", "contacts"):
        for doc in desk.docs("pupils", table).values():
            assert not has_controls(str(doc).replace("\\n", ""))
    for entry in desk.store.entries():
        assert "etc/passwd" not in str(entry)


@pytest.mark.parametrize("week", [date(2026, 8, 12), date(2027, 9, 14), date(2040, 1, 3), date(2019, 1, 8)])
def test_weeks_without_a_calendar_are_shown_empty_or_refused_in_words(desk_for: DeskFor, week: date) -> None:
    desk = desk_for("staff")
    words = said(lambda: registers.view(desk, "9B", week))
    assert words or registers.view(desk, "9B", week).taken == {}
