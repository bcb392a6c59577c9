"""Sheets and their printing: what stands on each, who may print it, one entry each, and where copying is refused."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import DeskFor
from tests.hostile import MARKUP
from tests.workbench.story import TEN_DAYS, UPN, absent, acts, opened
from workbench.desk import around, cases, clipboard, dailysheet, duties, printing, registers, roll, sheets
from workbench.desk.context import Desk
from workbench.domain.characters import BAD
from workbench.domain.errors import InvalidError, NotFoundError, RefusedError
from workbench.domain.sheets import Sheet
from workbench.domain.sheettext import WIDTH, as_text, cells

PUPIL = {
    "surname": "[/b]Stone<script>",
    "forename": MARKUP,
    "born": "2013-05-14",
    "year": "9",
    "class": "9B",
}


def text(sheet: Sheet) -> str:
    return as_text(sheet)


def hostile(desk: Desk) -> str:
    """A child whose name, and whose parent's, is an attack."""
    pupil = roll.add(desk, {**PUPIL, "starts": "2026-09-03"}).id
    person = {"kind": "parent", "name": "</p><script>x</script>", "address": "{school} {0} %s\n[b]"}
    around.around_add(desk, pupil, {**person, "lives_with": "yes"})
    return pupil


# what stands on a sheet ---------------------------------------------------------------------------------------


