"""The register's key mode, key by key."""

import pytest

from screens.widgets.gridkeys import (
    Asked,
    CodeChoice,
    Dropped,
    Jumped,
    KeyMode,
    Marked,
    Outcome,
    Refused,
    chooser_line,
)

CODES = (
    CodeChoice("/", "present"),
    CodeChoice("\\", "present"),
    CodeChoice("L", "late before the register closed", minutes=True),
    CodeChoice("C", "leave granted in exceptional circumstances"),
    CodeChoice("C1", "regulated performance or employment"),
    CodeChoice("C2", "part-time timetable"),
    CodeChoice("J1", "interview"),
    CodeChoice("N", "no reason yet"),
    *(CodeChoice(f"Y{n}", f"unable to attend because of cause {n}") for n in range(1, 8)),
)


def typed(keys: str, rows: int = 30, minutes: int | None = None) -> list[Outcome | None]:
    """What each key of `keys` (space separated) comes to."""
    mode = KeyMode(CODES, rows=rows, minutes=minutes)
    return [mode.press(key, key if len(key) == 1 else None) for key in keys.split()]


@pytest.mark.parametrize("key", ["/", "\\"])
def test_both_slashes_mean_present(key: str) -> None:
    assert typed(key) == [Marked("/")]


@pytest.mark.parametrize("key", ["n", "N"])
def test_a_letter_is_a_mark_in_either_case(key: str) -> None:
    assert typed(key) == [Marked("N")]


def test_a_two_letter_code_without_a_rival_is_written_at_its_letter() -> None:
    assert typed("j") == [Marked("J1")]


def test_an_ambiguous_letter_asks_and_then_writes() -> None:
    first, second = typed("c 1")
    assert isinstance(first, Asked)
    assert second == Marked("C1")
    assert typed("C enter")[1] == Marked("C")
    assert typed("y 7")[1] == Marked("Y7")


def test_the_chooser_stays_on_a_wrong_key_and_leaves_on_escape() -> None:
    first, second, third, fourth = typed("c n escape n")
    assert second == first
    assert third == Dropped()
    assert fourth == Marked("N")


def test_late_asks_for_its_minutes() -> None:
    outcomes = typed("l 1 2 enter")
    assert [type(outcome) for outcome in outcomes] == [Asked, Asked, Asked, Marked]
    assert outcomes[-1] == Marked("L", 12)


def test_minutes_can_be_corrected_offered_or_left() -> None:
    assert typed("l 1 backspace 8 enter")[-1] == Marked("L", 8)
    assert typed("l enter", minutes=17)[-1] == Marked("L", 17)
    assert isinstance(typed("l enter")[-1], Asked), "no minutes and no suggestion: it asks again"
    assert typed("l 5 escape")[-1] == Dropped()


def test_a_letter_that_is_no_code_is_refused_with_the_reason() -> None:
    (outcome,) = typed("h")
    assert isinstance(outcome, Refused)
    assert "H is not a code" in outcome.text


def test_digits_jump_at_once_and_two_digits_join() -> None:
    assert typed("1 7") == [Jumped(1), Jumped(17)]
    assert typed("1 7 4") == [Jumped(1), Jumped(17), Jumped(4)]
    assert typed("4 5", rows=30) == [Jumped(4), Jumped(5)], "there is no row 45 here"
    assert typed("0 3")[1] == Jumped(3)


def test_a_mark_between_digits_starts_a_new_number() -> None:
    assert typed("1 n 7") == [Jumped(1), Marked("N"), Jumped(7)]


def test_a_row_that_does_not_exist_is_refused() -> None:
    (outcome,) = typed("9", rows=5)
    assert isinstance(outcome, Refused)
    assert "no row 9" in outcome.text


@pytest.mark.parametrize("key", ["f2", "ctrl+s", "up"])
def test_a_key_without_a_character_means_nothing_here(key: str) -> None:
    assert typed(key) == [None]


@pytest.mark.parametrize("letter", ["C", "Y"])
def test_the_chooser_fits_one_line(letter: str) -> None:
    line = chooser_line(letter, [choice for choice in CODES if choice.code.startswith(letter)])
    assert len(line) <= 78
    assert line.endswith("Esc")
