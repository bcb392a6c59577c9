import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.desk.text import clean, has_controls, required
from workbench.domain.errors import InvalidError


@pytest.mark.parametrize(
    "bad", ["\x00", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\ufeff", "\ud800", "\u200f"]
)
def test_dangerous_characters_are_replaced(bad: str) -> None:
    assert clean(f"a{bad}b") == "a\ufffdb"
    assert clean(f"a{bad}b", multiline=True) == "a\ufffdb"
    assert has_controls(f"a{bad}b")


def test_line_breaks_stay_only_where_there_are_lines() -> None:
    assert clean("a\r\nb\rc\nd", multiline=True) == "a\nb\nc\nd"
    assert clean("a\r\nb\tc") == "a b c"


@pytest.mark.parametrize("text", ["[red]x[/red]", "[@click=app.quit]x[/]", "=1+1", "[/"])
def test_markup_and_formulas_are_ordinary_text(text: str) -> None:
    assert clean(text) == text


def test_letters_are_composed() -> None:
    assert clean("Zoe\u0308") == "Zoë"


def test_too_long_is_refused_with_the_length() -> None:
    with pytest.raises(InvalidError, match="5,000"):
        clean("x" * 5000, what="The name")


def test_a_required_text_is_not_only_spaces() -> None:
    with pytest.raises(InvalidError, match="reason is missing"):
        required(" \u00a0\n", "The reason")


@given(st.text(max_size=300), st.booleans())
def test_what_comes_out_is_clean_and_stays_so(text: str, multiline: bool) -> None:
    once = clean(text, multiline, limit=10_000)
    assert not has_controls(once.replace("\n", ""))
    assert multiline or "\n" not in once
    assert clean(once, multiline, limit=10_000) == once
    once.encode()
