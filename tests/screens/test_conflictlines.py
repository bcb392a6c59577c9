"""Two versions as lines: beside or above each other, whole, and never wider than the window."""

from hypothesis import given
from hypothesis import strategies as st

from screens.conflictlines import BESIDE, Pair, beside_words, pairs_of, version_rows, words_of
from screens.text import cell_len
from screens.widgets.field import OTHER_MOST, OTHER_WIDTH, Field

FIELDS = (
    Field("value", "Answer", "choice", choices=(("yes", "Yes, told"), ("no", "No"))),
    Field("note", "Why", "note"),
    Field("at", "When"),
)


def texts(pairs: list[Pair], width: int) -> list[str]:
    return [row.cells[0] for row in version_rows(pairs, "Stands now: A. Bello", (), width)]


def test_a_choice_is_read_in_words_and_nothing_is_a_dash() -> None:
    assert words_of(FIELDS[0], "yes") == "Yes, told"
    assert words_of(FIELDS[1], "") == "–"
    pairs = pairs_of(FIELDS, {"value": "yes", "note": "met"}, {"value": "no", "note": ""})
    assert pairs == [Pair("Answer", "Yes, told", "No"), Pair("Why", "met", "–")]


def test_what_they_changed_elsewhere_is_said_with_what_it_was() -> None:
    before = {"value": "yes", "note": "", "at": "noon"}
    theirs = {"value": "no", "note": "met", "at": "noon"}
    assert beside_words(FIELDS, before, theirs, {"note": "x"}) == ["Answer: No, was Yes, told"]


def test_above_each_other_where_it_is_narrow_and_beside_where_it_is_wide() -> None:
    pairs = [Pair("Answer", "Yes", "No"), Pair("Why", "met", "–")]
    assert texts(pairs, 50) == [
        "Stands now: A. Bello", "  Answer  Yes", "  Why     met", "Yours", "  Answer  No", "  Why     –",
    ]  # fmt: skip
    wide = texts(pairs, BESIDE)
    assert wide[0].split() == ["Stands", "now:", "A.", "Bello", "Yours"]
    assert wide[1].split() == ["Answer", "Yes", "│", "Answer", "No"]


def test_a_text_of_twenty_thousand_letters_is_there_to_its_end() -> None:
    long = "word " * 4_000 + "end"
    for width in (54, 107):
        shown = " ".join(texts([Pair("Why", long, "–")], width))
        assert shown.count("word") == 4_000
        assert "end" in shown


@given(st.text(max_size=300), st.text(max_size=300), st.integers(30, 120))
def test_no_line_is_wider_than_the_window_whatever_was_typed(theirs: str, mine: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in texts([Pair("Why", theirs, mine)], width))


@given(st.text(max_size=2_000))
def test_what_stands_below_a_field_keeps_to_its_room(other: str) -> None:
    lines = Field("note", "Why", other=other).other_lines
    assert len(lines) <= OTHER_MOST
    assert all(cell_len(line) <= OTHER_WIDTH for line in lines)
