import pytest

from tests.conftest import NOW, PASSPHRASE, DeskFor
from workbench.desk import roll, signin
from workbench.desk.clock import FixedClock
from workbench.desk.context import Desk
from workbench.domain.errors import RefusedError


def acts(desk: Desk) -> list[tuple[str, str]]:
    return [(entry["actor"], entry["act"]) for entry in desk.store.entries()]


def test_the_right_passphrase_signs_in_with_all_roles(empty_for: DeskFor) -> None:
    who = empty_for("dsl").who
    assert who is not None
    assert (who.user, who.name, who.roles) == ("dsl", "J. Okafor", {"dsl"})


@pytest.mark.parametrize(
    ("user", "passphrase"), [("dsl", "wrong"), ("dsl", ""), ("nobody", PASSPHRASE), ("", "")]
)
def test_every_failure_has_one_text_and_an_entry(empty_for: DeskFor, user: str, passphrase: str) -> None:
    desk = empty_for("dsl")
    with pytest.raises(RefusedError) as caught:
        signin.sign_in(desk, user, passphrase)
    assert caught.value.what == "The user name or the passphrase is wrong."
    assert acts(desk)[-1] == ("dsl" if user == "dsl" else "-", "signin.refused")


def test_what_was_typed_as_a_name_stays_out_of_the_log(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    with pytest.raises(RefusedError):
        signin.sign_in(desk, "my secret passphrase", "")
    assert "secret" not in str(list(desk.store.entries()))


def test_an_app_signs_in_with_an_entry_of_its_own(empty_for: DeskFor) -> None:
    desk = empty_for("dsl")
    signin.sign_in(desk, "staff", PASSPHRASE)
    assert acts(desk)[-1] == ("staff", "person.signed-in")


def test_a_reading_command_leaves_one_entry(empty_for: DeskFor) -> None:
    desk = empty_for("attendance")
    before = len(acts(desk))
    roll.pupils(desk)
    desk.finish()
    assert acts(desk)[before:] == [("attendance", "person.signed-in")]


def test_a_writing_command_leaves_only_its_own(empty_for: DeskFor) -> None:
    desk = empty_for("attendance")
    before = len(acts(desk))
    fields = {"surname": "Lis", "forename": "Ada", "born": "2013-02-01", "year": "8", "class": "8A"}
    roll.add(desk, {**fields, "starts": "2026-11-23"})
    desk.finish()
    assert acts(desk)[before:] == [("attendance", "pupil.added")]


def test_a_dsl_makes_a_checkpoint_when_a_day_has_passed(empty_for: DeskFor, clock: FixedClock) -> None:
    """It stands for the sign-in: a reading command still leaves one entry."""
    for user, hours, act in (
        ("dsl", 1, "person.signed-in"),
        ("staff", 24, "person.signed-in"),
        ("dsl", 0, "checkpoint.made"),
        ("leader", 1, "person.signed-in"),
        ("leader", 24, "checkpoint.made"),
    ):
        clock.advance(hours=hours)
        desk = empty_for(user)
        before = len(acts(desk))
        desk.finish()
        assert acts(desk)[before:] == [(user, act)]


def test_a_dsl_makes_a_checkpoint_after_a_thousand_entries(
    empty_for: DeskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.desk.checkpoints.AFTER_ENTRIES", 3)
    desk = empty_for("dsl")
    for _ in range(3):
        desk.note("person.signed-in")
    signin.signed_in(desk)
    assert acts(desk)[-1] == ("dsl", "checkpoint.made")


def test_names_for_the_screen_that_asks_who_it_is(empty_for: DeskFor) -> None:
    assert ("staff", "T. Ellis", "Class teacher, 9B") in signin.names(empty_for("dsl"))


def test_the_clock_is_london() -> None:
    assert FixedClock(NOW).now().isoformat() == "2026-11-23T09:12:33+00:00"
    assert FixedClock("2026-07-01T09:00").now().isoformat() == "2026-07-01T09:00:00+01:00"
