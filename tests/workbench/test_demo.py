"""The invented school: the same again for the same seed and date, whole, and with the cases that it promises."""

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import CHEAP
from workbench.desk import cases, duties, logbook, removals, roll, signin
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.desk.demo.build import build, is_demo
from workbench.desk.demo.calendar import year_of, years_for
from workbench.desk.demo.school import PASSPHRASE
from workbench.desk.proofs import proof_words
from workbench.domain.errors import InvalidError

NOW = "2026-11-24T11:30:00"
DRAWN = {("school", "proofs")}
"""Tables that say of a head, which is another each time."""


def made(path: Path, **more: object) -> Desk:
    given: dict[str, object] = {"pupils": 40, "seed": 1, "clock": FixedClock(NOW), "kdf": CHEAP, **more}
    return build(path, **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    opened = made(tmp_path_factory.mktemp("demo") / "data")
    return signin.sign_in(opened, "dsl", PASSPHRASE)


def test_it_is_played_through_the_verbs_and_whole(desk: Desk) -> None:
    assert proof_words(desk) == ""
    assert logbook.verify(desk).whole
    assert [f for f in desk.store.check() if f.level == "fault"] == []
    acts = {e["act"] for e in logbook.entries(desk)}
    assert acts >= {
        "pupils.imported",
        "register.taken",
        "case.opened",
        "removal.completed",
        "return.sent",
        "referral.replied",
    }
    times = [e["at"] for e in logbook.entries(desk)]
    assert times == sorted(times)
    assert times[-1] <= "2026-11-24T11:30:00+00:00"


def test_its_live_cases_are_at_different_steps(desk: Desk) -> None:
    rules = {d.rule: d for d in duties.due(desk, everything=True)}
    assert rules["absence.ten-day-return"].state in ("due", "overdue", "done")
    assert {
        "roll.no-show",
        "roll.la-confirmation",
        "case.danger-referral",
        "suspension.sixth-day",
        "absence.resolve-n",
    } <= set(rules)
    assert rules["absence.resolve-n"].trigger <= rules["absence.resolve-n"].due
    rows = cases.cases(desk)
    assert len({"".join(s.state[0] for s in row.steps) for row in rows}) == len(rows) >= 4
    states = {view.removal.ground: view.removal.state for view in removals.removals(desk)}
    assert states == {"F": "open", "A": "completed"}
    assert len([p for p in roll.pupils(desk, leavers=True) if p.left]) == 1


def test_the_register_of_one_class_was_forgotten(desk: Desk) -> None:
    found = duties.due(desk, rule="register.take")
    assert [d.id.rpartition(":")[2] for d in found] == ["2026-11-24AM"]


def test_without_the_keys_the_same_duties_are_read_from_their_outlines(desk: Desk) -> None:
    auditor = signin.sign_in(desk.signed_out(), "auditor", PASSPHRASE, fold=True)
    mine = {d.id: d.state for d in duties.due(desk, everything=True) if d.rule != duties.TRIAGE}
    assert {d.id: d.state for d in duties.due(auditor, everything=True)} == mine


def test_same_seed_and_date_same_school_but_for_what_sealing_draws_itself(tmp_path: Path) -> None:
    def school(name: str, seed: int) -> tuple[list[tuple[object, ...]], dict[str, object]]:
        desk = made(tmp_path / name, pupils=12, seed=seed)
        wanted = ("seq", "at", "actor", "role", "act", "subject", "why")
        proof = {"act": logbook.VERIFIED, "why": ""}  # its reason is a head, a hash of all that
        plain = [
            entry | proof if entry["act"] == logbook.VERIFIED else entry for entry in desk.store.entries()
        ]
        entries = [tuple(entry[field] for field in wanted) for entry in plain]
        reader = signin.sign_in(desk, "deputy", PASSPHRASE, fold=True)
        files = [file for file in desk.store.state.file_names() if file != "people"]
        tables = [(file, table) for file in files for table in desk.store.tables(file)]
        return entries, {"/".join(key): dict(reader.docs(*key)) for key in tables if key not in DRAWN}

    first = school("a", 1)
    assert school("b", 1) == first
    assert school("c", 2) != first
    assert not [doc for docs in first[1].values() for doc in docs.values() if "sealed" in doc]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "on",
    [
        "2024-09-05",
        "2024-12-25",
        "2025-02-19",
        "2025-06-30",
        "2025-08-20",
        "2026-01-05",
        "2026-09-03",
        "2026-10-31",
    ],
)
def test_it_can_be_played_to_any_date(tmp_path: Path, on: str) -> None:
    desk = signin.sign_in(made(tmp_path / "data", pupils=15, on=date.fromisoformat(on)), "dsl", PASSPHRASE)
    assert logbook.verify(desk).whole
    assert all(e["at"][:10] <= on for e in logbook.entries(desk) if e["act"] != "person.signed-in")
    duties.due(desk, on=date.fromisoformat(on))


def test_what_cannot_be_played_is_said(tmp_path: Path) -> None:
    for more, words in (
        ({"pupils": 3}, "10 to 5,?000 pupils"),
        ({"on": date(2026, 11, 25)}, "future"),
        ({"on": date(2023, 5, 1)}, "before the first school year"),
    ):
        with pytest.raises(InvalidError, match=words):
            made(tmp_path / "data", **more)
    assert not (tmp_path / "data").exists()


def test_a_demo_knows_itself(tmp_path: Path, folder: Path) -> None:
    made(tmp_path / "demo", pupils=10).close(snapshot=True)
    assert is_demo(tmp_path / "demo")
    assert not is_demo(tmp_path)


@pytest.mark.parametrize("september", range(2024, 2031))
def test_every_invented_year_has_a_plausible_calendar(september: int) -> None:
    year = year_of(september)
    assert 180 <= len(year.days()) <= 196
    firsts = [first for first, _, _ in year.terms]
    assert firsts == sorted(firsts)
    assert all(first <= last for first, last, _ in (*year.terms, *year.closures))
    assert all(day.weekday() < 5 for day in year.days())


def test_early_in_a_year_the_one_before_is_played_too() -> None:
    assert len(years_for(date(2026, 9, 20))) == 2
    assert len(years_for(date(2026, 11, 24))) == 1
