import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import upn

digits = st.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize("number", ["G880600123946", "B880600121630", "L880600118954"])
def test_numbers_of_the_school_are_sound(number: str) -> None:
    assert upn.fault(number) is None


def test_a_wrong_letter_names_the_right_one() -> None:
    assert upn.fault("A880600119001") == "the check letter is A and should be G: a digit was mistyped"


@pytest.mark.parametrize(
    "number", ["", "A88060011900", "A8806001190011", "a880600119001", "AB80600119001", "A88060011900I"]
)
def test_other_shapes_are_no_numbers(number: str) -> None:
    assert upn.fault(number) is not None


def test_spaces_and_small_letters_are_tidied() -> None:
    assert upn.tidy(" g880 600123946\t") == "G880600123946"


@given(digits, st.integers(0, 11), st.integers(1, 9))
def test_one_mistyped_digit_is_always_found(number: str, place: int, step: int) -> None:
    """23 is prime and no weight or difference of digits is a multiple of it."""
    other = str((int(number[place]) + step) % 10)
    wrong = upn.check_letter(number) + number[:place] + other + number[place + 1 :]
    assert upn.fault(wrong) is not None


@given(digits)
def test_a_temporary_number_ends_in_a_letter(number: str) -> None:
    temporary = number[:11] + "C"
    assert upn.fault(upn.check_letter(temporary) + temporary) is None
