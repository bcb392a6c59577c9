import pytest

from rules.engine import explain
from rules.words import list_words, nth_words, number_words, singular
from tests.rules.rulekit import D, ask, event, pupil


def words(on: tuple[int, int, int], rows: dict, *rules: str, **facts: object) -> str:  # type: ignore[type-arg]
    day = D(*on)
    return "\n".join(explain(ask(day, pupil(day, rows, **facts), *rules)[0]))


def test_each_counted_and_each_skipped_day_is_told() -> None:
    text = words((2024, 11, 11), {(D(2024, 10, 21), D(2024, 11, 11)): "O"}, "absence.ten-day-return")
    counted = (
        "Mon 21 Oct, Tue 22 Oct, Wed 23 Oct, Thu 24 Oct, Fri 25 Oct, Tue 5 Nov, Wed 6 Nov, Thu 7 Nov, Fri 8 Nov, "
        "Mon 11 Nov (10)."
    )
    assert counted in text
    assert "Sat 26 Oct to Sun 27 Oct (weekend)" in text
    assert "Mon 28 Oct to Fri 1 Nov (half term)" in text
    assert "Mon 4 Nov (INSET)" in text
    assert "Sat 9 Nov to Sun 10 Nov (weekend)" in text


def test_text_standing_certainty_and_end_are_told() -> None:
    text = words((2024, 9, 17), {(D(2024, 9, 4), D(2024, 9, 17)): "O"}, "absence.ten-day-return")
    assert text.startswith(
        "Tell the LA: ten school days absent.\nSince Tue 17 Sep 2024, due Tue 17 Sep 2024: due."
    )
    assert "Source: SI 2024/208 reg 13" in text
    assert "Standing: law. Certainty: verified." in text
    assert "It ends when the return is sent, or an amended mark breaks the run." in text
    assert "To: local authority North." in text
    assert "https://www.legislation.gov.uk/uksi/2024/208/regulation/13/2024-08-19" in text


def test_flags_are_told_in_words() -> None:
    rows = {(D(2024, 9, 4), D(2024, 9, 17)): "O", D(2024, 9, 10): "UO"}
    text = words((2024, 9, 17), rows, "absence.ten-day-return")
    assert "Includes U: the child was seen on Tue 10 Sep." in text
    assert "The text can be read in more than one way here" in text


def test_what_settled_it_is_told() -> None:
    sent = event("return_sent", D(2024, 9, 18), rule="absence.ten-day-return")
    rows = {(D(2024, 9, 4), D(2024, 9, 17)): "O"}
    text = words((2024, 9, 18), rows, "absence.ten-day-return", events=(sent,))
    assert "done. The return was sent on Wed 18 Sep 2024." in text


def test_a_long_stretch_is_told_by_its_ends() -> None:
    rows = {(D(2024, 9, 4), D(2024, 12, 20)): "I"}
    text = words((2024, 12, 20), rows, "absence.severe")
    assert "Wed 4 Sep to Fri 20 Dec" in text
    assert "100.0 %" in text


def test_numbers_in_words() -> None:
    assert [number_words(n) for n in (0, 10, 12, 13)] == ["no", "ten", "twelve", "13"]
    assert [nth_words(n) for n in (1, 5, 10, 11, 12, 13, 21, 22, 23, 111)] == [
        "first",
        "fifth",
        "tenth",
        "11th",
        "12th",
        "13th",
        "21st",
        "22nd",
        "23rd",
        "111th",
    ]
    assert [list_words(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one school days absent", "one school day absent"),
        ("One days, 1 sessions, 1 school weeks", "One day, 1 session, 1 school week"),
        ("21 days, 0.1 weeks, twenty-one days, none days", "21 days, 0.1 weeks, twenty-one days, none days"),
    ],
)
def test_one_is_no_plural(text: str, said: str) -> None:
    assert singular(text) == said
