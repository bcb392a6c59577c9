"""Numbers for directors: counted again from the documents as they are kept, handed out without a name."""

import json
from collections import Counter
from datetime import date

import msgspec
import pytest

from tests.conftest import CHEAP, DeskFor
from tests.workbench.story import opened
from workbench.desk import (
    concerns,
    contacts,
    duties,
    enquiries,
    facts,
    referrals,
    returns,
    roll,
    signin,
    stats,
)
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.demo.build import build
from workbench.desk.demo.school import PASSPHRASE
from workbench.domain.csvcells import BOM, csv_text
from workbench.domain.disclosure import Cell
from workbench.domain.errors import InvalidError, RefusedError
from workbench.domain.stats import Counted, Days, Period

D = date
AUTUMN = Period(D(2026, 9, 3), D(2026, 11, 24))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The invented school in its twelfth week."""
    clock = FixedClock("2026-11-24T16:00:00")
    made = build(tmp_path_factory.mktemp("numbers") / "data", clock=clock, kdf=CHEAP)
    return signin.sign_in(made, "dsl", PASSPHRASE)


def whole(desk: Desk, period: Period) -> dict[str, Counted]:
    return {one.key: one for one in stats.counts(desk, facts.view(desk, period.last), period)}


def total(found: Counted, column: int) -> int:
    """A column of counts, summed."""
    return sum(value for row in found.rows.values() if isinstance(value := row[column], int))


def docs(desk: Desk, file: str, table: str) -> list[dict]:  # type: ignore[type-arg]  # plain JSON, as it is kept
    return list(json.loads(json.dumps(list(desk.docs(file, table).values()))))


def within(text: str | None, period: Period = AUTUMN) -> bool:
    return bool(text) and period.first <= date.fromisoformat(str(text)[:10]) <= period.last


# counted again ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "period",
    [AUTUMN, Period(D(2026, 11, 2), D(2026, 11, 13)), Period(D(2026, 11, 24), D(2026, 11, 24))],
    ids=["autumn", "weeks", "day"],
)
def test_cases_referrals_removals_are_those_of_the_documents(demo: Desk, period: Period) -> None:
    found = whole(demo, period)
    every = docs(demo, "cases", "cases")
    assert total(found["cases"], 0) == len([case for case in every if within(case["opened"], period)])
    by_trigger = Counter(case["trigger"] for case in every if within(case["opened"], period))
    assert {key: row[0] for key, row in found["cases"].rows.items() if row[0]} == by_trigger
    alive = [c for c in every if c["opened"][:10] <= period.last.isoformat() and not c["closings"]]
    assert total(found["cases"], 2) == len(alive)
    sent = Counter(
        r["to"]
        for r in docs(demo, "cases", "referrals")
        if r["decision"] == "refer" and within(r["at"], period)
    )
    assert {key: row[0] for key, row in found["referrals"].rows.items() if row[0]} == sent
    gone = Counter(
        r["ground"]
        for r in docs(demo, "cases", "removals")
        if r["state"] == "completed" and within(r["effective"], period)
    )
    assert {key: row[1] for key, row in found["removals"].rows.items() if row[1]} == gone


def test_overdue_duties_and_missing_registers_are_those_of_the_list(demo: Desk) -> None:
    found = whole(demo, AUTUMN)
    late = [d for d in duties.due(demo) if d.state == "overdue"]
    assert {key: row[0] for key, row in found["overdue"].rows.items()} == Counter(
        d.rule for d in late if d.rule != duties.REGISTER
    )
    assert {key: row[0] for key, row in found["registers"].rows.items()} == Counter(
        d.id.split(":")[1] for d in late if d.rule == duties.REGISTER
    )


def test_days_to_telling_the_authority_are_those_between_two_dates(demo: Desk) -> None:
    sent = {r["duty"]: r["on"] for r in docs(demo, "cases", "returns")}
    expected: dict[str, list[int]] = {}
    for duty in duties.due(demo, everything=True):
        if duty.rule in stats.TELLING and duty.id in sent:
            days = (date.fromisoformat(sent[duty.id]) - duty.trigger).days
            expected.setdefault(duty.rule, []).append(days)
    assert expected
    found = whole(demo, AUTUMN)["telling"].rows
    for rule, taken in expected.items():
        arose, told, open_, each = found[rule]
        assert isinstance(each, Days)
        assert set(taken) <= set(each.each)
        assert arose == int(told) + int(open_)  # type: ignore[arg-type]  # counts


def test_calls_and_enquiries_are_those_of_the_documents(demo: Desk) -> None:
    found = whole(demo, AUTUMN)
    assert {key: row[0] for key, row in found["calls"].rows.items()} == Counter(
        c["how"] for c in docs(demo, "pupils", "contacts") if within(c["at"])
    )
    steps = [e for e in docs(demo, "cases", "enquiries") if within(e["at"])]
    expected: dict[str, list[int]] = {}
    for step in steps:
        expected.setdefault(step["by_whom"], [0, 0])[not step["done"]] += 1
    assert found["enquiries"].rows == {by: tuple(counts) for by, counts in expected.items()}


# what happens, happens in the numbers -------------------------------------------------------------------------


def test_each_act_moves_its_own_number(desk_for: DeskFor, clock: FixedClock) -> None:
    dsl = desk_for("dsl")
    period = Period(D(2026, 9, 3), D(2026, 11, 30))
    child = roll.pupils(dsl)[0].id
    one, two = (concerns.report(desk_for("staff"), child, text) for text in ("tired", "hungry"))
    concerns.show(dsl, one)
    contacts.add(dsl, child, "mother", "no answer")
    case = opened(dsl).id
    duty = next(d for d in duties.due(dsl, everything=True) if d.rule == "absence.ten-day-return")
    step = enquiries.steps(dsl)[0][0]
    enquiries.add(dsl, case, step, "no trace", by_whom="school")
    sent = referrals.add(dsl, case, "early-help", "refer", "they asked for it")
    clock.advance(days=2)
    concerns.triage(dsl, two, "spoke to her")
    referrals.reply(dsl, sent.id, "we will call", "accepted")
    returns.sent(dsl, duty.id, "form 7")
    found = whole(dsl, period)
    assert found["concerns"].rows["concerns"] == (2, 1, 1, 0)
    assert found["calls"].rows == {"call": (1,)}
    assert found["cases"].rows == {"ten-days": (1, 0, 1)}
    assert found["enquiries"].rows == {"school": (1, 0)}
    assert found["referrals"].rows == {"early-help": (1, 1, 0, 0, Days((2,)))}
    arose, told, _, each = found["telling"].rows["absence.ten-day-return"]
    assert (told, each) == (1, Days(((dsl.today() - duty.trigger).days,)))
    assert isinstance(arose, int)
    earlier = whole(dsl, Period(D(2026, 9, 3), D(2026, 11, 23)))
    assert earlier["concerns"].rows["concerns"] == (2, 1, 0, 1)
    assert earlier["referrals"].rows == {"early-help": (1, 0, 1, 0, Days(()))}


def test_a_reporter_who_looks_again_has_not_had_it_read(desk_for: DeskFor) -> None:
    dsl = desk_for("dsl")
    own = concerns.report(dsl, roll.pupils(dsl)[0].id, "tired")
    concerns.show(dsl, own)
    assert whole(dsl, AUTUMN)["concerns"].rows["concerns"] == (1, 0, 0, 1)
    concerns.show(desk_for("deputy"), own)
    assert whole(dsl, AUTUMN)["concerns"].rows["concerns"] == (1, 1, 0, 0)


def test_what_is_about_somebody_is_not_in_their_numbers(desk_for: DeskFor) -> None:
    opened(desk_for("dsl"), about=("deputy",))
    assert whole(desk_for("dsl"), AUTUMN)["cases"].rows == {"ten-days": (1, 0, 1)}
    assert whole(desk_for("deputy"), AUTUMN)["cases"].rows == {}


# what is handed out -------------------------------------------------------------------------------------------


def test_no_name_no_pupil_id_and_no_small_number_is_handed_out(demo: Desk) -> None:
    sheet = stats.read(demo)
    text = msgspec.json.encode(sheet).decode() + stats.as_csv(sheet).decode("utf-8-sig")
    for doc in docs(demo, "pupils", "pupils"):
        for word in (doc["id"], doc["upn"], doc["surname"]):
            assert word not in text
    cells = [
        cell
        for table in sheet.tables
        for row in (*table.rows, *([table.total] if table.total else []))
        for cell in row.cells
    ]
    assert len(cells) > 30
    for cell in cells:
        assert fit(cell), cell


def fit(cell: Cell) -> bool:
    if cell.column.endswith("_days"):
        return True
    return cell.value is None if cell.hidden else cell.value == 0 or (cell.value or 0) % 5 == 0


def test_one_entry_names_the_period(desk_for: DeskFor) -> None:
    desk = desk_for("auditor")
    before = desk.store.head.seq
    sheet = stats.read(desk, D(2026, 9, 3), D(2026, 11, 20))
    assert sheet.id == "2026-09-03..2026-11-20"
    assert desk.store.head.seq == before + 1
    entry = next(iter(desk.store.entries(newest_first=True)))
    assert (entry["act"], entry["subject"], entry["why"]) == ("stats.read", None, sheet.id)


def test_the_period_is_the_school_year_unless_said_and_never_the_future(desk_for: DeskFor) -> None:
    desk = desk_for("leader")
    assert stats.read(desk).id == "2026-09-03..2026-11-23"
    with pytest.raises(InvalidError, match="comes first"):
        stats.read(desk, D(2026, 11, 20), D(2026, 11, 1))
    with pytest.raises(InvalidError, match="lies in the future"):
        stats.read(desk, last=D(2026, 11, 24))


@pytest.mark.parametrize("user", ["staff", "attendance"])
def test_others_may_not(desk_for: DeskFor, user: str) -> None:
    with pytest.raises(RefusedError):
        stats.read(desk_for(user))


def test_the_limit_is_data_with_its_reason() -> None:
    assert (stats.limit().least, stats.limit().round_to) == (5, 5)
    assert "shown as <5" in stats.limit().why


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("plain", "plain"),
        ("<5", "<5"),
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", '"\'\rx"'),
        ("x;=1+1", "x;'=1+1"),
        ('say "a", b', '"say ""a"", b"'),
        ("two\nlines", '"two\nlines"'),
    ],
)
def test_a_cell_is_never_a_formula(text: str, cell: str) -> None:
    assert csv_text([("a", text)]) == f"{BOM}a,{cell}\r\n"