def test_a_return_holds_what_its_draft_does_and_the_head(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    sheet = sheets.return_(desk, absent(desk).id)
    said = text(sheet)
    for part in (
        "Attendance return to Torbay",
        "2026-11-05",
        desk.store.head.hash,
        "Printed 23 Nov 2026, 09:12",
    ):
        assert part in said
    assert sheet.missing == () or "STILL MISSING" in said


def test_a_letter_goes_to_one_parent_with_every_value(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    parents = [a for a in around.around(desk, UPN) if a.kind == "parent"]
    said = text(sheets.letter(desk, "absence", UPN))
    first = next((a for a in parents if a.lives_with), parents[0])
    assert f"Dear {first.name}," in said
    other = text(sheets.letter(desk, "absence", UPN, to=parents[-1].id))
    assert f"Dear {parents[-1].name}," in other
    assert "{" not in said
    assert "since 5 Nov 2026: 12 school days so far" in " ".join(said.split())


def test_what_is_not_known_is_a_blank_and_is_said(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    well = next(p for p in roll.pupils(desk) if not duties.figures(desk, p.id).run_days)
    if not any(a.kind == "parent" for a in around.around(desk, well.id)):
        around.around_add(desk, well.id, {"kind": "parent", "name": "A. Parent", "lives_with": "yes"})
    sheet = sheets.letter(desk, "absence", well.id)
    assert "the first of these days: unknown" in sheet.missing
    assert "since ________" in " ".join(text(sheet).split())
    assert "MISSING" not in text(sheet)


def test_a_letter_needs_somebody_to_go_to(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = roll.add(desk, {**PUPIL, "surname": "Alone", "forename": "Sam", "starts": "2026-09-03"}).id
    with pytest.raises(InvalidError, match="nobody to write to"):
        sheets.letter(desk, "absence", pupil)
    with pytest.raises(InvalidError, match="no parent or contact"):
        sheets.letter(desk, "absence", UPN, to="A-000000")
    with pytest.raises(NotFoundError, match="no letter nonsense"):
        sheets.letter(desk, "nonsense", UPN)


@pytest.mark.parametrize("name", ["absence", "attendance", "home-education", "last-address", "no-show"])
def test_every_shipped_letter_is_whole(desk_for: DeskFor, name: str) -> None:
    said = text(sheets.letter(desk_for("leader"), name, UPN))
    assert "Yours sincerely," in said
    assert not re.search(r"[{}]", said)


def test_a_certificate_counts_its_period_as_the_rules_do(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    whole = text(sheets.certificate(desk, UPN))
    figures = duties.figures(desk, UPN)
    assert f"Possible sessions           {figures.possible}" in whole
    part = text(sheets.certificate(desk, UPN, date(2026, 11, 4), date(2026, 11, 6)))
    assert "Possible sessions           6" in part
    assert "Attended                    2" in part
    assert "Absent, unauthorised        4" in part
    assert "Week of" in part


def test_the_periods_of_certificates_add_up(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")

    def count(first: date | None, last: date | None) -> int:
        found = re.search(r"Possible sessions +(\d+)", text(sheets.certificate(desk, UPN, first, last)))
        assert found
        return int(found[1])

    assert count(None, date(2026, 11, 10)) + count(date(2026, 11, 11), None) == count(None, None)


def test_a_certificate_is_about_days_that_are_over_and_one_year(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    for first, last, words in (
        (date(2026, 11, 10), date(2026, 11, 9), "before"),
        (None, date(2026, 11, 24), "still to come"),
        (date(2026, 6, 1), date(2026, 11, 9), "two school years"),
    ):
        with pytest.raises(InvalidError, match=words):
            sheets.certificate(desk, UPN, first, last)


def test_an_amended_mark_is_told(desk_for: DeskFor) -> None:
    desk = desk_for("attendance")
    registers.amend(desk, UPN, date(2026, 11, 6), "AM", "I", "a letter came")
    said = " ".join(text(sheets.certificate(desk, UPN)).split())
    assert "6 Nov 2026 AM:" in said
    assert "a letter came" in said


def test_the_daily_sheet_is_of_ones_own_list(desk_for: DeskFor) -> None:
    dsl, office = desk_for("dsl"), desk_for("attendance")
    opened(dsl)
    mine, theirs = text(dailysheet.daily(office)), text(dailysheet.daily(dsl))
    own = {d.rule for d in duties.due(office)}
    assert {d.rule for d in duties.due(dsl)} - own
    assert "For the DSL besides" in mine
    assert "For the DSL besides" not in theirs
    for said in (mine, theirs):
        assert "REGISTERS MISSING" in said
        assert "none was ever made" in said
        assert dsl.store.head.hash in said


def test_a_chronology_is_whole_and_oldest_first(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    case = opened(desk).id
    cases.note(desk, case, "a neighbour rang")
    said = text(sheets.case_chronology(desk, case))
    assert said.index("case opened") < said.index("a neighbour rang")
    assert "CONFIDENTIAL" in said
    assert acts(desk)[-1] == "case.viewed"


# who may ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["staff", "auditor"])
def test_some_print_nothing(desk_for: DeskFor, user: str) -> None:
    desk, case = desk_for(user), opened(desk_for("dsl")).id
    duty = absent(desk_for("dsl")).id
    for call in (
        lambda: sheets.return_(desk, duty),
        lambda: sheets.letter(desk, "absence", UPN),
        lambda: sheets.certificate(desk, UPN),
        lambda: sheets.case_chronology(desk, case),
        lambda: dailysheet.daily(desk),
        lambda: printing.make(desk, dailysheet.daily(desk_for("dsl"))),
        lambda: printing.copy(desk, dailysheet.daily(desk_for("dsl"))),
        lambda: clipboard.put(desk, allowed=True),
    ):
        with pytest.raises(RefusedError):
            call()


def test_a_chronology_is_for_dsl_and_leader_it_is_not_about(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    case = opened(dsl, about=("deputy",)).id
    sheet = sheets.case_chronology(dsl, case)
    assert sheets.case_chronology(desk_for("leader"), case).subject == case
    with pytest.raises(NotFoundError):
        sheets.case_chronology(desk_for("deputy"), case)
    with pytest.raises(RefusedError):
        sheets.case_chronology(desk_for("attendance"), case)
    with pytest.raises(RefusedError):
        printing.make(desk_for("attendance"), sheet)


def test_what_is_about_somebody_is_on_no_sheet_of_theirs(desk_for: DeskFor) -> None:
    case = opened(desk_for("dsl"), about=("deputy",))
    assert any(d.case == case.id for d in duties.due(desk_for("dsl")))
    theirs = text(dailysheet.daily(desk_for("deputy")))
    assert case.id not in theirs
    titles = {d.action for d in duties.due(desk_for("dsl")) if d.case == case.id}
    own = {d.action for d in duties.due(desk_for("deputy"))}
    for title in titles - own:
        assert title not in " ".join(theirs.split())


# printing -----------------------------------------------------------------------------------------------------


def test_each_print_is_one_entry(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for("dsl")
    case, pupil = opened(desk).id, roll.find(desk, UPN).id
    duty = absent(desk).id
    for number, (sheet, wanted) in enumerate(
        (
            (sheets.return_(desk, duty, again=True), ("return.printed", pupil, duty)),
            (sheets.letter(desk, "absence", pupil), ("print.made", pupil, "letter.absence")),
            (dailysheet.daily(desk), ("print.made", None, "daily")),
            (sheets.certificate(desk, pupil), ("print.made", pupil, "certificate")),
            (sheets.case_chronology(desk, case, again=True), ("case.printed", case, "chronology")),
        )
    ):
        for fmt in printing.FORMATS:
            for out in (None, str(tmp_path / f"{number}.{fmt}")):
                before = desk.store.head.seq
                printing.make(desk, sheet, fmt, out)
                new = list(desk.store.entries())[before:]
                assert [(e["act"], e["subject"], e["why"]) for e in new] == [wanted]


def test_a_file_is_private_and_over_no_other(desk_for: DeskFor, tmp_path: Path) -> None:
    desk, out = desk_for("dsl"), tmp_path / "day.html"
    sheet = dailysheet.daily(desk)
    made = printing.make(desk, sheet, "html", str(out))
    assert (made.path, made.text) == (str(out), "")
    assert out.stat().st_mode & 0o777 == 0o600
    before, head = out.read_bytes(), desk.store.head
    with pytest.raises(InvalidError, match="exists"):
        printing.make(desk, sheet, "html", str(out))
    with pytest.raises(InvalidError, match="data folder"):
        printing.make(desk, sheet, "html", str(desk.store.path / "day.html"))
    with pytest.raises(InvalidError, match="format"):
        printing.make(desk, sheet, "pdf", str(tmp_path / "day.pdf"))
    assert (out.read_bytes(), desk.store.head) == (before, head)


def test_without_an_entry_there_is_no_file(
    desk_for: DeskFor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, out = desk_for("dsl"), tmp_path / "day.txt"
    sheet = dailysheet.daily(desk)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(desk, "note_if_possible", full)
    with pytest.raises(Exception, match="No space"):
        printing.make(desk, sheet, "text", str(out))
    assert not out.exists()


# hostile ------------------------------------------------------------------------------------------------------


def test_hostile_names_are_text_on_every_sheet(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    pupil = hostile(desk)
    case = cases.open_case(desk, pupil, "other").id
    cases.note(desk, case, f"<script>alert(1)</script> {MARKUP}")
    made = [
        sheets.letter(desk, "absence", pupil),
        sheets.certificate(desk, pupil),
        sheets.case_chronology(desk, case),
        dailysheet.daily(desk),
    ]
    assert "Stone<script>" in text(made[0])
    for sheet in made:
        page = printing.make(desk, sheet, "html").text
        assert "<script" not in page
        assert not re.search(r"(?:src|href|@import|url\()", re.sub("default-src|style-src", "", page))
        plain = printing.make(desk, sheet).text
        for line in (*page.split("\n"), *plain.replace("\f", "\n").split("\n")):
            assert not BAD.search(line)
        assert all(cells(line) <= WIDTH for line in plain.replace("\f", "\n").split("\n"))


def test_a_value_is_never_read_as_a_placeholder(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    assert "{school} {0} %s" in text(sheets.letter(desk, "absence", hostile(desk)))


# the clipboard ------------------------------------------------------------------------------------------------


def test_copying_is_refused_until_the_school_allows_it(desk_for: DeskFor) -> None:
    desk, office = desk_for("leader"), desk_for("attendance")
    sheet = sheets.letter(office, "absence", UPN)
    assert clipboard.show(office) == clipboard.Setting()
    before = desk.store.head
    with pytest.raises(RefusedError, match="does not allow"):
        printing.copy(office, sheet)
    assert desk.store.head == before
    made = clipboard.put(desk, allowed=True)
    assert (made.allowed, made.by, made.at) == (True, "leader", desk.stamp())
    assert clipboard.show(office) == made
    copied = printing.copy(office, sheet)
    assert (copied.copied, copied.text) == (True, as_text(sheet))
    assert acts(desk)[-2:] == ["clipboard.allowed", "print.copied"]
    with pytest.raises(InvalidError, match="already"):
        clipboard.put(desk, allowed=True)
    clipboard.put(desk_for("dsl"), allowed=False)
    with pytest.raises(RefusedError, match="does not allow"):
        printing.copy(office, sheet)


def test_a_chronology_goes_to_no_clipboard(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    clipboard.put(desk, allowed=True)
    with pytest.raises(RefusedError, match="no clipboard"):
        printing.copy(desk, sheets.case_chronology(desk, opened(desk).id))


def test_what_no_terminal_takes_is_refused(desk_for: DeskFor, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_for("dsl")
    clipboard.put(desk, allowed=True)
    monkeypatch.setattr(clipboard, "MOST", 100)
    with pytest.raises(InvalidError, match="too long"):
        printing.copy(desk, sheets.letter(desk, "absence", UPN))


def test_the_setting_leaves_the_school_as_it_was(desk_for: DeskFor) -> None:
    desk = desk_for("dsl")
    before = {d.id for d in duties.due(desk, rule=TEN_DAYS)}
    clipboard.put(desk, allowed=True)
    assert {d.id for d in duties.due(desk, rule=TEN_DAYS)} == before
    assert desk.school().settings["clipboard"]["allowed"] is True
